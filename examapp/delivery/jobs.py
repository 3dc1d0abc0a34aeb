"""What the worker does for delivery: draw the papers of an opened sitting; close and seal what time has ended; forget
wrong codes.
"""

import logging
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, every, job
from examapp.delivery.models import Attempt, ClosedBy, SignInFailure
from examapp.delivery.queries import FAILURE_WINDOW, unsealed_sittings
from examapp.delivery.services.draw import DRAW_PAPERS
from examapp.delivery.services.prepare import prepare_attempts
from examapp.delivery.services.seal import seal_sitting

__all__ = ["DRAW_PAPERS", "draw_papers", "forget_failures", "seal_overdue"]

logger = logging.getLogger(__name__)


# Candidates wait for it: it is not stopped, and begun again on the sitting's page only, where its package is checked.
@job(DRAW_PAPERS, title=N_("Rút đề cho từng thí sinh"), about="sitting", stops=False, repeats=False)
def draw_papers(run: JobRun, *, sitting_id: str) -> dict[str, Any]:
    """Draw and seal the paper of everybody on the roster."""
    made = prepare_attempts(
        run.session,
        UUID(sitting_id),
        keys=run.keys,
        random_bytes=secrets.token_bytes,
        now=run.clock.now(),
        progress=run.progress,
    )
    return {"attempts": made}


@every(2, "delivery.seal_overdue")
def seal_overdue(run: JobRun) -> int:
    """Seal every sitting that nothing holds up any more, and close rehearsals whose time is over; return how many."""
    now = run.clock.now()
    _close_rehearsals(run.session, run)
    sealed = 0
    for sitting_id in unsealed_sittings(run.session, now):
        try:
            with run.session.begin_nested():
                seal_sitting(run.session, sitting_id, keys=run.keys, actor=SYSTEM, now=now)
            sealed += 1
        except Conflict:  # still somebody to wait for, or somebody was faster
            continue
        except Exception:  # one sitting with a spoilt log must not keep all the others open
            logger.exception("sitting %s could not be sealed", sitting_id)
    return sealed


@every(60, "delivery.forget_failures")
def forget_failures(run: JobRun) -> None:
    """Delete wrong admission codes that no delay and no list counts any more, or guesses would fill the table."""
    old = delete(SignInFailure).where(SignInFailure.at <= run.clock.now() - FAILURE_WINDOW)
    run.session.execute(old, execution_options={"synchronize_session": False})


def _close_rehearsals(session: Session, run: JobRun) -> None:
    now = run.clock.now()
    overdue = select(Attempt.id).where(Attempt.rehearsal, Attempt.closed_at.is_(None), Attempt.closes_at < now)
    session.execute(
        update(Attempt).where(Attempt.id.in_(overdue)).values(closed_at=now, closed_by=ClosedBy.DEADLINE),
        execution_options={"synchronize_session": False},
    )
