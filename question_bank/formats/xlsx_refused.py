"""The workbook of refused rows: the template with what is wrong in words, to be mended and sent up again.

Whatever the file was, its rows come out in the columns of the template; a text never becomes a formula.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpyxl import Workbook

from question_bank.formats.drafts import MAX_CELL
from question_bank.formats.mapping import OPTION_FIELDS
from question_bank.formats.unread import OUR_NOTES
from question_bank.formats.xlsx_row import EXTRA_COLUMNS, FIELDS_OF_COLUMNS
from question_bank.formats.xlsx_template import AFTER, BEFORE, QUESTION_SHEET, Cells, set_widths
from question_bank.questions.metadata import Level
from question_bank.questions.registry import KINDS

__all__ = ["Refused", "write_refused"]


@dataclass(frozen=True)
class Refused:
    """A refused row: its number in the file, one text per field (options as ``option_a`` …), what is wrong with it."""

    row: int
    texts: Mapping[str, str]
    problems: str


def write_refused(rows: Iterable[Refused]) -> bytes:
    """Return the workbook of some refused rows."""
    kept = list(rows)
    width = max(
        (OPTION_FIELDS.index(name) + 1 for one in kept for name in one.texts if name in OPTION_FIELDS), default=4
    )
    options = {f"Phương án {name[-1].upper()}": name for name in OPTION_FIELDS[: max(width, 4)]}
    extra = [name for name in EXTRA_COLUMNS if any(one.texts.get(FIELDS_OF_COLUMNS[name]) for one in kept)]
    headers = [*OUR_NOTES, *BEFORE, *options, *AFTER, *extra]
    fields = FIELDS_OF_COLUMNS | options
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(QUESTION_SHEET)
    sheet.freeze_panes = "A2"
    set_widths(sheet, headers)
    cells = Cells(sheet)
    sheet.append([cells.make(header, bold=True) for header in headers])
    for one in kept:
        texts = [_text(one.texts, fields[header]) for header in headers[len(OUR_NOTES) :]]
        sheet.append([cells.make(text[:MAX_CELL]) for text in (one.problems, str(one.row), *texts)])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _text(texts: Mapping[str, str], field: str) -> str:
    text = texts.get(field, "")
    if field == "kind" and text in KINDS:
        return KINDS[text].label
    return Level(text).label if field == "level" and text in set(Level) else text
