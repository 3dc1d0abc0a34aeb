"""Dealing candidates to rooms: everybody once, in number order, each room filled before the next."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.sittings.rules import Dealing, RoomPlan, deal, free_numbers, room_problems

ROOMS = st.lists(st.integers(1, 60), max_size=8).map(
    lambda places: [RoomPlan(f"P{index}", f"Phòng {index}", count) for index, count in enumerate(places)]
)
NUMBERS = st.sets(st.integers(0, 9999).map(lambda number: f"{number:04d}"), max_size=200)


def room(code: str, places: int) -> RoomPlan:
    return RoomPlan(code, f"Phòng {code}", places)


@pytest.mark.parametrize(
    ("places", "numbers", "dealt", "left"),
    [
        ([2, 2], ["0003", "0001", "0002"], [("0001", "0002"), ("0003",)], ()),
        ([2, 2], ["0001"], [("0001",), ()], ()),
        ([1], ["0010", "0009"], [("0009",)], ("0010",)),
        ([3], [], [()], ()),
        ([], ["0001"], [], ("0001",)),
    ],
)
def test_candidates_are_dealt(places: list[int], numbers: list[str], dealt: list[tuple[str, ...]], left: tuple) -> None:
    dealing = deal([room(str(index), count) for index, count in enumerate(places)], numbers)
    assert [one.numbers for one in dealing.rooms] == dealt
    assert dealing.left == left


def test_a_dealing_counts_itself() -> None:
    dealing = deal([room("A", 2), room("B", 3)], ["1", "2", "3"])
    assert (dealing.seated, dealing.places) == (3, 5)
    assert [(one.first, one.last, one.free) for one in dealing.rooms] == [("1", "2", 0), ("3", "3", 2)]
    assert [(one.first, one.last) for one in deal([room("A", 2)], []).rooms] == [(None, None)]


@given(ROOMS, NUMBERS)
def test_everybody_is_there_once_and_in_order(rooms: list[RoomPlan], numbers: set[str]) -> None:
    dealing = deal(rooms, numbers)
    flat = [number for one in dealing.rooms for number in one.numbers] + list(dealing.left)
    assert flat == sorted(numbers)
    assert [one.plan for one in dealing.rooms] == rooms


@given(ROOMS, NUMBERS)
def test_no_room_is_overfull_and_none_is_begun_before_the_last_is_full(
    rooms: list[RoomPlan], numbers: set[str]
) -> None:
    dealing = deal(rooms, numbers)
    assert all(one.free >= 0 for one in dealing.rooms)
    for before, after in pairwise(dealing.rooms):
        assert not after.numbers or before.free == 0
    assert not dealing.left or all(one.free == 0 for one in dealing.rooms)
    assert len(dealing.left) == max(0, len(numbers) - dealing.places)


@given(ROOMS, NUMBERS, NUMBERS)
def test_two_dealings_have_one_digest_only_when_they_are_equal(
    rooms: list[RoomPlan], first: set[str], second: set[str]
) -> None:
    one, other = deal(rooms, first), deal(rooms, second)
    assert (one.digest() == other.digest()) == (one == other)
    assert deal(rooms, sorted(first, reverse=True)) == one


def test_the_digest_tells_rooms_apart() -> None:
    dealings: list[Dealing] = [deal([room(code, places)], ["1"]) for code, places in (("A", 1), ("A", 2), ("B", 1))]
    assert len({one.digest() for one in dealings}) == 3


def test_rooms_are_checked_row_by_row() -> None:
    typed = [("A", "Phòng A", 30), ("a", "", 0), ("", "x" * 101, None), ("b" * 21, "Phòng", 201)]
    found = [(one.row, one.field) for one in room_problems(typed)]
    assert found == [
        (1, "code"),
        (1, "name"),
        (1, "places"),
        (2, "code"),
        (2, "name"),
        (2, "places"),
        (3, "code"),
        (3, "places"),
    ]
    assert list(room_problems([("A", "Phòng A", 1), ("B", "Phòng B", 200)])) == []


def test_free_places_are_those_that_nobody_has() -> None:
    assert free_numbers(4, [1, 3]) == [2, 4]
    assert free_numbers(2, [1, 2]) == []
    assert free_numbers(2, [5]) == [1, 2]
