"""The one step between a foreign file and a question: which header or key holds which field ("Ghép cột").

``columns`` says the header (of a sheet) or key (of a JSON object; a dot goes into a nested object) of each field,
``defaults`` what stands in for an empty or missing topic, level, subject …, ``key_style`` how the right answer is
written (``auto`` finds out, or ``letter``, ``index0``, ``index1``, ``text``).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from question_bank.errors import InvalidSpec
from question_bank.formats.keys import KEY_STYLES
from question_bank.questions.text import fold

__all__ = [
    "DEFAULT_FIELDS",
    "FIELDS",
    "GUESSED",
    "OPTION_FIELDS",
    "STRUCTURED_FIELDS",
    "FieldMapping",
    "guess_mapping",
    "header_words",
]

OPTION_FIELDS = tuple(f"option_{letter}" for letter in "abcdefghij")
#: Every field a mapping may name; ``options`` is one JSON list, ``option_a`` … are single columns.
FIELDS = (
    *("stem", "options", *OPTION_FIELDS, "key", "topic", "level", "subject", "code", "document", "article", "author"),
    *("language", "tags", "stimulus_title", "stimulus_text", "kind", "explanation", "points_group", "competencies"),
    *("job_levels", "enemies", "judged", "in_force_from", "in_force_to", "checks"),
)
#: What only the native form has: lists and groups, which no column of a table can hold.
STRUCTURED_FIELDS = ("answers", "weights", "rules", "gaps", "rubric", "guide", "difficulty")
#: The fields that one value can stand in for in every row of a file.
DEFAULT_FIELDS = ("topic", "level", "subject", "document", "article", "author", "language")


@dataclass(frozen=True)
class FieldMapping:
    """Says where each field of a question stands in a foreign file; raises InvalidSpec for what cannot be meant."""

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    key_style: str = "auto"

    def __post_init__(self) -> None:
        unknown = (set(self.columns) - {*FIELDS, *STRUCTURED_FIELDS}) | (set(self.defaults) - set(DEFAULT_FIELDS))
        if unknown:
            raise InvalidSpec(f"no such field: {', '.join(sorted(unknown))}")
        if not all(isinstance(text, str) for text in (*self.columns.values(), *self.defaults.values())):
            raise InvalidSpec("columns and defaults must be texts")
        if self.key_style not in KEY_STYLES:
            raise InvalidSpec(f"no such key style: {self.key_style}")

    def column_of(self, name: str | None) -> str | None:
        """Return the header of a field; an option without a column of its own stands in the list of options."""
        if name is None:
            return None
        return self.columns.get(name) or (self.columns.get("options") if name in OPTION_FIELDS else None)

    def usable(self) -> bool:
        """Say whether questions can be read at all: there are a stem and options, or a stem, its kind and its key."""
        options = "options" in self.columns or "option_b" in self.columns
        return "stem" in self.columns and (options or {"kind", "key"} <= set(self.columns))

    def completed(self, headers: Iterable[str]) -> "FieldMapping":
        """Return the mapping itself when it names columns, else with those that the headers suggest."""
        return self if self.columns else FieldMapping(guess_mapping(headers).columns, self.defaults, self.key_style)

    def with_defaults(self, defaults: Mapping[str, str] | None) -> "FieldMapping":
        """Return the mapping with some more defaults; the new ones win."""
        return FieldMapping(self.columns, {**self.defaults, **(defaults or {})}, self.key_style)

    def to_json(self) -> dict[str, object]:
        """Return the mapping as plain values."""
        return {"columns": dict(self.columns), "defaults": dict(self.defaults), "key_style": self.key_style}

    @classmethod
    def from_json(cls, value: object) -> "FieldMapping":
        """Return the mapping that ``to_json`` was made of; raises InvalidSpec for anything else."""
        if not isinstance(value, Mapping):
            raise InvalidSpec("a mapping must be an object")
        columns, defaults = value.get("columns", {}), value.get("defaults", {})
        if not isinstance(columns, Mapping) or not isinstance(defaults, Mapping):
            raise InvalidSpec("columns and defaults must be objects")
        return cls(dict(columns), dict(defaults), str(value.get("key_style", "auto")))


#: Names no column: the headers of the file decide.
GUESSED = FieldMapping()

#: Folded headers, the surest first.
_ALIASES: dict[str, tuple[str, ...]] = {
    "stem": ("noi dung cau hoi", "noi dung cau hoi trac nghiem", "cau hoi trac nghiem", "cau hoi", "cau dan",
             "phan dan", "de bai", "question", "stem", "question text", "noi dung", "content", "text"),
    "options": ("options", "choices", "phuong an", "cac phuong an", "phuong an tra loi", "lua chon", "answers"),
    "key": ("dap an dung", "phuong an dung", "dap an", "key", "correct answer", "correctanswer", "correct option",
            "answer", "correct", "correct index", "correctindex", "answer index", "dap an chinh xac", "da", "da dung",
            "d a", "phuong an chon"),
    "topic": ("chu de", "chuyen de", "topic", "chuong", "category", "danh muc", "phan"),
    "level": ("muc do", "muc do nhan thuc", "cap do", "level", "do kho", "difficulty"),
    "subject": ("mon", "mon thi", "subject", "linh vuc", "hoc phan"),
    "code": ("ma cau hoi", "ma cau", "ma", "code", "id"),
    "document": ("can cu", "can cu phap ly", "van ban", "van ban can cu", "document", "legal document", "nguon",
                 "can cu phap luat"),
    "article": ("dieu khoan", "dieu", "article", "legal article"),
    "author": ("tac gia", "nguoi soan", "nguoi bien soan", "nguoi ra de", "author"),
    "language": ("ngon ngu", "language", "lang"),
    "tags": ("nhan", "tu khoa", "tags"),
    "kind": ("loai cau hoi", "loai cau", "dang cau hoi", "dang cau", "loai", "kind", "question type"),
    "explanation": ("giai thich", "loi giai", "explanation", "huong dan giai"),
    "points_group": ("nhom diem", "nhom cau hoi", "points group"),
    "competencies": ("nang luc", "competencies", "competency"),
    "job_levels": ("vi tri viec lam", "vi tri", "ngach", "job levels"),
    "enemies": ("khong di cung", "khong cung de", "enemies"),
    "judged": ("ti le lam dung", "ty le lam dung", "expected share"),
    "in_force_from": ("hieu luc tu", "in force from"),
    "in_force_to": ("hieu luc den", "het hieu luc", "in force to"),
    "stimulus_title": ("tieu de ngu lieu", "stimulus title"),
    "stimulus_text": ("ngu lieu", "doan van", "tinh huong", "passage", "stimulus", "stimulus text"),
}  # fmt: skip
_MOST_HEADERS, _LONGEST_HEADER = 1_000, 300
#: "(bắt buộc)", "[A/B/C/D]"; a bracket that is never closed goes to the end.
_REMARK = re.compile(r"[(\[{（].*?(?:[)\]}）]|$)")
_OPTION = re.compile(r"(?:phuong an|dap an|lua chon|pa|da|option|choice|answer)?\s*([a-j]|10|[1-9])")


def guess_mapping(headers: Iterable[str]) -> FieldMapping:
    """Return the mapping that the headers of a sheet, or the keys of a JSON object, suggest."""
    # What is longer is a text and no header, and nobody joins more columns than that.
    some = [header for header in islice(headers, _MOST_HEADERS) if len(header) <= _LONGEST_HEADER]
    first_wins = [header for header in reversed(some) if header.strip()]
    written = {header_words(header): header for header in first_wins}
    columns: dict[str, str] = {}
    for header in first_wins:
        index = _option_index(header)
        if index is not None:
            columns[OPTION_FIELDS[index]] = header
    for name, aliases in _ALIASES.items():
        found = next((alias for alias in aliases if alias in written), None)
        if found is not None:
            columns[name] = written[found]
    if "option_a" in columns and "option_b" in columns:
        columns.pop("options", None)
    elif "options" in columns:
        # A lone "a" beside a list of choices is something else, such as the answer.
        columns = {name: header for name, header in columns.items() if name not in OPTION_FIELDS}
    ordered = {name: columns[name] for name in FIELDS if name in columns}
    return FieldMapping(ordered)


def header_words(header: str) -> str:
    """Return a header for look-up: no marks, no case, no remarks in brackets, single spaces between words."""
    return _words(_REMARK.sub(" ", fold(header)))


def _words(folded: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded).split())


def _option_index(header: str) -> int | None:
    """Return the option that a header names: "Phương án A", "B", "Phương án (C)", "Phương án 4 (bắt buộc)"."""
    # A letter in brackets names an option; a number there may be that of the column.
    lettered = _OPTION.fullmatch(_words(fold(header)))
    match = lettered if lettered and lettered.group(1).isalpha() else _OPTION.fullmatch(header_words(header))
    if match is None or match.group().isdigit():
        return None
    mark = match.group(1)
    return int(mark) - 1 if mark.isdigit() else ord(mark) - ord("a")
