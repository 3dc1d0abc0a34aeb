"""A workbook as plain cells: what every reader of tables begins with."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from question_bank.formats.decoding import Refusal
from question_bank.formats.xlsx_guard import FAILED, broken_workbook, checked_copy
from question_bank.formats.xlsx_looks import SheetLooks, looks_of_sheets
from question_bank.formats.xlsx_rich import RICH
from question_bank.questions.content import Content

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
    """One sheet with its cells from A1 on, empty ones as empty texts; one whose parts look different is a Content."""

    name: str
    rows: list[list[object]]
    hidden: bool
    merged: tuple[MergedCells, ...]
    looks: SheetLooks = field(default_factory=SheetLooks)


def read_sheets(data: bytes, file_name: str) -> list[Sheet]:
    """Return the sheets of an .xlsx in their order; raises Refusal for a file that is none or is unsafe to read."""
    safe = checked_copy(data, file_name)
    try:
        with zipfile.ZipFile(io.BytesIO(safe)) as archive:
            looks = looks_of_sheets(archive)
    except ExpatError as broken:
        raise Refusal(broken_workbook()) from broken
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(safe)) as workbook:
            return [
                _sheet(workbook, about.name, looks, hidden=about.visible != SheetVisibleEnum.Visible)
                for about in workbook.sheets_metadata
                if about.typ == SheetTypeEnum.WorkSheet
            ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:  # the reader's Rust part can panic, which is no Exception
        raise Refusal(broken_workbook()) from broken


def _sheet(workbook: CalamineWorkbook, name: str, looks: Mapping[str, SheetLooks], *, hidden: bool) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    rich: dict[str, Content] = {}
    rows = [[_cell(value, rich) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    return Sheet(name, rows, hidden, tuple(sheet.merged_cell_ranges or ()), looks.get(name, SheetLooks()))


def _cell(value: object, rich: dict[str, Content]) -> object:
    """Return a cell with what the guard marked; ``rich`` keeps the texts that several cells share."""
    if isinstance(value, str) and value.startswith(FAILED):
        return FailedCell(value.removeprefix(FAILED) or "#?")
    if isinstance(value, str) and value.startswith(RICH):
        if value not in rich:
            rich[value] = Content.of_markup(value.removeprefix(RICH))
        return rich[value]
    return value
