"""Pure rules of seating: rooms as somebody typed them, and dealing candidates to them in the order of their numbers."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from examapp.core.i18n import N_

#: no exam room has more machines than this; a larger number is a slip
MOST_PLACES = 200
#: so many rooms can one sitting have
MOST_ROOMS = 200
LONGEST_CODE = 20
LONGEST_NAME = 100


@dataclass(frozen=True)
class RoomPlan:
    """A room before anybody sits in it."""

    code: str
    name: str
    #: machines for candidates, spare ones included
    places: int


@dataclass(frozen=True)
class DealtRoom:
    """A room with whoever is to sit in it: seat 1 is the first."""

    plan: RoomPlan
    numbers: tuple[str, ...]

    @property
    def free(self) -> int:
        """Return how many places stay free."""
        return self.plan.places - len(self.numbers)

    @property
    def first(self) -> str | None:
        """Return the lowest number in the room, None in an empty one."""
        return self.numbers[0] if self.numbers else None

    @property
    def last(self) -> str | None:
        """Return the highest number in the room."""
        return self.numbers[-1] if self.numbers else None


@dataclass(frozen=True)
class Dealing:
    """Everybody's place, and who has found none; people are named by their numbers."""

    rooms: tuple[DealtRoom, ...]
    left: tuple[str, ...]

    @property
    def seated(self) -> int:
        """Return how many have a place."""
        return sum(len(room.numbers) for room in self.rooms)

    @property
    def places(self) -> int:
        """Return how many places the rooms have in all."""
        return sum(room.plan.places for room in self.rooms)

    def digest(self) -> str:
        """Return what is the same exactly for the same rooms with the same people: who confirms it confirms this."""
        return hashlib.sha256(repr((self.rooms, self.left)).encode()).hexdigest()


def deal(rooms: Sequence[RoomPlan], numbers: Iterable[str]) -> Dealing:
    """Deal candidates to rooms in the order of their numbers: each room is filled before the next is begun.

    Numbers of an exam have one width, so the order of texts is theirs. Spare places so lie in the last rooms; whoever
    finds no place is left over.
    """
    ordered = sorted(numbers)
    dealt: list[DealtRoom] = []
    start = 0
    for room in rooms:
        end = start + max(0, room.places)
        dealt.append(DealtRoom(room, tuple(ordered[start:end])))
        start = end
    return Dealing(tuple(dealt), tuple(ordered[start:]))


@dataclass(frozen=True)
class RoomProblem:
    """What is wrong with a room as it was typed: its row from 0 on, the field, a Vietnamese sentence."""

    row: int
    field: str
    message: str


def room_problems(rooms: Sequence[tuple[str, str, int | None]]) -> Iterator[RoomProblem]:
    """Give everything that is wrong with rooms typed as (code, name, places), row by row."""
    first_rows: dict[str, int] = {}
    for row, (code, name, places) in enumerate(rooms):
        if not code:
            yield RoomProblem(row, "code", N_("Ghi mã phòng."))
        elif len(code) > LONGEST_CODE:
            yield RoomProblem(row, "code", N_("Mã phòng dài quá 20 ký tự."))
        elif first_rows.setdefault(code.casefold(), row) != row:
            yield RoomProblem(row, "code", N_("Mã phòng này đã có ở dòng trên."))
        if not name:
            yield RoomProblem(row, "name", N_("Ghi tên phòng."))
        elif len(name) > LONGEST_NAME:
            yield RoomProblem(row, "name", N_("Tên phòng dài quá 100 ký tự."))
        if places is None or not 1 <= places <= MOST_PLACES:
            yield RoomProblem(row, "places", N_("Ghi số chỗ từ 1 đến 200."))


def free_numbers(places: int, taken: Sequence[int]) -> list[int]:
    """Return the seat numbers of a room that are free, in order; taken ones beyond the places change nothing."""
    return [number for number in range(1, places + 1) if number not in set(taken)]
