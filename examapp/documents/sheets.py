"""Spreadsheets out: a cell never becomes a formula, and a candidate number keeps its zeros."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | None

#: what a spreadsheet program takes for the beginning of a formula, full-width forms included
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: the same behind a sign at which a spreadsheet set to another country parts cells, inside quotes, too
_AFTER_PARTING = re.compile(r"(;\s*|(?<!^)\t\s*)(?=[=+\-@＝＋－＠])")
_LONGEST = 32_767
_WIDEST = 60


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file in UTF-8 with its mark, so that Excel reads the accents; formulas are made text by a quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(title) for title in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode(errors="replace")


def xlsx_bytes(sheet: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook with one sheet; text stays text, whatever it begins with, and whole numbers are numbers.

    Printed, it is as wide as a page of A4 across, with its head on every page.
    """
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title, book.properties.language = "", sheet, "vi-VN"
    page = book.create_sheet(_sheet_name(sheet))
    page.print_title_rows = "1:1"
    page.page_setup.paperSize, page.page_setup.orientation = Worksheet.PAPERSIZE_A4, Worksheet.ORIENTATION_LANDSCAPE
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    table = [list(row) for row in rows]
    for place, title in enumerate(header):
        widest = max([len(title), *(len(str(row[place] or "")) for row in table[:1000])])
        page.column_dimensions[get_column_letter(place + 1)].width = min(_WIDEST, widest + 2)
    page.freeze_panes = "A2"
    page.append([_text_cell(page, title, bold=True) for title in header])
    for row in table:
        page.append([cell if cell is None or isinstance(cell, int) else _text_cell(page, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(page: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(kept) > _LONGEST:  # what a cell of the format can hold: that something is missing must be seen
        kept = f"{kept[: _LONGEST - 1]}…"
    cell = WriteOnlyCell(page, value=kept)
    cell.data_type = "s"  # a text that begins with = would be a formula
    if text[:1].isdigit() or text.startswith(_FORMULA):
        cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    parted = _AFTER_PARTING.sub(r"\1'", cell)
    return f"'{parted}" if parted.lstrip(" ").startswith(_FORMULA) else parted


def _sheet_name(name: str) -> str:
    return "".join(" " if char in "[]:*?/\\" else char for char in name)[:31] or "Sheet"
