"""Numbered problems: what a reader or a check has to say to the person who wrote the questions.

The library never translates. A problem carries a stable code, a Vietnamese template (the gettext message id, marked
with ``N_``) and plain parameters, so that the edge can say it in another language and a program can tell cases apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = ["N_", "UNIT_WORDS", "InvalidSpec", "Place", "Problem", "Severity", "Unit", "Value", "error", "warning"]

Severity = Literal["error", "warning"]
Unit = Literal["row", "paragraph", "question"]
#: What a place is called; "Dòng" is a row of a table and a line of a text.
UNIT_WORDS: Mapping[Unit, str] = {"row": "Dòng", "paragraph": "Đoạn", "question": "Câu"}
#: What a parameter may be: plain, so that a problem can be stored as JSON.
Value = str | int

#: Parts of a file stand in sentences: nothing in them may break a terminal, a page or a database.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def N_(message: str) -> str:
    """Mark a message for extraction without translating it."""
    return message


class InvalidSpec(ValueError):
    """A caller's mistake, never a person's: a draw specification or a stored form that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a problem stands; every part may be unknown."""

    file: str | None = None
    #: The line of a text, the row of a sheet, the paragraph of a Word file or the ordinal in a list, counted from 1.
    row: int | None = None
    #: The header or key as written in the file.
    column: str | None = None
    #: The field of the question it belongs to (``stem``, ``option_c``, ``key`` …).
    field: str | None = None
    #: What ``row`` counts; a file of text has lines, a Word file paragraphs, a list of questions questions.
    unit: Unit = "row"
    #: What the file itself calls the question, such as "Câu 6".
    name: str | None = None

    def __post_init__(self) -> None:
        for name in ("file", "column", "name"):
            written = getattr(self, name)
            if written is not None:
                object.__setattr__(self, name, _HARMFUL.sub("\ufffd", written))

    def text(self) -> str:
        """Return the Vietnamese words for this place, for example ``Dòng 14, cột “Đáp án”``; may be empty."""
        row = f"{UNIT_WORDS[self.unit]} {self.row}" if self.row is not None else ""
        if self.name and row and self.name != row:
            row = f"{self.name[:60]} ({row.lower()})"
        column = f"cột “{self.column}”" if self.column is not None else ""
        words = ", ".join(part for part in (row, column) if part)
        return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know: an error refuses the row it stands on, a warning does not."""

    severity: Severity
    code: str
    message: str
    params: Mapping[str, Value] = field(default_factory=dict)
    place: Place = Place()
    #: Counted from 1 within one report; 0 while the report is being written.
    number: int = 0

    def __post_init__(self) -> None:
        # Copies at other places share them: a large file has a hundred thousand problems.
        if any(isinstance(value, str) and _HARMFUL.search(value) for value in self.params.values()):
            plain = {
                name: _HARMFUL.sub("\ufffd", value) if isinstance(value, str) else value
                for name, value in self.params.items()
            }
            object.__setattr__(self, "params", plain)

    def sentence(self) -> str:
        """Return the filled Vietnamese sentence without its place, beginning with a capital letter."""
        words = self.message % self.params
        return words[:1].upper() + words[1:]

    def text(self) -> str:
        """Return the filled Vietnamese sentence with its place in front."""
        place = self.place.text()
        return f"{place}: {self.message % self.params}" if place else self.sentence()

    def at(self, place: Place) -> "Problem":
        """Return the same problem at another place; parts the new place leaves open are kept."""
        return replace(
            self,
            place=Place(
                file=place.file or self.place.file,
                row=place.row if place.row is not None else self.place.row,
                column=place.column or self.place.column,
                field=place.field or self.place.field,
                unit=place.unit if place.row is not None else self.place.unit,
                name=place.name or self.place.name,
            ),
        )


def error(code: str, message: str, place: Place = Place(), /, **params: Value) -> Problem:
    """Return a problem that refuses the row, or the whole file when it has no row."""
    return Problem("error", code, message, params, place)


def warning(code: str, message: str, place: Place = Place(), /, **params: Value) -> Problem:
    """Return a problem that a person should look at but that refuses nothing."""
    return Problem("warning", code, message, params, place)
