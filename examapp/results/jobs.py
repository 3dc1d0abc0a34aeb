"""What the worker does for results: make the file of a long list."""

from datetime import date
from typing import Any
from uuid import UUID

from examapp.access.permissions import Permission
from examapp.core.clock import LOCAL_ZONE
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job
from examapp.results.documents import Export, ExportKind
from examapp.results.services.exports import MAKE_EXPORT, make_export

__all__ = ["MAKE_EXPORT", "make_export_file"]


@job(MAKE_EXPORT, title=N_("Lập tệp kết quả"), about="sitting", needs=Permission.EXAM_RESULTS_SEE.value)
def make_export_file(
    run: JobRun, *, sitting_id: str, kind: str, asker: str, day: str = "", room: str = ""
) -> dict[str, Any]:
    """Make the file as one of whoever asked for it."""
    owner_id, now = UUID(asker) if asker else None, run.clock.now()
    on = date.fromisoformat(day) if day else now.astimezone(LOCAL_ZONE).date()
    wanted = Export(ExportKind(kind), on, room)
    stored = make_export(
        run.session, UUID(sitting_id), wanted, owner_id=owner_id, keys=run.keys, now=now, progress=run.progress
    )
    return {"file": str(stored.id)}
