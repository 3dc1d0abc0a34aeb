"""Drafts: one row of any file as loose texts, before it is judged; nothing is repaired here without being recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.mapping import OPTION_FIELDS, STRUCTURED_FIELDS, FieldMapping
from question_bank.questions.content import Content
from question_bank.questions.text import clean, has_hidden_characters, is_clean, repair_horn_letters

__all__ = [
    "FLAG_KEYS",
    "LIST_FIELDS",
    "MAX_CELL",
    "TEXT_KEYS",
    "BrokenRow",
    "Draft",
    "RawRow",
    "draft_of",
    "is_markup",
    "lookup",
]

#: What one cell of a sheet can hold; longer texts come from hostile or broken files.
MAX_CELL = 32_767

#: Under which keys an option that is an object holds its text, and that it is the right one.
TEXT_KEYS = ("text", "content", "option", "value", "answer", "noi_dung")
LIST_FIELDS = ("tags", "competencies", "job_levels", "enemies")
FLAG_KEYS = ("correct", "is_correct", "isCorrect", "right", "dung")


@dataclass(frozen=True)
class RawRow:
    """One row as read: its number in the file and its values by header or key."""

    row: int
    values: Mapping[str, object]
    #: What the reader of the format already noticed about single values.
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BrokenRow:
    """A row that is no set of values at all, with the problem that says why."""

    row: int
    raw: str
    problem: Problem


@dataclass(frozen=True)
class Draft:
    """A row by fields: texts, the key as written, and what was noticed on the way."""

    raw: RawRow
    texts: Mapping[str, str]
    options: tuple[str, ...]
    key: object
    #: The texts of each of ``LIST_FIELDS``.
    lists: Mapping[str, tuple[str, ...]]
    checks: object
    #: Values as read of the fields that are no single text; see ``mapping.STRUCTURED_FIELDS``.
    extras: Mapping[str, object]
    problems: tuple[Problem, ...]


def draft_of(raw: RawRow, mapping: FieldMapping) -> Draft:
    """Return the draft of one row under a mapping."""
    reader = _Reader(raw, mapping)
    options, flags = reader.options()
    key = reader.value("key")
    if flags is not None:
        if key in (None, ""):
            key = flags
        else:
            reader.note(error("key_twice", N_("đáp án vừa ghi riêng vừa đánh dấu ở phương án; hãy để một chỗ.")), "key")
    if isinstance(key, str) and len(key) > MAX_CELL:
        key = reader.as_text(key, "key")  # says that it is too long
    if isinstance(key, float):
        key = int(key) if key.is_integer() else str(key)
    lists = {name: reader.texts(name) for name in LIST_FIELDS}
    extras = {name: value for name in STRUCTURED_FIELDS if (value := reader.value(name)) is not None}
    apart = ("options", *OPTION_FIELDS, "key", "checks", *LIST_FIELDS, *STRUCTURED_FIELDS)
    names = [name for name in mapping.columns if name not in apart]
    texts = {name: reader.text(name) for name in (*names, *mapping.defaults)}
    return Draft(raw, texts, options, key, lists, reader.value("checks"), extras, (*raw.notes, *reader.problems))


class _Reader:
    """Takes the fields of one row apart and collects what is wrong with their form."""

    def __init__(self, raw: RawRow, mapping: FieldMapping) -> None:
        self._raw = raw
        self._mapping = mapping
        self.problems: list[Problem] = []

    def note(self, problem: Problem, field: str) -> None:
        """Keep a problem at a field, at most once per field and code."""
        found = problem.at(Place(column=self._mapping.column_of(field), field=field))
        if (found.code, field) not in {(other.code, other.place.field) for other in self.problems}:
            self.problems.append(found)

    def value(self, field: str) -> object:
        """Return the value of a field as read; None when it has no column or the row has nothing there."""
        column = self._mapping.columns.get(field)
        return None if column is None else lookup(self._raw.values, column)

    def text(self, field: str) -> str:
        """Return the text of a field, cleaned; the default of the field when nothing is written."""
        value = self.value(field)
        return (self.as_text(value, field) if value is not None else "") or self._mapping.defaults.get(field, "")

    def as_text(self, value: object, field: str) -> str:
        """Return a value as cleaned text."""
        if value is None:
            return ""
        if is_markup(value):
            return Content.from_json(value)
        if isinstance(value, bool | list | dict):
            self.note(error("field_type", N_("phải là chữ hoặc số, không phải danh sách hay nhóm.")), field)
            return ""
        if isinstance(value, Content) and len(value) <= MAX_CELL:
            return value
        text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        if len(text) > MAX_CELL:
            message = N_("ô chứa %(length)s ký tự, giới hạn là %(limit)s; hãy rút ngắn.")
            self.note(error("cell_too_long", message, length=len(text), limit=MAX_CELL), field)
            return clean(text[:MAX_CELL])
        if is_clean(text) and "ƣ" not in text and "Ƣ" not in text:
            # Nearly every text of a file; one whose letters are numbered keeps the tab behind its letter.
            return clean(text) if field not in OPTION_FIELDS else text
        if has_hidden_characters(text):
            message = N_("có ký tự ẩn (điều khiển hoặc đảo chiều chữ) đã được bỏ; hãy đọc lại.")
            self.note(warning("hidden_characters", message), field)
        repaired = repair_horn_letters(text)
        if repaired != text:
            self.note(warning("letter_repaired", N_("chữ “ƣ” lạc phông đã được đổi thành “ư”.")), field)
        return clean(repaired) if field not in OPTION_FIELDS else repaired

    def options(self) -> tuple[tuple[str, ...], list[bool] | None]:
        """Return the options as written, without empty ones at the end, and their flags when they carry any."""
        listed = self.value("options")
        if "options" not in self._mapping.columns:
            names = [name for name in OPTION_FIELDS if name in self._mapping.columns]
            values: list[object] = [self.value(name) for name in names]
        elif isinstance(listed, list):
            values = listed
        elif isinstance(listed, dict) and "".join(listed).lower() == "abcdefghij"[: len(listed)]:
            values = list(listed.values())
        else:
            if listed not in (None, ""):
                message = N_("các phương án phải là một danh sách, hoặc một nhóm A, B, C… theo thứ tự.")
                self.note(error("options_no_list", message), "options")
            values = []
        groups = [value for value in values if isinstance(value, dict) and not is_markup(value)]
        flags = [_first(value, FLAG_KEYS) for value in groups]
        texts = [
            _first(value, TEXT_KEYS) if isinstance(value, dict) and not is_markup(value) else value for value in values
        ]
        written = [self.as_text(value, f"option_{'abcdefghij'[min(index, 9)]}") for index, value in enumerate(texts)]
        while written and not clean(written[-1]):
            written.pop()
        flagged = len(flags) == len(values) and any(flag is not None for flag in flags)
        return tuple(written), [bool(flag) for flag in flags][: len(written)] if flagged else None

    def texts(self, field: str) -> tuple[str, ...]:
        """Return the texts of a list, written as a list or as one text with commas or semicolons."""
        value = self.value(field)
        if value is None:
            return ()
        parts = value if isinstance(value, list) else self.as_text(value, field).replace(";", ",").split(",")
        return tuple(text for part in parts if (text := self.as_text(part, field)))


def is_markup(value: object) -> bool:
    """Say whether a value is a text with markup as the native form writes it: ``{"html": …}``."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("html"), str)


def lookup(values: Mapping[str, object], column: str) -> object:
    """Return the value under a key, or under a path with dots into nested objects."""
    if column in values:
        return values[column]
    found: object = values
    for part in column.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _first(value: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((value[name] for name in names if name in value), None)
