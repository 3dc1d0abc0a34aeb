"""What the worker does for the log: check every chain, make long exports."""

from typing import Any
from uuid import UUID

from examapp.audit.queries import EventFilter, count_events
from examapp.audit.services.checking import CHECK_CHAINS, check_chains
from examapp.audit.services.exporting import EXPORT_EVENTS, MOST, ExportFormat, make_export
from examapp.core.files import keep_file
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job

__all__ = ["CHECK_CHAINS", "EXPORT_EVENTS", "check_all", "export_events"]


# Both are begun on their own pages only: there it is asked anew who may.
@job(CHECK_CHAINS, title=N_("Kiểm tra nhật ký"), repeats=False)
def check_all(run: JobRun) -> dict[str, Any]:
    """Check every chain of the log."""
    return check_chains(run.session, run.keys, now=run.clock.now(), progress=run.progress)


@job(EXPORT_EVENTS, title=N_("Xuất nhật ký"), repeats=False)
def export_events(run: JobRun, *, wanted: str, kind: str, asker: str) -> dict[str, Any]:
    """Make a file of the filtered events for whoever asked for it; the result names the logs looked into, None: all."""
    looked_for, now = EventFilter.from_text(wanted), run.clock.now()
    total = count_events(run.session, looked_for, MOST)

    def progress(done: int) -> None:
        run.progress(min(done, total), total)

    made = make_export(run.session, looked_for, ExportFormat(kind), now=now, keys=run.keys, progress=progress)
    stored = keep_file(run.session, made, owner_id=UUID(asker) if asker else None, now=now)
    return {"file": str(stored.id), "logs": None if looked_for.scopes is None else sorted(looked_for.scopes)}
