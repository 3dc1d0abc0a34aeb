"""Sealing, submitting and transferring take turns with saves; the database sleeps inside the writer to prove it."""

from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.answerlog.locks import lock_attempt_exclusive, lock_key, lock_sitting_exclusive, sorted_keys
from examapp.answerlog.log import LogRow, stored_rows
from tests.examapp.answerlog.conftest import Answer, Page, Room
from tests.examapp.answerlog.test_writer import SLOW, trap

__all__ = ["trap"]


def test_keys_are_signed_32_bits_and_sorted() -> None:
    assert lock_key(UUID(int=5)) == 5
    assert lock_key(UUID(int=2**32 - 1)) == -1
    assert sorted_keys([UUID(int=5), UUID(int=2**32 - 1), UUID(int=5)]) == [-1, 5]


def seal(room: Room, page: Page) -> list[LogRow]:
    """Close the attempt as sealing does and return the log that its leaf would cover."""
    with Session(room.database.engine) as session, session.begin():
        lock_sitting_exclusive(session, room.sitting)
        session.execute(
            text("UPDATE attempts SET closed_at = :now, closed_by = 'deadline' WHERE id = :id"),
            {"now": room.clock.now(), "id": page.attempt},
        )
        return stored_rows(session, page.attempt)


def sleeping_save(pool: ThreadPoolExecutor, page: Page) -> Future[Answer]:
    """Start a save that sleeps inside the writer, after its locks."""
    saving = pool.submit(page.answer, 1, SLOW)
    sleep(0.3)
    assert not saving.done()
    return saving


def test_sealing_waits_for_a_save_under_way(room: Room, page: Page, trap: None) -> None:
    with ThreadPoolExecutor(1) as pool:
        saving = sleeping_save(pool, page)
        sealed = seal(room, page)
    assert saving.result().body["ack"] == 1
    assert sealed == page.log()
    assert len(sealed) == 1
    later = page.answer(1, 2)
    assert (later.status, later.body["ack"]) == (410, 1)
    assert sealed == page.log()


def test_save_that_waited_for_the_seal_is_not_acknowledged(room: Room, page: Page) -> None:
    page.answer(1, 1)
    with ThreadPoolExecutor(1) as pool, Session(room.database.engine) as session, session.begin():
        lock_sitting_exclusive(session, room.sitting)
        saving = pool.submit(page.answer, 1, 2)
        submitting = room.page()
        sleep(0.3)
        assert not saving.done()
        session.execute(
            text("UPDATE attempts SET closed_at = :now, closed_by = 'deadline' WHERE sitting_id = :id"),
            {"now": room.clock.now(), "id": room.sitting},
        )
        session.commit()
        assert saving.result(timeout=3).code == "closed"
    assert submitting.submit().code == "closed"
    assert len(page.log()) == 1


def test_seal_that_takes_too_long_costs_a_retry_and_no_answer(room: Room, page: Page) -> None:
    with Session(room.database.engine) as session, session.begin():
        lock_sitting_exclusive(session, room.sitting)
        busy = page.answer(1, 1)
    assert (busy.status, busy.code) == (503, "busy")
    page.sent = 0
    assert page.answer(1, 1).body["ack"] == 1


def test_another_sitting_is_not_kept_waiting(room: Room, page: Page) -> None:
    with Session(room.database.engine) as session, session.begin():
        lock_sitting_exclusive(session, UUID(int=lock_key(room.sitting) % 2**32 ^ 1))
        assert page.answer(1, 1).status == 200


def test_transfer_waits_for_a_save_under_way(room: Room, page: Page, trap: None) -> None:
    with ThreadPoolExecutor(1) as pool:
        saving = sleeping_save(pool, page)
        with Session(room.database.engine) as session, session.begin():
            lock_attempt_exclusive(session, room.sitting, page.attempt)
            session.execute(text("UPDATE attempts SET lease = 2 WHERE id = :id"), {"id": page.attempt})
            before = stored_rows(session, page.attempt)
    assert saving.result().body["ack"] == 1
    assert [row.seq for row in before] == [1]
    assert page.answer(1, 2).code == "lease"
    assert [(row.seq, row.fenced) for row in page.log()] == [(1, False), (2, True)]


@pytest.mark.parametrize("rounds", range(5))
def test_submission_never_races_a_save(room: Room, rounds: int) -> None:
    """Two writers, one closing and one saving: a counted row is before the submission, or it is not stored."""
    page = room.page()
    page.answer(1, 1)
    with ThreadPoolExecutor(2) as pool:
        submitting = pool.submit(page.send, page.row(2, -1, None, kind=3))
        saving = pool.submit(page.send, page.row(2, 1, 2))
    codes = {submitting.result().code, saving.result().code}
    log = page.log()
    assert len(log) == 2
    assert codes in ({"ok", "closed"}, {"ok", "diverged"})
    assert (log[-1].kind == 3) == (submitting.result().code == "ok")
