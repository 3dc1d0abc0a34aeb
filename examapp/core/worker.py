"""The process that does the jobs: one transaction per job, progress that pages can show, plain words when it fails."""

import asyncio
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import procrastinate
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from examapp.core.clock import Clock, SystemClock
from examapp.core.db import engine_for, unit_of_work
from examapp.core.errors import ServiceError
from examapp.core.i18n import N_
from examapp.core.jobs import JobKind, JobProgress, JobState, JobStopped, Tick, job_kinds, ticks
from examapp.integrity.keys import NodeKeys

log = logging.getLogger(__name__)

UNEXPECTED = N_(
    "Việc chạy nền gặp lỗi ngoài dự kiến và đã dừng. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm số %(number)s."
)

#: a worker that has not been heard of for so long is dead; its jobs are taken over
_STALLED_SECONDS = 30
#: at most one progress note per job in this time, or the notes would cost more than the work
_PROGRESS_SECONDS = 0.25
#: first keys of the advisory locks: one per tick, one per job
_TICK_LOCKS = 7_402_114
_JOB_LOCKS = 7_402_115
#: not now(): a job's transaction began long before its end
_NOW = func.clock_timestamp()
#: what is known of a job when a worker takes it up, whatever an earlier try had noted
_BEGINNING: dict[str, Any] = {
    "state": JobState.RUNNING,
    "started_at": _NOW,
    "done": 0,
    "total": None,
    "message": None,
    "params": {},
}


@dataclass
class Run:
    """One run of a job or tick; see `JobRun`."""

    session: Session
    keys: NodeKeys
    clock: Clock
    engine: Engine
    job_id: int | None = None
    _noted_at: float = field(default=0.0, repr=False)

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """Show how far the job is, at once and whatever becomes of its transaction; raise JobStopped when asked to."""
        moment = time.monotonic()
        if self.job_id is None or (moment - self._noted_at < _PROGRESS_SECONDS and done != total):
            return
        self._noted_at = moment
        if _note(self.engine, self.job_id, done=done, total=total, message=message, params={}):
            raise JobStopped


class _Retry(procrastinate.BaseRetryStrategy):
    """Try again after 2, 4, 8 … seconds, except what a service refused or somebody stopped: that stays so."""

    def __init__(self, attempts: int) -> None:
        self.attempts = attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        """Return when to try again, or None."""
        if not self.tries_again(exception, job):
            return None
        return procrastinate.RetryDecision(retry_in={"seconds": 2 ** (job.attempts + 1)})

    def tries_again(self, exception: BaseException, job: Job) -> bool:
        """Tell whether a job that failed so will be tried again."""
        return not isinstance(exception, ServiceError | JobAborted) and job.attempts + 1 < self.attempts


