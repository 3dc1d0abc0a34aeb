"""Tables of a Word document: as content of a question, as mere layout, or with one question in each row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.errors import Problem
from question_bank.formats.mapping import FieldMapping, guess_mapping, header_words
from question_bank.formats.word.document import Cell, Paragraph, Table
from question_bank.formats.word.lines import Line, field_label, key_label, marks_of, question_start
from question_bank.formats.word.rich import EMPTY, OBJECT, PLAIN, Rich, Span, Thing, cell_html, joined
from question_bank.questions.metadata import Level
from question_bank.questions.text import comparable

__all__ = ["QuestionRow", "QuestionTable", "cell_text", "layout_lines", "question_table", "table_line"]

_HEADER_ROWS = 5
#: What a cell may cover downwards; see ``markup_reader``.
_MOST_ROWS = 100
_LETTER_LABEL = re.compile(r"\(?(?P<letter>[A-J])\s*[.):]?", re.IGNORECASE)
_NUMBER_LABEL = re.compile(r"(?P<word>câu\s*(?:hỏi\s*)?)?\d{1,4}\s*(?P<mark>[.:)])?", re.IGNORECASE)
_KEY_WORDS = re.compile(r"đáp\s*án(?:\s+đúng)?", re.IGNORECASE)
#: Columns that only count.
_COUNTING = frozenset({"stt", "tt", "so tt", "so thu tu", "cau", "so", ""})


@dataclass
class QuestionRow:
    """The cells of one row by the field of their column."""

    row: int
    cells: dict[str, Rich]
    text: str


@dataclass
class QuestionTable:
    """The rows of a table with a header row; a row that one cell fills is a heading over those that follow."""

    mapping: FieldMapping
    rows: list[QuestionRow | str] = field(default_factory=list)
    #: Headers of columns with content that nothing was read from, and ranges that are merged sideways.
    unread: list[str] = field(default_factory=list)
    merged: int = 0
    #: What stands above the table.
    topic: str = ""
    level: Level | None = None


def cell_text(cell: Cell) -> Rich:
    """Return the text of a cell, one paragraph a line, tables inside as things."""
    parts = [
        block.text if isinstance(block, Paragraph) else Rich((Span(OBJECT, PLAIN, table_thing(block)),))
        for block in cell.blocks
    ]
    while parts and not parts[-1]:
        parts.pop()
    return joined(parts) if parts else EMPTY


def table_line(table: Table) -> Line:
    """Return a table that is content as a line of its own."""
    return Line(table.row, Rich((Span(OBJECT, PLAIN, table_thing(table)),)), is_table=True)


def table_thing(table: Table) -> Thing:
    """Return a table as markup, merged cells as such; the first thing in it that cannot be shown is its problem."""
    problem: Problem | None = None
    merged = [{cell.column for cell in row if cell.merged} for row in table.rows]
    rows = []
    for place, row in enumerate(table.rows):
        cells = []
        for cell in row:
            if cell.merged and place:
                continue
            text = cell_text(cell)
            problem = problem or next((thing.problem for thing in text.things() if thing.problem), None)
            below = place + 1
            while below < len(merged) and cell.column in merged[below]:
                below += 1
            down = min(below - place, _MOST_ROWS)
            spans = (f' colspan="{cell.span}"' if cell.span > 1 else "") + (f' rowspan="{down}"' if down > 1 else "")
            cells.append(f"<td{spans}>{cell_html(text)}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return Thing(f"<table>{''.join(rows)}</table>" if rows else "", problem)


def layout_lines(table: Table) -> list[Line] | None:
    """Return the lines of a table that only arranges questions or options on the page; None for any other table."""
    rows = [[(cell, text) for cell in row if not cell.merged and (text := cell_text(cell))] for row in table.rows]
    rows = [row for row in rows if row]
    texts = [text for row in rows for _, text in row]
    starts = any(question_start(text.text.strip()) for text in texts)
    labels = _labels([[text for _, text in row] for row in rows])
    lone = sum(label is not None for label in labels)
    if not starts and not all(_is_labelled(text.text) for text in texts) and not (lone >= 2 and lone * 2 > len(rows)):
        return None
    lines: list[Line] = []
    for row, label in zip(rows, labels, strict=True):
        filled = row
        if label is not None:
            filled = [(row[0][0], joined([label, *(text for _, text in row[1:])], " "))]
        lines += [line for cell, text in filled for line in _lines(_row_of(cell, table.row), text)]
    return lines


def _is_labelled(text: str) -> bool:
    marks = marks_of(text.strip())
    return bool(marks and marks[0].start == 0) or key_label(text) is not None or field_label(text) is not None


def _labels(rows: Sequence[Sequence[Rich]]) -> list[Rich | None]:
    """Return for the cells of each row what the first is to the others, with the mark that it would have in a line.

    "A.", "Câu 1.", "Đáp án:". None where it is a cell of a table of data: a year, a running number, a name.
    """
    firsts = [row[0].stripped() if len(row) > 1 else EMPTY for row in rows]
    lettered = _lettered([first.text for first in firsts])
    above = next((first.text for first in firsts if first), "")
    headed = not (_is_number(above) or _LETTER_LABEL.fullmatch(above) or _as_field(above))
    found: list[Rich | None] = []
    for place, first in enumerate(firsts):
        number = _NUMBER_LABEL.fullmatch(first.text)
        asks = number and (place + 1 in lettered or _has_options(rows[place][1:]))
        if place in lettered or (number and (number["word"] or asks or (number["mark"] and not headed))):
            found.append(first if first.text.endswith((".", ":", ")")) else joined([first, Rich.of(".")], ""))
        else:
            field_name = _as_field(first.text)
            found.append(Rich.of(field_name) if field_name else None)
    return found


def _lettered(firsts: Sequence[str]) -> set[int]:
    """Return the rows that begin with A, B, C … in this order, below a number or where no header row is above them."""
    found: set[int] = set()
    group: list[tuple[int, int]] = []
    fits = True
    for place, first in enumerate([*firsts, "."]):
        letter = _LETTER_LABEL.fullmatch(first)
        if letter:
            group.append((place, ord(letter["letter"].upper()) - ord("A")))
        elif first:
            if fits and len(group) > 1 and [index for _, index in group] == [*range(len(group))]:
                found |= {place for place, _ in group}
            group, fits = [], _is_number(first)
    return found


def _is_number(text: str) -> bool:
    return question_start(text) is not None or _NUMBER_LABEL.fullmatch(text) is not None


def _has_options(cells: Sequence[Rich]) -> bool:
    return sum(mark.strong for cell in cells for line in cell.lines() for mark in marks_of(line.text)) >= 2


def _as_field(text: str) -> str:
    """Return "Đáp án:" for "Đáp án", the same for other words that name a field; nothing for any other text."""
    written = text.rstrip(" :")
    named = len(written) < 40 and (field_label(f"{written}:") or _KEY_WORDS.fullmatch(written))
    return f"{written}:" if named else ""


def _lines(row: int, text: Rich) -> Iterator[Line]:
    for line in text.lines():
        yield Line(row, line)


def _row_of(cell: Cell, otherwise: int) -> int:
    return next((block.row for block in cell.blocks), otherwise)


def question_table(table: Table) -> QuestionTable | None:
    """Return the questions of a table that has one in each row under a header row; None for any other table."""
    for place, row in enumerate(table.rows[:_HEADER_ROWS]):
        headers = {cell.column: comparable(cell_text(cell).text) for cell in row if not cell.merged}
        mapping = guess_mapping(headers.values())
        columns = mapping.columns
        known = {"stem", "key"} <= set(columns) or {"stem", "options"} <= set(columns)
        if mapping.usable() or known or ("stem" in columns and _options_below(table, place, headers, columns["stem"])):
            return _rows(table, place, headers, mapping)
    return None


def _options_below(table: Table, place: int, headers: dict[int, str], stem: str) -> bool:
    """Say whether the first question below a header row has its options in its own cell."""
    for row in table.rows[place + 1 : place + 2]:
        for cell in row:
            if headers.get(cell.column) == stem:
                lines = cell_text(cell).lines()
                return sum(mark.strong for line in lines for mark in marks_of(line.text)) >= 2
    return False


def _rows(table: Table, header: int, headers: dict[int, str], mapping: FieldMapping) -> QuestionTable:
    by_header = {name: field_name for field_name, name in mapping.columns.items()}
    fields = {column: by_header[name] for column, name in headers.items() if name in by_header}
    found = QuestionTable(mapping)
    unread: dict[str, None] = {}
    above: dict[int, Rich] = {}
    for row in table.rows[header + 1 :]:
        texts = {cell.column: above.get(cell.column, EMPTY) if cell.merged else cell_text(cell) for cell in row}
        above |= texts
        filled = [cell for cell in row if texts[cell.column]]
        if not filled:
            continue
        if len(filled) == 1 and filled[0].span > 1 and filled[0].span * 2 > len(headers):
            found.rows.append(comparable(texts[filled[0].column].text))
            continue
        found.merged += sum(cell.span > 1 and cell.column in fields for cell in filled)
        for cell in filled:
            header_text = headers.get(cell.column, "")
            if cell.column not in fields and header_words(header_text) not in _COUNTING:
                unread[header_text] = None
        cells = {fields[column]: text for column, text in texts.items() if column in fields}
        number = min((_row_of(cell, table.row) for cell in row), default=table.row)
        found.rows.append(QuestionRow(number, cells, " | ".join(text.text.strip() for text in texts.values())))
    found.unread = [*unread]
    return found
