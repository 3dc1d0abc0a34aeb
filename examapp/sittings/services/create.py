"""Create a sitting with everybody who is to sit in it; and take back one that nothing has come of."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
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
from examapp.regulations.profile import parse_profile
from examapp.sittings.models import Sitting, SittingMode, SittingState
from examapp.sittings.queries import Who, active_package, latest_package, seatable
from examapp.sittings.rules import DealtRoom, RoomPlan
from examapp.sittings.services.moments import Schedule, check_order
from examapp.sittings.services.rooms import check_people, clear_rooms, deal_whole, fill_rooms, lock_draft
from examapp.sittings.services.steps import audit_scope


@dataclass(frozen=True)
class SittingPlan:
    """A sitting as it is asked for."""

    code: str
    mode: SittingMode
    schedule: Schedule
    rooms: Sequence[RoomPlan]
    who: Who


def plan_sitting(
    session: Session, exam_test: ExamTest, plan: SittingPlan, *, seen: str, actor: Actor, now: datetime
) -> Sitting:
    """Create a sitting and deal to its rooms whom the plan asks for; `seen` is the digest of the dealing confirmed.

    Raises Conflict when the dealing is another one by now, and what `create_sitting` and `deal_whole` raise.
    """
    found = seatable(session, exam_test, plan.who, exclusive=plan.mode is SittingMode.PROGRAMMED)
    dealing = deal_whole(plan.rooms, found)
    if dealing.digest() != seen:
        raise Conflict("dealing_changed", N_("Danh sách hoặc cách xếp đã đổi. Xem lại bản dưới đây rồi bấm lần nữa."))
    check_start(plan.mode, plan.schedule, now=now)
    return _create(session, exam_test, plan, dealing.rooms, found.people, actor=actor, now=now)


def create_sitting(
    session: Session,
    exam_test: ExamTest,
    code: str,
    *,
    mode: SittingMode,
    schedule: Schedule,
    rooms: Sequence[tuple[str, str, Sequence[Candidate]]],
    actor: Actor,
    now: datetime,
) -> Sitting:
    """Create a sitting; `rooms` is (code, name, candidates in seat order), each room with just as many places.

    The grace comes from the exam's profile. Raises Invalid when the moments are out of order or the seating cannot be,
    and Conflict when the code is taken or somebody sits in another programmed sitting of the test.
    """
    codes = [room_code for room_code, _, _ in rooms]
    if len(set(codes)) != len(codes):
        raise Invalid("room_twice", N_("Hai phòng thi có cùng mã."))
    dealt = [
        DealtRoom(RoomPlan(room_code, name, max(1, len(people))), tuple(person.number for person in people))
        for room_code, name, people in rooms
    ]
    plan = SittingPlan(code, mode, schedule, [room.plan for room in dealt], Who())
    seated = [person for _, _, people in rooms for person in people]
    return _create(session, exam_test, plan, dealt, seated, actor=actor, now=now)


def check_start(mode: SittingMode, schedule: Schedule, *, now: datetime) -> None:
    """Raise Invalid for a programmed sitting whose start has passed; a rehearsal may be sat from its start on."""
    if mode is SittingMode.PROGRAMMED and schedule.starts_at <= now:
        raise Invalid("start_in_the_past", N_("Giờ bắt đầu đã qua. Đặt một giờ sau giờ hiện tại của máy chủ."))


def code_taken(session: Session, exam_test: ExamTest, code: str) -> bool:
    """Say whether the test has a sitting of this code."""
    found = select(exists().where(Sitting.exam_test_id == exam_test.id, Sitting.code == _composed(code)))
    return bool(session.scalar(found))


def delete_draft(session: Session, sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """Delete a draft that was never frozen, with its rooms and seats; its audit chain stays.

    Raises Conflict when it is no draft or has had a package, whose digest may stand on a posted list.
    """
    lock_draft(session, sitting)
    if latest_package(session, sitting.id) is not None:
        message = N_("Ca thi đã từng đóng gói nên không xóa được: mã gói đề còn trong nhật ký. Hủy ca thi thay vì xóa.")
        raise Conflict("frozen_before", message)
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    rooms = clear_rooms(session, sitting)
    record(session, scope, "sittings.deleted", subject, {"code": sitting.code, "rooms": rooms}, actor=actor, now=now)
    session.expire(sitting, ["rooms"])
    session.delete(sitting)
    session.flush()  # a refusal by the database belongs to this deed


def call_off(session: Session, sitting: Sitting, reason: str, *, actor: Actor, now: datetime) -> None:
    """Say that a sitting will not be held: its package is void, and its candidates may be seated elsewhere.

    Raises Invalid without a reason, Conflict once the paper is open: attempts exist then.
    """
    hold(session, sitting)
    if sitting.state not in (SittingState.DRAFT, SittingState.FROZEN):
        raise Conflict("paper_opened", N_("Đề đã mở hoặc ca thi đã hủy nên không hủy được nữa."))
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do hủy ca thi; lý do vào nhật ký."))
    package = active_package(session, sitting.id)
    if package is not None:
        package.superseded_at = now
    # the seats' copies of `exclusive` follow by the foreign key: the index then holds nobody to this sitting
    sitting.state, sitting.exclusive = SittingState.CALLED_OFF, False
    details = {"reason": reason.strip(), "superseded": package.freeze_no if package else None}
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.called_off", subject, details, actor=actor, now=now)


def _create(
    session: Session,
    exam_test: ExamTest,
    plan: SittingPlan,
    rooms: Sequence[DealtRoom],
    people: Sequence[Candidate],
    *,
    actor: Actor,
    now: datetime,
) -> Sitting:
    check_order(plan.schedule)
    sitting = Sitting(
        id=new_id(),
        exam_test_id=exam_test.id,
        code=_composed(plan.code),
        mode=plan.mode,
        opens_at=plan.schedule.opens_at,
        starts_at=plan.schedule.starts_at,
        grace_seconds=parse_profile(exam_test.exam.profile_text).grace_seconds.value,
        exclusive=plan.mode is SittingMode.PROGRAMMED,
    )
    check_people(session, exam_test, sitting, people)
    try:
        with session.begin_nested():
            session.add(sitting)
    except ConstraintBroken as error:
        raise Conflict("sitting_code_taken", N_("Bài thi đã có ca thi mã “%(code)s”."), code=plan.code) from error
    fill_rooms(session, sitting, rooms, people)
    details = {"code": plan.code, "mode": plan.mode.value, "seats": len(people)}
    record(session, audit_scope(sitting), "sittings.created", f"sitting:{sitting.id}", details, actor=actor, now=now)
    return sitting


def _composed(code: str) -> str:
    return unicodedata.normalize("NFC", code)
