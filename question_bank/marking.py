"""From a judged response to a share of the mark: marking schemes, corrections after the exam, weighted sums.

Shares are exact fractions. What a paper counts in the end, and how it is rounded, is the business of the regulation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from question_bank.errors import InvalidSpec

__all__ = ["ALL_OR_NOTHING", "PARTIAL", "AllOrNothing", "Correction", "Judgement", "Negative", "Partial", "Scheme",
           "Stepped", "corrected_share", "weighted_sum"]  # fmt: skip

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Judgement:
    """How right a response is, before any scheme: shares of the whole question, and its parts counted."""

    #: Share of the question that was answered rightly, and wrongly; what is left was not answered.
    right: Fraction
    wrong: Fraction
    #: What the right and wrong parts earn together when parts are paid: never below 0 and never above 1.
    partial: Fraction
    #: Nothing is wrong and nothing is missing.
    full: bool
    parts_right: int
    parts: int

    @classmethod
    def whole(cls, *, right: bool, answered: bool = True, partial: Fraction | None = None) -> "Judgement":
        """Return the judgement of a question that has one part only."""
        share = _ONE if right else _ZERO
        wrong = _ONE if answered and not right else _ZERO
        return cls(share, wrong, share if partial is None else partial, right, int(right), 1)

    @classmethod
    def of_parts(cls, outcomes: Sequence[bool | None]) -> "Judgement":
        """Return the judgement of equal parts, each right, wrong or (None) not answered."""
        parts = len(outcomes)
        right, wrong = outcomes.count(True), outcomes.count(False)
        share = Fraction(right, parts) if parts else _ZERO
        return cls(share, Fraction(wrong, parts) if parts else _ZERO, share, right == parts > 0, right, parts)


class Scheme(Protocol):
    """Turns a judgement into a share of the mark."""

    def share(self, judgement: Judgement) -> Fraction:
        """Return the share of the mark, 1 for all of it; below 0 only under a negative scheme."""


@dataclass(frozen=True)
class AllOrNothing:
    """The whole mark for a response without fault, else nothing."""

    def share(self, judgement: Judgement) -> Fraction:
        """Return 1 or 0."""
        return _ONE if judgement.full else _ZERO


@dataclass(frozen=True)
class Partial:
    """Every right part is paid; where ticking everything would pay, wrong ticks take away what right ones earned."""

    def share(self, judgement: Judgement) -> Fraction:
        """Return a share between 0 and 1."""
        return judgement.partial


@dataclass(frozen=True)
class Negative:
    """A wrong part costs ``penalty`` times what a right one earns; the question never costs more than ``floor``."""

    penalty: Fraction
    #: The least that one question may count, 0 or below.
    floor: Fraction = _ZERO

    def share(self, judgement: Judgement) -> Fraction:
        """Return a share between ``floor`` and 1."""
        return max(self.floor, judgement.right - self.penalty * judgement.wrong)


@dataclass(frozen=True)
class Stepped:
    """A table by the number of right parts, as Vietnamese schools mark clusters: one of four right 0.1, two 0.25 …"""

    #: The shares for 1, 2, 3 … right parts; a question with another number of parts is marked by ``otherwise``.
    steps: tuple[Fraction, ...]
    otherwise: Scheme = Partial()

    def share(self, judgement: Judgement) -> Fraction:
        """Return the step of the right parts."""
        if judgement.parts != len(self.steps):
            return self.otherwise.share(judgement)
        return self.steps[judgement.parts_right - 1] if judgement.parts_right else _ZERO


ALL_OR_NOTHING = AllOrNothing()
PARTIAL = Partial()


@dataclass(frozen=True)
class Correction:
    """What a council decides about a question after the exam, when it turns out to be faulty."""

    #: Everybody gets the whole mark, whatever was answered, and those who did not answer too.
    credit_all: bool = False
    #: Keys that count as right beside the printed one: "doubled right option".
    also_right: tuple[Any, ...] = ()


def corrected_share(question: Any, response: object, scheme: Scheme, correction: Correction | None) -> Fraction:
    """Return the share of the mark under a correction, never less than without one.

    ``also_right`` holds keys of the question's kind; for fill-in and numeric single forms or numbers, or tuples of
    them. Raises InvalidSpec for a kind without a key of its own (ordering, cloze, essay).
    """
    if correction is not None and correction.credit_all:
        return _ONE
    share: Fraction = question.judge(response, scheme)
    for key in correction.also_right if correction else ():
        share = max(share, _with_key(question, key).judge(response, scheme))
    return share


def _with_key(question: Any, key: Any) -> Any:
    """Return the question with another key, paid in full: weights belong to the key they were written for."""
    names = {one.name for one in fields(question)}
    changes: dict[str, Any] = {"weights": ()} if "weights" in names else {}
    if "key" in names:
        return replace(question, key=key, **changes)
    if "accepted" in names:
        return replace(question, accepted=key if isinstance(key, tuple) else (key,), **changes)
    raise InvalidSpec(f"a question of the kind {question.kind} has no other key")


def weighted_sum(shares: Iterable[tuple[Fraction, str]], points: Mapping[str, Decimal]) -> Fraction:
    """Return the mark of a paper: each share times the points of its group (NĐ 170/2025 Điều 9 khoản 2 điểm b).

    Raises KeyError for a question of a group that has no points.
    """
    return sum((share * Fraction(points[group]) for share, group in shares), _ZERO)
