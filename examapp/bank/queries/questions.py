"""Read one question: its versions and who wrote them, its neighbours in the list, another one with the same text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from examapp.accounts.models import Account
from examapp.bank.models import Import, Question, QuestionVersion, Topic
from examapp.bank.queries.stored import question_digest
from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.core.paging import Page, page_of
from examapp.integrity.canonical import jcs
from question_bank.questions import Question as QuestionText

#: so many documents are offered while one is typed
_MOST_DOCUMENTS = 200


@dataclass(frozen=True)
class VersionLine:
    """A version as the list of versions shows it."""

    id: UUID
    number: int
    created_at: datetime
    author: str | None


@dataclass(frozen=True)
class Origin:
    """Where a question came from: who wrote the first version, and the file of an import."""

    author: str | None
    import_id: UUID | None
    file_name: str | None


@dataclass(frozen=True)
class Found:
    """A version in the bank with the same text and options."""

    question_id: UUID
    version_id: UUID
    code: str
    number: int
    is_newest: bool
    same_key: bool


def find_question(session: Session, question_id: UUID) -> Question | None:
    """Return the question, or None when there is none."""
    return session.get(Question, question_id)


def find_question_of_version(session: Session, version_id: UUID) -> Question | None:
    """Return the question a version belongs to, or None when there is no such version."""
    version = session.get(QuestionVersion, version_id, options=[joinedload(QuestionVersion.question)])
    return version.question if version else None


def newest_of(session: Session, question: Question) -> QuestionVersion:
    """Return the newest version of a question with its topic, as it is stored now."""
    query = _versions(question).order_by(QuestionVersion.number.desc()).limit(1)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def version_of(session: Session, question: Question, number: int) -> QuestionVersion:
    """Return a version of a question by its number; raise NotFound when it has none of that number."""
    version = session.scalar(_versions(question).where(QuestionVersion.number == number))
    if version is None:
        message = N_("Câu %(code)s không có phiên bản %(number)s.")
        raise NotFound("version_unknown", message, code=question.code, number=number)
    return version


def list_versions(session: Session, question: Question, page: int) -> Page[VersionLine]:
    """Return the versions of a question, newest first, with the people who wrote them."""
    rows = page_of(
        session,
        select(QuestionVersion.id, QuestionVersion.number, QuestionVersion.created_at, Account.display_name)
        .outerjoin(Account, Account.id == QuestionVersion.author_id)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number.desc()),
        page,
    )
    return rows.with_rows([VersionLine(*row) for row in rows.rows])


def origin_of(session: Session, question: Question) -> Origin:
    """Return where the question came from."""
    author, file_name = session.execute(
        select(Account.display_name, Import.file_name)
        .select_from(QuestionVersion)
        .outerjoin(Account, Account.id == QuestionVersion.author_id)
        .outerjoin(Import, Import.id == question.import_id)
        .where(QuestionVersion.question_id == question.id, QuestionVersion.number == 1)
    ).one()
    return Origin(author, question.import_id, file_name)


def neighbours_of(session: Session, question: Question) -> tuple[UUID | None, UUID | None]:
    """Return the questions before and after this one in the subject's list by code."""
    of_subject = select(Question.id).where(Question.subject_id == question.subject_id)
    before = of_subject.where(Question.code < question.code).order_by(Question.code.desc()).limit(1)
    after = of_subject.where(Question.code > question.code).order_by(Question.code).limit(1)
    return session.scalar(before), session.scalar(after)


def author_of(session: Session, version: QuestionVersion) -> str | None:
    """Return the name of whoever wrote the version, None for one that the system made."""
    return session.scalar(select(Account.display_name).where(Account.id == version.author_id))


def find_same(session: Session, subject_id: UUID, question: QuestionText, *, but: UUID | None = None) -> Found | None:
    """Return a version of another question of the subject with the same text and options, whatever its key.

    One with the same key, then one in its newest version, comes first. `but` is the question that is being edited.
    """
    newest = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == Question.id)
    content = question.content_json()
    digest = question_digest(content, question.key_json())
    is_newest = QuestionVersion.number == newest.correlate(Question).scalar_subquery()
    same_key = QuestionVersion.digest == digest
    row = session.execute(
        select(Question.id, QuestionVersion.id, Question.code, QuestionVersion.number, is_newest, same_key)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject_id, QuestionVersion.content == jcs(content).decode())
        .where(*([Question.id != but] if but else []))
        .order_by(same_key.desc(), is_newest.desc(), Question.code)
        .limit(1)
    ).first()
    return Found(*row) if row else None


def documents_of(session: Session, subject_id: UUID) -> list[str]:
    """Return the legal documents that questions of the subject rest on, in order of their names."""
    query = (
        select(QuestionVersion.legal_document)
        .join(Topic, Topic.id == QuestionVersion.topic_id)
        .where(Topic.subject_id == subject_id, QuestionVersion.legal_document.is_not(None))
        .distinct()
        .order_by(QuestionVersion.legal_document)
        .limit(_MOST_DOCUMENTS)
    )
    return [document for document in session.scalars(query) if document]


def _versions(question: Question) -> Select[QuestionVersion]:
    return (
        select(QuestionVersion)
        .options(joinedload(QuestionVersion.topic))
        .where(QuestionVersion.question_id == question.id)
    )
