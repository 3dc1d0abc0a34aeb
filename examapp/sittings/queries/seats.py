"""Read rooms and seats: who sits where, who may still be seated."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from examapp.candidates.models import Candidate
from examapp.candidates.queries import Bound, Place
from examapp.exams.models import Exam, ExamTest
from examapp.sittings.models import Opening, Package, Room, Seat, Sitting, SittingMode, SittingState, full_code


@dataclass(frozen=True)
class Who:
    """Whom a sitting is for: everybody who can still be seated, or those from one number to another."""

    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class SeatedElsewhere:
    """Somebody asked for who has a seat in another programmed sitting of the test."""

    number: str
    sitting: str


@dataclass(frozen=True)
class Seatable:
    """Who can be seated, and who of those that were asked for cannot."""

    people: list[Candidate]
    withdrawn: int
    elsewhere: list[SeatedElsewhere]


@dataclass(frozen=True)
class RoomRow:
    """A room and how full it is."""

    room: Room
    seated: int
    first: str | None
    last: str | None

    @property
    def free(self) -> int:
        """Return how many places are free."""
        return self.room.places - self.seated


def count_seats(session: Session, sitting_id: UUID) -> int:
    """Return how many candidates are seated in a sitting."""
    query = select(func.count()).select_from(Seat).join(Room).where(Room.sitting_id == sitting_id)
    return session.scalar(query) or 0


def count_seats_of_exam(session: Session, exam_id: UUID) -> int:
    """Return how many candidates of an exam have a seat in one of its sittings."""
    query = (
        select(func.count(Seat.candidate_id.distinct()))
        .join(ExamTest, ExamTest.id == Seat.exam_test_id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .where(ExamTest.exam_id == exam_id, Sitting.state != SittingState.CALLED_OFF)
    )
    return session.scalar(query) or 0


def seats_of(session: Session, candidate_ids: Collection[UUID]) -> dict[UUID, list[Place]]:
    """Return where these candidates sit, the earliest sitting first, and whether its package can still change."""
    valued = (
        select(Opening.package_id)
        .join(Package, Package.id == Opening.package_id)
        .where(Package.sitting_id == Sitting.id, Package.superseded_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(Seat.candidate_id, Seat.number, Room.name, Sitting, ExamTest.name, Exam.code, valued)
        .join(Room, Room.id == Seat.room_id)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Seat.candidate_id.in_(candidate_ids), Sitting.state != SittingState.CALLED_OFF)
        .order_by(Sitting.starts_at, Sitting.code)
    )
    places: dict[UUID, list[Place]] = {}
    for candidate_id, seat, room, sitting, test, exam, has_value in rows:
        place = Place(
            sitting=full_code(exam, sitting.code),
            test=test,
            starts_at=sitting.starts_at,
            room=room,
            seat=seat,
            rehearsal=sitting.mode is SittingMode.REHEARSAL,
            bound=_bound(sitting.state, has_value),
        )
        places.setdefault(candidate_id, []).append(place)
    return places


def _bound(state: SittingState, has_value: bool) -> Bound:
    """Return what a change of a candidate still reaches: a recorded public value fixes the package."""
    if state in (SittingState.SEALED, SittingState.MARKED):
        return Bound.PAST
    if state is SittingState.DRAFT:
        return Bound.OPEN
    return Bound.FROZEN if state is SittingState.FROZEN and not has_value else Bound.FIXED


def seatable(
    session: Session, exam_test: ExamTest, who: Who, *, exclusive: bool, besides: UUID | None = None
) -> Seatable:
    """Return who of the test's exam can be seated, by number.

    For an exclusive (programmed) sitting whoever sits in another one of the test cannot; asked for by number, they are
    named, asked for with everybody, they are left out. `besides` is a sitting whose own seats do not matter.
    """
    query = select(Candidate).where(Candidate.exam_id == exam_test.exam_id, *_in_range(who))
    taken = _taken(exam_test.id, besides)
    people = query.where(Candidate.withdrawn_at.is_(None)).order_by(Candidate.number)
    if exclusive:
        people = people.where(Candidate.id.not_in(taken.with_only_columns(Seat.candidate_id)))
    withdrawn = select(func.count()).select_from(query.where(Candidate.withdrawn_at.is_not(None)).subquery())
    elsewhere: list[SeatedElsewhere] = []
    if exclusive and (who.first or who.last):
        rows = taken.join(Candidate, Candidate.id == Seat.candidate_id).where(*_in_range(who))
        rows = rows.where(Candidate.withdrawn_at.is_(None)).order_by(Candidate.number)
        elsewhere = [SeatedElsewhere(number, sitting) for number, sitting in session.execute(rows)]
    return Seatable(list(session.scalars(people)), session.scalar(withdrawn) or 0, elsewhere)


def _in_range(who: Who) -> list[ColumnElement[bool]]:
    bounds = []
    if who.first:
        bounds.append(Candidate.number >= who.first)
    if who.last:
        bounds.append(Candidate.number <= who.last)
    return bounds


def _taken(exam_test_id: UUID, besides: UUID | None) -> Select[str, str]:
    """Return the query of numbers and sittings of whoever is bound to a programmed sitting of the test."""
    query = (
        select(Candidate.number, Sitting.code)
        .select_from(Seat)
        .join(Sitting, Sitting.id == Seat.sitting_id)
        .where(Seat.exam_test_id == exam_test_id, Seat.exclusive)
    )
    return query if besides is None else query.where(Seat.sitting_id != besides)


def first_seated_elsewhere(
    session: Session, exam_test_id: UUID, ids: Collection[UUID], besides: UUID | None = None
) -> SeatedElsewhere | None:
    """Return the first of these candidates who sits in a programmed sitting of the test, and in which."""
    query = _taken(exam_test_id, besides).join(Candidate, Candidate.id == Seat.candidate_id)
    row = session.execute(query.where(Seat.candidate_id.in_(ids)).order_by(Candidate.number).limit(1)).first()
    return SeatedElsewhere(row[0], row[1]) if row else None


def room_rows(session: Session, sitting_id: UUID) -> list[RoomRow]:
    """Return the rooms of a sitting in their order, each with how full it is: one statement."""
    rows = session.execute(
        select(Room, func.count(Seat.id), func.min(Candidate.number), func.max(Candidate.number))
        .outerjoin(Seat, Seat.room_id == Room.id)
        .outerjoin(Candidate, Candidate.id == Seat.candidate_id)
        .where(Room.sitting_id == sitting_id)
        .group_by(Room.id)
        .order_by(Room.position, Room.code)
    )
    return [RoomRow(*row) for row in rows]


def seats_in(session: Session, room_id: UUID) -> list[tuple[Seat, Candidate]]:
    """Return who sits in a room, by seat: one statement."""
    query = select(Seat, Candidate).join(Candidate, Candidate.id == Seat.candidate_id).where(Seat.room_id == room_id)
    return [(seat, person) for seat, person in session.execute(query.order_by(Seat.number))]


def find_seat(session: Session, sitting_id: UUID, seat_id: UUID) -> Seat | None:
    """Return a seat of that very sitting."""
    return session.scalar(select(Seat).where(Seat.id == seat_id, Seat.sitting_id == sitting_id))


def find_room(session: Session, sitting_id: UUID, code: str) -> Room | None:
    """Return the sitting's room with this code."""
    return session.scalar(select(Room).where(Room.sitting_id == sitting_id, Room.code == code))


