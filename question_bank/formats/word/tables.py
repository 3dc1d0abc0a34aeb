"""Tables of a Word document: as content of a question, as mere layout, or with one question in each row."""

import re
from collections.abc import Iterator
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
_LONE_LABEL = re.compile(r"\s*(?:\(?[A-Ja-j]\s*[.):]?|(?:câu\s*(?:hỏi\s*)?)?\d{1,4}\s*[.:)]?)\s*", re.IGNORECASE)
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
    rows = [[(cell, cell_text(cell)) for cell in row if not cell.merged] for row in table.rows]
    texts = [text for row in rows for _, text in row if text]
    if not texts:
        return []
    starts = any(question_start(text.text.strip()) for text in texts)
    marked = [text for text in texts if _is_labelled(text.text)]
    lone = sum(_as_label(row[0][1]) is not None for row in rows if len(row) > 1)
    if not starts and len(marked) < len(texts) and not (lone >= 2 and lone * 2 > len(rows)):
        return None
    lines: list[Line] = []
    for row in rows:
        filled = [(cell, text) for cell, text in row if text]
        label = _as_label(filled[0][1]) if len(filled) > 1 else None
        if label is not None:
            filled = [(filled[0][0], joined([label, *(text for _, text in filled[1:])], " "))]
        lines += [line for cell, text in filled for line in _lines(_row_of(cell, table.row), text)]
    return lines


def _is_labelled(text: str) -> bool:
    marks = marks_of(text.strip())
    return bool(marks and marks[0].start == 0) or key_label(text) is not None or field_label(text) is not None


def _as_label(text: Rich) -> Rich | None:
    """Return what fills a cell before a text, with the mark it would have there: "A.", "Câu 1.", "Đáp án:"."""
    found = text.stripped()
    if len(found) < 40 and _LONE_LABEL.fullmatch(found.text):
        return found if found.text.endswith((".", ":", ")")) else joined([found, Rich.of(".")], "")
    written = found.text.rstrip(" :")
    if len(written) < 40 and (field_label(f"{written}:") or _KEY_WORDS.fullmatch(written)):
        return Rich.of(f"{written}:")
    return None


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
