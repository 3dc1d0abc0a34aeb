"""The job of a worker that died is done by another one, and whatever happens its work is committed once."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.core import jobs
from examapp.core.db import unit_of_work
from examapp.core.jobs import JobProgress, JobState, enqueue, job, latest_job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase
from tests.factories import until_waiting

#: a worker of its own process, whose job says that it has worked and never ends
STUCK_WORKER = """
import sys
from sqlalchemy import text
from examapp.core.jobs import job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys

@job("count")
def count(run):
    run.session.execute(text("INSERT INTO made VALUES ('dead')"))
    run.progress(1, 1, "Đang đếm")
    print("working", flush=True)
    sys.stdin.read()

Worker(sys.argv[1], NodeKeys(bytes.fromhex(sys.argv[2]))).run()
"""


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "job_kinds", {})
    monkeypatch.setattr("examapp.core.worker.job_kinds", jobs.job_kinds)


@pytest.fixture
def database(committed_db: CommittedDatabase, keys: NodeKeys) -> CommittedDatabase:
    """Return a database with a job in its queue and a table for what the job makes."""
    with committed_db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE made (by text)"))
    job("count")(lambda run: None)
    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing")
    jobs.job_kinds.clear()
    return committed_db


@contextmanager
def stuck_worker(database: CommittedDatabase, keys: NodeKeys) -> Iterator[subprocess.Popen[bytes]]:
    """Give a worker's process that is in the middle of the job."""
    command = [sys.executable, "-c", STUCK_WORKER, database.url, keys.root.hex()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == b"working\n"
            yield process
        finally:
            process.kill()


def stop_hearing(database: CommittedDatabase) -> None:
    """Let the last sign of life of every worker be too old."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"))


def made(database: CommittedDatabase) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT by FROM made")).scalars())


def status(database: CommittedDatabase) -> str | None:
    with database.engine.connect() as connection:
        return connection.scalar(text("SELECT status::text FROM procrastinate_jobs"))


def progress(database: CommittedDatabase) -> JobProgress:
    with Session(database.engine) as session:
        found = latest_job(session, "count", "thing")
        assert found is not None
        return found


def insert(run: jobs.JobRun) -> dict[str, object]:
    run.session.execute(text("INSERT INTO made VALUES ('alive')"))
    return {"by": "alive"}


def test_the_job_of_a_killed_worker_is_done_by_another(database: CommittedDatabase, keys: NodeKeys) -> None:
    job("count")(insert)
    with stuck_worker(database, keys) as process:
        Worker(database.url, keys).run(wait=False)
        assert made(database) == [], "somebody is at it and has been heard of"
        process.kill()
        process.wait()
    assert (status(database), progress(database).state) == ("doing", JobState.RUNNING)
    Worker(database.url, keys).run(wait=False)
    assert made(database) == [], "it has not been silent for long"

    stop_hearing(database)
    Worker(database.url, keys).run(wait=False)
    assert made(database) == ["alive"], "what the dead one had not committed is gone"
    assert (status(database), progress(database).state) == ("succeeded", JobState.DONE)
    assert progress(database).result == {"by": "alive"}
    stop_hearing(database)
    Worker(database.url, keys).run(wait=False)
    assert made(database) == ["alive"]


def test_work_that_was_committed_before_the_worker_died_is_not_done_again(
    database: CommittedDatabase, keys: NodeKeys
) -> None:
    job("count")(insert)
    Worker(database.url, keys).run(wait=False)
    with database.engine.begin() as connection:  # it died before it could tell the queue, and nobody knows it any more
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))
    Worker(database.url, keys).run(wait=False)
    assert made(database) == ["alive"]
    assert (status(database), progress(database).state) == ("succeeded", JobState.DONE)
    assert progress(database).result == {"by": "alive"}


def test_a_worker_taken_for_dead_that_lives_is_waited_for(database: CommittedDatabase, keys: NodeKeys) -> None:
    at_work, may_end = Event(), Event()

    @job("count")
    def slow(run: jobs.JobRun) -> dict[str, object]:
        result = insert(run)
        at_work.set()
        assert may_end.wait(30)
        return result

    first, second = (Thread(target=Worker(database.url, keys).run, kwargs={"wait": False}) for _ in range(2))
    first.start()
    assert at_work.wait(30)
    stop_hearing(database)
    second.start()
    until_waiting(database.engine, second)
    may_end.set()
    first.join()
    second.join()
    assert made(database) == ["alive"]
    assert (status(database), progress(database).state) == ("succeeded", JobState.DONE)
