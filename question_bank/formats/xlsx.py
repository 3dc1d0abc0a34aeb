"""Excel workbooks: reading any table of questions, and writing the template with its help sheet.

The first sheet with a header row is read; the header row is the first one whose cells name a question and its options.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import BrokenRow, RawRow
from question_bank.formats.mapping import FieldMapping, guess_mapping
from question_bank.formats.report import ReadResult, file_refused, result
from question_bank.formats.rows import read_rows
from question_bank.formats.xlsx_guard import broken_workbook, checked_copy
from question_bank.formats.xlsx_template import HELP_SHEET, write

__all__ = ["Table", "load", "read", "write"]

_HEADER_ROWS = 30


@dataclass(frozen=True)
class Table:
    """The rows of the sheet that holds the questions, and what was noticed while finding them."""

    headers: tuple[str, ...]
    rows: tuple[RawRow, ...]
    mapping: FieldMapping
    problems: tuple[Problem, ...]


def read(data: bytes, file_name: str, mapping: FieldMapping | None = None) -> ReadResult:
    """Read a workbook under a mapping, which is guessed from the headers when none is given."""
    try:
        table = load(data, file_name, mapping)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    rows: Sequence[RawRow | BrokenRow] = table.rows
    found = read_rows(rows, table.mapping, file_name)
    noticed = [problem.at(Place(file=file_name)) for problem in table.problems]
    return result(found.records, [*noticed, *found.problems], found.refused, found.rows_total)


def load(data: bytes, file_name: str, mapping: FieldMapping | None = None) -> Table:
    """Return the table of a workbook; raises Refusal when there is none."""
    sheets = _sheets(checked_copy(data, file_name))
    headers: list[str] = []
    for position, (_, rows) in enumerate(sheets):
        start = _header_row(rows, mapping)
        if start is not None:
            return _table(sheets, position, start, mapping)
        headers += [text for row in rows[:1] for cell in row if (text := _text(cell).strip())]
    message = N_("không thấy dòng tiêu đề có cột câu hỏi và các phương án (dòng đầu: %(columns)s); hãy ghép cột.")
    raise Refusal(error("columns_unknown", message, columns=", ".join(headers)[:300] or "–"))


def _sheets(data: bytes) -> list[tuple[str, list[list[object]]]]:
    """Return name and cells of every sheet; any failure of the reader, even a panic of its Rust part, is a refusal."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return [
                (name, [list(row) for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)])
                for name in workbook.sheet_names
            ]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as broken:
        raise Refusal(broken_workbook()) from broken


def _header_row(rows: list[list[object]], mapping: FieldMapping | None) -> int | None:
    for index, row in enumerate(rows[:_HEADER_ROWS]):
        texts = [_text(cell).strip() for cell in row]
        if mapping is not None and mapping.columns:
            if set(mapping.columns.values()) <= set(texts):
                return index
        elif guess_mapping(texts).usable():
            return index
    return None


def _table(
    sheets: list[tuple[str, list[list[object]]]], position: int, start: int, mapping: FieldMapping | None
) -> Table:
    rows = sheets[position][1]
    headers = _unique([_text(cell).strip() for cell in rows[start]])
    problems: list[Problem] = []
    for other, (name, cells) in enumerate(sheets):
        if other != position and name != HELP_SHEET and any(_filled(row) for row in cells):
            problems.append(warning("sheet_unread", N_("trang tính “%(name)s” không được đọc."), name=name[:80]))
    above = sum(_filled(row) for row in rows[:start])
    if above:
        message = N_("%(count)s dòng phía trên dòng tiêu đề không được đọc.")
        problems.append(warning("rows_above_header", message, count=above))
    read_as = mapping or FieldMapping()
    if not read_as.columns:
        read_as = FieldMapping(guess_mapping(headers).columns, read_as.defaults, read_as.key_style)
    raws = tuple(_raw(start + 2 + i, headers, row) for i, row in enumerate(rows[start + 1 :]) if _filled(row))
    return Table(tuple(header for header in headers if header), raws, read_as, tuple(problems))


def _raw(number: int, headers: list[str], row: list[object]) -> RawRow:
    values: dict[str, object] = {}
    notes: list[Problem] = []
    for column, cell in enumerate(row):
        header = headers[column] if column < len(headers) else ""
        header = header or f"({_column_letters(column)})"
        if not _filled([cell]):
            continue
        values[header] = cell if isinstance(cell, float) and cell.is_integer() else _text(cell)
        if isinstance(cell, date | time | timedelta | bool) or (isinstance(cell, float) and not cell.is_integer()):
            message = N_("ô không phải dạng chữ, đọc thành “%(text)s”; hãy kiểm tra lại.")
            notes.append(warning("cell_not_text", message, Place(column=header), text=_text(cell)))
    return RawRow(number, values, tuple(notes))


def _text(cell: object) -> str:
    """Return a cell as a Vietnamese reader sees it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell).replace(".", ",")
    if isinstance(cell, datetime) and (cell.hour or cell.minute or cell.second):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def _filled(row: Iterable[object]) -> bool:
    return any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in row)


def _unique(headers: list[str]) -> list[str]:
    """Return the headers with the column's letter behind those that come twice, so that no cell hides another."""
    return [
        f"{header} ({_column_letters(index)})" if header and header in headers[:index] else header
        for index, header in enumerate(headers)
    ]


def _column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
