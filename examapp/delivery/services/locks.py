"""Load an attempt while its saves wait: for whoever gives it a new writer."""

from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.locks import lock_attempt_exclusive
from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt


def locked_attempt(session: Session, attempt_id: UUID) -> Attempt:
    """Return the attempt as it is under the lock that saves of it wait for; raise NotFound when there is none."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound("attempt_unknown", N_("Không có bài làm này."))
    lock_attempt_exclusive(session, attempt.sitting_id, attempt_id)
    # for update: a sign-in changes the row without the lock, and must not be overwritten with what was read before
    session.refresh(attempt, with_for_update=True)
    return attempt
