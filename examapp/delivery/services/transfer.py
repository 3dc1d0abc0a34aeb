"""Move an attempt to another machine: the old page can write no more, nothing it stored is lost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt
from examapp.delivery.services.events import add_event
from examapp.delivery.services.locks import locked_attempt


def transfer_attempt(session: Session, attempt_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Attempt:
    """Free an attempt from its machine so that the candidate can sign in elsewhere; raise Conflict when closed."""
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do chuyển máy; lý do vào nhật ký."))
    attempt = locked_attempt(session, attempt_id)
    if attempt.closed_at is not None:
        raise Conflict("attempt_closed", N_("Bài đã nộp hoặc đã thu nên không chuyển máy được."))
    if attempt.machine_id is None:
        raise Conflict("no_machine", N_("Thí sinh chưa vào thi ở máy nào; không cần chuyển máy."))
    before = attempt.machine_id
    attempt.lease += 1
    attempt.writer_id = None
    attempt.machine_id = None
    add_event(session, attempt, "transferred", by=actor.name, now=now, reason=reason.strip(), machine=str(before))
    details = {"number": attempt.candidate_number, "reason": reason.strip(), "lease": attempt.lease}
    scope = f"sitting:{attempt.sitting_id}"
    record(session, scope, "delivery.attempt_transferred", f"attempt:{attempt.id}", details, actor=actor, now=now)
    return attempt
