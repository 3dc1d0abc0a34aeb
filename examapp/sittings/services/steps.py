"""What every step of a sitting needs: its audit scope, and moving on by one step."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.sittings.models import Sitting, SittingState


def audit_scope(sitting: Sitting) -> str:
    """Return the scope of the sitting's own audit chain, so that sittings never wait for each other."""
    return f"sitting:{sitting.id}"


def advance(session: Session, sitting_id: UUID, expected: SittingState, new: SittingState) -> None:
    """Move a sitting one step; raise Conflict when somebody moved it before."""
    sitting = session.scalar(
        select(Sitting).where(Sitting.id == sitting_id).with_for_update().execution_options(populate_existing=True)
    )
    if sitting is None or sitting.state is not expected:
        raise Conflict("sitting_moved_on", N_("Ca thi không còn ở bước này. Tải lại trang để xem bước hiện tại."))
    sitting.state = new
