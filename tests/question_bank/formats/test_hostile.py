"""Files that no honest program writes, and honest ones with a trap: each ends in a sentence with its place."""

import codecs
import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from question_bank.formats import ReadResult, preview, read_any
from tests.question_bank.factories import (
    DEFAULTS,
    HEADERS,
    codes,
    edit_workbook,
    foreign_item,
    json_lines,
    native_line,
    sheet_row,
    workbook,
    workbook_of,
)

SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook(HEADERS, sheet_row())


def read(data: bytes, name: str) -> ReadResult:
    """Read a file and assert what holds for every one of them."""
    result = read_any(data, name, None, DEFAULTS)
    assert result.rows_total == len(result.records) + len(result.refused)
    assert [problem.number for problem in result.problems] == list(range(1, len(result.problems) + 1))
    for problem in result.problems:
        assert "%(" not in problem.text()
        problem.text().encode()
    json.dumps(result.to_json(), ensure_ascii=False).encode()
    return result


def with_cell(new: str) -> bytes:
    """Return a good workbook with the XML of one cell, option D of the first question, replaced."""
    book = workbook(HEADERS, sheet_row(d="THAY"))
    cell = '<c r="E2" t="inlineStr"><is><t>THAY</t></is></c>'
    sheet = sheet_of(book)
    assert sheet.count(cell) == 1
    return edit_workbook(book, {SHEET: sheet.replace(cell, new).encode()})


