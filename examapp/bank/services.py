"""What people do to the bank: subjects and topics. Bringing questions in is in `imports.py`."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject, Topic
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


def find_or_create_topic(session: Session, subject: Subject, code: str, name: str) -> Topic:
    """Return the subject's topic of that code, or of that name, made at the end of the list when it is new."""
    topic = session.scalar(
        select(Topic)
        .where(Topic.subject_id == subject.id, or_(Topic.code == code, Topic.name == name))
        .order_by((Topic.code == code).desc(), Topic.position)
        .limit(1)
    )
    if topic is None:
        position = session.scalar(select(func.count()).where(Topic.subject_id == subject.id)) or 0
        topic = Topic(subject_id=subject.id, code=code, name=name or code, position=position)
        session.add(topic)
        session.flush()  # versions refer to its id
    return topic
