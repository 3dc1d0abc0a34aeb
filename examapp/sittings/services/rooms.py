"""Rooms and seats of a draft: filled when the sitting is created, dealt anew, and changed seat by seat.

Whoever changes seats holds the sitting's row. Once a package is in force it binds the seating, so only drafts change.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError as ConstraintBroken
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.ids import new_id
from examapp.exams.models import ExamTest
from examapp.sittings.models import Room, Seat, Sitting, SittingState
from examapp.sittings.queries import Seatable, first_seated_elsewhere, seating_stamp
from examapp.sittings.rules import Dealing, DealtRoom, RoomPlan, deal, free_numbers
from examapp.sittings.services.steps import audit_scope

#: the unique index that keeps a candidate in one programmed sitting of a test
ONE_SITTING = "uq_seats_one_sitting"
#: who is seated must still be a candidate
CANDIDATE = "fk_seats_candidate_id"


def deal_whole(rooms: Sequence[RoomPlan], found: Seatable) -> Dealing:
    """Deal everybody who was asked for to the rooms.

    Raises Invalid when somebody asked for by number sits elsewhere, nobody is left to seat, or places are missing.
    """
    if found.elsewhere:
        message = N_(
            "%(count)s thí sinh trong khoảng này đã có chỗ ở ca khác của bài thi: %(number)s ở ca %(sitting)s. "
            "Chọn khoảng khác, hoặc chọn mọi thí sinh chưa có chỗ."
        )
        first = found.elsewhere[0]
        params = {"count": len(found.elsewhere), "number": first.number, "sitting": first.sitting}
        raise Invalid("seated_elsewhere", message, **params)
    if not found.people:
        raise Invalid("nobody_to_seat", N_("Không còn thí sinh nào để xếp chỗ theo lựa chọn này."))
    dealing = deal(rooms, (person.number for person in found.people))
    if dealing.left:
        message = N_(
            "Thiếu %(missing)s chỗ: các phòng có %(places)s chỗ cho %(people)s thí sinh. "
            "Thêm phòng, tăng số chỗ hoặc chọn ít thí sinh hơn."
        )
        counts = {"missing": len(dealing.left), "places": dealing.places, "people": len(found.people)}
        raise Invalid("places_missing", message, **counts)
    return dealing


def check_people(session: Session, exam_test: ExamTest, sitting: Sitting, people: Sequence[Candidate]) -> None:
    """Raise for people who cannot sit together here: Invalid, or Conflict when one sits in another sitting."""
    if any(person.exam_id != exam_test.exam_id for person in people):
        raise Invalid("candidate_of_other_exam", N_("Có thí sinh không thuộc kỳ thi này."))
    number, count = next(iter(Counter(person.number for person in people).most_common(1)), ("", 0))
    if count > 1:
        raise Invalid("seated_twice", N_("Số báo danh %(number)s được xếp hai chỗ trong ca thi."), number=number)
    gone = next((person for person in people if person.withdrawn_at is not None), None)
    if gone is not None:
        raise Invalid("withdrawn", N_("Thí sinh %(number)s đã rút tên nên không xếp chỗ."), number=gone.number)
    ids = [person.id for person in people]
    found = first_seated_elsewhere(session, sitting.exam_test_id, ids, sitting.id) if sitting.exclusive else None
    if found:
        message = N_("Thí sinh %(number)s đã có chỗ ở ca %(sitting)s của bài thi này; mỗi người chỉ thi một ca.")
        raise Conflict("seated_elsewhere", message, number=found.number, sitting=found.sitting)


def fill_rooms(session: Session, sitting: Sitting, rooms: Sequence[DealtRoom], people: Sequence[Candidate]) -> None:
    """Give a sitting that is stored its rooms with their seats; raise Conflict when another sitting was faster."""
    by_number = {person.number: person for person in people}
    for position, dealt in enumerate(rooms, start=1):
        plan = dealt.plan
        # the roster in the package names the room, and takes composed letters only
        code, name = (unicodedata.normalize("NFC", text) for text in (plan.code, plan.name))
        room = Room(id=new_id(), sitting_id=sitting.id, code=code, name=name, places=plan.places, position=position)
        session.add(room)
        seated = enumerate(dealt.numbers, start=1)
        session.add_all(_seat(sitting, room.id, seat, by_number[number]) for seat, number in seated)
    _flush_seats(session)


def rearrange(
    session: Session,
    sitting: Sitting,
    rooms: Sequence[RoomPlan],
    found: Seatable,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put other rooms in the place of a draft's rooms and deal everybody anew.

    `seen` names what was confirmed (`confirmed`). Raises Conflict when that is not what would happen, or the sitting is
    no draft, and what `deal_whole` raises.
    """
    lock_draft(session, sitting)
    dealing = deal_whole(rooms, found)
    if confirmed(session, sitting, dealing) != seen:
        raise Conflict("dealing_changed", N_("Danh sách hoặc cách xếp đã đổi. Xem lại bản dưới đây rồi bấm lần nữa."))
    check_people(session, sitting.exam_test, sitting, found.people)
    before = clear_rooms(session, sitting)
    fill_rooms(session, sitting, dealing.rooms, found.people)
    session.expire(sitting, ["rooms"])
    details = {"rooms": {"before": before, "after": len(rooms)}, "seats": dealing.seated, "places": dealing.places}
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.rearranged", subject, details, actor=actor, now=now)


