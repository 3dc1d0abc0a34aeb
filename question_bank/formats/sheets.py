"""A workbook as plain cells: what every reader of tables begins with."""

import io
from dataclasses import dataclass

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from question_bank.formats.decoding import Refusal
from question_bank.formats.xlsx_guard import FAILED, broken_workbook, checked_copy

__all__ = ["FailedCell", "FormulaText", "MergedCells", "Sheet", "read_sheets"]

#: First and last cell of a merged range, each as (row, column) counted from 0.
MergedCells = tuple[tuple[int, int], tuple[int, int]]


class FailedCell(str):
    """A cell that shows an error such as #REF!, or whose formula was never computed; never empty."""

    __slots__ = ()


class FormulaText(str):
    """A cell of a text file that a spreadsheet would take for a formula; here it stays the text that it is."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet with its cells from A1 on, empty ones as empty texts."""

    name: str
    rows: list[list[object]]
    hidden: bool
    merged: tuple[MergedCells, ...]


def read_sheets(data: bytes, file_name: str) -> list[Sheet]:
    """Return the sheets of an .xlsx in their order; raises Refusal for a file that is none or is unsafe to read."""
    safe = checked_copy(data, file_name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(safe)) as workbook:
            return [
                _sheet(workbook, about.name, hidden=about.visible != SheetVisibleEnum.Visible)
                for about in workbook.sheets_metadata
                if about.typ == SheetTypeEnum.WorkSheet
            ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:  # the reader's Rust part can panic, which is no Exception
        raise Refusal(broken_workbook()) from broken


def _sheet(workbook: CalamineWorkbook, name: str, *, hidden: bool) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    return Sheet(name, rows, hidden, tuple(sheet.merged_cell_ranges or ()))


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FAILED):
        return FailedCell(value.removeprefix(FAILED) or "#?")
    return value
