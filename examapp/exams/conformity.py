"""Whether a test is as the regulation has it: pure, asked by services before a test is made and by pages that show one.

A number that a legal document fixes binds the council; where the law is silent the profile's number is a default.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from examapp.core.i18n import N_
from examapp.regulations.profile import Profile
from examapp.regulations.reading import Clause
from examapp.regulations.rounds import QualifyingTest
from examapp.regulations.scoring import share_text

Part = Literal["questions", "minutes", "pass_share"]

#: what a person is told of a number that the law fixes; marked texts with `ruled` and `clause`
FIXED: dict[Part, str] = {
    "questions": N_("Quy định của kỳ thi ấn định %(ruled)s câu hỏi (%(clause)s), Hội đồng không đặt số khác."),
    "minutes": N_("Quy định của kỳ thi ấn định %(ruled)s phút (%(clause)s), Hội đồng không đặt số khác."),
    "pass_share": N_("Quy định của kỳ thi ấn định đúng từ %(ruled)s số câu (%(clause)s), Hội đồng không đặt mức khác."),
}


@dataclass(frozen=True)
class Departure:
    """One number of a test that is not the regulation's."""

    part: Part
    ruled: str
    clause: Clause

    @property
    def is_free(self) -> bool:
        """Say whether the law leaves this number to the council."""
        return self.clause.law_silent

    @property
    def message(self) -> str:
        """Return the marked text that names the fixed number and its clause."""
        return FIXED[self.part]

    @property
    def params(self) -> dict[str, object]:
        """Return the values of that text's placeholders."""
        return {"ruled": self.ruled, "clause": self.clause.text}


def ruled_tests(profile: Profile) -> list[QualifyingTest]:
    """Return the tests of the regulation that are only passed or failed, round by round: those this software holds."""
    return [test for one in profile.rounds.values() for test in one.tests.values()]


def departures(
    ruled: Sequence[QualifyingTest], questions: int, minutes: int, pass_share: Fraction
) -> tuple[Departure, ...]:
    """Return where a test of this size, time and pass share differs from the ruled test it comes closest to.

    Nothing is ruled, nothing differs.
    """
    compared = [_compare(test, questions, minutes, pass_share) for test in ruled]
    return min(compared, key=lambda found: (sum(not one.is_free for one in found), len(found)), default=())


def _compare(test: QualifyingTest, questions: int, minutes: int, pass_share: Fraction) -> tuple[Departure, ...]:
    facts: list[tuple[Part, bool, str]] = [
        ("questions", questions == test.questions, str(test.questions)),
        ("minutes", minutes == test.minutes, str(test.minutes)),
        ("pass_share", pass_share == test.pass_share, share_text(test.pass_share)),
    ]
    return tuple(Departure(part, value, test.clauses[part]) for part, same, value in facts if not same)
