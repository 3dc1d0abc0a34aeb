"""Read a profile's tables strictly: every key is known, every value has its kind, every number names its source.

A wrong profile must stop the exam's preparation with the key's name, not surface as a strange result on the day.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from examapp.core.i18n import N_

T = TypeVar("T")

_FRACTION = re.compile(r"[1-9][0-9]*/[1-9][0-9]*")
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")


class ProfileError(ValueError):
    """A profile cannot be used; the sentence names the key."""

    def __init__(self, key: str, message: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.message = message
        self.params: Mapping[str, object] = {"key": key} | params

    def text(self) -> str:
        """Return the Vietnamese sentence with its parameters filled in."""
        return self.message % self.params

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True)
class Document:
    """A legal document that a profile cites."""

    id: str
    number: str
    title: str
    issued: date
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Clause:
    """Where a value comes from; without a document the law is silent and the note says whose choice the value is."""

    document: Document | None
    article: str
    valid_from: date
    valid_to: date | None
    note: str = ""

    @property
    def law_silent(self) -> bool:
        """Say whether the value is a choice that no legal document makes."""
        return self.document is None

    @property
    def text(self) -> str:
        """Return the clause as it is cited in Vietnamese."""
        return f"{self.article} {self.document.number}" if self.document else self.note

    def in_force(self, day: date) -> bool:
        """Say whether the clause applies on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Sourced(Generic[T]):
    """A value of a profile together with its clause."""

    value: T
    clause: Clause


# --- kinds of values -------------------------------------------------------------------------------------------------


class WrongValue(ValueError):
    """A value is not of its kind; the table adds which key it was."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


Kind = Callable[[object], T]


def whole(minimum: int = 0, maximum: int = 100_000) -> Kind[int]:
    """Accept a whole number between two bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            raise WrongValue(
                N_("Hồ sơ quy định, khóa %(key)s: phải là số nguyên từ %(minimum)s đến %(maximum)s."),
                minimum=minimum,
                maximum=maximum,
            )
        return value

    return read


def share(value: object) -> Fraction:
    """Accept a share such as "1/2": more than nothing, at most everything."""
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        fraction = Fraction(value)
        if fraction <= 1:
            return fraction
    raise WrongValue(N_('Hồ sơ quy định, khóa %(key)s: phải là phân số dạng "1/2", không quá 1.'))


def points(value: object) -> Decimal:
    """Accept points written as text such as "7.5", so that no binary fraction ever enters a mark."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise WrongValue(N_('Hồ sơ quy định, khóa %(key)s: phải là số điểm viết dạng chữ, ví dụ "7.5".'))


def flag(value: object) -> bool:
    """Accept true or false."""
    if isinstance(value, bool):
        return value
    raise WrongValue(N_("Hồ sơ quy định, khóa %(key)s: phải là true hoặc false."))


def sentence(value: object) -> str:
    """Accept text that is not empty."""
    if isinstance(value, str) and value.strip() == value != "":
        return value
    raise WrongValue(N_("Hồ sơ quy định, khóa %(key)s: phải là một đoạn chữ, không để trống."))


def word(*allowed: str) -> Kind[str]:
    """Accept one of the given words."""

    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise WrongValue(
            N_("Hồ sơ quy định, khóa %(key)s: chỉ nhận một trong các giá trị %(allowed)s."), allowed=", ".join(allowed)
        )

    return read


def words(*allowed: str) -> Kind[tuple[str, ...]]:
    """Accept a list of distinct words out of the given ones."""

    def read(value: object) -> tuple[str, ...]:
        listed = isinstance(value, list) and all(isinstance(item, str) and item in allowed for item in value)
        if isinstance(value, list) and listed and len(set(value)) == len(value) > 0:
            return tuple(value)
        raise WrongValue(
            N_("Hồ sơ quy định, khóa %(key)s: phải là danh sách không trùng, lấy trong %(allowed)s."),
            allowed=", ".join(allowed),
        )

    return read


def day(value: object) -> date:
    """Accept a calendar day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise WrongValue(N_("Hồ sơ quy định, khóa %(key)s: phải là ngày dạng 2026-08-01."))


# --- tables ----------------------------------------------------------------------------------------------------------


