"""The native form: JSON Lines, one question a line, UTF-8."""

# The fields of a line stand in docs/formats.md; only ``stem`` and what the kind needs are required.

import json
import re
from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from question_bank.errors import N_, error
from question_bank.formats.decoding import (
    MAX_FILE_ROWS,
    Refusal,
    check_size,
    decode_noticing,
    parse_json,
    storable,
    too_many_rows,
)
from question_bank.formats.drafts import BrokenRow, RawRow
from question_bank.formats.mapping import STRUCTURED_FIELDS, FieldMapping
from question_bank.formats.native_values import values_of
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.rows import read_rows
from question_bank.formats.written import METADATA_FIELDS, Carries, Written
from question_bank.questions.checks import broken_characters
from question_bank.questions.markup import BLOCKS, INLINES
from question_bank.questions.record import QuestionRecord
from question_bank.questions.registry import KINDS

__all__ = ["CARRIES", "MAPPING", "as_row", "read", "read_lines", "read_values", "values_of", "write"]

_FILLED_LINE = re.compile(r"^[^\S\n]*+\S", re.MULTILINE)
_COLUMNS = {
    **{name: name for name in ("kind", "stem", "options", "key", "topic", "level", "subject", "code", "author")},
    **{name: name for name in ("language", "tags", "checks", "points_group", "competencies", "job_levels", "enemies")},
    **{name: name for name in ("explanation", *STRUCTURED_FIELDS)},
    **{name: f"source.{name}" for name in ("document", "article", "in_force_from", "in_force_to")},
    "stimulus_title": "stimulus.title",
    "stimulus_text": "stimulus.text",
}

CARRIES = Carries(
    kinds=frozenset(KINDS),
    metadata=frozenset(METADATA_FIELDS),
    markup=INLINES | BLOCKS | {"br", "img", "math", "li", "tr", "td", "th"},
    features=frozenset({"stimulus", "weights", "rules", "gap_weights", "rubric", "guide", "distractors"}),
)

#: The native form as a mapping: what every native file is read under.
MAPPING = FieldMapping(_COLUMNS, {}, "letter")


def read(data: bytes, file_name: str, mapping: FieldMapping = MAPPING, *, required: Collection[str] = ()) -> ReadResult:
    """Read a native file; of a mapping only the defaults are used."""
    own = MAPPING.with_defaults(mapping.defaults)
    try:
        check_size(data)
        text, noticed = decode_noticing(data)
        rows = read_lines(text)
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    return read_rows(rows, own, file_name, exact=True, required=required, noticed=noticed)


def read_values(rows: Iterable[tuple[int, Mapping[str, object]]], *, required: Collection[str] = ()) -> ReadResult:
    """Read questions back from what ``values_of`` made of them, each with the row it once stood in."""
    return read_rows([RawRow(row, values) for row, values in rows], MAPPING, "", exact=True, required=required)


def read_lines(text: str) -> list[RawRow | BrokenRow]:
    """Return the lines of a JSON Lines text as rows; empty lines are no rows. Raises Refusal for far too many."""
    # Counted before they are taken apart: a file of millions of lines must not fill the memory.
    if sum(1 for _ in islice(_FILLED_LINE.finditer(text), MAX_FILE_ROWS + 1)) > MAX_FILE_ROWS:
        raise Refusal(too_many_rows())
    rows: list[RawRow | BrokenRow] = []
    # Not splitlines(): it also breaks at characters that may stand inside a JSON text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            rows.append(_row(number, line.strip()))
    return rows


def _row(number: int, line: str) -> RawRow | BrokenRow:
    try:
        value = parse_json(line)
    except Refusal as refusal:
        return BrokenRow(number, line, refusal.problem)
    return as_row(number, value)


def as_row(number: int, value: object) -> RawRow | BrokenRow:
    """Return a JSON value as a row, broken when it is no object or cannot be stored."""
    if isinstance(value, dict) and storable(value):
        return RawRow(number, value)
    problem = error("row_no_object", N_("không phải một nhóm trường JSON {…}, nên không đọc được câu hỏi."))
    return BrokenRow(number, json.dumps(value), broken_characters() if isinstance(value, dict) else problem)


def write(records: Iterable[QuestionRecord]) -> Written:
    """Return the native file of some questions; it holds everything."""
    lines = (json.dumps(values_of(record), ensure_ascii=False) for record in records)
    return Written("".join(f"{line}\n" for line in lines).encode())
