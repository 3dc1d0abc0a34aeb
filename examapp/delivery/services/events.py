"""Write down what happened to an attempt outside its answers."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt, AttemptEvent
from examapp.delivery.queries import next_event_number


def add_event(session: Session, attempt: Attempt, kind: str, *, by: str, now: datetime, **details: Any) -> AttemptEvent:
    """Append an event to the attempt's history; `by` names the candidate's page or the member of staff."""
    event = AttemptEvent(
        attempt_id=attempt.id,
        number=next_event_number(session, attempt.id),
        at=now,
        kind=kind,
        actor=by,
        details=details,
    )
    session.add(event)
    return event