def seats_of_sitting(session: Session, sitting_id: UUID) -> list[tuple[Candidate, str, int]]:
    """Return everybody seated in a sitting with room code and seat, by number: one statement."""
    query = (
        select(Candidate, Room.code, Seat.number)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Room, Room.id == Seat.room_id)
        .where(Seat.sitting_id == sitting_id)
        .order_by(Candidate.number)
    )
    return [(person, room, seat) for person, room, seat in session.execute(query)]


def find_by_number(session: Session, exam_id: UUID, number: str) -> Candidate | None:
    """Return the candidate of this exam who has this number."""
    return session.scalar(select(Candidate).where(Candidate.exam_id == exam_id, Candidate.number == number))


def seating_stamp(session: Session, sitting_id: UUID) -> str:
    """Return what changes whenever a room or a seat of the sitting does."""
    rooms = session.execute(
        select(Room.code, Room.name, Room.places).where(Room.sitting_id == sitting_id).order_by(Room.position)
    )
    seats = session.execute(
        select(Seat.room_id, Seat.number, Seat.candidate_id)
        .where(Seat.sitting_id == sitting_id)
        .order_by(Seat.room_id, Seat.number)
    )
    return hashlib.sha256(repr(([tuple(row) for row in rooms], [tuple(row) for row in seats])).encode()).hexdigest()


def slips_being_drawn(session: Session, number: str) -> list[tuple[UUID, int]]:
    """Return exam and issue of the slips of whoever has this number in a sitting whose papers are being drawn."""
    rows = session.execute(
        select(Candidate.exam_id, Candidate.code_issue)
        .join(Seat, Seat.candidate_id == Candidate.id)
        .join(Room, Room.id == Seat.room_id)
        .join(Sitting, Sitting.id == Room.sitting_id)
        .where(Candidate.number == number, Candidate.withdrawn_at.is_(None), Sitting.state == SittingState.OPENING)
    )
    return [(exam_id, issue) for exam_id, issue in rows]
