"""The linter: every rule over every question, and the rules over the whole set."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from question_bank.errors import Place, Problem
from question_bank.lint import kind_rules, legal_rules, number_rules, option_rules, pair_rules, set_rules, stem_rules
from question_bank.lint.rule import Rule
from question_bank.lint.view import View
from question_bank.questions.record import QuestionRecord

__all__ = ["RULES", "lint"]

#: Every rule, in the order in which they are listed; the faults of ``Question.validate`` have codes of their own.
RULES: tuple[Rule, ...] = (
    *legal_rules.RULES,
    *pair_rules.RULES,
    *option_rules.RULES,
    *number_rules.RULES,
    *stem_rules.RULES,
    *kind_rules.RULES,
    *set_rules.RULES,
)
_CHECKS = (*option_rules.CHECKS, *number_rules.CHECKS, *stem_rules.CHECKS, *kind_rules.CHECKS)


def lint(records: Sequence[QuestionRecord], *, today: date, places: Sequence[Place] | None = None) -> list[Problem]:
    """Return what is to be said about single questions in their order, then about the set as a whole, numbered from 1.

    Errors are what must be mended before use: the faults of ``validate``, a dead legal source, two keys for one
    question. Everything else is a warning. ``places`` say where each question stands in its file; without them a row
    is the ordinal of a question, counted from 1. What is said about the set has no row.
    """
    views = [View(record) for record in records]
    if places is None:
        places = [Place(row=ordinal, unit="question") for ordinal in range(1, len(views) + 1)]
    found = [_of_question(view, today) for view in views]
    names = [place.text().lower() for place in places]
    for index, problem in chain(pair_rules.other_keys(views, names), pair_rules.key_repeats_stem(views)):
        found[index].append(problem)
    of_questions = (problem.at(place) for place, said in zip(places, found, strict=True) for problem in said)
    of_set = (problem for check in set_rules.CHECKS for problem in check(views))
    return [replace(problem, number=number) for number, problem in enumerate(chain(of_questions, of_set), 1)]


def _of_question(view: View, today: date) -> list[Problem]:
    found = [*view.question.validate(), *(problem for check in _CHECKS for problem in check(view))]
    for check in legal_rules.CHECKS:
        found += check(view, today)
    return found
