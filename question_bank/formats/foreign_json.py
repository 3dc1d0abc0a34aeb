"""Foreign JSON and JSON Lines: a list of objects, an object that holds such a list, or one object a line."""

from collections.abc import Collection

from question_bank.errors import N_, error
from question_bank.formats.decoding import (
    MAX_FILE_ROWS,
    Refusal,
    check_size,
    decode,
    decode_noticing,
    parse_json,
    too_many_rows,
)
from question_bank.formats.drafts import BrokenRow, RawRow
from question_bank.formats.mapping import GUESSED, FieldMapping, guess_mapping
from question_bank.formats.native import as_row, read_lines
from question_bank.formats.report import ReadResult, file_refused
from question_bank.formats.rows import read_rows

__all__ = ["keys_of", "load", "read"]


def read(data: bytes, file_name: str, mapping: FieldMapping = GUESSED, *, required: Collection[str] = ()) -> ReadResult:
    """Read a foreign JSON file under a mapping, which is guessed from the keys when it names no columns."""
    try:
        rows = load(data)
        _, noticed = decode_noticing(data)
        mapping = _complete(mapping, keys_of(rows))
    except Refusal as refusal:
        return file_refused(refusal.problem, file_name)
    return read_rows(rows, mapping, file_name, required=required, noticed=noticed)


def _complete(mapping: FieldMapping, keys: tuple[str, ...]) -> FieldMapping:
    """Return the mapping, with guessed columns when it names none."""
    mapping = mapping.completed(keys)
    if not mapping.usable():
        message = N_("không nhận ra trường nào là câu hỏi và phương án (có: %(columns)s); hãy ghép cột.")
        raise Refusal(error("columns_unknown", message, columns=", ".join(keys)[:300] or "–"))
    return mapping


def load(data: bytes) -> list[RawRow | BrokenRow]:
    """Return the rows of a JSON or JSON Lines file, numbered by line or by place in the list."""
    check_size(data)
    text = decode(data)
    try:
        value = parse_json(text)
    except Refusal:
        rows = read_lines(text)
        if not any(isinstance(row, RawRow) for row in rows):
            raise
        return rows
    items = _items(value)
    if items is None:
        message = N_("không thấy danh sách câu hỏi trong tệp JSON; cần một danh sách, mỗi câu một nhóm trường.")
        raise Refusal(error("json_no_questions", message))
    if len(items) > MAX_FILE_ROWS:
        raise Refusal(too_many_rows())
    return [as_row(number, item) for number, item in enumerate(items, 1)]


def _items(value: object) -> list[object] | None:
    """Return the list of questions in a JSON value: itself, the longest list of objects in it, or the one object."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    if guess_mapping(value).usable() or not lists:
        return [value]
    return max(lists, key=len)


def keys_of(rows: list[RawRow | BrokenRow]) -> tuple[str, ...]:
    """Return the keys of all rows, in the order of their appearance."""
    seen: dict[str, None] = {}
    for raw in rows:
        if isinstance(raw, RawRow):
            seen.update(dict.fromkeys(raw.values))
    return tuple(seen)
