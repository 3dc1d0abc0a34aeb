"""Jobs: in the queue if and only if the deed was committed; one transaction each; plain words when they fail."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.core import jobs
from examapp.core.db import unit_of_work
from examapp.core.errors import Conflict
from examapp.core.jobs import SITTING_QUEUE, JobProgress, JobState, enqueue, every, job, latest_job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test name jobs of its own."""
    monkeypatch.setattr(jobs, "job_kinds", {})
    monkeypatch.setattr("examapp.core.worker.job_kinds", jobs.job_kinds)


def _work(database: CommittedDatabase, keys: NodeKeys) -> None:
    Worker(database.url, keys).run(wait=False)


def _queued(session: Session) -> int:
    return session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


def _progress(database: CommittedDatabase) -> JobProgress:
    with Session(database.engine) as session:
        found = latest_job(session, "count", "thing")
        assert found is not None
        return found


@pytest.mark.parametrize(("committed", "jobs_left"), [(True, 1), (False, 0)])
def test_a_job_is_queued_with_the_deed_or_not_at_all(
    committed_db: CommittedDatabase, keys: NodeKeys, committed: bool, jobs_left: int
) -> None:
    job("count")(lambda run: None)
    with Session(committed_db.engine) as session:
        enqueue(session, "count", subject="thing")
        session.flush()
        if committed:
            session.commit()
        else:
            session.rollback()
    with Session(committed_db.engine) as session:
        assert _queued(session) == jobs_left
        assert session.query(JobProgress).count() == jobs_left


def test_a_job_is_done_in_a_transaction_with_its_values_and_keeps_its_result(
    committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    @job("count")
    def count(run: jobs.JobRun, *, up_to: int) -> dict[str, Any]:
        run.session.execute(text("CREATE TABLE made AS SELECT :n AS n"), {"n": up_to})
        run.progress(up_to, up_to, "Đang đếm")
        return {"key": run.keys == keys, "sum": sum(range(up_to))}

    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing", up_to=4)
    _work(committed_db, keys)

    found = _progress(committed_db)
    assert (found.state, found.done, found.total, found.message) == (JobState.DONE, 4, 4, "Đang đếm")
    assert found.result == {"key": True, "sum": 6}
    with Session(committed_db.engine) as session:
        assert session.scalar(text("SELECT n FROM made")) == 4


def test_what_a_service_refuses_is_shown_in_its_words_and_not_tried_again(
    committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    tries = []

    @job("count")
    def count(run: jobs.JobRun) -> None:
        tries.append(1)
        run.session.execute(text("CREATE TABLE made (n int)"))
        raise Conflict("sealed", "Ca thi %(sitting)s đã niêm phong.", sitting="CA1")

    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing")
    _work(committed_db, keys)

    found = _progress(committed_db)
    assert (found.state, found.text(), len(tries)) == (JobState.FAILED, "Ca thi CA1 đã niêm phong.", 1)
    assert (found.message, found.params) == ("Ca thi %(sitting)s đã niêm phong.", {"sitting": "CA1"}), "translatable"
    with Session(committed_db.engine) as session:
        assert session.scalar(text("SELECT to_regclass('made')")) is None, "half of the job was kept"


def test_an_unexpected_error_is_tried_again_and_then_named_in_plain_words(
    committed_db: CommittedDatabase, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    @job("count", attempts=2)
    def count(run: jobs.JobRun) -> None:
        tries.append(1)
        raise ZeroDivisionError

    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing")
    _work(committed_db, keys)
    assert _progress(committed_db).state == JobState.WAITING

    with committed_db.engine.begin() as connection:
        connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    _work(committed_db, keys)
    found = _progress(committed_db)
    assert (found.state, len(tries)) == (JobState.FAILED, 2)
    assert "ngoài dự kiến" in found.text()
    assert f"kèm số {found.job_id}." in found.text()
    assert "ZeroDivisionError" not in found.text()


def test_what_a_sitting_waits_for_has_a_worker_that_does_nothing_else(
    committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    done = []
    job("import")(lambda run: done.append("import"))
    job("draw", stops=False)(lambda run: done.append("draw"))
    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "import")
        enqueue(session, "draw")
    Worker(committed_db.url, keys, queue=SITTING_QUEUE).run(wait=False)
    assert done == ["draw"]
    _work(committed_db, keys)
    assert done == ["draw", "import"], "the other worker leaves nothing"


def test_the_queue_can_be_emptied_under_a_running_event_loop(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    job("count")(lambda run: None)
    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing")

    async def inside() -> None:
        _work(committed_db, keys)

    asyncio.run(inside())
    assert _progress(committed_db).state == JobState.DONE


def test_two_things_of_one_name_are_a_mistake_of_ours() -> None:
    job("count")(lambda run: None)
    with pytest.raises(AssertionError, match="two jobs"):
        job("count")(lambda run: None)


def test_of_two_workers_only_one_does_a_tick(
    committed_db: CommittedDatabase, keys: NodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ticks", {})
    called = []

    @every(2, "close")
    def close(run: jobs.JobRun) -> None:
        called.append(run.clock.now())
        second._once(jobs.ticks["close"])

    first, second = Worker(committed_db.url, keys), Worker(committed_db.url, keys)
    first._once(jobs.ticks["close"])
    assert len(called) == 1
    for worker in (first, second):
        worker._engine.dispose()


def test_one_person_cannot_fill_the_queue(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    job("count")(lambda run: None)
    job("other")(lambda run: None)
    one, two = UUID(int=1), UUID(int=2)
    with unit_of_work(committed_db.engine, keys) as session:
        for _ in range(jobs.MOST_OPEN):
            enqueue(session, "count", subject="thing", owner_id=one)
        with pytest.raises(Conflict, match="too_many_jobs"):
            enqueue(session, "count", subject="thing", owner_id=one)
        enqueue(session, "other", owner_id=one)
        enqueue(session, "count", subject="thing", owner_id=two)
        enqueue(session, "count", subject="thing")
    _work(committed_db, keys)
    with unit_of_work(committed_db.engine, keys) as session:
        enqueue(session, "count", subject="thing", owner_id=one)


def test_what_a_sitting_waits_for_is_done_first(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    done: list[str] = []
    job("list")(lambda run: done.append("list"))
    job("draw", stops=False)(lambda run: done.append("draw"))
    with unit_of_work(committed_db.engine, keys) as session:
        for name in ("list", "list", "draw"):
            enqueue(session, name)
    _work(committed_db, keys)
    assert done == ["draw", "list", "list"]
