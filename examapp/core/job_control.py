"""Stop a job, or have one that failed done again: in the transaction of the deed, like putting it into the queue.

The progress row is locked first, so of two people who press at once the second finds what the first has done.
"""

import json
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress, JobState, enqueue, job_kinds

#: no job has a number this high
_NUMBERS_END = 2**63
#: the queue's own functions and words: migrations/sql/procrastinate_3_10.sql
_TAKE_OUT = text("SELECT procrastinate_cancel_job_v1(:number, false, false)")
_VALUES = text("SELECT args::text FROM procrastinate_jobs WHERE id = :number AND status NOT IN ('todo', 'doing')")


def find_job(session: Session, number: int) -> JobProgress | None:
    """Return the progress of a job by its number, which may be any that somebody typed."""
    return session.get(JobProgress, number) if number < _NUMBERS_END else None


def stop_job(session: Session, job: JobProgress, *, now: datetime) -> bool:
    """Take a waiting job out of the queue (True), or ask a running one to stop (False).

    A running one ends at its next note of progress, or at its end, and nothing of its work is kept. Raises Conflict for
    a kind that must not be stopped, and for a job that has ended or was asked before.
    """
    kind = job_kinds.get(job.kind)
    if kind is not None and not kind.stops:
        raise Conflict("job_unstoppable", N_("Việc này không dừng được vì ca thi đang chờ kết quả của nó."))
    _lock(session, job)
    if job.state.has_ended:
        raise Conflict("job_ended", N_("Việc này đã kết thúc nên không dừng được nữa."))
    if job.stop_asked_at is not None:
        raise Conflict("stop_asked", N_("Việc này đã được yêu cầu dừng và sẽ dừng trong giây lát."))
    job.stop_asked_at = now
    taken_out = session.scalar(_TAKE_OUT, {"number": job.job_id}) is not None
    if taken_out:
        job.state, job.message, job.params = JobState.CANCELLED, None, {}
        job.finished_at = now
    return taken_out


def repeat_job(session: Session, job: JobProgress) -> int:
    """Put a failed or stopped job into the queue once more, for the same owner with the same values.

    Returns the number of the new job. Raises Conflict for a kind that is begun again elsewhere, for a job that has not
    failed, and for one that is being done again already.
    """
    kind = job_kinds.get(job.kind)
    if kind is None or not kind.repeats:
        raise Conflict("job_unrepeatable", N_("Việc này không làm lại được từ đây. Mở trang của nó để bắt đầu lại."))
    _lock(session, job)
    if job.again_id is not None:
        message = N_("Việc này đã được làm lại thành việc số %(number)s.")
        raise Conflict("repeated_already", message, number=job.again_id)
    values = session.scalar(_VALUES, {"number": job.job_id})
    if job.state not in (JobState.FAILED, JobState.CANCELLED) or values is None:
        raise Conflict("job_not_failed", N_("Chỉ làm lại được việc đã dừng hoặc không xong. Tải lại trang để xem."))
    job.again_id = enqueue(session, job.kind, subject=job.subject, owner_id=job.owner_id, **json.loads(values))
    return job.again_id


def _lock(session: Session, job: JobProgress) -> None:
    """Read the job anew, its row locked until the deed's end."""
    query = select(JobProgress).where(JobProgress.job_id == job.job_id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).one()
