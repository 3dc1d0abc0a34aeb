"""Begin a subject."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject
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
