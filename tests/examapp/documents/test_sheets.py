"""Spreadsheets out: no cell becomes a formula, no number loses its zeros, accents survive."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from examapp.documents.sheets import csv_bytes, xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "＝1", "\n=1"]
HEADER = ["Số báo danh", "Họ và tên"]


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_text_in_a_csv_file(formula: str) -> None:
    cell = read_csv(csv_bytes(HEADER, [["0247", formula]]))[1][1]
    assert cell == f"'{formula}"


@pytest.mark.parametrize("parting", [";", "; ", "\t"])
def test_a_formula_is_text_where_cells_part_at_a_semicolon(parting: str) -> None:
    data = csv_bytes(HEADER, [["0247", f"An{parting}=1+1"]])
    assert read_csv(data)[1][1] == f"An{parting}'=1+1"
    begun = read_csv(csv_bytes(HEADER, [["0247", f"{parting}=1+1"]]))[1][1]
    assert begun == (f"{parting}'=1+1" if ";" in parting else f"'{parting}=1+1")


@given(st.lists(st.lists(st.text(max_size=30), min_size=2, max_size=2), max_size=8))
def test_no_cell_of_a_csv_file_begins_a_formula(rows: list[list[str]]) -> None:
    data = csv_bytes(HEADER, rows)
    assert data.startswith(b"\xef\xbb\xbf")
    for row in read_csv(data)[1:]:
        for cell in row:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_a_workbook_keeps_zeros_and_accents_and_makes_no_formula() -> None:
    rows = [["0247", "Đặng Thị Ngọc Ánh"], ["0248", "=1+1"], ["0249", "x\x0by"]]
    sheet = load_workbook(io.BytesIO(xlsx_bytes("Kết quả: [1]/2", HEADER, rows))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [HEADER, *rows[:2], ["0249", "xy"]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert sheet.freeze_panes == "A2"


def test_a_text_that_no_cell_can_hold_says_that_it_goes_on() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes("S", ["a"], [["x" * 40_000]]))).active
    kept = sheet["A2"].value
    assert len(kept) == 32_767
    assert kept.endswith("x…")


def test_a_heading_is_no_formula_either() -> None:
    assert read_csv(csv_bytes(["=1+1"], []))[0] == ["'=1+1"]


def test_whole_numbers_and_empty_cells_stay_what_they_are() -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes("S", ["a", "b"], [[41, None]]))).active
    assert [cell.value for cell in sheet[2]] == [41, None]
    assert read_csv(csv_bytes(["a", "b"], [[41, None]]))[1] == ["41", ""]


def test_a_printed_sheet_repeats_its_head_and_fits_a_page_across() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes("Kết quả", ["Số báo danh"], [["0001"]])))
    assert book.active.print_title_rows == "$1:$1"
    assert book.active.sheet_properties.pageSetUpPr.fitToPage
    assert (book.active.page_setup.fitToWidth, book.active.page_setup.fitToHeight) == (1, 0)
    assert (book.active.page_setup.paperSize, book.active.page_setup.orientation) == (9, "landscape")
    assert (book.properties.title, book.properties.language) == ("Kết quả", "vi-VN")
