"""The linter: every rule over every question, and the rules over the whole set."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from question_bank.errors import Place, Problem
from question_bank.lint import kind_rules, legal_rules, number_rules, option_rules, pair_rules, set_rules, stem_rules
from question_bank.lint.rule import Rule
from question_bank.lint.view import View
from question_bank.questions.record import QuestionRecord

__all__ = ["RULES", "lint", "lint_set"]

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


def lint(records: Sequence[QuestionRecord], *, today: date) -> list[Problem]:
    """Return what is to be said about single questions, numbered from 1 in their order.

    Errors are what must be mended before use: the faults of ``validate``, a dead legal source, two keys for one
    question. Everything else is a warning. A row is the ordinal of a question, counted from 1.
    """
    views = [View(record) for record in records]
    found = [_of_question(view, today) for view in views]
    for index, problem in chain(pair_rules.other_keys(views), pair_rules.key_repeats_stem(views)):
        found[index].append(problem)
    return _numbered(
        problem.at(Place(row=ordinal, unit="question"))
        for ordinal, problems in enumerate(found, 1)
        for problem in problems
    )


def lint_set(records: Sequence[QuestionRecord], *, today: date) -> list[Problem]:
    """Return what is to be said about the set as a whole, numbered from 1; no finding has a row.

    No rule of today asks for the date; it is an argument as in ``lint`` so that one may.
    """
    del today
    views = [View(record) for record in records]
    return _numbered(problem for check in set_rules.CHECKS for problem in check(views))


def _of_question(view: View, today: date) -> list[Problem]:
    found = [*view.question.validate(), *(problem for check in _CHECKS for problem in check(view))]
    for check in legal_rules.CHECKS:
        found += check(view, today)
    return found


def _numbered(problems: Iterable[Problem]) -> list[Problem]:
    return [replace(problem, number=number) for number, problem in enumerate(problems, 1)]
