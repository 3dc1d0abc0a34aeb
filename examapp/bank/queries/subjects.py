"""Subjects within somebody's reach, with their figures.

Exams stand to the right and are not known here: `wiring.py` lends what is known of papers (`lend_papers`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from examapp.access.policy import Reach
from examapp.bank.models import WAITING, Question, QuestionStatus, QuestionVersion, Subject, Topic


@dataclass(frozen=True)
class Figures:
    """How many questions there are, by where they stand."""

    approved: int = 0
    draft: int = 0
    retired: int = 0
    #: approved ones of kinds that no paper holds yet
    waiting: int = 0

    @property
    def usable(self) -> int:
        """Return how many may stand in a paper."""
        return self.approved - self.waiting

    @property
    def total(self) -> int:
        """Return how many there are in all."""
        return self.approved + self.draft + self.retired


@dataclass(frozen=True)
class SubjectRow:
    """A subject as the list shows it."""

    subject: Subject
    figures: Figures
    topics: int


#: the most questions a paper has, by subject, those that a test uses
LargestPapers = Callable[[Session, Collection[UUID]], dict[UUID, int]]
_lent: dict[str, LargestPapers] = {}


def lend_papers(largest: LargestPapers) -> None:
    """Have the largest paper of a subject looked up by this."""
    _lent["papers"] = largest


def largest_paper(session: Session, subject_id: UUID) -> int | None:
    """Return how many questions the largest paper of any test of this subject has; None when no test uses it."""
    return _lent["papers"](session, [subject_id]).get(subject_id) if "papers" in _lent else None


def find_subject(session: Session, subject_id: UUID) -> Subject | None:
    """Return the subject, or None when there is none."""
    return session.get(Subject, subject_id)


def subjects_within(session: Session, reach: Reach) -> list[Subject]:
    """Return the subjects within reach by name."""
    return list(session.scalars(_within(reach)))


def list_subjects(session: Session, reach: Reach) -> list[SubjectRow]:
    """Return the subjects within reach with their figures, in four statements whatever their number."""
    subjects = subjects_within(session, reach)
    ids = [subject.id for subject in subjects]
    figures = _figures(session, ids)
    counted = session.execute(
        select(Topic.subject_id, func.count().label("topics"))
        .where(Topic.subject_id.in_(ids))
        .group_by(Topic.subject_id)
    )
    topics = {row.subject_id: row.topics for row in counted}
    return [SubjectRow(one, figures.get(one.id, Figures()), topics.get(one.id, 0)) for one in subjects]


def figures_of(session: Session, subject_id: UUID) -> Figures:
    """Return the figures of one subject."""
    return _figures(session, [subject_id]).get(subject_id, Figures())


def _figures(session: Session, subject_ids: Sequence[UUID]) -> dict[UUID, Figures]:
    rows = session.execute(
        select(Question.subject_id, Question.status, func.count())
        .where(Question.subject_id.in_(subject_ids))
        .group_by(Question.subject_id, Question.status)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for subject_id, status, count in rows:
        counts.setdefault(subject_id, {})[status.value] = count
    waiting = session.execute(
        select(Question.subject_id, func.count())
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.subject_id.in_(subject_ids), Question.status == QuestionStatus.APPROVED, text(WAITING))
        .group_by(Question.subject_id)
    )
    for subject_id, count in waiting:
        counts[subject_id]["waiting"] = count
    return {subject_id: Figures(**found) for subject_id, found in counts.items()}


def _within(reach: Reach) -> Select[Subject]:
    query = select(Subject).order_by(Subject.search_text, Subject.code)
    return query if reach.everywhere else query.where(Subject.id.in_(reach.ids))
