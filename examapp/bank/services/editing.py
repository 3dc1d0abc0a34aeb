"""Write a question by hand: a new one, a new version of one, an older version put back.

A version never changes: whatever differs in text, key, topic, level or source becomes a new one. Who saves says which
version and which state he began from; when somebody else was faster nothing is written and he is told.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Level, Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.queries.questions import Found, find_same, newest_of, version_of
from examapp.bank.queries.stored import NOTHING_KNOWN, about_of_other_text, about_with_source, text_of, text_values
from examapp.bank.rules import Chosen
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.core.i18n import N_
from question_bank.questions import Question as QuestionText
from question_bank.questions.choices import OptionQuestion
from question_bank.questions.text import comparable, has_broken_characters

LONGEST_CODE = 60


@dataclass(frozen=True)
class Written:
    """What somebody has written: the question and what stands beside it. Without a status it stays as it is."""

    question: QuestionText
    topic_id: UUID
    level: Level
    document: str | None = None
    article: str | None = None
    status: QuestionStatus | None = None
    #: what else is known about it, as `bank.queries.stored` keeps it; a form does not ask for it, so it stays as it was
    about: str = NOTHING_KNOWN


@dataclass(frozen=True)
class Edited:
    """What an edit did: the version it made, and the state it changed from, each None where nothing changed."""

    version: int | None
    status_before: QuestionStatus | None

    @property
    def changed(self) -> bool:
        """Say whether anything was different from what the bank held."""
        return self.version is not None or self.status_before is not None


class AlreadyInBank(Conflict):
    """The subject holds a question of the same text and options already; `found` says which."""

    def __init__(self, found: Found) -> None:
        message = N_("Ngân hàng đã có câu này, mã %(code)s, phiên bản %(number)s.")
        if not found.same_key:
            message = N_("Ngân hàng đã có câu này nhưng đáp án khác, mã %(code)s, phiên bản %(number)s.")
        super().__init__("already_in_bank", message, code=found.code, number=found.number)
        self.found = found


class ChangedMeanwhile(Conflict):
    """Somebody else has saved the question, or changed its state, since the page was opened."""

    def __init__(self, question: Question) -> None:
        message = N_("Câu %(code)s vừa được người khác sửa. Xem thay đổi trước khi lưu.")
        super().__init__("question_changed", message, code=question.code)


def create_question(
    session: Session, subject: Subject, written: Written, code: str, *, actor: Actor, now: datetime
) -> Question:
    """Put a new question into the bank and return it; without a code it gets the next one of its subject.

    Raise AlreadyInBank for a text the subject holds, Conflict for a code that is taken, Invalid for what no question
    may be.
    """
    _alone(session, subject.id)
    _check(session, subject, written)
    question = Question(
        code=_free_code(session, subject, comparable(code)),
        subject_id=subject.id,
        status=written.status or QuestionStatus.DRAFT,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(question)
    except IntegrityError as error:  # codes are unique over all subjects, and another one's author was faster
        raise _taken(question.code) from error
    _add_version(session, question, written, 1, actor=actor, now=now)
    details = {"subject": subject.code, "code": question.code, "status": question.status.value}
    record(session, "system", "bank.question_written", f"question:{question.id}", details, actor=actor, now=now)
    return question


def edit_question(
    session: Session, question: Question, written: Written, seen: Chosen | None, *, actor: Actor, now: datetime
) -> Edited:
    """Make a new version of what differs from the newest one, set the state, and return what was done.

    `seen` is the version and the state the person began from. Raise ChangedMeanwhile when these are others by now,
    AlreadyInBank and Invalid as `create_question` does. What says the same as the bank changes nothing, however old
    the page is.
    """
    newest = _locked(session, question)
    fields, status = _differences(newest, written), written.status or question.status
    of_text = {"stimulus", "stem", "options", "key"} & set(fields)
    about = about_of_other_text(newest.about, other_key="key" in fields) if of_text else newest.about
    written = replace(written, about=about)
    if not fields and status is question.status:
        return Edited(None, None)
    if seen != Chosen(question.id, newest.number, question.status):
        raise ChangedMeanwhile(question)
    subject = session.get_one(Subject, question.subject_id)
    _check(session, subject, written, but=question.id)
    edited = Edited(newest.number + 1 if fields else None, question.status if status is not question.status else None)
    if edited.version:
        _add_version(session, question, written, edited.version, actor=actor, now=now)
    question.status = status
    details: dict[str, object] = {"subject": subject.code, "code": question.code, "fields": fields}
    if edited.version:
        details["version"] = edited.version
    if edited.status_before:
        details["status"] = {"before": edited.status_before.value, "after": status.value}
    record(session, "system", "bank.question_edited", f"question:{question.id}", details, actor=actor, now=now)
    return edited


def restore_version(
    session: Session, question: Question, number: int, seen: Chosen | None, *, actor: Actor, now: datetime
) -> int | None:
    """Make a new version with the content of an older one and return its number; None when nothing would change.

    Raise NotFound for a version there is none of, ChangedMeanwhile and AlreadyInBank as `edit_question` does.
    """
    newest = _locked(session, question)
    older = version_of(session, question, number)
    written = Written(
        text_of(older), older.topic_id, older.level, older.legal_document, older.legal_article, about=older.about
    )
    if not _differences(newest, written):
        return None
    if seen != Chosen(question.id, newest.number, question.status):
        raise ChangedMeanwhile(question)
    subject = session.get_one(Subject, question.subject_id)
    _check(session, subject, written, but=question.id)
    _add_version(session, question, written, newest.number + 1, actor=actor, now=now)
    details = {"subject": subject.code, "code": question.code, "version": newest.number + 1, "restored": number}
    record(session, "system", "bank.version_restored", f"question:{question.id}", details, actor=actor, now=now)
    return newest.number + 1


def _alone(session: Session, subject_id: UUID) -> None:
    """Wait until nobody else writes into the subject; imports and topics take the same lock."""
    hold(session, session.get_one(Subject, subject_id))


def _locked(session: Session, question: Question) -> QuestionVersion:
    """Return the newest version, nobody else changing the question; raise NotFound when it was taken out again."""
    _alone(session, question.subject_id)
    locked = select(Question).where(Question.id == question.id).with_for_update()
    if session.scalar(locked.execution_options(populate_existing=True)) is None:
        raise NotFound("question_gone", N_("Câu này vừa bị đưa ra khỏi ngân hàng cùng cả lần nhập của nó."))
    return newest_of(session, question)


def _check(session: Session, subject: Subject, written: Written, but: UUID | None = None) -> None:
    """Raise what the deeds say for a question that is unsound, has no topic of the subject or is there already."""
    for problem in written.question.validate():
        raise Invalid("question_unsound", problem.message, **problem.params)
    # nobody deletes the topic meanwhile
    topic = select(Topic.id).where(Topic.id == written.topic_id, Topic.subject_id == subject.id)
    if session.scalar(topic.with_for_update(key_share=True)) is None:
        raise Invalid("topic_unknown", N_("Chủ đề này không thuộc môn “%(subject)s”."), subject=subject.name)
    found = find_same(session, subject.id, written.question, but=but)
    if found:
        raise AlreadyInBank(found)


def _differences(version: QuestionVersion, written: Written) -> list[str]:
    """Return the names of what differs between a version and what was written."""
    older, newer = text_of(version), written.question
    pairs: dict[str, tuple[object, object]] = {
        "stimulus": (older.stimulus, newer.stimulus),
        "stem": (older.stem, newer.stem),
        "options": (_options(older), _options(newer)),
        "key": (older.key_json(), newer.key_json()),
        "topic": (version.topic_id, written.topic_id),
        "level": (version.level, written.level),
        "source": ((version.legal_document, version.legal_article), (written.document, written.article)),
    }
    return [name for name, (before, after) in pairs.items() if before != after]


def _options(question: QuestionText) -> object:
    return question.options if isinstance(question, OptionQuestion) else question.native()


def _add_version(
    session: Session, question: Question, written: Written, number: int, *, actor: Actor, now: datetime
) -> None:
    session.add(
        QuestionVersion(
            question_id=question.id,
            number=number,
            topic_id=written.topic_id,
            level=written.level,
            legal_document=written.document,
            legal_article=written.article,
            about=about_with_source(written.about, written.document, written.article),
            author_id=actor.id,
            created_at=now,
            **text_values(written.question),
        )
    )


def _free_code(session: Session, subject: Subject, typed: str) -> str:
    """Return the code as typed when it is free, or the next of the subject's own: its code and a number."""
    if len(typed) > LONGEST_CODE or has_broken_characters(typed):
        raise Invalid("code_bad", N_("Mã câu hỏi dài quá %(most)s ký tự hoặc có ký tự hỏng."), most=LONGEST_CODE)
    if typed:
        if session.scalar(select(Question.id).where(Question.code == typed)):
            raise _taken(typed)
        return typed
    own = rf"^{re.escape(subject.code)}-[0-9]{{4,9}}$"
    last = session.scalar(
        select(func.max(Question.code)).where(
            Question.code.regexp_match(own),
            # the highest number is the last of the longest codes
            func.length(Question.code)
            == select(func.max(func.length(Question.code))).where(Question.code.regexp_match(own)).scalar_subquery(),
        )
    )
    number = int(last.rpartition("-")[2]) + 1 if last else 1
    # beyond the longest codes that are looked at, somebody may have typed one
    while session.scalar(select(Question.id).where(Question.code == f"{subject.code}-{number:04d}")):
        number += 1
    return f"{subject.code}-{number:04d}"


def _taken(code: str) -> Conflict:
    message = N_("Mã “%(code)s” đã dùng cho một câu khác. Đổi mã hoặc để trống để máy đặt mã.")
    return Conflict("code_taken", message, code=code)
