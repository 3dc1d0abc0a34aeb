"""Refused rows: kept in the native form as far as they were understood, written to be mended, read again."""

import io
import json

import openpyxl
import pytest

from question_bank.formats import FieldMapping, native, preview, read_any, weight, xlsx
from question_bank.formats.xlsx_refused import Refused, write_refused
from tests.question_bank.factories import HEADERS, codes, edit_workbook, sheet_row, workbook


def fields(*row: object) -> dict[str, object]:
    """Return the fields of the only refused row of a sheet with this row."""
    (refused,) = xlsx.read(workbook(HEADERS, *row), "a.xlsx").refused[:1]
    return dict(refused.fields)


def test_numbers_and_letters_in_front_are_taken_off_and_words_understood() -> None:
    row = sheet_row(stem="Câu 5. Cơ quan nào?", a="A. Một", b="B. Hai", c="C. Ba", d="D. Bốn", key="", level="VD")
    found = fields(row)
    assert (found["stem"], found["options"], found["level"]) == (
        "Cơ quan nào?",
        ["Một", "Hai", "Ba", "Bốn"],
        "application",
    )
    assert "key" not in found


@pytest.mark.parametrize(
    ("key", "written"),
    [("E", "E"), ("A, B", "A, B"), (7.0, "7"), ([True, True, False], "A, B"), (["A", "B"], "A, B"), (None, None)],
)
def test_a_key_that_names_no_option_stands_there_as_written(key: object, written: str | None) -> None:
    line = {"question": "?", "choices": ["Một", "Hai", "Ba"], "answer": key, "topic": "a", "level": "1"}
    (refused,) = read_any(json.dumps([line]).encode(), "a.json").refused
    assert refused.fields.get("key") == written


def test_fields_read_back_to_the_same_problems() -> None:
    data = workbook(HEADERS, sheet_row(key="E"), sheet_row(stem=""), sheet_row(level="?"), sheet_row(b=""))
    read = xlsx.read(data, "a.xlsx")
    again = native.read_values((row.row, row.fields) for row in read.refused)
    assert codes(again) == codes(read)


def test_a_broken_row_has_none() -> None:
    (refused,) = read_any(b'{"kind": "single_choice", "stem": "a"}\n[1]', "a.jsonl").refused[1:]
    assert refused.fields == {}


def test_what_is_written_is_read_under_the_template_without_a_word_about_our_notes() -> None:
    texts = {"stem": "=1+1 là?", "option_a": "=2", "option_f": "@x", "key": "Z", "topic": "Toán", "level": "recall"}
    data = write_refused([Refused(14, texts, "Cột “Đáp án”: sai."), Refused(15, {}, "Trống.")])
    cells = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert [cell.value for cell in cells[2]][:2] == ["Cột “Đáp án”: sai.", "14"]
    assert {cell.data_type for row in cells.iter_rows() for cell in row if cell.value} == {"s"}
    assert preview(data, "a.xlsx").is_ours
    result = xlsx.read(data, "a.xlsx")
    assert "columns_unused" not in codes(result)
    assert result.refused[0].fields["stem"] == "=1+1 là?"
    assert result.refused[0].fields["level"] == "recall"


def test_only_the_template_and_the_native_form_are_ours() -> None:
    assert preview(xlsx.write().data, "a.xlsx").is_ours
    assert preview(b'{"kind": "single_choice", "stem": "a"}', "a.jsonl").is_ours
    assert not preview(workbook(HEADERS, sheet_row()), "a.xlsx").is_ours
    assert not preview(b"", "a.xlsx").is_ours


def test_paths_into_groups_are_offered_as_columns() -> None:
    data = json.dumps([{"q": "?", "body": {"a": 1, "more": {"b": {"c": {"d": 1}}}}}]).encode()
    assert preview(data, "a.json").columns == ("q", "body", "body.a", "body.more", "body.more.b")
    mapping = FieldMapping({"stem": "q", "option_a": "body.a", "option_b": "body.more.b"})
    assert mapping.usable()


def test_weight_is_what_a_file_unpacks_to() -> None:
    book = edit_workbook(workbook(HEADERS, sheet_row()), {"xl/more.xml": " " * 3_000_000})
    assert weight(book) > 3_000_000 > len(book)
    assert weight(b"{}" * 100) == 200
    assert weight(b"PK\x03\x04broken") == 10
