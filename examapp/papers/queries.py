"""What the bank holds for a blueprint: stock per cell, and the versions a freeze would put into the pool."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from examapp.bank.models import Level, Question, QuestionStatus, QuestionVersion, Topic
from examapp.papers.models import Blueprint


def blueprint_of(session: Session, exam_test_id: UUID) -> Blueprint | None:
    """Return the test's blueprint, or None while there is none."""
    return session.scalar(select(Blueprint).where(Blueprint.exam_test_id == exam_test_id))


def count_stock(session: Session, subject_id: UUID) -> dict[tuple[UUID, Level], int]:
    """Return how many approved questions the subject holds per (topic id, level), newest versions only."""
    rows = session.execute(
        select(QuestionVersion.topic_id, QuestionVersion.level, func.count())
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject_id, Question.status == QuestionStatus.APPROVED, _is_newest())
        .group_by(QuestionVersion.topic_id, QuestionVersion.level)
    )
    return {(topic_id, level): count for topic_id, level, count in rows}


def pool_versions(session: Session, blueprint: Blueprint, subject_id: UUID) -> list[QuestionVersion]:
    """Return every approved newest version in the blueprint's cells, in a stable order."""
    wanted = {(cell.topic_id, cell.level) for cell in blueprint.cells}
    rows = session.scalars(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject_id, Question.status == QuestionStatus.APPROVED, _is_newest())
        .order_by(QuestionVersion.id)
    )
    return [version for version in rows if (version.topic_id, version.level) in wanted]


def topics_of(session: Session, subject_id: UUID) -> list[Topic]:
    """Return the subject's topics in their order."""
    return list(
        session.scalars(select(Topic).where(Topic.subject_id == subject_id).order_by(Topic.position, Topic.code))
    )


def _is_newest() -> ColumnElement[bool]:
    newest = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == Question.id)
    return QuestionVersion.number == newest.correlate(Question).scalar_subquery()
