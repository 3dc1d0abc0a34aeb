"""The rounds of an exam and their tests, as a profile states them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from examapp.core.i18n import N_
from examapp.regulations.reading import (
    Clause,
    ProfileError,
    Sourced,
    Table,
    flag,
    points,
    sentence,
    share,
    whole,
    word,
    words,
)


@dataclass(frozen=True)
class QualifyingTest:
    """A test that is only passed or failed. `clause` is the text cited for passing, `clauses` the source per field."""

    id: str
    name: str
    questions: int
    minutes: int
    pass_share: Fraction
    appeal: bool
    clause: str
    clauses: Mapping[str, Clause]


@dataclass(frozen=True)
class ScoredTest:
    """A test with points: on paper, by computer, as an interview, practical or a project."""

    id: str
    name: str
    #: What the combination weighs: writing on paper and writing by computer are the same part.
    part: str
    form: str
    max_points: Sourced[Decimal]
    minutes_min: Sourced[int]
    minutes_max: Sourced[int]
    questions_min: Sourced[int] | None
    questions_max: Sourced[int] | None
    points_per_question: Sourced[str] | None
    appeal: Sourced[bool]


@dataclass(frozen=True)
class Combination:
    """How the parts of a round become one score; weights by part."""

    weights: Mapping[str, Sourced[Fraction]]
    decimals: Sourced[int]
    rounding: Sourced[str]


@dataclass(frozen=True)
class Round:
    """One round of an exam."""

    id: str
    name: str
    tests: Mapping[str, QualifyingTest]
    scored: Mapping[str, ScoredTest]
    combination: Combination | None


@dataclass(frozen=True)
class Rank:
    """Which rounds the posts of a rank are examined in."""

    id: str
    name: str
    rounds: Sourced[tuple[str, ...]]


def read_round(name: str, table: Table) -> Round:
    """Read one round with its tests; raise ProfileError naming the key."""
    found = Round(
        id=name,
        name=table.take("name", sentence),
        tests={key: _read_qualifying(key, row) for key, row in table.named_tables("tests")} if "tests" in table else {},
        scored={key: _read_scored(key, row) for key, row in table.named_tables("scored")} if "scored" in table else {},
        combination=_read_combination(table.table("combination")) if "combination" in table else None,
    )
    table.done()
    if not found.tests and not found.scored:
        raise ProfileError(
            table.key("tests"), N_("Hồ sơ quy định, khóa %(key)s: vòng thi phải có ít nhất một bài thi.")
        )
    parts = {test.part for test in found.scored.values()}
    if found.combination and set(found.combination.weights) != parts:
        raise ProfileError(
            table.key("combination"), N_("Hồ sơ quy định, khóa %(key)s: trọng số phải đủ cho mọi phần thi của vòng.")
        )
    return found


def _read_qualifying(name: str, table: Table) -> QualifyingTest:
    title = table.take("name", sentence)
    questions = table.sourced("questions", whole(1, 1000))
    minutes = table.sourced("minutes", whole(1, 1000))
    pass_share = table.sourced("pass_share", share)
    appeal = table.sourced("appeal", flag)
    table.done()
    return QualifyingTest(
        id=name,
        name=title,
        questions=questions.value,
        minutes=minutes.value,
        pass_share=pass_share.value,
        appeal=appeal.value,
        clause=pass_share.clause.text,
        clauses={
            "questions": questions.clause,
            "minutes": minutes.clause,
            "pass_share": pass_share.clause,
            "appeal": appeal.clause,
        },
    )


def _read_scored(name: str, table: Table) -> ScoredTest:
    found = ScoredTest(
        id=name,
        name=table.take("name", sentence),
        part=table.take("part", word("written", "interview", "oral", "practical", "project")),
        form=table.take("form", word("paper", "computer", "interview", "practical", "project")),
        max_points=table.sourced("max_points", points),
        minutes_min=table.sourced("minutes_min", whole(0, 1000)),
        minutes_max=table.sourced("minutes_max", whole(1, 1000)),
        questions_min=table.sourced("questions_min", whole(1, 1000)) if "questions_min" in table else None,
        questions_max=table.sourced("questions_max", whole(1, 1000)) if "questions_max" in table else None,
        points_per_question=(
            table.sourced("points_per_question", word("by_complexity_group"))
            if "points_per_question" in table
            else None
        ),
        appeal=table.sourced("appeal", flag),
    )
    table.done()
    if found.minutes_min.value > found.minutes_max.value:
        raise ProfileError(table.key("minutes_min"), N_("Hồ sơ quy định, khóa %(key)s: lớn hơn mức tối đa."))
    return found


def _read_combination(table: Table) -> Combination:
    weights = table.table("weights")
    found = Combination(
        weights={name: weights.sourced(name, share) for name in weights.names()},
        decimals=table.sourced("decimals", whole(0, 6)),
        rounding=table.sourced("rounding", word("half_up")),
    )
    table.done()
    if sum(weight.value for weight in found.weights.values()) != 1:
        raise ProfileError(table.key("weights"), N_("Hồ sơ quy định, khóa %(key)s: tổng trọng số phải bằng 1."))
    return found


def read_rank(row: Table, rounds: Mapping[str, Round]) -> Rank:
    """Read which rounds a rank is examined in."""
    found = Rank(row.take("id", sentence), row.take("name", sentence), row.sourced("rounds", words(*rounds)))
    row.done()
    return found
