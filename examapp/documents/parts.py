"""What an official document is made of, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

#: the height of a row that is signed, in millimetres
SIGNED_ROW = 9.0
#: signs of a code that stand together, so that two papers can be compared
_GROUP = 8


@dataclass(frozen=True)
class Letterhead:
    """Who issues the document, where and when. Without a number a place is left to write it."""

    superior: str
    council: str
    place: str
    day: date
    number: str | None = None


@dataclass(frozen=True)
class Title:
    """What the document is, such as THÔNG BÁO, and what it is about."""

    kind: str
    subject: str = ""


@dataclass(frozen=True)
class Basis:
    """A legal basis, in italics."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body; `lead` begins it in bold type."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Small:
    """A small line, for codes by which paper and database are compared."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its share of the width, and how its cells are set."""

    title: str
    share: float
    align: Literal["left", "center", "right"] = "center"
    #: points; less than the table's own for codes only
    size: float = 12.0


@dataclass(frozen=True)
class Table:
    """A table with its head repeated on every page; `row_height` is the least height of a row in millimetres."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    row_height: float = 0.0


@dataclass(frozen=True)
class NewPage:
    """What follows is a document of its own: letterhead, title and page numbers begin again."""

    title: Title


@dataclass(frozen=True)
class Signature:
    """Who signs: the lines of the authority, the name where it is known, and `hint`, what is to be written there."""

    lines: Sequence[str]
    name: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Closing:
    """The end of a document: recipients on the left, or several signatures side by side."""

    signatures: Sequence[Signature]
    recipients: Sequence[str] = field(default_factory=tuple)


Part = Basis | Paragraph | Small | Table | NewPage | Closing


def grouped(code: str) -> str:
    """Return a long code in groups, as it is printed to be compared by eye."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
