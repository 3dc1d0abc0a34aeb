"""The demonstration's sittings, taken through the same steps as a real one: seats, package, public value, opening."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, exists, func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.candidates.models import Candidate
from examapp.demo.exams import candidates_of, further_test
from examapp.exams.models import ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Seat, Sitting, SittingMode, SittingState
from examapp.sittings.services import Schedule, create_sitting, open_paper, record_public_value

#: what a lot drawn in public would give; here everybody may know it
PUBLIC_VALUE = "20261124"
WITNESSES = "Nguyễn Văn Ví Dụ, Trần Văn Ví Dụ"

#: one bank serves every sitting of the demonstration; a real council would not
SHARED = "Dữ liệu ví dụ: một ngân hàng cho mọi ca thi"

_ROOM_SEATS = 15


@dataclass(frozen=True)
class Codes:
    """A frozen sitting and the two codes of its package; they are printed because this is a demonstration."""

    sitting_id: UUID
    sitting_code: str
    paper_code: str
    key_code: str


def add_sitting(
    session: Session, test: ExamTest, *, mode: SittingMode, schedule: Schedule, actor: Actor, now: datetime
) -> Sitting:
    """Add the exam's next sitting with everybody seated in two rooms.

    Everybody sits in one programmed sitting of a test, so that a later one is for a further test of the exam.
    """
    number = 1 + (session.scalar(select(func.count()).select_from(_sittings_of(test.exam_id))) or 0)
    if mode is SittingMode.PROGRAMMED and session.scalar(select(exists().where(Seat.exam_test_id == test.id))):
        test = further_test(session, test, actor=actor, now=now)
    return create_sitting(
        session,
        test,
        f"CA{number}",
        mode=mode,
        schedule=schedule,
        rooms=_rooms(candidates_of(session, test)),
        actor=actor,
        now=now,
    )


def freeze(session: Session, sitting: Sitting, *, keys: NodeKeys, actor: Actor, now: datetime) -> Codes:
    """Freeze a sitting and return its codes."""
    frozen = freeze_sitting(
        session,
        sitting,
        keys=keys,
        random_bytes=secrets.token_bytes,
        shared_pool_reason=SHARED,
        actor=actor,
        now=now,
    )
    return Codes(sitting.id, sitting.code, frozen.paper_code, frozen.key_code)


def open_frozen(
    session: Session, sitting: Sitting, codes: Codes, *, keys: NodeKeys, actor: Actor, now: datetime, secure: bool
) -> None:
    """Record the public value and open the paper; the worker then draws."""
    record_public_value(session, sitting, PUBLIC_VALUE, PUBLIC_VALUE, witness_names=WITNESSES, actor=actor, now=now)
    session.flush()  # the opening is looked up by its package
    open_paper(
        session,
        sitting,
        codes.paper_code,
        key_code=codes.key_code if sitting.mode is SittingMode.REHEARSAL else None,
        secure_transport=secure,
        keys=keys,
        actor=actor,
        now=now,
    )


def sittings_in(session: Session, test: ExamTest, *states: SittingState) -> list[Sitting]:
    """Return the sittings of the test's exam that stand in one of these states, newest first."""
    query = select(Sitting).join(ExamTest).where(ExamTest.exam_id == test.exam_id, Sitting.state.in_(states))
    return list(session.scalars(query.order_by(Sitting.starts_at.desc(), Sitting.id.desc())))


def _sittings_of(exam_id: UUID) -> Subquery:
    return select(Sitting.id).join(ExamTest).where(ExamTest.exam_id == exam_id).subquery()


def _rooms(people: Sequence[Candidate]) -> list[tuple[str, str, Sequence[Candidate]]]:
    parts = [people[start : start + _ROOM_SEATS] for start in range(0, len(people), _ROOM_SEATS)]
    return [(f"P{number:02d}", f"Phòng {number:02d}", part) for number, part in enumerate(parts, start=1)]
