"""Read results: the rows of a sitting's list, and the list as it was made."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, RootKind, SittingRoot
from examapp.results.models import ResultList
from examapp.results.rules import ResultRow, passes


def result_list_of(session: Session, sitting_id: UUID) -> ResultList | None:
    """Return the sitting's result list, or None while there is none."""
    return session.scalar(select(ResultList).where(ResultList.sitting_id == sitting_id))


def marked_rows(session: Session, sitting_id: UUID, pass_share: str) -> list[ResultRow]:
    """Return the result of everybody rostered by candidate number, voided attempts as such; empty before marking."""
    marked = exists().where(SittingRoot.sitting_id == Attempt.sitting_id, SittingRoot.kind == RootKind.RESULTS)
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.sitting_id == sitting_id, Attempt.rehearsal.is_(False), marked)
        .where(Attempt.marked_at.is_not(None) | Attempt.voided_at.is_not(None))
        .order_by(Attempt.candidate_number, Attempt.try_number)
    )
    return [_row(attempt, pass_share) for attempt in attempts]


def _row(attempt: Attempt, pass_share: str) -> ResultRow:
    voided = attempt.voided_at is not None
    return ResultRow(
        number=attempt.candidate_number,
        full_name=attempt.full_name,
        birth_date=attempt.birth_date.isoformat() if attempt.birth_date else None,
        room=attempt.room,
        correct=attempt.correct or 0,
        total=attempt.items,
        passed=not voided and passes(attempt.correct or 0, attempt.items, pass_share),
        present=attempt.lease > 0,
        voided=voided,
    )
