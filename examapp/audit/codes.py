"""Wrong codes of sealed compartments: each one is an event without the code, and slows down the next try.

The events are the count: they are written after the rollback of the refused request (`web/afterwards.py`), and nobody
can take one back. Like a candidate's sign-in it is a delay and never a lock: a lock of 15 minutes would cost a sitting
its start.
"""

import math
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.models import AuditEvent
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.waiting import wait_after
from examapp.integrity.errors import IntegrityError

#: how far back wrong codes are counted
WINDOW = timedelta(minutes=10)


class CodeRefused(Invalid):
    """A code that is not well formed or opens nothing; the caller has it recorded after its rollback."""

    def __init__(self, error: IntegrityError, *, scope: str, compartment: str) -> None:
        super().__init__(error.code, error.message, **error.params)
        self.scope = scope
        self.compartment = compartment


def check_wait(session: Session, scope: str, compartment: str, now: datetime) -> None:
    """Raise Conflict `slow_down` while a compartment waits after wrong codes, the right one included."""
    failures, last = session.execute(
        select(func.count(), func.max(AuditEvent.at)).where(
            AuditEvent.scope == scope, AuditEvent.action == _action(compartment), AuditEvent.at > now - WINDOW
        )
    ).one()
    until = last + wait_after(failures) if last is not None else now
    if now < until:
        message = N_("Đã nhập sai mã nhiều lần. Chờ %(seconds)s giây rồi nhập lại theo phong bì.")
        raise Conflict("slow_down", message, seconds=math.ceil((until - now).total_seconds()))


def record_refused_code(session: Session, refused: CodeRefused, *, actor: Actor, now: datetime) -> None:
    """Write the event of a wrong code: who, which compartment and what was wrong with it, never what was typed."""
    details = {"compartment": refused.compartment, "problem": refused.code}
    record(session, refused.scope, _action(refused.compartment), refused.scope, details, actor=actor, now=now)


def _action(compartment: str) -> str:
    return f"codes.{compartment}_refused"
