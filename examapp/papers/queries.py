"""What the bank holds for a blueprint: stock per cell, and the versions a freeze would put into the pool."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from examapp.accounts.models import Account
from examapp.audit.models import AuditEvent
from examapp.bank.models import EXAM_KINDS, Level, Question, QuestionStatus, QuestionVersion, Topic
from examapp.exams.models import ExamTest
from examapp.papers.models import Blueprint, BlueprintCell


@dataclass(frozen=True)
class BlueprintLine:
    """A test with the state of its blueprint: how many questions it asks for, and when and by whom it was locked."""

    test: ExamTest
    questions: int
    locked_at: datetime | None
    locked_by: str | None


def blueprint_of(session: Session, exam_test_id: UUID) -> Blueprint | None:
    """Return the test's blueprint with its cells and their topics, or None while there is none."""
    whole = selectinload(Blueprint.cells).joinedload(BlueprintCell.topic)
    return session.scalar(select(Blueprint).where(Blueprint.exam_test_id == exam_test_id).options(whole))


def blueprints_of(session: Session, exam_id: UUID) -> list[BlueprintLine]:
    """Return the tests of an exam in their order, each with its blueprint's state, in one statement."""
    questions = func.coalesce(func.sum(BlueprintCell.count), 0)
    rows = session.execute(
        select(ExamTest, Blueprint.locked_at, Account.display_name, questions)
        .outerjoin(Blueprint, Blueprint.exam_test_id == ExamTest.id)
        .outerjoin(Account, Account.id == Blueprint.locked_by)
        .outerjoin(BlueprintCell, BlueprintCell.blueprint_id == Blueprint.id)
        .where(ExamTest.exam_id == exam_id)
        .group_by(ExamTest.id, Blueprint.id, Account.id)
        .order_by(ExamTest.position, ExamTest.code)
    )
    return [BlueprintLine(test, count, locked_at, name) for test, locked_at, name, count in rows]


def count_stock(session: Session, subject_id: UUID) -> dict[tuple[UUID, Level], int]:
    """Return how many approved questions the subject holds per (topic id, level), newest versions only.

    Counted are those of the kinds that can be drawn into a paper.
    """
    rows = session.execute(
        select(QuestionVersion.topic_id, QuestionVersion.level, func.count())
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject_id, Question.status == QuestionStatus.APPROVED, _is_newest())
        .where(QuestionVersion.kind.in_(EXAM_KINDS))
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
        .where(QuestionVersion.kind.in_(EXAM_KINDS))
        .order_by(QuestionVersion.id)
        # an import is undone only when no package holds its versions: it waits for whoever is just making one
        .with_for_update(key_share=True, read=True, of=QuestionVersion)
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


def locked_by(session: Session, blueprint: Blueprint | None) -> str | None:
    """Return the name of whoever locked the blueprint, or None while it is a draft."""
    if blueprint is None or blueprint.locked_by is None:
        return None
    return session.scalar(select(Account.display_name).where(Account.id == blueprint.locked_by))


def last_saved(session: Session, exam_test: ExamTest, blueprint: Blueprint | None) -> tuple[str, datetime] | None:
    """Return who saved the newest draft and when, as the exam's log has it; None while there is none."""
    if blueprint is None:
        return None
    query = select(AuditEvent.actor_name, AuditEvent.at).where(
        AuditEvent.scope == f"exam:{exam_test.exam_id}",
        AuditEvent.action == "papers.blueprint_set",
        AuditEvent.subject == f"blueprint:{blueprint.id}",
    )
    row = session.execute(query.order_by(AuditEvent.number.desc()).limit(1)).first()
    return (row.actor_name, row.at) if row else None