def sheet_of(book: bytes) -> str:
    """Return the XML of a workbook's first sheet."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(SHEET).decode()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        pytest.param(b"", "a.xlsx", "file_empty", id="workbook of no bytes"),
        pytest.param(b"\0" * 500, "a.jsonl", "file_empty", id="nothing but NUL"),
        pytest.param(codecs.BOM_UTF8, "a.jsonl", "file_empty", id="nothing but a mark"),
        pytest.param("Câu hỏi;A;B;Đáp án".encode(), "a.xlsx", "xlsx_none", id="CSV named .xlsx"),
        pytest.param(edit_workbook(GOOD, {}).replace(b"xl/workbook.xml", b"xl/workbook.bin"), "a.xlsx", "xlsx_none",
                     id="binary workbook"),
        pytest.param(b"<html><table>", "a.xls", "xlsx_none", id="web page named .xls"),
        pytest.param('Câu hỏi,A\n"Thủ đô?,Huế'.encode(), "a.csv", "csv_broken", id="CSV cut off inside quotes"),
        pytest.param("{}".encode("utf-16-le")[:-1], "a.jsonl", "encoding_unknown", id="half UTF-16"),
        pytest.param(b'{"question": "a", "question": "b"}', "a.json", "field_twice", id="a field twice"),
        pytest.param(b'{"\\ud800": 1, "\\ud800": 2}', "a.json", "field_twice", id="half a letter twice"),
        pytest.param(b'{"question": 1e999}', "a.json", "json_unusable", id="infinity"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_questions_is_refused_as_a_whole(data: bytes, name: str, code: str) -> None:
    result = read(data, name)
    assert codes(result) == [code]
    assert result.unreadable
    assert ";" in result.problems[0].text(), "what to do is said behind what is wrong"
    assert preview(data, name).problem is not None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    lines = json_lines([native_line(), native_line(stem="Cơ quan nào nữa?")]).decode()
    result = read(lines.encode(encoding), "a.jsonl")
    assert (len(result.records), codes(result)) == (2, [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param('{"kind": "single_choice", "stem": "a\0b"}', "json_broken", id="NUL between the letters"),
        pytest.param(json.dumps(native_line(stem="a\0b?")), "broken_characters", id="NUL in JSON"),
        pytest.param(json.dumps(native_line(topic="a\ufffeb")), "broken_characters", id="no character, in the topic"),
        pytest.param(json.dumps(native_line(stem="Qu\ufffdc hội?")), "broken_characters", id="a letter lost before"),
        pytest.param(json.dumps(native_line(stem="\ud800?")), "broken_characters", id="half a letter"),
        pytest.param('{"kind": "single_choice", "\\ud800": 1, "\\ud800": 2}', "field_twice", id="half a letter twice"),
        pytest.param(json.dumps(native_line(stem="x" * 1_000_000)), "cell_too_long", id="a million letters"),
        pytest.param(json.dumps(native_line(tags=["x" * 200] * 2)), "field_too_long", id="endless tags"),
        pytest.param(json.dumps(native_line(code="C1")), "code_twice", id="a code twice"),
        pytest.param(
            json.dumps(native_line(options={"1": "một", "2": "hai"})), "options_no_list", id="numbered options"
        ),
        pytest.param(json.dumps(native_line(options={"B": "một", "A": "hai"})), "options_no_list", id="options turned"),
    ],
)
def test_a_hostile_line_is_refused_with_its_place_and_costs_no_other(line: str, code: str) -> None:
    result = read(json_lines([native_line(code="C1", stem="Câu đầu?"), line, native_line(stem="Câu cuối?")]), "a.jsonl")
    assert [row for row, _ in result.records] == [1, 3]
    assert [row.row for row in result.refused] == [2]
    assert code in codes(result)
    assert all(problem.text().startswith("Dòng 2") for problem in result.problems)


def test_leading_empty_lines_shift_no_row_number() -> None:
    result = read(b"\n\n" + json_lines([foreign_item(), "{"]), "a.jsonl")
    assert ([row for row, _ in result.records], [row.row for row in result.refused]) == ([3], [4])


def test_a_backslash_before_u0000_is_a_text_like_any_other() -> None:
    stem = r"Chuỗi \u0000 trong JavaScript là ký tự nào?"
    assert read(json_lines([native_line(stem=stem)]), "a.jsonl").records[0][1].question.stem == stem


@pytest.mark.parametrize(
    "stem",
    ["Chọn \u202egnúđ\u202c?", "Chọn \u2066đúng\u2069?", "Chọn\x1b[2J đúng?"],
    ids=["override", "isolate", "ESC"],
)
def test_characters_that_hide_or_turn_a_text_are_taken_away_with_a_warning(stem: str) -> None:
    result = read(json_lines([native_line(stem=stem)]), "a.jsonl")
    assert codes(result) == ["hidden_characters"]
    assert all(character.isprintable() for character in result.records[0][1].question.stem)


def test_parts_of_a_file_in_a_sentence_are_harmless() -> None:
    text = read(json_lines([native_line(**{"l\u202eạ\x1b[2J": "x"})]), "a.jsonl").problems[0].text()
    assert text == "Không đọc các cột: l\ufffdạ\ufffd[2J."


def test_what_nothing_was_read_from_is_named_even_inside_groups_and_options() -> None:
    line = native_line(source={"document": "Luật", "page": 3}, stimulus={"text": "Đoạn văn", "image": "a.png"})
    assert read(json_lines([line]), "a.jsonl").problems[0].params["columns"] == "source.page, stimulus.image"
    option = {"text": "một", "correct": True, "explanation": "vì thế"}
    item = foreign_item(choices=[option, {"text": "hai", "correct": False}], answer=None)
    assert read(json.dumps([item]).encode(), "a.json").problems[0].params["columns"] == "choices.explanation"


class TestWorkbooks:
    @pytest.mark.parametrize(
        "cell",
        [
            pytest.param('<c r="E2" t="e"><v>#REF!</v></c>', id="an error"),
            pytest.param("<c t='e' r='E2'><f>1/0</f><v>#DIV/0!</v></c>", id="a formula with an error"),
            pytest.param('<c r="E2"><f>A1&amp;B1</f><v/></c>', id="a formula never computed"),
            pytest.param('<c r="E2" s="1"><f>A1</f></c>', id="a formula without a value"),
            pytest.param('<c r="E2"><f t="shared" si="0"/><v></v></c>', id="a shared formula never computed"),
        ],
    )
    def test_a_failed_cell_is_no_empty_cell(self, cell: str) -> None:
        result = read(with_cell(cell), "a.xlsx")
        assert codes(result) == ["cell_failed"]
        assert (
            result.problems[0].text().startswith("Dòng 2, cột “Phương án D”: ô báo lỗi hoặc có công thức chưa tính (#")
        )
        assert len(result.refused) == 1, "it would else become a question with one option less"

    @pytest.mark.parametrize(
        ("cell", "options"),
        [
            ('<c r="E2" t="str"><f>IF(1,"","")</f><v></v></c>', 3),
            ('<c r="E2" t="str"><f>"bốn"</f><v>bốn</v></c>', 4),
            ('<c r="E2"><f>2+2</f><v>4</v></c>', 4),
            ('<c r="E2" t="inlineStr"><is><t>#REF!</t></is></c>', 4),
        ],
    )
    def test_a_formula_is_read_by_its_value_and_a_text_stays_one(self, cell: str, options: int) -> None:
        result = read(with_cell(cell), "a.xlsx")
        assert (codes(result), len(result.records[0][1].question.options)) == ([], options)

    def test_a_failed_cell_that_no_field_is_read_from_only_warns(self) -> None:
        book = workbook((*HEADERS, "Ghi chú"), [*sheet_row(), "=1+1"])
        result = read(book, "a.xlsx")
        assert (codes(result), len(result.records)) == (["columns_unused", "cell_failed"], 1)

    def test_a_hidden_sheet_is_named_and_never_read(self) -> None:
        book = Workbook()
        hidden = book.active
        assert hidden is not None
        hidden.title, hidden.sheet_state = "Nháp", "veryHidden"
        hidden.append(HEADERS)
        hidden.append(sheet_row(stem="Câu đã bỏ?"))
        shown = book.create_sheet("Chính thức")
        shown.append(HEADERS)
        shown.append(sheet_row())
        book.create_chartsheet("Biểu đồ")
        result = read(workbook_of(book), "a.xlsx")
        assert [record.question.stem for _, record in result.records] == ["Cơ quan nào?"]
        assert [problem.text() for problem in result.problems] == ["Trang tính “Nháp” đang ẩn nên không được đọc."]
        del book["Chính thức"]
        assert codes(read(workbook_of(book), "a.xlsx")) == ["columns_unknown"]

    def test_merged_cells_are_named(self) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (["ĐỀ"], HEADERS, sheet_row(), sheet_row(stem="Khác?", topic=None)):
            sheet.append(row)
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("G3:G4")
        result = read(workbook_of(book), "a.xlsx")
        assert codes(result) == ["rows_above_header", "cells_merged"]
        assert "(G3:G4)" in result.problems[1].text()

    def test_escaped_controls_are_taken_away_with_a_warning(self) -> None:
        cell = '<c r="E2" t="inlineStr"><is><t>b_x0000_ố_x000B_n\u202e</t></is></c>'
        result = read(with_cell(cell), "a.xlsx")
        assert codes(result) == ["hidden_characters"]
        assert result.records[0][1].question.options[3] == "bố\nn"

    def test_headers_that_nobody_recognises_can_be_mapped(self) -> None:
        seen = preview(workbook([], ["Hỏi gì", "Một", "Hai"], ["Ai?", "tôi", "bạn"]), "a.xlsx")
        assert (seen.columns, dict(seen.samples[0])) == (
            ("Hỏi gì", "Một", "Hai"),
            {"Hỏi gì": "Ai?", "Một": "tôi", "Hai": "bạn"},
        )
        assert not seen.mapping.usable()
        assert seen.problem is None
        empty = preview(workbook([]), "a.xlsx").problem
        assert empty is not None
        assert empty.code == "columns_unknown"
