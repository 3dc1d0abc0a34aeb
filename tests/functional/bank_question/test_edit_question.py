"""A question is edited: every save is a version of its own, and of two people who save at once one is told."""

import pytest

from examapp.access.roles import Role
from examapp.bank.models import QuestionStatus
from tests.functional.bank_question.conftest import OPTIONS, STEM, Bench
from tests.pages import Browser


def test_an_edit_is_a_new_version(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = bench.edit(author, question, stem="Câu đã sửa?", key="b", level="application", document="Luật A")
    assert "Đã lưu phiên bản 2 của câu KTC-0001." in page.text
    before, after = bench.versions(question)
    assert (STEM in before.content, before.number, after.number) == (True, 1, 2)
    assert (bench.content(question)["stem"], bench.key(question)) == ("Câu đã sửa?", 1)
    assert (after.level.value, after.legal_document) == ("application", "Luật A")
    assert before.digest != after.digest
    details = {"subject": "KTC", "code": "KTC-0001", "fields": ["stem", "key", "level", "source"], "version": 2}
    assert bench.deeds(question.id)[1:] == [("bank.question_edited", details)]


def test_without_a_change_there_is_no_version(bench: Bench, author: Browser) -> None:
    question = bench.make()
    before = bench.events()
    page = bench.edit(author, question, stem=f"  {STEM} ", option_d="Cần Thơ\n\n")
    assert "Không có gì thay đổi nên chưa có phiên bản mới." in page.text
    assert (len(bench.versions(question)), bench.events()) == (1, before)


def test_the_state_alone_is_no_new_version(bench: Bench, author: Browser) -> None:
    question = bench.make(status=QuestionStatus.DRAFT)
    page = bench.edit(author, question, status="approved")
    assert "Đã đổi tình trạng của câu KTC-0001." in page.text
    assert (bench.questions()[0].status, len(bench.versions(question))) == (QuestionStatus.APPROVED, 1)
    details = {"subject": "KTC", "code": "KTC-0001", "fields": [], "status": {"before": "draft", "after": "approved"}}
    assert bench.deeds(question.id)[1:] == [("bank.question_edited", details)]


def test_a_question_out_of_use_stays_out_of_use(bench: Bench, author: Browser) -> None:
    question = bench.make(status=QuestionStatus.RETIRED)
    page = author.open(bench.path(question, "/sua"))
    assert "Câu này đang ngừng dùng" in page.text
    assert "status" not in bench.form(page).names
    bench.send(author, page, deed="save", stem="Câu đã sửa?")
    assert (bench.questions()[0].status, len(bench.versions(question))) == (QuestionStatus.RETIRED, 2)


def test_a_passage_is_kept_and_edited(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(author, question, stimulus_title="Bảng 1", stimulus_text="Năm 2025: 12 %.\nNăm 2026: 15 %.")
    page = bench.edit(author, question, stem="Câu đã sửa?")
    assert bench.content(question)["stimulus"] == {"title": "Bảng 1", "text": "Năm 2025: 12 %.\nNăm 2026: 15 %."}
    assert "Ngữ liệu của câu" in page.text
    bench.edit(author, question, stimulus_title="", stimulus_text="")
    assert "stimulus" not in bench.content(question)


def test_faults_are_said_and_nothing_typed_is_lost(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = bench.edit(author, question, answer=422, stem="Đang sửa dở", option_b="Hà Nội", article="Điều 9")
    assert "Phương án B giống hệt phương án A." in page.text
    fields = bench.form(page).fields
    kept = (fields["stem"].strip(), fields["option_b"].strip(), fields["article"])
    assert kept == ("Đang sửa dở", "Hà Nội", "Điều 9")
    page = bench.send(author, page, deed="save", option_b="Vinh", document="Luật A")
    assert "Đã lưu phiên bản 2" in page.text


def test_a_key_taken_out_does_not_come_back(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = bench.send(author, author.open(bench.path(question, "/sua")), deed="drop:a")
    page = bench.send(author, page, answer=422, deed="save")
    assert "Chọn đáp án" in page.text
    bench.send(author, page, deed="save", key="c")
    assert (bench.content(question)["options"], bench.key(question)) == (list(OPTIONS[1:]), 2)


def test_another_question_with_this_text_is_named(bench: Bench, author: Browser) -> None:
    other, question = bench.make(), bench.make("Câu hai?")
    page = bench.edit(author, question, answer=422, stem=STEM)
    assert "Chưa lưu: ngân hàng đã có câu này" in page.text
    assert f"/ngan-hang/phien-ban/{bench.versions(other)[0].id}" in page.links()
    assert len(bench.versions(question)) == 1
    bench.edit(author, question, stem="Câu ba?")
    assert "Đã lưu phiên bản 3" in bench.edit(author, question, stem="Câu hai?").text, "its own older text is free"


def test_who_comes_second_sees_what_changed_and_keeps_what_he_typed(bench: Bench, author: Browser) -> None:
    question, first = bench.make(), bench.desk.browser(Role.SECRETARY)
    page = author.open(bench.path(question, "/sua"))
    bench.edit(first, question, stem="Thủ đô của nước Việt Nam là thành phố nào?", key="b")
    page = bench.send(author, page, answer=409, deed="save", option_d="Vinh")
    assert "Câu này vừa được Người Thử sửa lúc 08:00. Xem thay đổi trước khi lưu." in page.text
    assert [one.text for one in page.all("ins")] == ["nước ", "B", "Vinh", "A"]
    assert [one.text for one in page.all("del")] == ["A", "nước ", "Cần Thơ", "B"]
    fields = bench.form(page).fields
    assert (fields["option_d"].strip(), fields["stem"].strip(), fields["key"]) == ("Vinh", STEM, "a")
    assert len(bench.versions(question)) == 2
    page = bench.send(author, page, deed="save")
    assert "Đã lưu phiên bản 3" in page.text, "saved again, knowing"
    assert bench.content(question)["options"][3] == "Vinh"


def test_a_state_that_changed_meanwhile_is_shown(bench: Bench, author: Browser) -> None:
    question, colleague = bench.make(), bench.desk.browser(Role.SECRETARY)
    page = author.open(bench.path(question, "/sua"))
    colleague.submit(colleague.open(bench.path(question)), bench.path(question, "/ngung-dung"))
    page = bench.send(author, page, answer=409, deed="save", stem="Câu đã sửa?")
    assert "Tình trạng của câu này vừa được người khác đổi." in page.text
    assert ("Ngừng dùng" in page.text, "status" in bench.form(page).names) == (True, False)
    bench.send(author, page, deed="save")
    assert (bench.questions()[0].status, len(bench.versions(question))) == (QuestionStatus.RETIRED, 2)


def test_twice_is_harmless(bench: Bench, author: Browser) -> None:
    question = bench.make()
    page = author.open(bench.path(question, "/sua"))
    for note in ("Đã lưu phiên bản 2", "Không có gì thay đổi"):
        assert note in bench.send(author, page, deed="save", stem="Câu đã sửa?").text
    assert len(bench.versions(question)) == 2


@pytest.mark.parametrize("seen", ["", "x", "1.2", "0190f7c0-0000-7000-8000-0000000000ee.1.approved"])
def test_a_page_that_does_not_say_what_it_saw_saves_nothing(bench: Bench, author: Browser, seen: str) -> None:
    question = bench.make()
    answer = bench.post(author, bench.path(question, "/sua"), **{**bench.typed, "stem": "Câu khác?", "seen": seen})
    assert (answer.status_code, len(bench.versions(question))) == (409, 1)


def test_who_may_edit(bench: Bench, author: Browser) -> None:
    question, desk = bench.make(), bench.desk
    path = bench.path(question, "/sua")
    assert desk.browser(Role.SECRETARY).open(path).heading == "Sửa câu KTC-0001", "a colleague may"
    stranger = desk.browser(subject=desk.other)
    stranger.open(path, status=404)
    assert bench.post(stranger, path, **bench.typed).status_code == 404
    reader = desk.browser(Role.COUNCIL_CHAIR)
    reader.open(path, status=403)
    assert bench.post(reader, path, **bench.typed).status_code == 403
    assert author.client.post(path, data={**bench.typed, "csrf_token": "made-up"}).status_code == 400
    assert author.client.delete(path).status_code == 405
    assert len(bench.versions(question)) == 1
