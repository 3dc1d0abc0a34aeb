"""Stopping a job and doing it again: nothing of a stopped job is kept, and of two people who press at once one wins."""

from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.core import jobs
from examapp.core.db import unit_of_work
from examapp.core.errors import Conflict
from examapp.core.job_control import find_job, repeat_job, stop_job
from examapp.core.jobs import JobProgress, JobState, enqueue, job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.conftest import NOW, CommittedDatabase
from tests.factories import until_waiting


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test name jobs of its own, and have every note of progress written."""
    monkeypatch.setattr(jobs, "job_kinds", {})
    monkeypatch.setattr("examapp.core.worker.job_kinds", jobs.job_kinds)
    monkeypatch.setattr("examapp.core.job_control.job_kinds", jobs.job_kinds)
    monkeypatch.setattr("examapp.core.worker._PROGRESS_SECONDS", 0)


@pytest.fixture
def database(committed_db: CommittedDatabase) -> CommittedDatabase:
    """Return a database with a table for what jobs make."""
    with committed_db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE made (n int)"))
    return committed_db


def ask(database: CommittedDatabase, keys: NodeKeys, **values: int) -> int:
    with unit_of_work(database.engine, keys) as session:
        return enqueue(session, "count", subject="thing", **values)


def stop(database: CommittedDatabase, keys: NodeKeys, number: int) -> bool:
    with unit_of_work(database.engine, keys) as session:
        return stop_job(session, session.get_one(JobProgress, number), now=NOW)


def repeat(database: CommittedDatabase, keys: NodeKeys, number: int) -> int:
    with unit_of_work(database.engine, keys) as session:
        return repeat_job(session, session.get_one(JobProgress, number))


def progress(database: CommittedDatabase, number: int) -> JobProgress:
    with Session(database.engine) as session:
        found = find_job(session, number)
        assert found is not None
        return found


def status(database: CommittedDatabase, number: int) -> str | None:
    with database.engine.connect() as connection:
        query = text("SELECT status::text FROM procrastinate_jobs WHERE id = :n")
        return connection.scalar(query, {"n": number})


def made(database: CommittedDatabase) -> list[int]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT n FROM made")).scalars())


def work(database: CommittedDatabase, keys: NodeKeys) -> None:
    Worker(database.url, keys).run(wait=False)


def insert(run: jobs.JobRun, *, n: int) -> None:
    run.session.execute(text("INSERT INTO made VALUES (:n)"), {"n": n})
    run.progress(1, 2)


def test_a_waiting_job_is_taken_out_of_the_queue(database: CommittedDatabase, keys: NodeKeys) -> None:
    job("count")(insert)
    number = ask(database, keys, n=1)
    assert stop(database, keys, number) is True
    work(database, keys)
    found = progress(database, number)
    assert (made(database), status(database, number)) == ([], "cancelled")
    assert (found.state, found.finished_at) == (JobState.CANCELLED, NOW)


@pytest.mark.parametrize("asked", ["while it notes progress", "after its last note"])
def test_a_running_job_stops_and_nothing_of_it_is_kept(database: CommittedDatabase, keys: NodeKeys, asked: str) -> None:
    answers = []

    @job("count")
    def count(run: jobs.JobRun, *, n: int) -> None:
        if asked == "after its last note":
            insert(run, n=n)
        answers.append(stop(database, keys, number))
        if asked != "after its last note":
            insert(run, n=n)

    number = ask(database, keys, n=1)
    work(database, keys)
    found = progress(database, number)
    assert (answers, made(database), status(database, number)) == ([False], [], "aborted")
    assert (found.state, found.message) == (JobState.CANCELLED, None)
    assert found.started_at is not None
    assert found.finished_at is not None
    assert found.created_at <= found.started_at < found.finished_at


def test_a_job_between_two_tries_is_stopped(database: CommittedDatabase, keys: NodeKeys) -> None:
    @job("count")
    def count(run: jobs.JobRun, *, n: int) -> None:
        raise ZeroDivisionError

    number = ask(database, keys, n=1)
    work(database, keys)
    assert (progress(database, number).state, status(database, number)) == (JobState.WAITING, "todo")
    assert stop(database, keys, number) is True
    assert (progress(database, number).state, status(database, number)) == (JobState.CANCELLED, "cancelled")


def test_what_was_asked_to_stop_is_not_taken_over_from_a_dead_worker(
    database: CommittedDatabase, keys: NodeKeys
) -> None:
    job("count")(insert)
    number = ask(database, keys, n=1)
    with database.engine.begin() as connection:  # somebody took it and died
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))
        connection.execute(text("UPDATE job_progress SET state = 'running'"))
    assert stop(database, keys, number) is False
    work(database, keys)
    assert (made(database), status(database, number)) == ([], "aborted")
    assert progress(database, number).state is JobState.CANCELLED


@pytest.mark.parametrize(
    ("state", "code"),
    [(JobState.DONE, "job_ended"), (JobState.FAILED, "job_ended"), (JobState.CANCELLED, "job_ended")],
)
def test_what_has_ended_is_not_stopped(database: CommittedDatabase, keys: NodeKeys, state: JobState, code: str) -> None:
    job("count")(insert)
    number = ask(database, keys, n=1)
    with database.engine.begin() as connection:
        values = {"state": state.value}
        connection.execute(text("UPDATE job_progress SET state = :state, message = 'x'"), values)
    with pytest.raises(Conflict) as refused:
        stop(database, keys, number)
    assert refused.value.code == code


def test_a_kind_that_others_wait_for_is_neither_stopped_nor_repeated(
    database: CommittedDatabase, keys: NodeKeys
) -> None:
    job("count", stops=False, repeats=False)(insert)
    number = ask(database, keys, n=1)
    for deed, code in ((stop, "job_unstoppable"), (repeat, "job_unrepeatable")):
        with pytest.raises(Conflict) as refused:
            deed(database, keys, number)
        assert refused.value.code == code
    work(database, keys)
    assert made(database) == [1]


def test_a_failed_job_is_done_again_with_its_values_as_another_one(database: CommittedDatabase, keys: NodeKeys) -> None:
    tries: list[int] = []

    @job("count")
    def count(run: jobs.JobRun, *, n: int) -> None:
        tries.append(n)
        if len(tries) == 1:
            raise Conflict("busy", "Bận.")
        insert(run, n=n)

    number = ask(database, keys, n=7)
    work(database, keys)
    assert progress(database, number).state is JobState.FAILED
    again = repeat(database, keys, number)
    work(database, keys)
    assert (made(database), again > number) == ([7], True)
    assert progress(database, again).state is JobState.DONE
    assert (progress(database, number).state, progress(database, number).again_id) == (JobState.FAILED, again)
    with pytest.raises(Conflict) as refused:
        repeat(database, keys, again)
    assert refused.value.code == "job_not_failed"


def test_a_stopped_job_is_done_again(database: CommittedDatabase, keys: NodeKeys) -> None:
    job("count")(insert)
    number = ask(database, keys, n=3)
    stop(database, keys, number)
    repeat(database, keys, number)
    work(database, keys)
    assert made(database) == [3]


@pytest.mark.parametrize(("deed", "code"), [(stop, "stop_asked"), (repeat, "repeated_already")])
def test_of_two_who_press_at_once_one_wins(
    database: CommittedDatabase, keys: NodeKeys, deed: Callable[..., int], code: str
) -> None:
    job("count")(insert)
    number = ask(database, keys, n=1)
    first = {stop: "doing", repeat: "failed"}[deed]
    with database.engine.begin() as connection:
        state = "running" if deed is stop else "failed"
        connection.execute(text(f"UPDATE procrastinate_jobs SET status = '{first}'"))
        connection.execute(text("UPDATE job_progress SET state = :state, message = 'x'"), {"state": state})
    refused: list[str] = []

    def press() -> None:
        try:
            deed(database, keys, number)
        except Conflict as error:
            refused.append(error.code)

    second = Thread(target=press)
    with unit_of_work(database.engine, keys) as session:
        job_row = session.get_one(JobProgress, number)
        if deed is stop:
            stop_job(session, job_row, now=NOW)
        else:
            repeat_job(session, job_row)
        second.start()
        until_waiting(database.engine, second)
    second.join()
    assert refused == [code]
    with Session(database.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM job_progress")) == (1 if deed is stop else 2)
