"""What a profile says beside its rounds: late entry, sanctions, priority points, ranking, deadlines."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from examapp.regulations.reading import Clause, Sourced, Table, flag, points, sentence, share, whole, word, words

_TIE_BREAKS = ("professional_score", "written_score", "head_decides")


@dataclass(frozen=True)
class LateEntry:
    """How late a candidate may still enter a test of some length."""

    test_minutes_min: int
    test_minutes_max: int | None
    allowed_minutes: int
    clause: Clause


@dataclass(frozen=True)
class Sanction:
    """What a sanction takes away: a share of the right answers or points, or the whole test."""

    id: str
    name: str
    deduction: Fraction
    annuls: bool
    bars_next_tests: bool
    decided_by: str
    clause: Clause


@dataclass(frozen=True)
class PriorityGroup:
    """Points added for a group of persons."""

    id: str
    points: Decimal
    persons: str
    clause: Clause


@dataclass(frozen=True)
class Ranking:
    """Who is selected: the least score, the order, and what decides a tie at the last place."""

    least_points: Sourced[Decimal]
    least_share_each: Sourced[Fraction]
    order_by: Sourced[str]
    tie_breaks: Sourced[tuple[str, ...]]
    carry_over: Sourced[bool]
    highest_priority_only: Sourced[bool]


@dataclass(frozen=True)
class Deadline:
    """A step of the recruitment that is due so many days after another."""

    id: str
    name: str
    after: str
    limit: int
    unit: str
    bound: str
    condition: str
    clause: Clause


def read_late_entry(row: Table) -> LateEntry:
    """Read one rule of late entry."""
    found = LateEntry(
        test_minutes_min=row.take("test_minutes_min", whole(1)),
        test_minutes_max=row.maybe("test_minutes_max", whole(1)),
        allowed_minutes=row.take("allowed_minutes", whole(0, 120)),
        clause=row.clause(),
    )
    row.done()
    return found


def read_sanction(row: Table) -> Sanction:
    """Read one sanction."""
    found = Sanction(
        id=row.take("id", word("reprimand", "warning", "suspension", "annulment")),
        name=row.take("name", sentence),
        deduction=row.take("deduction", share),
        annuls=row.take("annuls", flag),
        bars_next_tests=row.take("bars_next_tests", flag),
        decided_by=row.take("decided_by", word("record_maker", "chair")),
        clause=row.clause(),
    )
    row.done()
    return found


def read_priority(row: Table) -> PriorityGroup:
    """Read one priority group."""
    found = PriorityGroup(
        id=row.take("id", sentence),
        points=row.take("points", points),
        persons=row.take("persons", sentence),
        clause=row.clause(),
    )
    row.done()
    return found


def read_ranking(table: Table) -> Ranking:
    """Read how those selected are found."""
    found = Ranking(
        least_points=table.sourced("least_points", points),
        least_share_each=table.sourced("least_share_each", share),
        order_by=table.sourced("order_by", word("score_plus_priority")),
        tie_breaks=table.sourced("tie_breaks", words(*_TIE_BREAKS)),
        carry_over=table.sourced("carry_over", flag),
        highest_priority_only=table.sourced("highest_priority_only", flag),
    )
    table.done()
    return found


def read_deadline(row: Table) -> Deadline:
    """Read one deadline."""
    found = Deadline(
        id=row.take("id", sentence),
        name=row.take("name", sentence),
        after=row.take("after", sentence),
        limit=row.take("limit", whole(1, 1000)),
        unit=row.take("unit", word("days", "working_days", "hours")),
        bound=row.take("bound", word("at_most", "at_least", "exactly")),
        condition=row.maybe("condition", sentence) or "",
        clause=row.clause(),
    )
    row.done()
    return found
