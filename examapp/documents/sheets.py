"""Spreadsheets out: a cell never becomes a formula, and a candidate number keeps its zeros."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | None

#: what a spreadsheet program takes for the beginning of a formula, full-width forms included
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
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
    """Return a workbook with one sheet; text stays text, whatever it begins with, and whole numbers are numbers."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_sheet_name(sheet))
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
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell


def _sheet_name(name: str) -> str:
    return "".join(" " if char in "[]:*?/\\" else char for char in name)[:31] or "Sheet"
