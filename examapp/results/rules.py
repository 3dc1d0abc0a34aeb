"""Pure rules of result lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from examapp.core.i18n import N_


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
