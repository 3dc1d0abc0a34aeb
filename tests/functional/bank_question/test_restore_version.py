"""An older version is put back: its content becomes a new version, after a look at what changes."""

from examapp.access.roles import Role
from examapp.bank.models import Question, QuestionVersion
from tests.functional.bank_question.conftest import STEM, Bench
from tests.pages import Browser


def _edited(bench: Bench, author: Browser) -> tuple[Question, str]:
    question = bench.make()
    bench.edit(author, question, stem="Câu đã sửa?", key="b")
    return question, f"/ngan-hang/phien-ban/{bench.versions(question)[0].id}/khoi-phuc"


def test_the_old_content_is_the_newest_version(bench: Bench, author: Browser) -> None:
    question, path = _edited(bench, author)
    page = author.open(path)
    assert page.heading == "Khôi phục phiên bản 1 của câu KTC-0001"
    assert len(bench.versions(question)) == 2, "looking at the question restores nothing"
    page = author.submit(page, path)
    assert "Đã khôi phục phiên bản 1 thành phiên bản 3." in page.text
    first, _, third = bench.versions(question)
    assert (first.content, first.answer_key, first.digest) == (third.content, third.answer_key, third.digest)
    details = {"subject": "KTC", "code": "KTC-0001", "version": 3, "restored": 1}
    assert bench.deeds(question.id)[-1] == ("bank.version_restored", details)


def test_twice_is_harmless(bench: Bench, author: Browser) -> None:
    question, path = _edited(bench, author)
    page = author.open(path)
    for note in ("Đã khôi phục", "đã có đúng nội dung này"):
        assert note in author.submit(page, path).text
    assert len(bench.versions(question)) == 3
    assert "không có gì để khôi phục" in author.open(path).text


def test_whoever_was_slower_sees_the_newest_first(bench: Bench, author: Browser) -> None:
    question, path = _edited(bench, author)
    page = author.open(path)
    bench.edit(author, question, stem="Câu sửa nữa?")
    page = author.submit(page, path, status=409)
    assert ("vừa được người khác sửa" in page.text, "So với phiên bản 3" in page.text) == (True, True)
    assert len(bench.versions(question)) == 3
    author.submit(page, path)
    assert bench.content(question)["stem"] == STEM


def test_a_text_that_another_question_has_by_now_is_not_put_back(bench: Bench, author: Browser) -> None:
    question, path = _edited(bench, author)
    page, first = author.open(path), bench.versions(question)[0]
    other = bench.versions(bench.make("Câu khác?"))[0]
    names = ("kind", "topic_id", "level", "content", "answer_key", "digest", "search_text", "created_at")
    same = {name: getattr(first, name) for name in names}
    bench.desk.session.add(QuestionVersion(question_id=other.question_id, number=2, **same))
    bench.desk.session.commit()
    page = author.submit(page, path, status=409)
    assert "ngân hàng đã có câu này" in page.text
    assert len(bench.versions(question)) == 2


def test_who_may_restore(bench: Bench, author: Browser) -> None:
    question, path = _edited(bench, author)
    desk = bench.desk
    assert desk.browser(Role.SECRETARY).open(path).heading.startswith("Khôi phục phiên bản 1"), "a colleague may"
    stranger, reader = desk.browser(subject=desk.other), desk.browser(Role.COUNCIL_CHAIR)
    stranger.open(path, status=404)
    reader.open(path, status=403)
    assert bench.post(stranger, path).status_code == 404
    assert bench.post(reader, path).status_code == 403
    assert author.client.post(path, data={"csrf_token": "made-up"}).status_code == 400
    assert bench.post(author, path).status_code == 409, "a page that does not say what it saw"
    assert author.client.put(path, data={"x": "1"}).status_code == 405
    assert len(bench.versions(question)) == 2
