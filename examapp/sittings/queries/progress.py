"""How far exams are, lent to the pages of exams, which stand to the left and know nothing of sittings."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.candidates.models import Candidate
from examapp.exams.models import ExamState, ExamTest
from examapp.exams.queries import Progress
from examapp.papers.models import Blueprint
from examapp.sittings.models import Sitting, SittingMode, SittingState

_NOT_YET = {SittingState.DRAFT, SittingState.FROZEN}


def progress_of(session: Session, exam_id: UUID) -> Progress:
    """Return how far the preparation of an exam is, in three statements."""
    tests = select(ExamTest.id).where(ExamTest.exam_id == exam_id)
    locked = select(Blueprint.exam_test_id).where(Blueprint.exam_test_id.in_(tests), Blueprint.locked_at.is_not(None))
    sat = select(Sitting.exam_test_id, func.count()).where(Sitting.exam_test_id.in_(tests))
    people = select(func.count()).where(Candidate.exam_id == exam_id, Candidate.withdrawn_at.is_(None))
    sittings = {row[0]: row[1] for row in session.execute(sat.group_by(Sitting.exam_test_id))}
    return Progress(
        locked=frozenset(session.scalars(locked)),
        sat=frozenset(sittings),
        candidates=session.scalar(people) or 0,
        sittings=sum(sittings.values()),
    )


def states_of(session: Session, exam_ids: Collection[UUID]) -> dict[UUID, ExamState]:
    """Return where these exams stand by their sittings, in one statement; a rehearsal moves no exam."""
    query = (
        select(ExamTest.exam_id, Sitting.state)
        .join(Sitting, Sitting.exam_test_id == ExamTest.id)
        .where(
            ExamTest.exam_id.in_(exam_ids),
            Sitting.mode == SittingMode.PROGRAMMED,
            Sitting.state != SittingState.CALLED_OFF,
        )
        .distinct()
    )
    states: defaultdict[UUID, set[SittingState]] = defaultdict(set)
    for exam_id, state in session.execute(query):
        states[exam_id].add(state)
    return {exam_id: state_by(states[exam_id]) for exam_id in exam_ids}


def state_by(states: Collection[SittingState]) -> ExamState:
    """Return where an exam stands whose programmed sittings stand here."""
    if states and all(state is SittingState.MARKED for state in states):
        return ExamState.CLOSED
    return ExamState.PREPARING if set(states) <= _NOT_YET else ExamState.HELD
