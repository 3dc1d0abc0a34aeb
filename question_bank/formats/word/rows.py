"""Tables with one question in each row: from cells to the parts of a question."""

from collections.abc import Iterator

from question_bank.errors import N_, Problem, warning
from question_bank.formats.mapping import OPTION_FIELDS
from question_bank.formats.word.build import KEY_COLUMN, WordDraft
from question_bank.formats.word.headings import heading_of
from question_bank.formats.word.lines import Line, marks_of, question_start, split_level
from question_bank.formats.word.options import Option
from question_bank.formats.word.questions import sort_lines, stem_and_options
from question_bank.formats.word.rich import EMPTY, Rich, content_of_rich
from question_bank.formats.word.tables import QuestionRow, QuestionTable
from question_bank.questions.question import Stimulus

__all__ = ["drafts_of_table", "table_notices"]

_APART = frozenset({"stem", "options", *OPTION_FIELDS, "key", "stimulus_title", "stimulus_text", "checks"})


def drafts_of_table(table: QuestionTable) -> Iterator[WordDraft]:
    """Give the questions of a table; rows that one cell fills are headings over those below them."""
    topic, level = table.topic, table.level
    for row in table.rows:
        if isinstance(row, str):
            found = heading_of(Line(0, Rich.of(row), heading=True), leads=True)
            if found is not None:
                topic, level = found.topic or topic, found.level or (None if found.topic else level)
            continue
        draft = _draft(row)
        draft.topic, draft.level = topic, draft.level or level
        yield draft


def table_notices(table: QuestionTable) -> Iterator[Problem]:
    """Give what is to be said of a table as a whole."""
    if table.unread:
        yield warning("columns_unused", N_("không đọc các cột: %(columns)s."), columns=", ".join(table.unread)[:300])
    if table.merged:
        message = N_("bảng câu hỏi có %(count)s ô gộp ngang; nội dung được đọc vào cột đầu của ô.")
        yield warning("cells_merged_across", message, count=table.merged)


def _draft(row: QuestionRow) -> WordDraft:
    cells = row.cells
    draft = WordDraft(row.row, EMPTY, raw=row.text)
    stem = _without_number(cells.get("stem", EMPTY), draft)
    columns = [cells.get(name, EMPTY) for name in OPTION_FIELDS]
    if any(columns):
        draft.stem = stem.stripped()
        draft.options = _options(columns)
    else:
        lines = [*stem.lines(), *cells["options"].lines()] if cells.get("options") else stem.lines()
        body: list[Line] = []
        sort_lines([Line(row.row, line, marks=marks_of(line.text)) for line in lines], body, draft)
        stem_and_options(body, draft)
    draft.fields |= {name: text.stripped() for name, text in cells.items() if name not in _APART and text}
    if cells.get("key"):
        draft.keys.append((KEY_COLUMN, cells["key"].text.strip()))
    title, text = cells.get("stimulus_title", EMPTY), cells.get("stimulus_text", EMPTY)
    if title or text:
        draft.stimulus = Stimulus(title.text, content_of_rich(text.stripped()))
    return draft


def _without_number(stem: Rich, draft: WordDraft) -> Rich:
    text = stem.stripped()
    start = question_start(text.text)
    if start is not None and start.end < len(text):
        text = text.part(start.end)
    level, end = split_level(text.text)
    if level is not None:
        draft.level, text = level, text.part(end)
    return text.stripped()


def _options(columns: list[Rich]) -> list[Option]:
    """Return the options of columns of their own; letters in front go when two or more stand in their places."""
    while columns and not columns[-1]:
        columns.pop()
    firsts = [next(iter(marks_of(text.stripped().text)), None) for text in columns]
    fitting = [
        index for index, mark in enumerate(firsts) if mark is not None and mark.start == 0 and mark.letter == index
    ]
    options = []
    for index, (text, mark) in enumerate(zip(columns, firsts, strict=True)):
        whole = text.stripped()
        if mark is not None and index in fitting and len(fitting) > 1:
            options.append(Option(whole.part(0, mark.end), [whole.part(mark.end)], mark.starred))
        else:
            options.append(Option(EMPTY, [whole]))
    return options
