"""Read exams.

What stands to the right is not known here: `wiring.py` lends how far exams are (`lend_progress`).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.policy import Reach
from examapp.bank.models import Subject
from examapp.core.paging import Page, page_of
from examapp.exams.models import Exam, ExamState, ExamTest


@dataclass(frozen=True)
class Progress:
    """How far the preparation of an exam is."""

    #: tests whose blueprint is locked, and tests of which there is a sitting: these stay as they are
    locked: frozenset[UUID] = frozenset()
    sat: frozenset[UUID] = frozenset()
    candidates: int = 0
    sittings: int = 0


ProgressOf = Callable[[Session, UUID], Progress]
StatesOf = Callable[[Session, Collection[UUID]], Mapping[UUID, ExamState]]
_lent: dict[str, tuple[ProgressOf, StatesOf]] = {}


def lend_progress(progress: ProgressOf, states: StatesOf) -> None:
    """Have the preparation of an exam looked up by `progress`, and where exams stand by `states`."""
    _lent["progress"] = (progress, states)


def progress_of(session: Session, exam_id: UUID) -> Progress:
    """Return how far the preparation of the exam is."""
    return _lent["progress"][0](session, exam_id) if "progress" in _lent else Progress()


def states_of(session: Session, exam_ids: Collection[UUID]) -> Mapping[UUID, ExamState]:
    """Return where these exams stand: being prepared, being held, or over."""
    return _lent["progress"][1](session, exam_ids) if "progress" in _lent and exam_ids else {}


def exam_codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of these exams, those that exist."""
    rows = session.execute(select(Exam.id, Exam.code).where(Exam.id.in_(ids)))
    return {row.id: row.code for row in rows}


def find_exam(session: Session, exam_id: UUID) -> Exam | None:
    """Return the exam, or None when there is none."""
    return session.get(Exam, exam_id)


def find_exam_test(session: Session, exam_test_id: UUID) -> ExamTest | None:
    """Return the test, or None when there is none."""
    return session.get(ExamTest, exam_test_id)


def list_exams(session: Session, reach: Reach, number: int = 1) -> Page[tuple[Exam, int]]:
    """Return a page of the exams within reach, newest first, each with how many tests it has."""
    tests = select(func.count()).where(ExamTest.exam_id == Exam.id).correlate(Exam).scalar_subquery()
    query = select(Exam, tests).order_by(Exam.id.desc())
    if not reach.everywhere:
        query = query.where(Exam.id.in_(reach.ids))
    return page_of(session, query, number)


def tests_with_subjects(session: Session, exam_id: UUID) -> list[tuple[ExamTest, Subject]]:
    """Return the exam's tests in their order, each with its subject."""
    query = select(ExamTest, Subject).join(Subject, Subject.id == ExamTest.subject_id)
    rows = session.execute(query.where(ExamTest.exam_id == exam_id).order_by(ExamTest.position, ExamTest.code))
    return [(test, subject) for test, subject in rows]


def subjects_to_choose(session: Session, reach: Reach, present: UUID | None = None) -> list[tuple[UUID, str]]:
    """Return the subjects within reach, by code, and the one the test has at present.

    A test hands out questions of its subject - a rehearsal at once -, so whoever chooses one must be allowed to see
    its bank: a role in an exam alone opens no bank.
    """
    query = select(Subject.id, Subject.code, Subject.name).order_by(Subject.code)
    if not reach.everywhere:
        query = query.where(Subject.id.in_(reach.ids | ({present} if present else frozenset())))
    rows = session.execute(query)
    return [(row.id, f"{row.code} – {row.name}") for row in rows]
