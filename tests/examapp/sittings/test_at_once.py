"""Two people press at once on two connections: one wins, the other is told, and the database holds one of the two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_bytes
from uuid import UUID

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditEvent
from examapp.candidates.models import Candidate
from examapp.core.errors import Conflict, NotFound
from examapp.core.ids import new_id
from examapp.exams.models import ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Opening, Room, Seat, Sitting, SittingMode, SittingState
from examapp.sittings.queries import Who, find_room, seatable
from examapp.sittings.rules import RoomPlan, deal
from examapp.sittings.services import (
    Schedule,
    SittingPlan,
    call_off,
    confirmed,
    delete_draft,
    move_candidate,
    open_paper,
    plan_sitting,
    rearrange,
    record_public_value,
    seat_candidate,
)
from examapp.sittings.services.rooms import lock_draft
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once, make_line

Deed = Callable[[Session], object]


@dataclass
class Place:
    """A committed draft of three candidates of five: seats 1 to 3 of room 01."""

    database: CommittedDatabase
    keys: NodeKeys
    sitting_id: UUID
    test_id: UUID
    people: list[UUID]

    def both(self, first: Deed, second: Deed) -> Conflict:
        """Do both at once and return how the second was refused."""
        refusal = at_once(self.database.engine, self.keys, first, second)
        assert isinstance(refusal, Conflict), repr(refusal)
        return refusal

    def session(self) -> Session:
        return Session(self.database.engine, info={"keys": self.keys})

    def sitting(self, session: Session) -> Sitting:
        return session.get_one(Sitting, self.sitting_id)


@pytest.fixture
def place(committed_db: CommittedDatabase, keys: NodeKeys) -> Place:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        line = make_line(session, NOW, candidates=5, seated=slice(0, 3))
        people = [person.id for person in line.candidates]
        session.add(Room(id=new_id(), sitting_id=line.sitting.id, code="02", name="Phòng 02", places=1, position=2))
        return Place(committed_db, keys, line.sitting.id, line.test.id, people)


def plan(place: Place, code: str) -> Deed:
    """Return the deed of planning a programmed sitting for whoever has no seat."""

    def press(session: Session) -> Sitting:
        rooms = [RoomPlan("A", "Phòng A", 9)]
        wanted = SittingPlan(code, SittingMode.PROGRAMMED, Schedule(NOW, NOW + timedelta(hours=1)), rooms, Who())
        test = session.get_one(ExamTest, place.test_id)
        found = seatable(session, test, Who(), exclusive=True)
        seen = deal(rooms, [person.number for person in found.people]).digest()
        return plan_sitting(session, test, wanted, seen=seen, actor=SYSTEM, now=NOW)

    return press


def test_two_sittings_want_the_same_candidates(place: Place) -> None:
    refusal = place.both(plan(place, "CA2"), plan(place, "CA3"))
    assert refusal.code == "seated_elsewhere"
    with place.session() as session:
        assert session.scalars(select(Sitting.code).order_by(Sitting.code)).all() == ["CA1", "CA2"]


def test_two_sittings_want_one_code(place: Place) -> None:
    refusal = place.both(plan(place, "CA2"), plan(place, "CA2"))
    assert refusal.code == "sitting_code_taken"


def test_somebody_is_seated_while_the_list_of_candidates_is_replaced(place: Place) -> None:
    def replace(session: Session) -> None:
        session.execute(delete(Candidate).where(Candidate.id == place.people[4]))

    refusal = place.both(replace, plan(place, "CA2"))
    assert refusal.code == "candidates_replaced"


def seat_the_last(place: Place) -> Deed:
    """Return the deed of giving the last candidate a place in room 02."""

    def press(session: Session) -> int:
        room, person = find_room(session, place.sitting_id, "02"), session.get_one(Candidate, place.people[4])
        assert room is not None
        return seat_candidate(session, place.sitting(session), person, room, actor=SYSTEM, now=NOW)

    return press


def test_somebody_is_seated_in_a_room_that_another_one_takes_away(place: Place) -> None:
    def take_away(session: Session) -> None:
        lock_draft(session, place.sitting(session))
        session.execute(delete(Room).where(Room.sitting_id == place.sitting_id, Room.code == "02"))

    assert place.both(take_away, seat_the_last(place)).code == "room_gone"


def test_somebody_is_seated_in_a_sitting_that_another_one_deletes(place: Place) -> None:
    def remove(session: Session) -> None:
        delete_draft(session, place.sitting(session), actor=SYSTEM, now=NOW)

    refusal = at_once(place.database.engine, place.keys, remove, seat_the_last(place))
    assert isinstance(refusal, NotFound)


def test_two_candidates_want_the_last_place(place: Place) -> None:
    def move(index: int) -> Deed:
        def press(session: Session) -> int:
            seat = session.scalars(select(Seat).where(Seat.candidate_id == place.people[index])).one()
            room = find_room(session, place.sitting_id, "02")
            assert room is not None
            return move_candidate(session, place.sitting(session), seat, room, actor=SYSTEM, now=NOW)

        return press

    assert place.both(move(0), move(1)).code == "room_full"


def test_one_candidate_is_moved_and_another_takes_the_place(place: Place) -> None:
    def move(session: Session) -> int:
        seat = session.scalars(select(Seat).where(Seat.candidate_id == place.people[0])).one()
        room = find_room(session, place.sitting_id, "02")
        assert room is not None
        return move_candidate(session, place.sitting(session), seat, room, actor=SYSTEM, now=NOW)

    def seat(session: Session) -> int:
        sitting, room = place.sitting(session), find_room(session, place.sitting_id, "02")
        person = next(one for one in seatable(session, sitting.exam_test, Who(), exclusive=True).people)
        assert room is not None
        return seat_candidate(session, sitting, person, room, actor=SYSTEM, now=NOW)

    assert place.both(move, seat).code == "room_full"


def test_two_people_deal_anew(place: Place) -> None:
    def anew(code: str) -> Deed:
        def press(session: Session) -> None:
            sitting = place.sitting(session)
            rooms = [RoomPlan(code, f"Phòng {code}", 9)]
            found = seatable(session, sitting.exam_test, Who(), exclusive=True, besides=sitting.id)
            seen = confirmed(session, sitting, deal(rooms, [person.number for person in found.people]))
            rearrange(session, sitting, rooms, found, seen=seen, actor=SYSTEM, now=NOW)

        return press

    assert place.both(anew("A"), anew("B")).code == "dealing_changed"
    with place.session() as session:
        assert session.scalars(select(Room.code)).all() == ["A"]
        assert session.scalar(select(func.count()).select_from(Seat)) == 5


def freeze(place: Place) -> str:
    """Freeze the sitting and return the code of its paper."""
    with place.session() as session, session.begin():
        frozen = freeze_sitting(
            session, place.sitting(session), keys=place.keys, random_bytes=token_bytes, actor=SYSTEM, now=NOW
        )
        return frozen.paper_code


def value(place: Place, digits: str) -> Deed:
    def press(session: Session) -> Opening:
        sitting = place.sitting(session)
        return record_public_value(session, sitting, digits, digits, witness_names="A, B", actor=SYSTEM, now=NOW)

    return press


def opening(place: Place, code: str) -> Deed:
    def press(session: Session) -> None:
        sitting = place.sitting(session)
        open_paper(session, sitting, code, secure_transport=True, keys=place.keys, actor=SYSTEM, now=NOW)

    return press


def test_two_public_values(place: Place) -> None:
    freeze(place)
    assert place.both(value(place, "20711834"), value(place, "11111111")).code == "public_value_recorded"
    with place.session() as session:
        assert session.scalars(select(Opening.public_value)).all() == ["20711834"]


def test_two_people_open(place: Place) -> None:
    code = freeze(place)
    with place.session() as session, session.begin():
        value(place, "20711834")(session)
    assert place.both(opening(place, code), opening(place, code)).code == "sitting_not_frozen"
    with place.session() as session:
        opened = select(func.count()).where(AuditEvent.action == "sittings.paper_opened")
        assert session.scalar(opened) == 1


def test_one_opens_while_another_calls_off(place: Place) -> None:
    code = freeze(place)
    with place.session() as session, session.begin():
        value(place, "20711834")(session)

    def off(session: Session) -> None:
        call_off(session, place.sitting(session), "mất điện", actor=SYSTEM, now=NOW)

    assert place.both(opening(place, code), off).code == "paper_opened"
    with place.session() as session:
        assert place.sitting(session).state is SittingState.OPENING


def test_one_freezes_while_another_deletes_or_moves(place: Place) -> None:
    def press(session: Session) -> None:
        freeze_sitting(
            session, place.sitting(session), keys=place.keys, random_bytes=token_bytes, actor=SYSTEM, now=NOW
        )

    def remove(session: Session) -> None:
        delete_draft(session, place.sitting(session), actor=SYSTEM, now=NOW)

    assert place.both(press, remove).code == "seating_fixed"


def test_the_database_itself_keeps_a_candidate_in_one_programmed_sitting(place: Place) -> None:
    with place.session() as session, session.begin():
        other = plan(place, "CA2")(session)
        assert isinstance(other, Sitting)
        room = other.rooms[0]
        copies: dict[str, object] = {
            "id": new_id(),
            "room_id": room.id,
            "sitting_id": other.id,
            "exam_test_id": other.exam_test_id,
        }
        copies |= {"number": 99, "candidate_id": place.people[0]}
        session.flush()
        with pytest.raises(IntegrityError, match="uq_seats_one_sitting"), session.begin_nested():
            session.execute(insert(Seat).values(copies | {"exclusive": True}))
        # a seat cannot say that it does not count when its sitting does
        with pytest.raises(IntegrityError, match="fk_seats_sitting_id_exam_test_id_exclusive"), session.begin_nested():
            session.execute(insert(Seat).values(copies | {"exclusive": False}))
        # nor can a sitting that does not count bind anybody
        with pytest.raises(IntegrityError, match="exclusive_while_it_counts"), session.begin_nested():
            session.execute(update(Sitting).where(Sitting.id == other.id).values(state=SittingState.CALLED_OFF))
        with pytest.raises(IntegrityError, match="fk_seats_room_id_sitting_id"), session.begin_nested():
            session.execute(delete(Room).where(Room.id == room.id))
