"""Joining columns: what the file calls what, what stands in for an empty cell, and reading the file again otherwise."""

import json

from examapp.bank.models import ImportState
from examapp.core.files import StoredFile
from tests.factories import question_lines
from tests.functional.bank_import.conftest import GOOD, NO_KEY, SUM, Desk, sheet
from tests.pages import Browser

FOREIGN = ["Đề bài", "Chọn 1", "Chọn 2", "Chọn 3", "Chọn 4", "Đúng", "Chương", "Khó"]
CHOICES = {
    "column_option_a": "Chọn 1",
    "column_option_b": "Chọn 2",
    "column_option_c": "Chọn 3",
    "column_option_d": "Chọn 4",
    "column_key": "Đúng",
    "column_level": "Khó",
}


def test_columns_that_nobody_could_guess_are_joined_by_hand(desk: Desk, author: Browser) -> None:
    page = desk.send(author, sheet(GOOD, SUM, headers=FOREIGN))
    form = page.form(desk.path("/ghep-cot"))
    assert (form.fields["column_stem"], form.fields["column_topic"]) == ("Đề bài", "Chương"), "found by the reader"
    assert form.fields["column_key"] == ""
    assert "Thủ đô của Việt Nam?" in page.text, "a few rows are shown"
    page = author.submit(page, desk.path("/ghep-cot"), **CHOICES)
    assert page.heading == "Xem trước khi nhập"
    assert desk.counts() == (2, 2, 0, 0)
    assert desk.newest().mapping["columns"]["option_c"] == "Chọn 3"
    page = author.open(desk.path("/ghep-cot"))
    assert page.form(desk.path("/ghep-cot")).fields["column_key"] == "Đúng", "what was chosen is remembered"


def test_columns_below_the_title_of_a_sheet_are_offered(desk: Desk, author: Browser) -> None:
    numbered = [["1.", *GOOD], [2, *SUM]]
    title = ["NGÂN HÀNG CÂU HỎI NĂM 2026"]
    page = desk.send(author, sheet(["TT", *FOREIGN], *numbered, headers=title))
    form = page.form(desk.path("/ghep-cot"))
    assert form.fields["column_stem"] == "Đề bài"
    assert "2.0" not in page.text, "a whole number is shown as the sheet shows it"
    author.submit(page, desk.path("/ghep-cot"), **CHOICES)
    assert desk.counts() == (2, 2, 0, 0)


def test_defaults_stand_in_for_what_the_file_does_not_say(desk: Desk, author: Browser) -> None:
    rows = [row[:6] for row in (GOOD, SUM)]
    page = desk.send(author, sheet(*rows, headers=FOREIGN[:6]))
    page = author.submit(
        page,
        desk.path("/ghep-cot"),
        **{name: column for name, column in CHOICES.items() if name != "column_level"},
        default_topic="  Địa   lý ",
        default_level="recall",
    )
    assert desk.counts() == (2, 2, 0, 0)
    assert desk.newest().mapping["defaults"] == {"topic": "Địa lý", "level": "recall"}
    assert "Địa lý" in author.open(f"{desk.path()}?dong=tat-ca").text


def test_nested_groups_of_json_can_be_joined(desk: Desk, author: Browser) -> None:
    data = [{"question": "Thủ đô?", "body": {"a": "Hà Nội", "b": "Huế"}, "answer": "A", "topic": "Địa", "level": "NB"}]
    page = desk.send(author, json.dumps(data).encode(), "de.json")
    author.submit(page, desk.path("/ghep-cot"), column_option_a="body.a", column_option_b="body.b")
    assert desk.counts() == (1, 1, 0, 0)


def test_how_numbers_count_is_chosen_where_the_file_does_not_show_it(desk: Desk, author: Browser) -> None:
    rows = [[*row[:5], "2", *row[6:]] for row in (GOOD, SUM)]
    page = desk.read(author, sheet(*rows))
    assert "chưa rõ đếm từ 0 hay từ 1" in page.text
    assert desk.counts() == (2, 0, 0, 2)
    author.submit(author.open(desk.path("/ghep-cot")), desk.path("/ghep-cot"), key_style="index1")
    assert desk.counts() == (2, 2, 0, 0)
    assert desk.row(2).payload["key"] == "B"


def test_without_question_and_options_it_asks_for_them(desk: Desk, author: Browser) -> None:
    page = desk.send(author, sheet(GOOD, headers=["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám"]))
    page = author.submit(page, desk.path("/ghep-cot"), status=422, default_topic="Địa lý")
    assert "Chọn ít nhất cột của câu hỏi và của các phương án A, B." in page.text
    assert page.form(desk.path("/ghep-cot")).fields["default_topic"] == "Địa lý", "nothing typed is lost"
    assert desk.newest().state is ImportState.UPLOADED


def test_reading_anew_replaces_the_rows_and_warns_of_mended_ones(desk: Desk, author: Browser) -> None:
    desk.read(author, sheet(GOOD, NO_KEY))
    author.submit(author.open(desk.path("/dong/3")), desk.path("/dong/3"), key="A")
    assert desk.counts() == (2, 2, 0, 0)
    page = author.open(desk.path("/ghep-cot"))
    assert "1 dòng đã sửa tại đây sẽ được đọc lại từ tệp" in page.text
    author.submit(page, desk.path("/ghep-cot"))
    assert desk.counts() == (2, 1, 0, 1)
    assert desk.actions().count("bank.import_previewed") == 2


def test_a_native_file_asks_for_defaults_only(desk: Desk, author: Browser) -> None:
    data = question_lines(2).replace(b'"topic": "HIEN", ', b"")
    desk.send(author, data, "de.jsonl")
    assert desk.counts() == (2, 1, 0, 1)
    page = author.open(desk.path("/ghep-cot"))
    assert "không có cột phải ghép" in page.text
    assert not any(name.startswith("column_") for name in page.form(desk.path("/ghep-cot")).names)
    author.submit(page, desk.path("/ghep-cot"), default_topic="HIEN")
    assert desk.counts() == (2, 2, 0, 0)


def test_a_file_that_is_kept_no_more_is_to_be_sent_up_again(desk: Desk, author: Browser) -> None:
    page = desk.send(author, sheet(GOOD))
    desk.session.delete(desk.session.get_one(StoredFile, desk.newest().file_id))
    desk.session.commit()
    before = desk.stored()
    page = author.submit(page, desk.path("/ghep-cot"), status=409)
    assert "Máy chủ chỉ giữ tệp “de.xlsx” một thời gian và đã xóa. Tải tệp lên lại." in page.text
    assert desk.stored() == before
    assert desk.newest().state is ImportState.UPLOADED


def test_a_stranger_may_not(desk: Desk, author: Browser) -> None:
    desk.send(author, sheet(GOOD))
    stranger = desk.browser(subject=desk.other)
    stranger.open(desk.path("/ghep-cot"), status=404)
    assert desk.post(stranger, desk.path("/ghep-cot"), column_stem="Câu hỏi").status_code == 404
    assert desk.newest().state is ImportState.UPLOADED
