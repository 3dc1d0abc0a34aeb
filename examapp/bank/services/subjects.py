"""Begin a subject, name it otherwise, delete one that was begun by mistake."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.scopes import subject_scope
from examapp.accounts.services import end_roles
from examapp.audit.services import record
from examapp.bank.models import Question, Subject, Topic
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from question_bank.questions.text import comparable


def create_subject(session: Session, code: str, name: str, *, actor: Actor, now: datetime) -> Subject:
    """Add a subject; raise Conflict when the code is taken, Invalid when code or name is empty."""
    code, name = comparable(code), comparable(name)
    if not code or not name:
        raise Invalid("subject_unnamed", N_("Môn cần có mã và tên."))
    subject = Subject(code=code, name=name, search_text=fold(f"{code} {name}"))
    try:
        with session.begin_nested():
            session.add(subject)
    except IntegrityError as error:
        raise Conflict("subject_code_taken", N_("Mã môn “%(code)s” đã có. Chọn mã khác."), code=code) from error
    record(session, "system", "bank.subject_created", f"subject:{subject.id}", {"code": code}, actor=actor, now=now)
    return subject


def rename_subject(session: Session, subject: Subject, name: str, *, seen: str, actor: Actor, now: datetime) -> bool:
    """Give the subject another name and say whether that changed anything; its code stays.

    `seen` is the name the person had before his eyes. Raise Conflict when it is another one by now, Invalid without
    a name.
    """
    name = comparable(name)
    if not name:
        raise Invalid("subject_unnamed", N_("Môn cần có mã và tên."))
    hold(session, subject)
    if subject.name == name:
        return False
    if subject.name != seen:
        message = N_("Môn “%(seen)s” vừa được người khác đổi tên thành “%(name)s”. Xem lại rồi đổi nếu vẫn cần.")
        raise Conflict("subject_renamed", message, seen=seen, name=subject.name)
    details = {"subject": {"before": subject.name, "after": name}}
    subject.name, subject.search_text = name, fold(f"{subject.code} {name}")
    record(session, "system", "bank.subject_renamed", f"subject:{subject.id}", details, actor=actor, now=now)
    return True


def delete_subject(session: Session, subject: Subject, *, actor: Actor, now: datetime) -> None:
    """Delete a subject that holds nothing but topics, and end the roles given in it.

    Raises Conflict when it has or had a question, a file was brought to it, or an exam has a test of it.
    """
    hold(session, subject)
    used = Conflict("subject_used", N_("Môn đã có câu hỏi, lần nhập hoặc bài thi nên không xóa được."))
    if session.scalar(select(exists().where(Question.subject_id == subject.id))):
        raise used
    details = {"code": subject.code, "subject": subject.name}
    try:
        with session.begin_nested():
            session.execute(delete(Topic).where(Topic.subject_id == subject.id))
            session.execute(delete(Subject).where(Subject.id == subject.id))
    except IntegrityError as error:  # tests of exams stand to the right of the bank; the database knows them
        raise used from error
    end_roles(session, subject_scope(subject.id), actor=actor, now=now)
    record(session, "system", "bank.subject_deleted", f"subject:{subject.id}", details, actor=actor, now=now)
