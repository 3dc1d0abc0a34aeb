"""A question is written by hand: previewed, judged field by field, saved, and the next one begun."""

import pytest

from examapp.access.roles import Role
from examapp.bank.models import QuestionStatus, Topic
from tests.functional.bank_question.conftest import OPTIONS, STEM, Bench
from tests.pages import Browser, Page


def test_a_question_is_written(bench: Bench, author: Browser) -> None:
    page = bench.write(author, document="Hiến pháp 2013", article="Điều 13", status="approved")
    assert "Đã lưu câu KTC-0001." in page.text
    assert page.heading == "Câu KTC-0001"
    question = bench.questions()[0]
    version = bench.versions(question)[0]
    assert bench.content(question) == {"kind": "single_choice", "stem": STEM, "options": list(OPTIONS)}
    assert (bench.key(question), version.topic_id, version.level.value) == (0, bench.topic.id, "recall")
    assert (version.legal_document, version.legal_article) == ("Hiến pháp 2013", "Điều 13")
    assert (question.status, question.import_id) == (QuestionStatus.APPROVED, None)
    details = {"subject": "KTC", "code": "KTC-0001", "status": "approved"}
    assert bench.deeds(question.id) == [("bank.question_written", details)], "what it says is no business of the log"


def test_without_a_choice_it_is_a_draft(bench: Bench, author: Browser) -> None:
    bench.write(author)
    assert bench.questions()[0].status is QuestionStatus.DRAFT


def test_the_next_one_begins_like_the_one_before(bench: Bench, author: Browser) -> None:
    page = bench.write(author, deed="next", option_d="", level="application", document="Luật A", status="approved")
    assert (page.heading, "Đã lưu câu KTC-0001." in page.text) == ("Soạn câu hỏi", True)
    form = bench.form(page)
    assert form.fields["stem"].strip() == ""
    kept = {name: form.fields[name] for name in ("topic", "level", "document", "status")}
    assert kept == {"topic": str(bench.topic.id), "level": "application", "document": "Luật A", "status": "approved"}
    assert {"option_c", "option_d"} & form.names == {"option_c"}, "as many boxes as before"
    page = bench.send(author, page, deed="save", stem="Câu hai?", option_a="1", option_b="2", key="b")
    assert page.heading == "Câu KTC-0002"


def test_a_code_of_ones_own(bench: Bench, author: Browser) -> None:
    assert bench.write(author, code="HP-1").heading == "Câu HP-1"
    page = bench.write(author, answer=422, stem="Câu khác?", code="HP-1")
    assert "Mã “HP-1” đã dùng cho một câu khác." in page.text
    assert bench.form(page).fields["stem"].strip() == "Câu khác?"


def test_the_number_goes_on_from_the_highest(bench: Bench, author: Browser) -> None:
    for code in ("KTC-9999", "KTC-10000", "KTC-7-1", "TA-20000"):
        bench.make(f"Câu {code}?", code=code)
    assert bench.write(author).heading == "Câu KTC-10001"


