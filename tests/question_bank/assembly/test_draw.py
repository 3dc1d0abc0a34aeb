"""The draw: its promises as properties."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.assembly import DrawCell, DrawSpec, OptionLayout, commitment, draw_paper, draw_seed
from question_bank.assembly.draw import stream
from question_bank.errors import InvalidSpec

SECRET = bytes(range(32))
CORE = hashlib.sha256(b"core").digest()
ROSTER = hashlib.sha256(b"roster").digest()
SEED = draw_seed(SECRET, CORE, ROSTER, "20711834")

cells = st.lists(
    st.integers(1, 9).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))), min_size=1, max_size=5
)


def spec_of(sizes: list[tuple[int, int]], pins: tuple[int, ...] = ()) -> DrawSpec:
    """Return a specification with cells of (count, pool size); every question has four options."""
    made = tuple(
        DrawCell(f"c{i}", count, tuple(f"c{i}q{n}" for n in range(size))) for i, (count, size) in enumerate(sizes)
    )
    return DrawSpec("T", made, {question: OptionLayout(4, pins) for cell in made for question in cell.pool})


def cell_of(question: str) -> str:
    return question.split("q", maxsplit=1)[0]


class TestVectorOfTheProtocol:
    def test_commitment_and_seed(self) -> None:
        assert commitment(CORE, SECRET).hex() == "c53fa74b0c61c11f1862cf08f121723576180fca6a316e97c565e913354e0fa1"
        assert SEED.hex() == "327ca44481bfe191f8fee18e9927f15f9ac92a6f76237fb70a88e89495b6ad25"

    def test_bytes_and_numbers(self) -> None:
        shown = stream(SEED, "KT-2026-R1", "000123", "form").take(32).hex()
        assert shown == "8e5b8d0272ed9c36b3d7608b0a63103c2c4143d12e65602673aaab833f132a11"
        numbers = stream(SEED, "KT-2026-R1", "000123", "form")
        assert [numbers.below(20) for _ in range(8)] == [6, 6, 19, 0, 5, 6, 7, 1]

    def test_shuffle(self) -> None:
        assert stream(SEED, "KT-2026-R1", "000123", "order").shuffle(range(10)) == [9, 0, 5, 1, 7, 2, 3, 8, 4, 6]

    def test_rejection(self) -> None:
        numbers = stream(SEED, "KT-2026-R1", "000123", "reject")
        assert [numbers.below(3 * 10**9) for _ in range(4)] == [1908266295, 1570009714, 2544241945, 946040358]


@pytest.mark.parametrize(
    "value",
    ["", "1234567", "123456789", " 12345678", "12345678 ", "12345678\n", "１２３４５６７８", "٠١٢٣٤٥٦٧", "1234567a"],
)
def test_only_eight_ascii_digits_are_a_public_value(value: str) -> None:
    with pytest.raises(InvalidSpec):
        draw_seed(SECRET, CORE, ROSTER, value)


def test_tests_and_candidates_never_share_a_stream() -> None:
    assert stream(SEED, "T1", "12", "order").take(32) != stream(SEED, "T11", "2", "order").take(32)


@given(cells, st.integers(0, 999_999))
def test_a_paper_takes_the_count_of_every_cell_from_its_pool(sizes: list[tuple[int, int]], number: int) -> None:
    spec = spec_of(sizes)
    drawn = [item.question_id for item in draw_paper(SEED, f"{number:06}", spec)]
    assert len(set(drawn)) == len(drawn)
    assert Counter(map(cell_of, drawn)) == Counter({cell.cell_id: cell.count for cell in spec.cells if cell.count})
    assert set(drawn) <= {question for cell in spec.cells for question in cell.pool}


@given(st.sets(st.integers(0, 3)), st.integers(0, 999_999))
def test_pinned_options_stay_last_in_source_order(pins: set[int], number: int) -> None:
    spec = spec_of([(2, 4)], tuple(sorted(pins, reverse=True)))
    for item in draw_paper(SEED, f"{number:06}", spec):
        assert sorted(item.option_order) == [0, 1, 2, 3]
        assert item.option_order[4 - len(pins) :] == tuple(sorted(pins))


@given(cells, st.integers(0, 999_999), st.data())
@settings(max_examples=50)
def test_one_more_question_in_a_cell_moves_nothing_of_the_others(
    sizes: list[tuple[int, int]], number: int, data: st.DataObject
) -> None:
    grown = data.draw(st.integers(0, len(sizes) - 1))
    larger = [(count, size + (i == grown)) for i, (count, size) in enumerate(sizes)]
    before, after = (draw_paper(SEED, f"{number:06}", spec_of(each)) for each in (sizes, larger))
    for one, other in zip(before, after, strict=True):
        if cell_of(one.question_id) != f"c{grown}":
            assert one == other


def test_a_paper_depends_on_nothing_but_its_inputs() -> None:
    spec = spec_of([(3, 9), (2, 5)])
    assert draw_paper(SEED, "000123", spec) == draw_paper(SEED, "000123", spec)
    assert draw_paper(SEED, "000123", spec) != draw_paper(SEED, "000124", spec)
    other = draw_seed(SECRET, CORE, ROSTER, "20711835")
    assert draw_paper(SEED, "000123", spec) != draw_paper(other, "000123", spec)


def test_questions_places_and_options_are_spread_evenly_over_candidates() -> None:
    spec = spec_of([(3, 10)])
    papers = [draw_paper(SEED, f"{number:06}", spec) for number in range(3_000)]
    chosen = Counter(item.question_id for paper in papers for item in paper)
    first = Counter(item.option_order[0] for paper in papers for item in paper)
    assert all(abs(count - 900) < 5 * (3_000 * 0.3 * 0.7) ** 0.5 for count in chosen.values())
    assert len(chosen) == 10
    assert sum((first[option] - 2_250) ** 2 / 2_250 for option in range(4)) < 3 + 5 * 6**0.5


@pytest.mark.parametrize(
    ("drawn", "options"),
    [
        ((DrawCell("a", 3, ("q1", "q2")),), {}),
        ((DrawCell("a", -1, ("q1",)),), {}),
        ((DrawCell("a", 1, ("q1",)), DrawCell("a", 1, ("q2",))), {}),
        ((DrawCell("a", 1, ("q1",)), DrawCell("b", 1, ("q1",))), {}),
        ((DrawCell("a", 1, ("q1", "q1")),), {}),
        ((DrawCell("a", 1, ("q3",)),), {}),
        ((DrawCell("a", 1, ("q1",)),), {"q1": OptionLayout(4, (4,))}),
    ],
)
def test_a_specification_that_cannot_be_drawn_is_refused(
    drawn: tuple[DrawCell, ...], options: dict[str, OptionLayout]
) -> None:
    with pytest.raises(InvalidSpec):
        DrawSpec("T", drawn, {"q1": OptionLayout(4), "q2": OptionLayout(4), **options})
