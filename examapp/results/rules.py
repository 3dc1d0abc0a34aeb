"""Pure rules of result lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from examapp.regulations.scoring import needed_answers


@dataclass(frozen=True)
class ResultRow:
    """One line of a result list, in the order of candidate numbers."""

    number: str
    full_name: str
    birth_date: str | None
    room: str | None
    #: of a voided attempt nothing counts: 0
    correct: int
    total: int
    passed: bool
    #: came to the sitting at all
    present: bool
    #: the council chair has voided the attempt: it is listed and is no result
    voided: bool = False

    @property
    def mark(self) -> str | None:
        """Return "45/60", or None where there is nothing to count: who was absent has no 0, and a void attempt none."""
        return f"{self.correct}/{self.total}" if self.present and not self.voided else None

    @property
    def outcome(self) -> str:
        """Return the outcome in Vietnamese (a gettext message id)."""
        if self.voided:
            return N_("Hủy bài")
        if not self.present:
            return N_("Vắng")
        return N_("Đạt") if self.passed else N_("Không đạt")


@dataclass(frozen=True)
class Tally:
    """How many rows of a list are what."""

    listed: int
    present: int
    absent: int
    passed: int
    voided: int

    @property
    def share(self) -> Decimal | None:
        """Return the share of those present who passed, to be shown, or None when nobody came."""
        return Decimal(self.passed) / self.present if self.present else None


def tally(rows: Sequence[ResultRow]) -> Tally:
    """Count a list."""
    present = sum(row.present for row in rows)
    return Tally(
        listed=len(rows),
        present=present,
        absent=len(rows) - present,
        passed=sum(row.passed for row in rows),
        voided=sum(row.voided for row in rows),
    )


def least_to_pass(rows: Sequence[ResultRow], pass_share: str) -> int | None:
    """Return how many right answers pass, or None when a row of the list says otherwise: then the share is not its."""
    if not rows:
        return None
    least = needed_answers(Fraction(pass_share), rows[0].total)
    fits = all(row.voided or row.passed == (row.correct >= least) for row in rows)
    return least if fits and all(row.total == rows[0].total for row in rows) else None


def in_order(rooms: Iterable[str]) -> list[str]:
    """Return the codes of rooms, each once, P2 before P10."""
    return sorted(set(rooms), key=lambda code: (len(code), code))


def passes(correct: int, total: int, pass_share: str) -> bool:
    """Say whether so many right answers reach the share, exactly: no rounding ever decides a career."""
    return Fraction(correct, total) >= Fraction(pass_share)


def differing_numbers(made: Iterable[ResultRow], stored: Iterable[ResultRow]) -> list[str]:
    """Return the candidate numbers whose rows differ between two lists, or stand in one of them only, in order."""
    rows: dict[str, tuple[list[ResultRow], list[ResultRow]]] = {}
    for side, given in enumerate((made, stored)):
        for row in given:
            rows.setdefault(row.number, ([], []))[side].append(row)
    return sorted(number for number, (one, other) in rows.items() if one != other)


def matching(rows: Sequence[ResultRow], wanted: str) -> list[ResultRow]:
    """Return the rows whose number begins as wanted, or whose name holds every word wanted, whatever the accents."""
    words = fold(wanted).split()
    if not words:
        return list(rows)
    if len(words) == 1 and words[0].isdigit():
        return [row for row in rows if row.number.startswith(words[0])]
    return [row for row in rows if all(word in fold(row.full_name) for word in words)]