def test_a_topic_that_is_new_with_the_question(bench: Bench, author: Browser) -> None:
    bench.write(author, topic="", new_topic="  Lịch   sử ")
    topic = bench.desk.session.get_one(Topic, bench.versions(bench.questions()[0])[0].topic_id)
    assert topic.name == "Lịch sử"
    page = bench.write(author, answer=422, stem="Câu khác?", new_topic="LỊCH SỬ")
    assert "Môn đã có chủ đề “Lịch sử”." in page.text


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"stem": " \u200b "}, "stem", "Chưa có nội dung câu hỏi."),
        ({"stem": "x" * 10_001}, "stem", "Nội dung câu hỏi dài 10001 ký tự, giới hạn là 10000."),
        ({"stem": "chữ \ufffd hỏng"}, "stem", "Có ký tự hỏng"),
        ({"option_c": "chữ \ufffd hỏng"}, "option_c", "Có ký tự hỏng"),
        ({"option_b": ""}, "option_b", "Phương án B để trống."),
        ({"option_c": " Hà  Nội "}, "option_c", "Phương án C giống hệt phương án A."),
        ({"option_d": "x" * 3_001}, "option_d", "Phương án D dài 3001 ký tự, giới hạn là 3000."),
        ({"option_b": "", "option_c": "", "option_d": ""}, "option_b", "Câu chỉ có 1 phương án, cần ít nhất hai."),
        ({"option_d": "", "key": "d"}, "key", "Ghi “D” nhưng câu chỉ có ba phương án A – C."),
        ({"key": "k"}, "key", "Chọn đáp án"),
        ({"topic": ""}, "topic", "Chọn chủ đề, hoặc ghi một chủ đề mới."),
        ({"topic": "0190f7c0-0000-7000-8000-0000000000ee"}, "topic", "Chọn chủ đề, hoặc ghi một chủ đề mới."),
        ({"level": ""}, "level", "Chọn mức độ."),
        ({"level": "x"}, "level", "Chọn một trong các mục có sẵn."),
        ({"document": "", "article": "Điều 9"}, "document", "Ghi văn bản của điều khoản này, hoặc bỏ điều khoản."),
        ({"document": "x" * 301}, "document", "Nội dung dài quá mức cho phép."),
        ({"code": "x" * 61}, "code", "Nội dung dài quá mức cho phép."),
        ({"stimulus_text": "x" * 20_001}, "stimulus_text", "giới hạn là 20000"),
        ({"new_topic": "x" * 201}, "new_topic", "Tên chủ đề dài quá 200 ký tự."),
    ],
)  # fmt: skip
def test_each_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    bench: Bench, author: Browser, values: dict[str, str], field: str, sentence: str
) -> None:
    typed = {**bench.typed, "document": "Luật A", "stimulus_text": "Đoạn văn.", "code": "M-1", **values}
    page = bench.write(author, answer=422, **typed)
    assert _error(page, field).startswith(sentence) or sentence in _error(page, field)
    form = bench.form(page)
    for name, text in typed.items():
        if name in form.fields and name not in ("key", "topic", "level"):
            assert form.fields[name].strip() == text.strip()
    assert bench.questions() == []


def test_the_focus_goes_to_the_first_fault(bench: Bench, author: Browser) -> None:
    page = bench.write(author, answer=422, option_c="Hà Nội", level="")
    assert _focus(page) == ["option_c"]
    assert ("Chưa lưu: có 2 chỗ cần sửa" in page.text, "#level" in page.links()) == (True, True)


def test_a_key_must_be_chosen(bench: Bench, author: Browser) -> None:
    typed = {name: text for name, text in bench.typed.items() if name != "key"}
    page = bench.send(author, author.open(bench.new_path), answer=422, **typed)
    assert "Chọn đáp án: đánh dấu tròn trước phương án đúng." in _error(page, "key")


def test_the_preview_saves_nothing(bench: Bench, author: Browser) -> None:
    before = bench.events()
    page = bench.write(author, deed="preview", option_d="Cả A, B, C đều đúng", key="d")
    assert "Phương án D luôn đứng cuối" in page.text
    assert [item.text for item in page.all("li") if item.attributes.get("class") == "key"] == [
        "DCả A, B, C đều đúng Đáp án"
    ]
    assert (bench.questions(), bench.events()) == ([], before)


def test_options_are_added_and_taken_out(bench: Bench, author: Browser) -> None:
    page = bench.write(author, deed="add")
    assert ("option_e" in bench.form(page).names, _focus(page)) == (True, ["option_e"])
    page = bench.send(author, page, deed="drop:b", option_e="Vinh", key="c")
    fields = bench.form(page).fields
    shown = [fields[f"option_{name}"].strip() for name in "abcd"]
    assert (shown, fields["key"], _focus(page)) == (["Hà Nội", "Đà Nẵng", "Cần Thơ", "Vinh"], "b", ["option_b"])
    page = bench.send(author, page, deed="drop:b")
    assert "key" not in bench.form(page).fields, "the key went with its option"
    page = bench.send(author, bench.send(author, page, deed="drop:c"), deed="drop:a")
    assert "option_b" in bench.form(page).names, "two always stay"


def test_there_are_ten_options_at_most(bench: Bench, author: Browser) -> None:
    page = author.open(bench.new_path)
    for _ in range(8):
        page = bench.send(author, page, deed="add")
    assert "option_j" in bench.form(page).names
    assert "Thêm phương án" not in page.text


