"""Work that is too long for a request: put in a queue on PostgreSQL, in the transaction of the deed that asked for it.

A feature names its jobs with `@job`, or has something done again and again with `@every`; `wiring.py` imports them. A
deed calls `enqueue`: if it is rolled back, no job is left. The worker (core/worker.py) gives each job a transaction of
its own, and writes DONE in it: the job of a worker that died is run again by another one, and work that was committed
is never done twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import procrastinate
from sqlalchemy import BigInteger, CheckConstraint, Index, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from examapp.core.clock import Clock
from examapp.core.db import Base
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.integrity.keys import NodeKeys

#: the queues: what people may stop, and what nobody may stop because a sitting waits for it
STAFF_QUEUE, SITTING_QUEUE = "staff", "sitting"
#: so many jobs of one kind may one person have in the queue: whoever orders more keeps others from theirs
MOST_OPEN = 20


class JobState(StrEnum):
    """What became of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    #: somebody stopped it; nothing of its work was kept
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more will come of the job."""
        return self not in (JobState.WAITING, JobState.RUNNING)


class JobStopped(Exception):
    """Ends a job that somebody has asked to stop; its transaction is rolled back."""


class JobProgress(Base):
    """What a page shows of a job.

    No foreign keys: the queue forgets finished jobs, and this package knows no accounts.
    """

    __tablename__ = "job_progress"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="done_at_most_total"),
        CheckConstraint("state <> 'failed' OR message IS NOT NULL", name="failed_has_message"),
        CheckConstraint("state NOT IN ('waiting', 'running') OR finished_at IS NULL", name="finished_has_ended"),
        CheckConstraint("again_id IS NULL OR state IN ('failed', 'cancelled')", name="again_after_failure"),
        Index("ix_job_progress_owner_id_job_id", "owner_id", "job_id"),
    )

    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str]
    #: what it works on, such as a sitting's id; pages look it up by this
    subject: Mapped[str] = mapped_column(index=True)
    owner_id: Mapped[UUID | None]
    done: Mapped[int] = mapped_column(default=0)
    #: None while it is not known
    total: Mapped[int | None]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    #: what the person is told: a marked text and the values of its placeholders, translated where it is shown
    message: Mapped[str | None]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sql("'{}'::jsonb"))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    #: times of the database's clock
    created_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    #: when somebody asked it to stop
    stop_asked_at: Mapped[datetime | None]
    #: the job that does it again
    again_id: Mapped[int | None] = mapped_column(BigInteger)

    def text(self) -> str:
        """Return what the person is told, in Vietnamese; empty when there is nothing to say."""
        message = self.message or ""
        return message % self.params if self.params else message


class JobRun(Protocol):
    """What the worker gives to a job."""

    #: the job's transaction: committed when the job returns, rolled back when it raises
    session: Session
    keys: NodeKeys
    clock: Clock

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Show how far the job is, at once and whatever becomes of its transaction; `message` is a marked text.

        Raises JobStopped when somebody has asked the job to stop: let it pass.
        """


JobFunction = Callable[..., Mapping[str, Any] | None]
TickFunction = Callable[[JobRun], object]


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name in the queue, what it does, how often it is tried, and what people may do with it."""

    name: str
    function: JobFunction
    attempts: int
    #: what people call it, a marked text
    title: str = ""
    #: what a bare id in `subject` is the id of, such as "sitting"; the log's name of the thing is made of both
    about: str = ""
    #: whether people may stop it, and have it done again from the list of jobs
    stops: bool = True
    repeats: bool = True
    #: the permission its owner must still hold on the subject for it to be done again
    needs: str = ""

    @property
    def queue(self) -> str:
        """Return which queue it waits in: what a sitting waits for also has a worker of its own."""
        return STAFF_QUEUE if self.stops else SITTING_QUEUE

    def thing(self, subject: str) -> str:
        """Return what the log calls the thing a job works on, such as `sitting:0190…`; empty for none."""
        return f"{self.about}:{subject}" if subject and self.about and ":" not in subject else subject


@dataclass(frozen=True)
class Tick:
    """Something done again and again."""

    name: str
    function: TickFunction
    seconds: float


job_kinds: dict[str, JobKind] = {}
ticks: dict[str, Tick] = {}


def job(
    name: str,
    *,
    title: str = "",
    about: str = "",
    attempts: int = 3,
    stops: bool = True,
    repeats: bool = True,
    needs: str = "",
) -> Callable[[JobFunction], JobFunction]:
    """Name a function `(run: JobRun, **plain_values) -> result | None` as a job; `JobKind` says what the rest means.

    What it returns is kept as the result; {"file": id} names a file that it has made. A ServiceError ends it with its
    sentence; anything else is tried `attempts` times.
    """

    def register(function: JobFunction) -> JobFunction:
        made = JobKind(name, function, attempts, title, about, stops, repeats, needs)
        known = job_kinds.setdefault(name, made)
        assert known.function is function, f"two jobs are named {name}"
        return function

    return register


def every(seconds: float, name: str) -> Callable[[TickFunction], TickFunction]:
    """Have the worker call a function `(run: JobRun)` every so many seconds; of several workers one does."""

    def register(function: TickFunction) -> TickFunction:
        known = ticks.setdefault(name, Tick(name, function, seconds))
        assert known.function is function, f"two ticks are named {name}"
        return function

    return register


def enqueue(
    session: Session, name: str, *, subject: str = "", owner_id: UUID | None = None, **values: str | int | bool | None
) -> int:
    """Put a job in the queue in the session's transaction and return its number.

    `values` are handed to the job as they are: plain values only, ids as text. What a sitting waits for goes before
    what people have ordered. Raises Conflict when its owner has too many of the kind in the queue.
    """
    assert name in job_kinds, f"no job is named {name}: does wiring.py import it?"
    if owner_id is not None:
        _check_few(session, name, owner_id)
    queue = job_kinds[name].queue
    priority = 1 if queue == SITTING_QUEUE else 0
    connection = session.connection().connection.driver_connection
    task = _queue.configure_task(name, queue=queue, priority=priority, connection=connection, allow_unknown=True)
    number = task.defer(**values)
    session.add(JobProgress(job_id=number, kind=name, subject=subject, owner_id=owner_id))
    return number


def _check_few(session: Session, name: str, owner_id: UUID) -> None:
    still_open = JobProgress.state.in_([JobState.WAITING, JobState.RUNNING])
    theirs = select(func.count()).where(JobProgress.owner_id == owner_id, JobProgress.kind == name, still_open)
    count = session.scalar(theirs) or 0
    if count >= MOST_OPEN:
        message = N_("Anh/chị có %(count)s việc cùng loại chưa xong. Chờ xong, hoặc dừng bớt ở trang việc chạy nền.")
        raise Conflict("too_many_jobs", message, count=count)


def latest_job(session: Session, name: str, subject: str) -> JobProgress | None:
    """Return the progress of the newest job of this kind on this subject."""
    query = select(JobProgress).where(JobProgress.kind == name, JobProgress.subject == subject)
    return session.scalars(query.order_by(JobProgress.job_id.desc()).limit(1)).first()


def latest_own_job(session: Session, name: str, subject: str, owner_id: UUID | None) -> JobProgress | None:
    """Return the newest job of this kind on this subject that this person asked for."""
    query = select(JobProgress).where(
        JobProgress.kind == name, JobProgress.subject == subject, JobProgress.owner_id == owner_id
    )
    return session.scalars(query.order_by(JobProgress.job_id.desc()).limit(1)).first()


# Only ever used on the connection of a session, so its own pool is never opened.
_queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