class Worker:
    """Does the jobs of one database until it is told to stop: those of one queue, or of all."""

    def __init__(self, url: str, keys: NodeKeys, clock: Clock | None = None, queue: str | None = None) -> None:
        self._engine = engine_for(url, pool_size=5)
        self._keys = keys
        self._clock = clock or SystemClock()
        self._only: dict[str, Any] = {"queues": [queue]} if queue else {}
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
        for kind in job_kinds.values():
            self._add(kind)

    def run(self, *, wait: bool = True) -> None:
        """Work until SIGTERM, or with `wait=False` until the queue is empty."""
        try:
            if wait:
                asyncio.run(self._run(wait))
                return
            # Whoever only wants the queue emptied may have an event loop of his own running in this thread.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(lambda: asyncio.run(self._run(wait))).result()
        finally:
            self._engine.dispose()

    async def _run(self, wait: bool) -> None:
        async with self._app.open_async():
            # Of a job that is cut off by the stop, nothing is committed: the next worker takes it over.
            if not wait:
                await self._take_over()
            work = self._app.run_worker_async(
                wait=wait, install_signal_handlers=wait, shutdown_graceful_timeout=10, **self._only
            )
            if not wait:
                await work
                return
            others = [asyncio.create_task(self._repeat(tick)) for tick in ticks.values()]
            others.append(asyncio.create_task(self._keep_taking_over()))
            try:
                await work
            finally:
                for task in others:
                    task.cancel()
                await asyncio.gather(*others, return_exceptions=True)

    def _add(self, kind: JobKind) -> None:
        retry = _Retry(kind.attempts)

        def perform(context: procrastinate.JobContext, /, **values: object) -> None:
            assert context.job.id is not None
            self._perform(kind, retry, context.job, values)

        self._app.task(name=kind.name, pass_context=True, retry=retry)(perform)

    def _perform(self, kind: JobKind, retry: _Retry, queued: Job, values: dict[str, object]) -> None:
        number = queued.id
        assert number is not None
        try:
            with unit_of_work(self._engine, self._keys) as session:
                if _done_before(session, number):
                    return
                _note(self._engine, number, **_BEGINNING)
                result = kind.function(Run(session, self._keys, self._clock, self._engine, number), **values)
                _finish(session, number, result)
        except JobStopped:
            _note(self._engine, number, state=JobState.CANCELLED, message=None, params={}, finished_at=_NOW)
            raise JobAborted from None
        except Exception as error:
            if retry.tries_again(error, queued):
                _note(self._engine, number, state=JobState.WAITING)
            else:
                _note(self._engine, number, state=JobState.FAILED, finished_at=_NOW, **_told(error, number))
            raise

    async def _repeat(self, tick: Tick) -> None:
        while True:
            try:
                await asyncio.to_thread(self._once, tick)
            except Exception:
                # The next round may succeed: the database may only be restarting.
                log.exception("tick %s failed", tick.name)
            await asyncio.sleep(tick.seconds)

    def _once(self, tick: Tick) -> None:
        with unit_of_work(self._engine, self._keys) as session:
            lock = {"kind": _TICK_LOCKS, "name": crc32(tick.name.encode()) - 2**31}
            if session.scalar(text("SELECT pg_try_advisory_xact_lock(:kind, :name)"), lock):
                tick.function(Run(session, self._keys, self._clock, self._engine))

    async def _keep_taking_over(self) -> None:
        while True:
            try:
                await self._take_over()
            except Exception:
                log.exception("stalled jobs could not be taken over")
            await asyncio.sleep(_STALLED_SECONDS / 2)

    async def _take_over(self) -> None:
        """Put the jobs of workers that died back into the queue."""
        manager = self._app.job_manager
        for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
            await manager.retry_job(stalled)
        await manager.prune_stalled_workers(_STALLED_SECONDS)


def _done_before(session: Session, number: int) -> bool:
    """Wait for whoever else is doing this job, and tell whether its work is committed.

    A worker that was taken for dead may still be alive, or have died after its commit; DONE is written in the job's own
    transaction, so its work is never done twice. Raises JobStopped for a job that was asked to stop before it began.
    """
    lock = {"kind": _JOB_LOCKS, "number": number % 2**31}
    session.execute(text("SELECT pg_advisory_xact_lock(:kind, :number)"), lock)
    query = select(JobProgress.state, JobProgress.stop_asked_at).where(JobProgress.job_id == number)
    found = session.execute(query).one_or_none()
    if found is None or found.state is JobState.DONE:
        return found is not None
    if found.stop_asked_at is not None:
        raise JobStopped
    return False


def _finish(session: Session, number: int, result: Mapping[str, Any] | None) -> None:
    """Write that the job is done; raise JobStopped when it was asked to stop before that, so that nothing is kept."""
    outcome = {"state": JobState.DONE, "result": dict(result) if result else None, "finished_at": _NOW}
    written = update(JobProgress).where(JobProgress.job_id == number).values(**outcome)
    if session.scalar(written.returning(JobProgress.stop_asked_at)) is not None:
        raise JobStopped


def _told(error: Exception, number: int) -> dict[str, object]:
    """Return what the person is told of a failure: a marked text and its values, plain enough for JSON."""
    if not isinstance(error, ServiceError):
        return {"message": UNEXPECTED, "params": {"number": number}}
    params = {key: value if isinstance(value, str | int) else str(value) for key, value in error.params.items()}
    return {"message": error.message, "params": params}


def _note(engine: Engine, number: int, **values: object) -> bool:
    """Write progress in a transaction of its own, so that it is seen while the job still works.

    Return whether somebody has asked the job to stop.
    """
    written = update(JobProgress).where(JobProgress.job_id == number).values(**values)
    with engine.begin() as connection:
        return connection.scalar(written.returning(JobProgress.stop_asked_at)) is not None
