"""Read sittings: one, lists of them, what pages call them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.policy import Reach
from examapp.candidates.models import Candidate
from examapp.core.paging import Page, page_of
from examapp.exams.models import Exam, ExamTest
from examapp.papers.models import Blueprint
from examapp.sittings.models import Opening, Package, Room, Seat, Sitting, SittingState, full_code


@dataclass(frozen=True)
class SittingFacts:
    """The plain facts of a sitting that a candidate's page shows."""

    code: str
    starts_at: datetime
    exam_name: str
    exam_code: str
    test_name: str


def sitting_facts(session: Session, sitting_id: UUID) -> SittingFacts:
    """Return the plain facts of a sitting, in one statement."""
    row = session.execute(
        select(Sitting.code, Sitting.starts_at, Exam.name, Exam.code, ExamTest.name)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Sitting.id == sitting_id)
    ).one()
    return SittingFacts(*row)


def find_sitting(session: Session, sitting_id: UUID) -> Sitting | None:
    """Return the sitting, or None when there is none."""
    return session.get(Sitting, sitting_id)


def list_sittings(session: Session, reach: Reach, limit: int = 200) -> list[tuple[Sitting, ExamTest, Exam]]:
    """Return the newest sittings of the exams within reach, each with its test and exam: one statement."""
    query = (
        select(Sitting, ExamTest, Exam)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .order_by(Sitting.starts_at.desc(), Sitting.code)
        .limit(limit)
    )
    if not reach.everywhere:
        query = query.where(Exam.id.in_(reach.ids))
    return [(sitting, test, exam) for sitting, test, exam in session.execute(query)]


def sitting_codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what pages call these sittings, those that exist: exam and sitting code, in one statement."""
    rows = session.execute(
        select(Sitting.id, Exam.code, Sitting.code)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(Sitting.id.in_(ids))
    )
    return {sitting_id: full_code(exam, code) for sitting_id, exam, code in rows}


def lock_while_opening(session: Session, sitting_id: UUID) -> bool:
    """Say whether the paper is open and the draw not done; the sitting then stays so until the transaction ends."""
    state = session.scalar(select(Sitting.state).where(Sitting.id == sitting_id).with_for_update())
    return state is SittingState.OPENING


@dataclass(frozen=True)
class ExamSitting:
    """A sitting in the list of its exam."""

    sitting: Sitting
    test: ExamTest
    rooms: int
    places: int
    seated: int
    #: the public value is recorded
    valued: bool


@dataclass(frozen=True)
class Readiness:
    """What an exam has of what a sitting needs."""

    tests: int
    locked: int
    candidates: int

    @property
    def complete(self) -> bool:
        """Say whether a sitting can be made, and frozen later."""
        return bool(self.tests and self.locked and self.candidates)


def exam_sittings(session: Session, exam_id: UUID, number: int) -> Page[ExamSitting]:
    """Return a page of the exam's sittings by their start: two statements."""
    rooms = (
        select(Room.sitting_id, func.count().label("rooms"), func.sum(Room.places).label("places"))
        .group_by(Room.sitting_id)
        .subquery()
    )
    seats = select(Seat.sitting_id, func.count().label("seated")).group_by(Seat.sitting_id).subquery()
    valued = (
        select(Opening.package_id)
        .join(Package, Package.id == Opening.package_id)
        .where(Package.sitting_id == Sitting.id, Package.superseded_at.is_(None))
        .exists()
    )
    query = (
        select(Sitting, ExamTest, rooms.c.rooms, rooms.c.places, seats.c.seated, valued.label("valued"))
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .outerjoin(rooms, rooms.c.sitting_id == Sitting.id)
        .outerjoin(seats, seats.c.sitting_id == Sitting.id)
        .where(ExamTest.exam_id == exam_id)
        .order_by(Sitting.starts_at, ExamTest.position, Sitting.code)
    )
    page = page_of(session, query, number)
    rows = [ExamSitting(row[0], row[1], row[2] or 0, row[3] or 0, row[4] or 0, row[5]) for row in page.rows]
    return page.with_rows(rows)


def readiness(session: Session, exam_id: UUID) -> Readiness:
    """Return what the exam has of what a sitting needs: one statement."""
    tests = select(func.count(), func.count(Blueprint.locked_at)).select_from(ExamTest)
    tests = tests.outerjoin(Blueprint, Blueprint.exam_test_id == ExamTest.id).where(ExamTest.exam_id == exam_id)
    people = select(func.count()).where(Candidate.exam_id == exam_id, Candidate.withdrawn_at.is_(None))
    counts = session.execute(tests.add_columns(people.scalar_subquery())).one()
    return Readiness(counts[0], counts[1], counts[2])


def exam_tests(session: Session, exam_id: UUID) -> list[ExamTest]:
    """Return the tests of an exam in their order."""
    query = select(ExamTest).where(ExamTest.exam_id == exam_id).order_by(ExamTest.position, ExamTest.code)
    return list(session.scalars(query))


def rooms_of_latest(session: Session, exam_id: UUID) -> list[Room]:
    """Return the rooms of the exam's newest sitting: the next one is usually held in the same."""
    newest = select(Sitting.id).join(ExamTest).where(ExamTest.exam_id == exam_id).order_by(Sitting.id.desc()).limit(1)
    query = select(Room).where(Room.sitting_id == newest.scalar_subquery()).order_by(Room.position, Room.code)
    return list(session.scalars(query))


def has_sittings(session: Session, exam_test_id: UUID) -> bool:
    """Say whether there is a sitting of this test, called off or not."""
    return session.scalar(select(Sitting.id).where(Sitting.exam_test_id == exam_test_id).limit(1)) is not None
