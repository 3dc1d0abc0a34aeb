"""How far the draw of an opened sitting is, and starting it again after it has failed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress, JobState, enqueue, latest_job
from examapp.sittings.queries import lock_while_opening

DRAW_PAPERS = "delivery.draw_papers"


def draw_progress(session: Session, sitting_id: UUID) -> JobProgress | None:
    """Return how far the newest draw of the sitting is; None before the first."""
    return latest_job(session, DRAW_PAPERS, str(sitting_id))


def draw_again(session: Session, sitting_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Put the draw into the queue once more, with the same package and public value: it gives the same papers.

    Raises Conflict unless the sitting still waits for its papers and the last draw has failed.
    """
    if not lock_while_opening(session, sitting_id):
        raise Conflict("sitting_moved_on", N_("Ca thi không còn ở bước này. Tải lại trang để xem bước hiện tại."))
    last = draw_progress(session, sitting_id)
    if last is not None and last.state in (JobState.WAITING, JobState.RUNNING):
        raise Conflict("draw_running", N_("Máy chủ vẫn đang rút đề nên chưa rút lại được. Chờ trang tự cập nhật."))
    enqueue(session, DRAW_PAPERS, subject=str(sitting_id), owner_id=actor.id, sitting_id=str(sitting_id))
    scope, details = f"sitting:{sitting_id}", {"reason": (last.text() or None) if last else None}
    record(session, scope, "delivery.draw_restarted", scope, details, actor=actor, now=now)
