"""The one order of a blueprint's cells, in which it is digested and drawn; and the matrix as a page shows it."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.bank.models import Level, Topic
from examapp.papers.models import Blueprint, BlueprintCell
from examapp.papers.rules import Place, digest_of, in_proportion, matrix_of, ordered_cells, read_count
from question_bank.assembly.blueprint import Blueprint as Drawn
from question_bank.assembly.blueprint import Cell, check_feasibility


def test_cells_are_ordered_by_topic_then_level_however_they_were_added() -> None:
    first, second = Topic(code="Z", name="Z", position=0), Topic(code="A", name="A", position=1)
    places = [
        (first, Level.RECALL),
        (first, Level.HIGH_APPLICATION),
        (second, Level.UNDERSTANDING),
        (second, Level.APPLICATION),
    ]
    for order in permutations(places):
        blueprint = Blueprint(cells=[BlueprintCell(topic=topic, level=level, count=1) for topic, level in order])
        assert [(cell.topic.code, cell.level) for cell in ordered_cells(blueprint)] == [
            (first.code, Level.RECALL),
            (first.code, Level.HIGH_APPLICATION),
            (second.code, Level.UNDERSTANDING),
            (second.code, Level.APPLICATION),
        ]


def test_the_digest_knows_counts_and_codes_and_not_the_order_or_names_of_topics() -> None:
    first, second = Topic(code="Z", name="Z", position=0), Topic(code="A", name="A", position=1)

    def cell(topic: Topic, count: int) -> BlueprintCell:
        return BlueprintCell(topic=topic, level=Level.RECALL, count=count)

    locked = digest_of(Blueprint(cells=[cell(first, 1), cell(second, 2)]))
    assert digest_of(Blueprint(cells=[cell(second, 2), cell(first, 1)])) == locked
    first.position, first.name = 2, "Tên khác"
    assert digest_of(Blueprint(cells=[cell(first, 1), cell(second, 2)])) == locked
    assert digest_of(Blueprint(cells=[cell(first, 2), cell(second, 1)])) != locked


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("", 0),
        ("  ", 0),
        ("0", 0),
        ("7", 7),
        (" 12 ", 12),
        ("007", 7),
        ("999", 999),
        ("1000", None),
        ("-1", None),
        ("1.5", None),
        ("1e2", None),
        ("٣", None),
        ("²", None),
        ("ba", None),
    ],
)
def test_what_is_typed_is_a_number_or_named(typed: str, count: int | None) -> None:
    assert read_count(typed) == count


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_small_number_or_refused(typed: str) -> None:
    count = read_count(typed)
    assert count is None or 0 <= count <= 999


TOPICS = [
    Topic(id=UUID(int=number), code=f"T{number}", name=f"Chủ đề {number}", position=number) for number in range(3)
]
PLACES = [(topic.id, level) for topic in TOPICS for level in Level]
COUNTS = st.dictionaries(st.sampled_from(PLACES), st.integers(0, 60))


@pytest.mark.parametrize(
    ("count", "stock", "ratio", "state", "missing"),
    [
        (0, 0, 3, "empty", 0),
        (0, 9, 3, "empty", 0),
        (2, 6, 3, "enough", 0),
        (2, 5, 3, "thin", 0),
        (2, 2, 3, "thin", 0),
        (2, 1, 3, "gap", 1),
        (2, 0, 3, "gap", 2),
        (2, 2, 1, "enough", 0),
    ],
)
def test_a_cell_is_measured_by_the_stock_and_the_ratio(
    count: int, stock: int, ratio: int, state: str, missing: int
) -> None:
    place = PLACES[0]
    cell = matrix_of(TOPICS, {place: str(count)}, {place: stock}, Fraction(ratio)).rows[0].cells[0]
    assert (cell.state, cell.missing, cell.times) == (state, missing, stock // count if count else 0)


@given(COUNTS, COUNTS, st.integers(1, 5))
def test_a_matrix_agrees_with_the_check_that_locks(
    counts: dict[Place, int], stock: dict[Place, int], ratio: int
) -> None:
    """The colours of the cells and the refusal of the lock are two pieces of code; they must never disagree."""
    matrix = matrix_of(TOPICS, {place: str(count) for place, count in counts.items()}, stock, Fraction(ratio))
    cells = tuple(Cell(str(topic), level.value, count) for (topic, level), count in counts.items())
    held = {(str(topic), level.value): count for (topic, level), count in stock.items()}
    problems = check_feasibility(Drawn(cells), held, ratio, questions_required=matrix.total)
    for code, state in (("cell_short", "gap"), ("cell_near", "thin")):
        told = [one for one in problems if one.code == code]
        assert len(told) == len(matrix.cells(state))  # type: ignore[arg-type]
    assert matrix.total == sum(counts.values()) == sum(row.total for row in matrix.rows)
    assert matrix.total == sum(count for count, _ in matrix.totals)
    assert sum(stock.values()) == sum(held for _, held in matrix.totals)
    shares = sum(matrix.share(row.total) for row in matrix.rows)
    assert abs(shares - (1 if matrix.total else 0)) < Decimal("0.0001")


@given(COUNTS, st.integers(1, 500))
def test_a_proposal_has_as_many_questions_as_there_are_and_no_more_than_the_bank(
    stock: dict[Place, int], questions: int
) -> None:
    dealt = in_proportion(stock, PLACES, questions)
    assert sum(dealt.values()) == min(questions, sum(stock.values()))
    assert all(0 <= count <= stock.get(place, 0) for place, count in dealt.items())
    whole = sum(stock.values())
    if whole > questions:
        assert all(abs(count - Fraction(stock[place] * questions, whole)) < 1 for place, count in dealt.items())


def test_a_proposal_deals_the_rest_to_the_largest_remainders() -> None:
    first, second, third, *_ = PLACES
    assert in_proportion({first: 50, second: 30, third: 20}, PLACES, 7) == {first: 4, second: 2, third: 1}
    assert in_proportion({first: 10, second: 10}, PLACES, 3) == {first: 2, second: 1}, "of equals the upper one"