def test_a_text_the_bank_holds_is_named_with_a_link(bench: Bench, author: Browser) -> None:
    question = bench.make()
    link = f"/ngan-hang/phien-ban/{bench.versions(question)[0].id}"
    page = bench.write(author, deed="preview")
    assert ("Ngân hàng đã có câu này" in page.text, link in page.links()) == (True, True)
    page = bench.write(author, answer=422)
    assert ("Chưa lưu: ngân hàng đã có câu này" in page.text, link in page.links()) == (True, True)
    page = bench.write(author, answer=422, key="b")
    assert "Đáp án ở đó khác; hãy xem đáp án nào đúng." in page.text
    assert len(bench.questions()) == 1, "twice is harmless"


def test_a_text_of_an_older_version_is_found_too(bench: Bench, author: Browser) -> None:
    question = bench.make()
    bench.edit(author, question, stem="Câu đã sửa?")
    assert "với một phiên bản cũ" in bench.write(author, answer=422).text


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "{{ 7 * 7 }}", "%(code)s %s", "' OR 1=1 --", '"><img src=x onerror=alert(1)>'],
)
def test_hostile_text_is_text(bench: Bench, author: Browser, hostile: str) -> None:
    page = bench.write(author, stem=hostile, option_b=hostile, document=hostile, stimulus_text=hostile)
    assert page.text.count(hostile) >= 4
    question = bench.questions()[0]
    assert bench.content(question)["stem"] == hostile
    assert hostile in bench.form(author.open(bench.path(question, "/sua"))).fields["stem"]


def test_what_cannot_be_seen_is_taken_out_and_said(bench: Bench, author: Browser) -> None:
    page = bench.write(author, stem="Ai là\u202e ngược\0 \u200bđây?", option_b="tư tƣởng")
    assert "Có ký tự ẩn (điều khiển hoặc đảo chiều chữ) đã được bỏ; hãy đọc lại." in page.text
    assert "Chữ “ƣ” lạc phông đã được đổi thành “ư”." in page.text
    content = bench.content(bench.questions()[0])
    assert (content["stem"], content["options"][1]) == ("Ai là ngược đây?", "tư tưởng")


def test_a_megabyte_is_refused_in_words(bench: Bench, author: Browser) -> None:
    author.open(bench.new_path)
    assert "dài 900000 ký tự" in bench.write(author, answer=422, stem="x" * 900_000).text
    answer = bench.post(author, bench.new_path, **{**bench.typed, "stem": "x" * 1_100_000})
    assert (answer.status_code, "Nội dung gửi lên quá lớn" in answer.get_data(as_text=True)) == (413, True)
    assert bench.questions() == []


def test_a_subject_without_topics_can_begin(bench: Bench, author: Browser) -> None:
    browser = bench.desk.browser(subject=bench.desk.other)
    path = f"/ngan-hang/{bench.desk.other.id}/soan"
    typed = {**bench.typed, "topic": "", "new_topic": "Ngữ pháp"}
    assert bench.send(browser, browser.open(path), **typed).heading == "Câu TA-0001"


def test_who_may_write(bench: Bench, author: Browser) -> None:
    desk, token = bench.desk, {"csrf_token": "made-up"}
    assert desk.browser(Role.SECRETARY).open(bench.new_path).heading == "Soạn câu hỏi", "a colleague may"
    stranger = desk.browser(subject=desk.other)
    assert stranger.open(bench.new_path, status=404).heading == "Không tìm thấy trang"
    assert bench.post(stranger, bench.new_path, **bench.typed).status_code == 404
    assert bench.post(stranger, f"/ngan-hang/{desk.other.id}/soan", **bench.typed).status_code == 422, "a foreign topic"
    reader = desk.browser(Role.COUNCIL_CHAIR)
    assert bench.post(reader, bench.new_path, **bench.typed).status_code == 403
    assert author.client.post(bench.new_path, data={**bench.typed, **token}).status_code == 400
    assert author.client.put(bench.new_path, data=bench.typed).status_code == 405
    assert bench.questions() == []


def _error(page: Page, field: str) -> str:
    return next(one.text for one in page.elements if one.attributes.get("id") == f"{field}-error")


def _focus(page: Page) -> list[str]:
    return [one.attributes.get("id", "") for one in page.elements if "autofocus" in one.attributes]
