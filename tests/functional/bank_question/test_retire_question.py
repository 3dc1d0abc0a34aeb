"""A question is taken out of use on its own page, and into use again."""

from examapp.access.roles import Role
from examapp.bank.models import QuestionStatus
from tests.functional.bank_question.conftest import Bench
from tests.pages import Browser


def test_out_of_use_and_back(bench: Bench, author: Browser) -> None:
    question = bench.make()
    out, back = bench.path(question, "/ngung-dung"), bench.path(question, "/dung-lai")
    page = author.submit(author.open(bench.path(question)), out)
    assert "Đã ngừng dùng câu KTC-0001." in page.text
    assert bench.questions()[0].status is QuestionStatus.RETIRED
    page = author.submit(page, back)
    assert "Câu KTC-0001 lại được rút vào đề thi." in page.text
    assert bench.questions()[0].status is QuestionStatus.APPROVED
    assert len(bench.versions(question)) == 1


def test_twice_is_harmless_and_said(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = author.open(bench.path(question))
    author.submit(page, bench.path(question, "/ngung-dung"))
    page = author.submit(page, bench.path(question, "/ngung-dung"), status=409)
    assert ("Câu này đã khác lúc trang được mở." in page.text, "Dùng lại" in page.text) == (True, True)


def test_an_edit_meanwhile_is_looked_at_first(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = author.open(bench.path(question))
    bench.edit(author, question, stem="Câu đã sửa?")
    page = author.submit(page, bench.path(question, "/ngung-dung"), status=409)
    assert "Câu đã sửa?" in page.text
    assert bench.questions()[0].status is QuestionStatus.APPROVED


def test_who_may(bench: Bench, author: Browser) -> None:
    question, desk = bench.make(), bench.desk
    seen = f"{question.id}.1.approved"
    stranger, reader = desk.browser(subject=desk.other), desk.browser(Role.COUNCIL_CHAIR)
    for deed in ("/ngung-dung", "/dung-lai"):
        path = bench.path(question, deed)
        assert bench.post(stranger, path, seen=seen).status_code == 404
        assert bench.post(reader, path, seen=seen).status_code == 403
        assert author.client.post(path, data={"csrf_token": "made-up", "seen": seen}).status_code == 400
        assert author.client.get(path).status_code == 405
        assert bench.post(author, path).status_code == 409
    other = bench.make("Câu khác?")
    assert bench.post(author, bench.path(question, "/ngung-dung"), seen=f"{other.id}.1.approved").status_code == 409
    assert {one.status for one in bench.questions()} == {QuestionStatus.APPROVED}
    assert bench.post(desk.browser(Role.SECRETARY), bench.path(question, "/ngung-dung"), seen=seen).status_code == 303
