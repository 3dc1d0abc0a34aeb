"""Tables as text (.csv, .tsv), as spreadsheets save them: commas, semicolons or tabs, quoted where needed.

From the cells on everything is as with a workbook. A cell that a spreadsheet would take for a formula stays a text.
"""

import csv
import itertools
import re
from collections.abc import Collection, Iterator

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size, decode_noticing
from question_bank.formats.mapping import GUESSED, FieldMapping, guess_mapping
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.sheets import FormulaText, Sheet
from question_bank.formats.xlsx import Table, look_at, read_table
from question_bank.formats.xlsx_extent import MAX_CELLS
from question_bank.formats.xlsx_guard import MAX_COLUMNS, MAX_ROWS, sheet_too_large

__all__ = ["look", "read"]

_DELIMITERS = (",", ";", "\t")
_HEADER_ROWS = 30
#: Commas inside quoted texts count too.
_MOST_DELIMITERS = 4 * MAX_COLUMNS
#: In characters; where quotes do not match, the rest of the file is one cell.
_LONGEST_CELL = 1_000_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FORMULA = re.compile(r"\s*=\s*[A-Za-z(@+-]")
#: Excel writes "sep=;" above a table whose delimiter is not the one of the country.
_ANNOUNCED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)

# A long cell costs its row and not the file; how long a cell may be is judged with the rows.
csv.field_size_limit(_LONGEST_CELL)


def read(data: bytes, file_name: str, mapping: FieldMapping = GUESSED, *, required: Collection[str] = ()) -> ReadResult:
    """Read a table under a mapping, which is guessed from the headers when it names no columns."""
    try:
        sheet, noticed = _sheet(data)
        return read_table([sheet], file_name, mapping, required=required, noticed=noticed)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)


def look(data: bytes, file_name: str) -> Table:
    """Return the table that ``read`` would read, so that it can be mapped; raises Refusal."""
    return look_at([_sheet(data)[0]])


def _sheet(data: bytes) -> tuple[Sheet, tuple[Problem, ...]]:
    """Return the table in a file, and what was noticed about its letters."""
    check_size(data)
    text, noticed = decode_noticing(data)
    announced = _ANNOUNCED.match(text)
    if announced:
        text = text[announced.end() :]
    rows = _rows(text, announced[1] if announced else _delimiter(text))
    return Sheet("csv", [[_cell(text) for text in row] for row in rows], hidden=False, merged=()), noticed


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in reader:
            rows.append(row)
            cells += len(row)
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise Refusal(sheet_too_large())
    except csv.Error as broken:
        message = N_("tệp .csv hỏng từ dòng %(line)s (dấu ngoặc kép không khớp); hãy mở bằng Excel, lưu thành .xlsx.")
        raise Refusal(error("csv_broken", message, line=reader.line_num)) from broken
    return rows


def _lines(text: str, delimiter: str) -> Iterator[str]:
    """Give the lines of a text with their ends, without a second copy of the whole; raises Refusal for endless ones."""
    for line in _LINE.finditer(text):
        # The reader lays out a whole row before anybody can count its cells.
        if line.end() - line.start() > _MOST_DELIMITERS and line.group().count(delimiter) > _MOST_DELIMITERS:
            raise Refusal(sheet_too_large())
        yield line.group()


def _delimiter(text: str) -> str:
    """Return the delimiter under which one of the first rows names a question, else the one that makes most columns."""
    columns: dict[str, int] = {}
    for delimiter in _DELIMITERS:
        reader = csv.reader(_lines(text, delimiter), delimiter=delimiter)
        try:
            head = list(itertools.islice(reader, _HEADER_ROWS))
        except (csv.Error, Refusal):  # said with its line by whoever reads the rows
            continue
        if any(guess_mapping(row).usable() for row in head):
            return delimiter
        columns[delimiter] = max(map(len, head), default=0)
    return max(columns, key=lambda one: columns[one], default=",")


def _cell(text: str) -> str:
    return FormulaText(text) if _FORMULA.match(text) else text
