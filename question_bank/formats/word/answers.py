"""Answers that stand together at the end of a document: "1.A 2.C 3.B", or a table of numbers over letters."""

import re
from dataclasses import dataclass, field

from question_bank.formats.word.document import Table
from question_bank.formats.word.lines import is_key
from question_bank.formats.word.rich import EMPTY, Rich
from question_bank.formats.word.tables import cell_text
from question_bank.questions.text import comparable

__all__ = ["Answer", "Answers", "answer_line", "answer_table"]

_ENTRY = re.compile(
    r"(?:câu\s*(?:hỏi\s*)?)?(?P<number>\d{1,4})\s{0,3}(?:[.:)/–-]\s{0,3})?(?:(?:đáp\s*án|chọn)\s{0,3}:?\s{0,3})?"
    r"(?P<key>(?-i:[A-J](?:\s?[,&+]\s?[A-J])*|[ĐS](?:[\s,-]{0,2}[ĐS])*)|đúng|sai)(?=[\s,;.|/)]|$)[\s,;.|/)–-]*",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(r"\s*(?:câu\s*(?:hỏi\s*)?)?(\d{1,4})\s*[.:)]?\s*", re.IGNORECASE)
_HEADS = re.compile(
    r"(?:câu(?: hỏi| số)?|stt|tt|số|số câu|đáp án(?: đúng)?|đ\.?\s*án|đa|đ/a|chọn|key|kết quả)?\s*[:.]?", re.IGNORECASE
)
_KEY_HEAD = re.compile(r"(?:đáp án(?: đúng)?|đ\.?\s*án|đa|đ/a|chọn|key|kết quả)\s*[:.]?", re.IGNORECASE)
#: In characters; a line with a thousand answers has six thousand.
_LONGEST = 40_000


@dataclass
class Answer:
    """The answer to the question of a number; the lines that follow the key explain it."""

    number: int
    key: str
    explanation: Rich = EMPTY
    #: What stands behind the key on its line: the words of the option, or why it is right.
    tail: Rich = EMPTY


@dataclass
class Answers:
    """Answers of one table or list; ``unclear`` says that a table cannot be understood in one way only."""

    entries: list[Answer] = field(default_factory=list)
    unclear: bool = False


def answer_line(text: str) -> list[Answer]:
    """Return the answers of a line that holds nothing else, none for any other line.

    One number alone needs the word "Câu" in front: "2. B" may be an option of something.
    """
    line = text.strip()
    if not line or len(line) > _LONGEST:
        return []
    found, place = [], 0
    while place < len(line):
        match = _ENTRY.match(line, place)
        if match is None:
            return []
        found.append(Answer(int(match["number"]), match["key"].strip()))
        place = match.end()
    return found if len(found) > 1 or line[:1] in "Cc" else []


def answer_table(table: Table) -> Answers | None:
    """Return the answers of a table that holds nothing else, None for any other table."""
    grid = [[comparable(cell_text(cell).text) for cell in row if not cell.merged] for row in table.rows]
    grid = [row for row in grid if any(row)]
    if not grid:
        return None
    cells = [text for row in grid for text in row if text]
    if any(len(text) > 80 for text in cells):
        return None
    pairs = [
        answer_line(text if text[:1] in "Cc" else f"Câu {text}")
        for text in cells
        if text[:1].isdigit() or text[:1] in "Cc"
    ]
    if pairs and all(len(pair) >= 1 for pair in pairs):
        others = [text for text in cells if not (text[:1].isdigit() or text[:1] in "Cc")]
        if all(_HEADS.fullmatch(text) for text in others):
            return Answers([entry for pair in pairs for entry in pair])
    if not all(
        _SAYS_NUMBER.fullmatch(text) or is_key(text) or _HEADS.fullmatch(text) or _is_code(text) for text in cells
    ):
        return None
    return _over(grid) or _beside(grid)


def _is_code(text: str) -> bool:
    return re.fullmatch(r"(?:mã\s*)?(?:đề\s*)?(?:số\s*)?\d{1,4}", text, re.IGNORECASE) is not None


def _over(grid: list[list[str]]) -> Answers | None:
    """Read rows of numbers with a row of keys under each."""
    found = Answers()
    place = 0
    while place < len(grid):
        numbers = [_number(text) for text in grid[place]]
        others = [text for text, number in zip(grid[place], numbers, strict=True) if number is None]
        if len(others) == len(numbers) or not all(_HEADS.fullmatch(text) for text in others):
            return None
        rows = place + 1
        while rows < len(grid) and any(is_key(text) for text in grid[rows]):
            rows += 1
        if rows == place + 1:
            return None
        found.unclear |= rows > place + 2  # several papers, one row for each
        keys = grid[place + 1]
        if len(keys) != len(numbers):
            found.unclear = True
        for number, key in zip(numbers, keys, strict=False):
            if number is not None and is_key(key):
                found.entries.append(Answer(number, key))
        place = rows
    return found if found.entries else None


def _beside(grid: list[list[str]]) -> Answers | None:
    """Read columns of numbers with a column of keys beside each: on their right, or where the header row says so."""
    found = Answers()
    keys_first = any(_has_keys_first(row) for row in grid)
    for row in grid:
        _add_row(row[::-1] if keys_first else row, found)
    return found if len(found.entries) > 1 else None


def _add_row(row: list[str], found: Answers) -> None:
    """Read a row in which each number stands in front of its key."""
    numbers = [column for column, text in enumerate(row) if _number(text) is not None]
    if not numbers or not any(is_key(text) for text in row if text):
        return
    # Keys that may stand in front of their numbers would all belong to the question before.
    found.unclear |= numbers[-1] == len(row) - 1 or any(is_key(text) for text in row[: numbers[0]] if text)
    for column, following in zip(numbers, [*numbers[1:], len(row)], strict=True):
        number, keys = _number(row[column]), column + 1
        while keys < following and row[keys]:
            keys += 1
        found.unclear |= keys > column + 2  # several papers, one column for each
        if number is not None and keys > column + 1 and is_key(row[column + 1]):
            found.entries.append(Answer(number, row[column + 1]))


def _has_keys_first(row: list[str]) -> bool:
    """Say whether a header row has the keys in front of the numbers: "Đáp án", "Câu", "Đáp án", "Câu"."""
    heads = [bool(_KEY_HEAD.fullmatch(text)) for text in row if text]
    return len(heads) > 1 and all(map(_HEADS.fullmatch, row)) and heads == [True, False] * (len(heads) // 2)


def _number(text: str) -> int | None:
    match = _SAYS_NUMBER.fullmatch(text)
    return int(match[1]) if match else None
