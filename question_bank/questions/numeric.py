"""Numeric: a number within a tolerance, exact in decimals."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import ClassVar, Self

from question_bank.errors import N_, InvalidSpec, Place, Problem, error
from question_bank.marking import Judgement
from question_bank.questions.checks import key_missing, weight_problems
from question_bank.questions.content import Content, content_of
from question_bank.questions.question import Question, Stimulus, fractions_of, weights_json
from question_bank.questions.text import clean

__all__ = ["Number", "Numeric", "decimal_of", "number_readings", "numbers_of"]

#: More digits than any measurement has; beyond them a number is a mistake or an attack.
_MAX_DIGITS = 30
_WRITTEN = re.compile(r"[+-]?\d[\d.,]*(?:[eE][+-]?\d{1,2})?|[+-]?[.,]\d+")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?P<mark>[.,])\d{3})(?:(?P=mark)\d{3})*")


@dataclass(frozen=True)
class Number:
    """A value and how far a response may lie from it; both ends belong to it."""

    value: Decimal
    tolerance: Decimal = Decimal(0)

    def holds(self, number: Decimal) -> bool:
        """Say whether a number lies within the tolerance."""
        return abs(number - self.value) <= self.tolerance


@dataclass(frozen=True)
class Numeric(Question):
    """A stem that asks for a number."""

    kind: ClassVar[str] = "numeric"
    label: ClassVar[str] = N_("điền số")

    stem: Content
    #: The accepted numbers, the best first.
    accepted: tuple[Number, ...]
    stimulus: Stimulus | None = None
    #: What each number is worth where parts are paid; empty: 1 for every one.
    weights: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stem", content_of(self.stem))
        object.__setattr__(self, "accepted", tuple(Number(_plain(n.value), _plain(n.tolerance)) for n in self.accepted))
        object.__setattr__(self, "weights", tuple(Fraction(weight) for weight in self.weights))

    @property
    def key(self) -> tuple[Number, ...]:
        """Return the accepted numbers."""
        return self.accepted

    def texts(self) -> Sequence[Content]:
        """Return nothing: the accepted numbers are the key."""
        return ()

    def judgement(self, response: object) -> Judgement:
        """Judge a number written as text; nothing but white space is no answer, what is no number is wrong."""
        written = clean(response) if isinstance(response, str) else ""
        if not written:
            return Judgement.whole(right=False, answered=False)
        readings = number_readings(written)
        worth = self.weights or (Fraction(1),) * len(self.accepted)
        earned = max(
            (share for number, share in zip(self.accepted, worth, strict=False)
             if any(number.holds(reading) for reading in readings)),
            default=Fraction(0),
        )  # fmt: skip
        return Judgement.whole(right=earned == 1, partial=max(earned, Fraction(0)))

    def own_problems(self) -> Iterator[Problem]:
        """Give what is wrong with the accepted numbers."""
        place = Place(field="key")
        if not self.accepted:
            yield key_missing()
        if any(number.tolerance < 0 for number in self.accepted):
            yield error("tolerance_negative", N_("sai số cho phép không được âm."), place)
        if any(len(part.as_tuple().digits) > _MAX_DIGITS or abs(part.adjusted()) > _MAX_DIGITS
               for number in self.accepted for part in (number.value, number.tolerance)):  # fmt: skip
            message = N_("đáp án số có hơn %(limit)s chữ số.")
            yield error("number_too_long", message, place, limit=_MAX_DIGITS)
        yield from weight_problems(self.weights, len(self.accepted), best=1)

    def answer_identity(self) -> str:
        """Return the accepted numbers: in another order they make no other question."""
        return repr(sorted((number.value, number.tolerance) for number in self.accepted))

    def content_json(self) -> dict[str, object]:
        """Return what candidates may see: stem and stimulus."""
        return self._common_json()

    def key_json(self) -> dict[str, object]:
        """Return the accepted numbers as plain values."""
        return {"kind": self.kind, "accepted": self._numbers_json()} | weights_json(self.weights)

    @classmethod
    def from_json(cls, content: Mapping[str, object], key: Mapping[str, object]) -> Self:
        """Return the question that ``content_json`` and ``key_json`` were made of; raises InvalidSpec otherwise."""
        stem, stimulus = cls._check_kind(content, key)
        return cls(stem, numbers_of(key.get("accepted")), stimulus, fractions_of(key.get("weights")))

    def native(self) -> dict[str, object]:
        """Return the accepted numbers: {"value", "tolerance"}, in the notation of JSON numbers but as texts."""
        return {"key": self._numbers_json()} | weights_json(self.weights)

    def _numbers_json(self) -> list[dict[str, str]]:
        return [
            {"value": str(number.value)} | ({"tolerance": str(number.tolerance)} if number.tolerance else {})
            for number in self.accepted
        ]


def numbers_of(value: object) -> tuple[Number, ...]:
    """Return the numbers that ``native`` gave; raises InvalidSpec for anything else."""
    if not isinstance(value, list):
        raise InvalidSpec("the accepted numbers are missing")
    numbers = []
    for one in value:
        if not isinstance(one, Mapping):
            raise InvalidSpec("an accepted number must be an object")
        numbers.append(Number(decimal_of(one.get("value")), decimal_of(one.get("tolerance", "0"))))
    return tuple(numbers)


def decimal_of(value: object) -> Decimal:
    """Return a finite decimal of a JSON text or number; raises InvalidSpec otherwise."""
    try:
        number = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except InvalidOperation as wrong:
        raise InvalidSpec(f"no number: {str(value)[:40]}") from wrong
    if number is None or not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise InvalidSpec(f"no number: {str(value)[:40]}")
    return number


def number_readings(written: str) -> tuple[Decimal, ...]:
    """Return the numbers that a person may have meant, none for what is no number.

    A decimal mark may be a comma or a point; spaces are left out. With both marks the last one is the decimal mark.
    One mark before three digits has two readings, "1.000" is 1 and 1000: no candidate loses a mark for the habit of
    a country.
    """
    text = clean(written).replace(" ", "").replace("\u2212", "-")
    if len(text) > 2 * _MAX_DIGITS or _WRITTEN.fullmatch(text) is None:
        return ()
    forms = []
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        last, other = (",", ".") if comma > point else (".", ",")
        forms.append(text.replace(other, "").replace(last, "."))
    else:
        if text.count(",") + text.count(".") <= 1:
            forms.append(text.replace(",", "."))
        if _GROUPED.fullmatch(text):
            forms.append(text.replace(",", "").replace(".", ""))
    try:
        return tuple(dict.fromkeys(Decimal(form) for form in forms))
    except InvalidOperation:
        return ()


def _plain(number: Decimal) -> Decimal:
    """Return an equal number without zeros at its end and without an exponent where that stays short."""
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        return number
    written = format(number, "f")
    return Decimal(written.rstrip("0").rstrip(".") if "." in written else written) if number else Decimal(0)
