"""What the worker does for candidates: make the admission slips of an exam."""

from typing import Any
from uuid import UUID

from examapp.access.permissions import Permission
from examapp.candidates.services.slips import MAKE_SLIPS, make_slips
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job

__all__ = ["MAKE_SLIPS", "make_slip_file"]


@job(MAKE_SLIPS, title=N_("Lập phiếu báo dự thi"), about="exam", needs=Permission.EXAM_SLIPS_PRINT.value)
def make_slip_file(run: JobRun, *, exam_id: str, first: str, last: str, asker: str) -> dict[str, Any]:
    """Make the slips from one number to another as a file of whoever asked for them."""
    stored = make_slips(
        run.session,
        UUID(exam_id),
        first,
        last,
        owner_id=UUID(asker) if asker else None,
        keys=run.keys,
        now=run.clock.now(),
        progress=run.progress,
    )
    return {"file": str(stored.id)}
