"""What the worker does for sittings: make the lists that are printed."""

from typing import Any
from uuid import UUID

from examapp.access.permissions import Permission
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job
from examapp.sittings.documents import ListKind
from examapp.sittings.services.lists import MAKE_LIST, make_list

__all__ = ["MAKE_LIST", "make_list_file"]


@job(MAKE_LIST, title=N_("Lập danh sách in của ca thi"), about="sitting", needs=Permission.EXAM_EXAM_SEE.value)
def make_list_file(run: JobRun, *, sitting_id: str, kind: str, room: str, asker: str) -> dict[str, Any]:
    """Make a list of one room or of all as a file of whoever asked for it."""
    owner_id = UUID(asker) if asker else None
    now = run.clock.now()
    stored = make_list(run.session, UUID(sitting_id), ListKind(kind), room, owner_id=owner_id, keys=run.keys, now=now)
    return {"file": str(stored.id)}
