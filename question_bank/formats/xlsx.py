"""Excel workbooks: reading any table of questions, and writing the template with its help sheet.

The first sheet with a header row is read; the header row is the first one whose cells name a question and its options.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median_high

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.drafts import RawRow
from question_bank.formats.mapping import GUESSED, FieldMapping, guess_mapping
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.rows import read_rows
from question_bank.formats.sheets import FailedCell, FormulaText, MergedCells, Sheet, read_sheets
from question_bank.formats.written import Written, left_out, question_left_out, written
from question_bank.formats.xlsx_doubts import MARKUP_FIELDS, beside_the_cells, cell_looks, shape_on_row
from question_bank.formats.xlsx_looks import Look, SheetLooks
from question_bank.formats.xlsx_row import CARRIES, lists_with_commas, row_texts, unwritable
from question_bank.formats.xlsx_template import HELP_SHEET, workbook_of
from question_bank.questions.content import Content
from question_bank.questions.record import QuestionRecord
from question_bank.questions.text import comparable

__all__ = ["CARRIES", "Table", "look", "look_at", "read", "read_table", "write"]

_HEADER_ROWS = 30
_SHOWN = 5


@dataclass(frozen=True)
class Table:
    """The rows of the sheet that holds the questions, and what was noticed while finding them."""

    headers: tuple[str, ...]
    rows: tuple[RawRow, ...]
    mapping: FieldMapping
    problems: tuple[Problem, ...]


def read(data: bytes, file_name: str, mapping: FieldMapping = GUESSED, *, required: Collection[str] = ()) -> ReadResult:
    """Read a workbook under a mapping, which is guessed from the headers when it names no columns."""
    try:
        return read_table(read_sheets(data, file_name), file_name, mapping, required=required)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)


def write(records: Iterable[QuestionRecord] = ()) -> Written:
    """Return a workbook with some questions, and what it cannot hold; without any it is the empty template."""
    kept, problems = left_out(records, CARRIES, lists_with_commas)
    problems += [question_left_out(number) for number, record in kept if unwritable(record)]
    return written(workbook_of([row_texts(record) for _, record in kept if not unwritable(record)]), problems)


def read_table(
    sheets: list[Sheet],
    file_name: str,
    mapping: FieldMapping,
    *,
    required: Collection[str] = (),
    noticed: Sequence[Problem] = (),
) -> ReadResult:
    """Read the first table of questions on some sheets; raises Refusal when there is none."""
    found = _find_table(sheets, mapping)
    if found is None:
        raise Refusal(_no_header(sheets))
    table = _table(sheets, *found, mapping)
    return read_rows(table.rows, table.mapping, file_name, required=required, noticed=(*noticed, *table.problems))


def look(data: bytes, file_name: str) -> Table:
    """Return the table that ``read`` would read, else one below the likeliest header row, so that it can be mapped.

    Raises Refusal for a file that is no workbook or has no cell with content.
    """
    return look_at(read_sheets(data, file_name))


def look_at(sheets: list[Sheet]) -> Table:
    """Return the table of some sheets that ``read_table`` would read, or one that can be mapped; raises Refusal."""
    found = _find_table(sheets, GUESSED) or _likeliest_table(sheets)
    if found is None:
        raise Refusal(_no_header(sheets))
    return _table(sheets, *found, GUESSED)


def _shown(sheets: list[Sheet]) -> list[Sheet]:
    """Return the sheets that a person sees: what is hidden was not meant to be handed in."""
    return [sheet for sheet in sheets if not sheet.hidden]


def _no_header(sheets: list[Sheet]) -> Problem:
    first_rows = [row for sheet in _shown(sheets) for row in sheet.rows[:1]]
    texts = [text for row in first_rows for cell in row if (text := comparable(_text(cell)))]
    message = N_("không thấy dòng tiêu đề có cột câu hỏi và các phương án (dòng đầu: %(columns)s); hãy ghép cột.")
    return error("columns_unknown", message, columns=", ".join(texts)[:300] or "–")


def _find_table(sheets: list[Sheet], mapping: FieldMapping) -> tuple[Sheet, int] | None:
    """Return the first sheet with a header row, and where that row is."""
    for sheet in _shown(sheets):
        for start, row in enumerate(sheet.rows[:_HEADER_ROWS]):
            headers = _headers(row)
            if set(mapping.columns.values()) <= set(headers) if mapping.columns else guess_mapping(headers).usable():
                return sheet, start
    return None


def _likeliest_table(sheets: list[Sheet]) -> tuple[Sheet, int] | None:
    """Return the first sheet with content and its likeliest header row.

    The lines of a title fill a cell or two of their row: the header row is the first that fills more than
    half of what most rows do.
    """
    for sheet in _shown(sheets):
        widths = [sum(_filled([cell]) for cell in row) for row in sheet.rows[:_HEADER_ROWS]]
        if any(widths):
            most = median_high([width for width in widths if width > 1] or [1])
            return sheet, next(start for start, width in enumerate(widths) if 2 * width > most)
        first = next((start for start, row in enumerate(sheet.rows) if _filled(row)), None)
        if first is not None:
            return sheet, first
    return None


def _table(sheets: list[Sheet], sheet: Sheet, start: int, asked: FieldMapping) -> Table:
    headers = _headers(sheet.rows[start])
    mapping = asked.completed(headers)
    problems: list[Problem] = []
    for other in sheets:
        if (
            other is not sheet
            and other.name != HELP_SHEET
            and (other.looks.shapes or any(_filled(row) for row in other.rows))
        ):
            message = N_("trang tính “%(name)s” không được đọc.")
            if other.hidden:
                message = N_("trang tính “%(name)s” đang ẩn nên không được đọc.")
            problems.append(warning("sheet_unread", message, name=other.name[:80]))
    above = sum(_filled(row) for row in sheet.rows[:start])
    if above:
        message = N_("%(count)s dòng phía trên dòng tiêu đề không được đọc.")
        problems.append(warning("rows_above_header", message, count=above))
    fields = {header: name for name, header in mapping.columns.items()}
    mapped = {index: fields[header] for index, header in enumerate(headers) if header in fields}
    problems += _merged(sheet.merged, start, mapped)
    rows = enumerate(sheet.rows[start + 1 :], start + 2)
    raws = tuple(_raw(number, headers, row, mapped, sheet.looks) for number, row in rows if _filled(row))
    problems += beside_the_cells(sheet.looks, {raw.row - 1 for raw in raws})
    return Table(tuple(header for header in headers if header), raws, mapping, tuple(problems))


def _merged(ranges: Iterable[MergedCells], start: int, mapped: Collection[int]) -> list[Problem]:
    """Return one warning for merged cells among the questions: only the first cell of each has a value."""
    found = [
        f"{_column_letters(left)}{top + 1}:{_column_letters(right)}{bottom + 1}"
        for (top, left), (bottom, right) in ranges
        if bottom > start and any(left <= column <= right for column in mapped)
    ]
    if not found:
        return []
    message = N_("có ô gộp (%(cells)s), chỉ ô đầu có nội dung; hãy bỏ gộp và ghi đủ từng dòng.")
    shown = ", ".join(found[:_SHOWN]) + (" …" if len(found) > _SHOWN else "")
    return [warning("cells_merged", message, cells=shown)]


def _raw(
    number: int, headers: Sequence[str], row: list[object], mapped: Mapping[int, str], looks: SheetLooks
) -> RawRow:
    values: dict[str, object] = {}
    notes: list[Problem] = []
    if number - 1 in looks.shapes:
        notes.append(shape_on_row())
    for column, cell in enumerate(row):
        if not _filled([cell]):
            continue
        header = (headers[column] if column < len(headers) else "") or f"(cột {_column_letters(column)})"
        rich = isinstance(cell, Content) and mapped.get(column) in MARKUP_FIELDS
        values[header] = cell if rich or (isinstance(cell, float) and cell.is_integer()) else _text(cell)
        problem = None if rich else _doubt(cell, looks.cells.get((number - 1, column)), mapped=column in mapped)
        if problem:
            notes.append(problem.at(Place(column=header)))
    return RawRow(number, values, tuple(notes))


def _doubt(cell: object, look: Look | None, *, mapped: bool) -> Problem | None:
    """Return what a person should know about a cell that is not simply its text."""
    if isinstance(cell, FailedCell):
        message = N_("ô báo lỗi hoặc có công thức chưa tính (%(text)s); hãy dán giá trị vào ô rồi lưu lại.")
        return (error if mapped else warning)("cell_failed", message, text=str(cell)[:40])
    if isinstance(cell, FormulaText):
        message = N_("ô bắt đầu bằng dấu “=” được giữ nguyên là chữ, không tính như công thức; hãy kiểm tra lại.")
        return warning("cell_formula_text", message)
    if mapped and (problem := cell_looks(cell, look, _text(cell))):
        return problem
    if isinstance(cell, date | time | timedelta | bool) or (isinstance(cell, float) and not cell.is_integer()):
        message = N_("ô không phải dạng chữ, đọc thành “%(text)s”; hãy kiểm tra lại.")
        return warning("cell_not_text", message, text=_text(cell))
    return None


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


def _headers(row: list[object]) -> list[str]:
    """Return the headers of a row, with the column behind one that stands there twice: no cell may hide another."""
    headers: list[str] = []
    for index, cell in enumerate(row):
        header = comparable(_text(cell))
        twice = header and header in headers
        headers.append(f"{header} (cột {_column_letters(index)})" if twice else header)
    return headers


def _column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