def confirmed(session: Session, sitting: Sitting, dealing: Dealing) -> str:
    """Return what names a dealing together with the seating that it replaces."""
    return f"{seating_stamp(session, sitting.id)[:32]}{dealing.digest()[:32]}"


def clear_rooms(session: Session, sitting: Sitting) -> int:
    """Delete every seat and room of a sitting and return how many rooms there were."""
    session.execute(delete(Seat).where(Seat.sitting_id == sitting.id))
    gone = session.execute(delete(Room).where(Room.sitting_id == sitting.id).returning(Room.id)).all()
    return len(gone)


def move_candidate(session: Session, sitting: Sitting, seat: Seat, room: Room, *, actor: Actor, now: datetime) -> int:
    """Move whoever has this seat to the first free place of another room and return the place's number.

    Raises Conflict when the room has become full, the seat has been given up or the sitting is no draft.
    """
    lock_draft(session, sitting)
    seat = _current(session, seat)
    if seat.room_id == room.id:
        raise Invalid("same_room", N_("Thí sinh đang ngồi ở chính phòng này. Chọn phòng khác."))
    number = _free_place(session, room)
    before = f"{seat.room.code}/{seat.number}"
    seat.room_id, seat.number = room.id, number
    session.flush()  # whoever looks at the rooms next reads them anew
    session.expire(seat)
    person = seat.candidate
    details = {"number": person.number, "place": {"before": before, "after": f"{room.code}/{number}"}}
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.candidate_moved", subject, details, actor=actor, now=now)
    return number


def unseat_candidate(session: Session, sitting: Sitting, seat: Seat, *, actor: Actor, now: datetime) -> None:
    """Take somebody's seat away; the place stays free. Raises Conflict when it is gone or the sitting is no draft."""
    lock_draft(session, sitting)
    seat = _current(session, seat)
    details = {"number": seat.candidate.number, "place": f"{seat.room.code}/{seat.number}"}
    session.delete(seat)
    session.flush()  # the place is free for whoever looks next
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.candidate_unseated", subject, details, actor=actor, now=now)


def seat_candidate(
    session: Session, sitting: Sitting, person: Candidate, room: Room, *, actor: Actor, now: datetime
) -> int:
    """Give somebody without a seat the first free place of a room and return its number.

    Raises Invalid for somebody who has withdrawn, Conflict when they have a seat, the room is full or the sitting is no
    draft.
    """
    lock_draft(session, sitting)
    there = session.scalar(select(Seat).where(Seat.sitting_id == sitting.id, Seat.candidate_id == person.id))
    if there is not None:
        message = N_("Thí sinh %(number)s đã có chỗ trong ca này: phòng %(room)s, chỗ %(seat)s.")
        params = {"number": person.number, "room": there.room.code, "seat": there.number}
        raise Conflict("seated_here", message, **params)
    check_people(session, sitting.exam_test, sitting, [person])
    number = _free_place(session, room)
    session.add(_seat(sitting, room.id, number, person))
    _flush_seats(session)
    details = {"number": person.number, "place": f"{room.code}/{number}"}
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.candidate_seated", subject, details, actor=actor, now=now)
    return number


def lock_draft(session: Session, sitting: Sitting) -> None:
    """Hold the sitting's row until the transaction ends; raise Conflict when it is no draft."""
    hold(session, sitting)
    if sitting.state is not SittingState.DRAFT:
        message = N_("Ca thi không còn ở bước chuẩn bị nên phòng và chỗ ngồi không đổi được nữa.")
        raise Conflict("seating_fixed", message)


def _seat(sitting: Sitting, room_id: UUID, number: int, person: Candidate) -> Seat:
    return Seat(
        room_id=room_id,
        sitting_id=sitting.id,
        exam_test_id=sitting.exam_test_id,
        exclusive=sitting.exclusive,
        number=number,
        candidate_id=person.id,
    )


def _flush_seats(session: Session) -> None:
    """Store seats; raise Conflict when another sitting has just got one of them, or a new list has replaced them."""
    try:
        with session.begin_nested():
            session.flush()  # inside its own savepoint: the refusal below must leave the session usable
    except ConstraintBroken as error:
        if CANDIDATE in str(error.orig):
            message = N_("Danh sách thí sinh vừa được thay. Chưa xếp chỗ nào; mở lại trang rồi xếp theo danh sách mới.")
            raise Conflict("candidates_replaced", message) from error
        if ONE_SITTING not in str(error.orig):
            raise
        message = N_("Người khác vừa xếp một số thí sinh này vào ca khác của bài thi. Xem lại cách xếp.")
        raise Conflict("seated_elsewhere", message) from error


def _current(session: Session, seat: Seat) -> Seat:
    found = session.scalar(select(Seat).where(Seat.id == seat.id).execution_options(populate_existing=True))
    if found is None:
        raise Conflict("seat_gone", N_("Thí sinh này vừa được người khác bỏ khỏi phòng. Tải lại trang."))
    return found


def _free_place(session: Session, room: Room) -> int:
    if session.scalar(select(Room.id).where(Room.id == room.id)) is None:
        raise Conflict(
            "room_gone", N_("Phòng này không còn trong ca thi: vừa có người xếp lại. Mở lại trang phòng thi.")
        )
    taken = session.scalars(select(Seat.number).where(Seat.room_id == room.id)).all()
    free = free_numbers(room.places, taken)
    if not free:
        message = N_("Phòng %(room)s đã kín %(places)s chỗ. Chọn phòng khác hoặc bỏ bớt thí sinh.")
        raise Conflict("room_full", message, room=room.code, places=room.places)
    return free[0]
