"""What the candidate's page is told about its attempt: phase, moments, candidate, and what the server has stored."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from examapp.core.clock import to_millis
from examapp.delivery.models import Attempt, ClosedBy
from examapp.delivery.queries import closed_as, last_seq
from examapp.integrity.canonical import b64u, grouped
from examapp.sittings.queries import sitting_facts


def candidate_state(session: Session, attempt: Attempt, *, now: datetime, incarnation: int) -> dict[str, Any]:
    """Return the state as plain values; moments are milliseconds since the epoch by the server's clock."""
    facts = sitting_facts(session, attempt.sitting_id)
    starts_at = attempt.starts_at or facts.starts_at
    closes_at = attempt.closes_at or starts_at + timedelta(minutes=attempt.minutes + attempt.extra_minutes)
    voided = attempt.voided_at is not None
    available = attempt.marked_at is not None or (attempt.rehearsal and attempt.closed_at is not None)
    return {
        "phase": _phase(attempt, now, starts_at, closes_at, available=available),
        "mode": "rehearsal" if attempt.rehearsal else "programmed",
        "now": to_millis(now),
        "starts_at": to_millis(starts_at),
        "closes_at": to_millis(closes_at),
        "minutes": attempt.minutes,
        "extra_minutes": attempt.extra_minutes,
        "grace_seconds": attempt.grace_seconds,
        "attempt": str(attempt.id),
        "sitting": str(attempt.sitting_id),
        "core_digest": b64u(attempt.core_digest),
        "sealed_digest": b64u(attempt.sealed_digest),
        "paper_digest": b64u(attempt.paper_digest),
        "paper_seal": grouped(attempt.sealed_digest.hex().upper()[:12]),
        "lease": attempt.lease,
        "ack": last_seq(session, attempt),
        "incarnation": incarnation,
        "submitted": attempt.closed_by is ClosedBy.CANDIDATE and not voided,
        "closed_by": closed_as(attempt),
        "result_available": available,
        "candidate": {
            "number": attempt.candidate_number,
            "name": attempt.full_name,
            "birth_date": attempt.birth_date.isoformat() if attempt.birth_date else None,
            "room": attempt.room,
            "seat": attempt.seat,
        },
        "exam": {"name": facts.exam_name, "code": facts.exam_code},
        "test": {"name": facts.test_name, "questions": attempt.items, "minutes": attempt.minutes},
        "sitting_code": facts.code,
        "notices": [],
    }


def _phase(attempt: Attempt, now: datetime, starts_at: datetime, closes_at: datetime, *, available: bool) -> str:
    if available:
        return "result"
    if attempt.closed_at is not None or now >= closes_at:
        return "closed"
    return "waiting" if now < starts_at else "open"
