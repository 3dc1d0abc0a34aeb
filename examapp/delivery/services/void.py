"""Void an attempt (hủy bài): it gets no mark and is no result; everything it left stays where it is.

R1 and the audit chain keep what voiding must never hide: the attempt stays in the root with the leaf it was sealed
with, and the event says whether its stored rows still are what was sealed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import result_roots
from examapp.delivery.services.events import add_event
from examapp.delivery.services.locks import locked_attempt
from examapp.delivery.services.sealed import compare


def void_attempt(session: Session, attempt_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Attempt:
    """Void an attempt of a programmed sitting, closing it when it is still written.

    Raises Invalid without a reason, NotFound for an unknown attempt, Conflict for a rehearsal, a second time, and once
    the sitting is marked: a mark stands in root R2, and what changes a result afterwards is a decision of its own.
    """
    reason = reason.strip()
    if not reason:
        raise Invalid("reason_missing", N_("Ghi lý do hủy bài; lý do vào nhật ký."))
    attempt = locked_attempt(session, attempt_id)
    if attempt.rehearsal:
        raise Conflict("rehearsal_not_voided", N_("Bài thi thử không tính kết quả nên không cần hủy."))
    if attempt.voided_at is not None:
        raise Conflict("voided_already", N_("Bài làm này đã bị hủy."))
    roots = result_roots(session, attempt.sitting_id)
    if RootKind.RESULTS in roots:
        message = N_("Ca thi đã chấm, gốc R2 đã có nên không hủy bài ở đây được. Hủy kết quả bằng quyết định riêng.")
        raise Conflict("marked_already", message)
    closed_before = attempt.closed_by.value if attempt.closed_by else None
    details = {"reason": reason, "closed_before": closed_before} | _against_r1(
        session, attempt, roots.get(RootKind.ANSWERS)
    )
    if attempt.closed_at is None:
        attempt.closed_at, attempt.closed_by = now, ClosedBy.VOIDED
    attempt.voided_at = now
    add_event(session, attempt, "voided", by=actor.name, now=now, **details)
    scope = f"sitting:{attempt.sitting_id}"
    whose = {"number": attempt.candidate_number}
    record(session, scope, "delivery.attempt_voided", f"attempt:{attempt.id}", whose | details, actor=actor, now=now)
    return attempt


def _against_r1(session: Session, attempt: Attempt, sealed: SittingRoot | None) -> dict[str, Any]:
    """Return what the events say about the attempt and root R1: nothing before there is one."""
    if sealed is None:
        return {}
    found = compare(session, attempt, sealed)
    return {
        "root": found.root.hex(),
        "leaf": found.kept_leaf.hex() if found.kept_leaf else None,
        "leaf_of_stored_rows": found.stored_leaf.hex() if found.stored_leaf else None,
        "differs_from_r1": found.differs,
    }
