"""Work that is too long for a request: put in a queue on PostgreSQL, in the transaction of the deed that asked for it.

A feature names its jobs with `@job`, or has something done again and again with `@every`; `wiring.py` imports them. A
deed calls `enqueue`: if it is rolled back, no job is left. The worker (core/worker.py) gives each job a transaction of
its own, and writes DONE in it: the job of a worker that died is run again by another one, and work that was committed
is never done twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import procrastinate
from sqlalchemy import BigInteger, CheckConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from examapp.core.clock import Clock
from examapp.core.db import Base
from examapp.integrity.keys import NodeKeys


class JobState(StrEnum):
    """What became of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobProgress(Base):
    """What a page shows of a job.

    No foreign keys: the queue forgets finished jobs, and this package knows no accounts.
    """

    __tablename__ = "job_progress"
    __table_args__ = (
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="done_at_most_total"),
        CheckConstraint("state <> 'failed' OR message IS NOT NULL", name="failed_has_message"),
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
    #: a Vietnamese sentence for the person
    message: Mapped[str | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class JobRun(Protocol):
    """What the worker gives to a job."""

    #: the job's transaction: committed when the job returns, rolled back when it raises
    session: Session
    keys: NodeKeys
    clock: Clock

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Show how far the job is, at once and whatever becomes of its transaction."""


JobFunction = Callable[..., Mapping[str, Any] | None]
TickFunction = Callable[[JobRun], object]


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name in the queue, what it does, how often it is tried."""

    name: str
    function: JobFunction
    attempts: int


@dataclass(frozen=True)
class Tick:
    """Something done again and again."""

    name: str
    function: TickFunction
    seconds: float


job_kinds: dict[str, JobKind] = {}
ticks: dict[str, Tick] = {}


def job(name: str, *, attempts: int = 3) -> Callable[[JobFunction], JobFunction]:
    """Name a function `(run: JobRun, **plain_values) -> result | None` as a job.

    What it returns is kept as the result. A ServiceError ends it with its sentence; anything else is tried `attempts`
    times.
    """

    def register(function: JobFunction) -> JobFunction:
        known = job_kinds.setdefault(name, JobKind(name, function, attempts))
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

    `values` are handed to the job as they are: plain values only, ids as text.
    """
    assert name in job_kinds, f"no job is named {name}: does wiring.py import it?"
    connection = session.connection().connection.driver_connection
    number = _queue.configure_task(name, connection=connection, allow_unknown=True).defer(**values)
    session.add(JobProgress(job_id=number, kind=name, subject=subject, owner_id=owner_id))
    return number


def latest_job(session: Session, name: str, subject: str) -> JobProgress | None:
    """Return the progress of the newest job of this kind on this subject."""
    query = select(JobProgress).where(JobProgress.kind == name, JobProgress.subject == subject)
    return session.scalars(query.order_by(JobProgress.job_id.desc()).limit(1)).first()


# Only ever used on the connection of a session, so its own pool is never opened.
_queue = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
