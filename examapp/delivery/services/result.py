"""The result a candidate may see: after the sitting is sealed and marked; in a rehearsal right after submission."""

from sqlalchemy.orm import Session

from examapp.delivery.models import Attempt
from examapp.delivery.queries import counted_saves
from examapp.delivery.services.mark import mark_attempt
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import final_answers
from examapp.regulations.scoring import Outcome, recompute
from examapp.sittings.queries import opened_package


def attempt_result(session: Session, attempt: Attempt, *, keys: NodeKeys) -> Outcome | None:
    """Return the attempt's outcome with its explanation, or None while it may not be shown."""
    if attempt.explanation is not None:
        return recompute(attempt.explanation)
    if not attempt.rehearsal or attempt.closed_at is None:
        return None
    opened = opened_package(session, attempt.sitting_id, keys)
    if opened.key is None:
        return None
    answers = final_answers(counted_saves(session, attempt.id))
    return mark_attempt(opened, opened.key, attempt.candidate_number, answers)
