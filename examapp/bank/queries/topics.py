"""The topics of a subject, in their order, and how much each holds."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.bank.models import EXAM_KINDS, Question, QuestionStatus, QuestionVersion, Topic
from examapp.bank.queries.lists import newest_version


@dataclass(frozen=True)
class TopicRow:
    """A topic as the list shows it: its questions in their newest version, and those of them that papers may use."""

    topic: Topic
    questions: int
    approved: int


def find_topic(session: Session, topic_id: UUID) -> Topic | None:
    """Return the topic, or None when there is none."""
    return session.get(Topic, topic_id)


def list_topics(session: Session, subject_id: UUID) -> list[Topic]:
    """Return the subject's topics in their order."""
    query = select(Topic).where(Topic.subject_id == subject_id).order_by(Topic.position, Topic.code)
    return list(session.scalars(query))


def topic_rows(session: Session, subject_id: UUID) -> list[TopicRow]:
    """Return the subject's topics in their order with their questions, in two statements whatever their number."""
    approved = func.count().filter(Question.status == QuestionStatus.APPROVED, QuestionVersion.kind.in_(EXAM_KINDS))
    rows = session.execute(
        select(QuestionVersion.topic_id, func.count(), approved)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject_id, newest_version())
        .group_by(QuestionVersion.topic_id)
    )
    counts = {topic_id: (total, usable) for topic_id, total, usable in rows}
    return [TopicRow(topic, *counts.get(topic.id, (0, 0))) for topic in list_topics(session, subject_id)]