class Table:
    """One table of a profile; `done` refuses whatever nobody asked for."""

    def __init__(self, data: object, path: str, documents: Mapping[str, Document]) -> None:
        if not isinstance(data, dict):
            raise ProfileError(path, N_("Hồ sơ quy định, khóa %(key)s: phải là một bảng."))
        self._data: dict[str, Any] = dict(data)
        self._path = path
        self._documents = documents

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def key(self, name: str) -> str:
        """Return the full name of a key of this table."""
        return f"{self._path}.{name}" if self._path else name

    def take(self, name: str, kind: Kind[T]) -> T:
        """Return a value and tick it off; raise ProfileError when it is missing or of another kind."""
        if name not in self._data:
            raise ProfileError(self.key(name), N_("Hồ sơ quy định thiếu khóa %(key)s."))
        try:
            return kind(self._data.pop(name))
        except WrongValue as error:
            raise ProfileError(self.key(name), error.message, **error.params) from error

    def maybe(self, name: str, kind: Kind[T]) -> T | None:
        """Return a value that may be absent."""
        return self.take(name, kind) if name in self._data else None

    def table(self, name: str) -> "Table":
        """Return a table inside this one."""
        if name not in self._data:
            raise ProfileError(self.key(name), N_("Hồ sơ quy định thiếu khóa %(key)s."))
        return Table(self._data.pop(name), self.key(name), self._documents)

    def names(self) -> tuple[str, ...]:
        """Return the keys not read yet."""
        return tuple(self._data)

    def each(self) -> Iterator[tuple[str, "Table"]]:
        """Yield every key as a table."""
        for name in self.names():
            yield name, self.table(name)

    def named_tables(self, name: str) -> Iterator[tuple[str, "Table"]]:
        """Yield the tables under a name, such as `rounds.round_1`."""
        yield from self.table(name).each()

    def rows(self, name: str) -> Iterator["Table"]:
        """Yield the rows of a list of tables."""
        value = self._data.pop(name, None)
        if not isinstance(value, list) or not value:
            raise ProfileError(
                self.key(name), N_("Hồ sơ quy định, khóa %(key)s: phải là danh sách bảng, ít nhất một dòng.")
            )
        for number, row in enumerate(value, start=1):
            yield Table(row, f"{self.key(name)}[{number}]", self._documents)

    def sourced(self, name: str, kind: Kind[T]) -> Sourced[T]:
        """Return a value with its clause: `{ value = …, document = …, article = … }` or `law_silent` with a note."""
        inner = self.table(name)
        value = inner.take("value", kind)
        found = Sourced(value, inner.clause())
        inner.done()
        return found

    def clause(self) -> Clause:
        """Return the clause whose keys stand in this table."""
        if self.maybe("law_silent", flag):
            note = self.take("note", sentence)
            return Clause(None, "", self.take("from", day), self.maybe("to", day), note)
        id_ = self.take("document", word(*self._documents))
        document = self._documents[id_]
        clause = Clause(
            document=document,
            article=self.take("article", sentence),
            valid_from=self.maybe("from", day) or document.valid_from,
            valid_to=self.maybe("to", day) or document.valid_to,
            note=self.maybe("note", sentence) or "",
        )
        if clause.valid_from < document.valid_from or (clause.valid_to and clause.valid_to < clause.valid_from):
            raise ProfileError(self.key("from"), N_("Hồ sơ quy định, khóa %(key)s: thời hạn hiệu lực không hợp lý."))
        return clause

    def done(self) -> None:
        """Refuse keys that nothing has read: a misspelt key must not silently mean "default"."""
        for name in self._data:
            raise ProfileError(self.key(name), N_("Hồ sơ quy định có khóa lạ %(key)s."))


def refuse_other_spellings(text: str) -> None:
    """Refuse text whose bytes could differ between two copies that look the same."""
    if not unicodedata.is_normalized("NFC", text):
        raise ProfileError("", N_("Hồ sơ quy định chưa ở dạng Unicode dựng sẵn (NFC)."))
    if "\r" in text:
        raise ProfileError("", N_("Hồ sơ quy định phải xuống dòng kiểu LF, không dùng CRLF."))
