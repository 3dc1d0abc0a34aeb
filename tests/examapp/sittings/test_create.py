"""A sitting with its rooms and seats: who may sit where."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.candidates.models import Candidate
from examapp.candidates.services import add_candidates
from examapp.core.errors import Conflict, Invalid
from examapp.exams.services import create_exam
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.services import Schedule, create_sitting

Rooms = list[tuple[str, str, list[Candidate]]]


def make(
    session: Session, like: Sitting, now: datetime, rooms: Rooms, code: str = "CA2", **schedule: timedelta
) -> Sitting:
    return create_sitting(
        session,
        like.exam_test,
        code,
        mode=SittingMode.REHEARSAL,
        schedule=Schedule(now + schedule.get("opens", timedelta()), now + timedelta(minutes=15)),
        rooms=rooms,
        actor=SYSTEM,
        now=now,
    )


def people(sitting: Sitting) -> list[Candidate]:
    return [seat.candidate for seat in sitting.rooms[0].seats]


def test_rooms_and_seats_stand_in_the_order_given_and_the_grace_is_the_profiles(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    first, second, third = people(sitting)
    made = make(session, sitting, now, [("P2", "Phòng 2", [third]), ("P1", "Phòng 1", [second, first])])
    session.expire(made, ["rooms"])
    seats = [(room.code, seat.number, seat.candidate.number) for room in made.rooms for seat in room.seats]
    assert seats == [("P2", 1, "0003"), ("P1", 1, "0002"), ("P1", 2, "0001")]
    assert made.grace_seconds == 120


def test_the_paper_is_opened_before_the_start(session: Session, sitting: Sitting, now: datetime) -> None:
    make(session, sitting, now, [], opens=timedelta(minutes=15))
    with pytest.raises(Invalid, match="opens_after_start"):
        make(session, sitting, now, [], code="CA3", opens=timedelta(minutes=16))


def test_a_code_is_given_once_per_test(session: Session, sitting: Sitting, now: datetime) -> None:
    with pytest.raises(Conflict, match="sitting_code_taken") as refusal:
        make(session, sitting, now, [], code=sitting.code)
    assert refusal.value.text() == "Bài thi đã có ca thi mã “CA1”."


def test_nobody_sits_twice_and_no_room_is_there_twice(session: Session, sitting: Sitting, now: datetime) -> None:
    first, second, _ = people(sitting)
    impossible: list[tuple[str, Rooms]] = [
        ("seated_twice", [("P1", "Phòng 1", [first, second, first])]),
        ("seated_twice", [("P1", "Phòng 1", [first]), ("P2", "Phòng 2", [second, first])]),
        ("room_twice", [("P1", "Phòng 1", [first]), ("P1", "Phòng khác", [second])]),
    ]
    for code, rooms in impossible:
        with pytest.raises(Invalid, match=code):
            make(session, sitting, now, rooms)


def test_a_candidate_of_another_exam_gets_no_seat(session: Session, sitting: Sitting, now: datetime) -> None:
    other = create_exam(session, "KHAC", "Kỳ thi khác", profile_id="cc-2025", actor=SYSTEM, now=now)
    rows: list[dict[str, object]] = [{"number": "0001", "full_name": "Trần Thị Ví Dụ"}]
    stranger = add_candidates(session, other, rows, actor=SYSTEM, now=now)
    with pytest.raises(Invalid, match="candidate_of_other_exam"):
        make(session, sitting, now, [("P1", "Phòng 1", stranger)])
