"""Read exams."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.exams.models import Exam


def exam_codes(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of these exams, those that exist."""
    rows = session.execute(select(Exam.id, Exam.code).where(Exam.id.in_(ids)))
    return {row.id: row.code for row in rows}
