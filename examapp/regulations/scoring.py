"""Score by the regulation and say why: every outcome carries its steps, each with clause, values and result.

An explanation is plain canonical JSON. Years later `recompute` derives the outcome again from its values and refuses
one whose results do not follow from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from examapp.core.i18n import N_

Value = int | str | bool

_NBSP = "\u00a0"


class PassRule(Protocol):
    """What scoring needs of a test: the share that passes and the clause that says so."""

    @property
    def pass_share(self) -> Fraction:
        """Return the least share of right answers."""

    @property
    def clause(self) -> str:
        """Return the citation."""


@dataclass(frozen=True)
class QualifyingRule:
    """A pass rule of its own, such as the one frozen into a package."""

    pass_share: Fraction
    clause: str


@dataclass(frozen=True)
class Step:
    """One step of an explanation: the rule applied, its clause, what went in and what came out."""

    rule: str
    clause: str
    values: Mapping[str, Value]
    result: Mapping[str, Value]

    def json(self) -> dict[str, Any]:
        """Return the step for canonical JSON."""
        return {"rule": self.rule, "clause": self.clause, "values": dict(self.values), "result": dict(self.result)}

    @property
    def message(self) -> str:
        """Return the Vietnamese template (the gettext message id) of this step."""
        if self.rule == "compare":
            return _PASSED if self.result["passed"] else _FAILED
        return _TEMPLATES[self.rule]

    @property
    def params(self) -> dict[str, object]:
        """Return the parameters of the template."""
        params: dict[str, object] = {"clause": self.clause, **self.values, **self.result}
        if "pass_share" in params:
            params["pass_share"] = share_text(Fraction(str(params["pass_share"])))
        return params

    def text(self) -> str:
        """Return the sentence for the candidate."""
        return self.message % self.params


_TEMPLATES = {
    "count": N_("Trả lời đúng %(correct)s trên tổng số %(total)s câu hỏi."),
    "needed": N_("Phải trả lời đúng từ %(pass_share)s số câu hỏi trở lên, tức là ít nhất %(needed)s câu."),
}
_PASSED = N_("%(correct)s câu đúng, không ít hơn %(needed)s câu: đạt.")
_FAILED = N_("%(correct)s câu đúng, ít hơn %(needed)s câu: không đạt.")


@dataclass(frozen=True)
class Outcome:
    """The result of a qualifying test."""

    correct: int
    total: int
    needed: int
    passed: bool
    explanation: tuple[Step, ...]

    @property
    def pass_share(self) -> str:
        """Return the least share that passes, as in "1/2"."""
        return str(next(step.values["pass_share"] for step in self.explanation if step.rule == "needed"))

    def explanation_json(self) -> list[dict[str, Any]]:
        """Return the explanation for canonical JSON."""
        return [step.json() for step in self.explanation]


def share_text(share: Fraction) -> str:
    """Return a share as people read it: "50 %" with a no-break space, or "2/3" where a percentage would be rounded."""
    percent = share * 100
    return f"{percent.numerator}{_NBSP}%" if percent.denominator == 1 else str(share)


def needed_answers(pass_share: Fraction, total: int) -> int:
    """Return the least number of right answers that passes."""
    return -(-pass_share.numerator * total // pass_share.denominator)


def score_qualifying(test: PassRule, correct: int, total: int) -> Outcome:
    """Return whether `correct` of `total` passes, with its explanation; exact, nothing is rounded."""
    if total < 1 or not 0 <= correct <= total:
        raise ValueError(f"{correct} of {total} answers")
    needed = needed_answers(test.pass_share, total)
    passed = Fraction(correct, total) >= test.pass_share
    share = f"{test.pass_share.numerator}/{test.pass_share.denominator}"
    steps = (
        Step("count", test.clause, {"correct": correct, "total": total}, {"share": f"{correct}/{total}"}),
        Step("needed", test.clause, {"total": total, "pass_share": share}, {"needed": needed}),
        Step("compare", test.clause, {"correct": correct, "needed": needed}, {"passed": passed}),
    )
    return Outcome(correct=correct, total=total, needed=needed, passed=passed, explanation=steps)


def recompute(explanation: Iterable[Mapping[str, Any]]) -> Outcome:
    """Derive the outcome again from a stored explanation; raise ValueError when a step does not follow from it."""
    steps = list(explanation)
    try:
        rules = {step["rule"]: step for step in steps}
        count, needed = rules["count"]["values"], rules["needed"]
        rule = QualifyingRule(Fraction(needed["values"]["pass_share"]), needed["clause"])
        outcome = score_qualifying(rule, count["correct"], count["total"])
    except (KeyError, TypeError, ZeroDivisionError) as error:
        raise ValueError("not the explanation of a qualifying test") from error
    if outcome.explanation_json() != steps:
        raise ValueError("the steps do not follow from their values")
    return outcome
