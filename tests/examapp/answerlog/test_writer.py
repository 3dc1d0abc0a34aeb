"""The writer under trouble: poison rows, a killed database backend, a full queue, and many requests at once."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import psycopg
import pytest

from examapp.answerlog.asks import BUSY, Ask, Outcome
from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code
from examapp.answerlog.writer import Writer
from tests.examapp.answerlog.conftest import Page, Room

#: a response that the trap below refuses, and one it sleeps on
POISON, SLOW = 666, 777

TRAP = """
CREATE OR REPLACE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.response = '666' THEN RAISE EXCEPTION 'poison'; END IF;
    IF NEW.response = '777' THEN PERFORM pg_sleep(0.7); END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER trap BEFORE INSERT ON answer_saves FOR EACH ROW EXECUTE FUNCTION trap()
"""


@pytest.fixture
def trap(room: Room) -> Iterator[None]:
    """Have the database refuse one value and sleep on another."""
    with psycopg.connect(room.database.url, autocommit=True) as connection:
        connection.execute(TRAP)
    yield
    room.execute("DROP TRIGGER trap ON answer_saves")


def save(seq: int, response: int = 1) -> Save:
    """Return a row."""
    return Save(seq, 1, 1, str(response), 10)


def ask_all(room: Room, writer: Writer, asks: list[Ask]) -> list[Outcome]:
    """Ask everything in one turn of the loop, so that it becomes one batch, and return the outcomes."""

    async def gathered() -> list[Outcome]:
        return await asyncio.gather(*[writer.ask(ask) for ask in asks])

    return room.run(gathered())


@pytest.fixture
def writer(room: Room) -> Iterator[Writer]:
    """Return a writer of its own."""
    writer = Writer(room.database.url, room.clock)
    yield writer
    writer.close()


def ask_of(page: Page, *saves: Save) -> Ask:
    """Return a page's waiting request."""
    return Ask(page.room.sitting, page.attempt, page.lease, saves)


def test_everything_that_waits_is_one_transaction(room: Room, writer: Writer) -> None:
    pages = [room.page() for _ in range(20)]
    outcomes = ask_all(room, writer, [ask_of(page, save(1), save(2)) for page in pages])
    assert [outcome.ack for outcome in outcomes] == [2] * 20
    ((transactions,),) = room.rows(
        "SELECT count(DISTINCT xmin::text) FROM answer_saves WHERE attempt_id = ANY(%s)", [p.attempt for p in pages]
    )
    assert transactions == 1


def test_requests_of_one_attempt_in_one_batch_are_judged_in_turn(room: Room, page: Page, writer: Writer) -> None:
    """A time-out's retry may arrive beside its original."""
    asks = [ask_of(page, save(1)), ask_of(page, save(1), save(2)), ask_of(page, save(1, 5)), ask_of(page, save(3))]
    outcomes = ask_all(room, writer, asks)
    assert [outcome.code for outcome in outcomes] == [Code.OK, Code.OK, Code.DIVERGED, Code.OK]
    assert [(row.seq, row.response) for row in page.log()] == [(1, 1), (2, 1), (3, 1)]


def test_save_and_submission_in_one_batch(room: Room, page: Page, writer: Writer) -> None:
    submission = Save(2, 3, -1, "null", 11)
    outcomes = ask_all(room, writer, [ask_of(page, submission), ask_of(page, save(1))])
    assert [outcome.code for outcome in outcomes] == [Code.OK, Code.OK]
    assert outcomes[0].submits


def test_poison_row_refuses_its_own_request_only(room: Room, writer: Writer, trap: None) -> None:
    pages = [room.page() for _ in range(6)]
    asks = [ask_of(page, save(1, POISON if n == 3 else n)) for n, page in enumerate(pages)]
    outcomes = ask_all(room, writer, asks)
    assert [outcome.code for outcome in outcomes] == [Code.OK] * 3 + [Code.REFUSED] + [Code.OK] * 2
    assert [len(page.log()) for page in pages] == [1, 1, 1, 0, 1, 1]


def test_poison_is_a_422_without_a_retry(page: Page, trap: None) -> None:
    answer = page.answer(1, POISON)
    assert (answer.status, answer.code) == (422, "refused")
    assert "retry_ms" not in answer.body
    page.sent = 0
    assert page.answer(1, 1).status == 200


def test_wait_that_is_too_long_is_a_503_and_the_row_is_not_lost(room: Room, trap: None) -> None:
    page, slow = room.page(), room.page()
    writer = Writer(room.database.url, room.clock, wait_seconds=0.2)

    async def ask_behind_a_slow_one() -> tuple[list[Outcome], float]:
        first = asyncio.create_task(writer.ask(ask_of(slow, save(1, SLOW))))
        await asyncio.sleep(0.1)
        begun = monotonic()
        waited = await writer.ask(ask_of(page, save(1)))
        seconds = monotonic() - begun
        assert writer._writing is not None
        await writer._writing
        return [await first, waited], seconds

    outcomes, seconds = room.run(ask_behind_a_slow_one())
    assert outcomes == [BUSY, BUSY]
    assert seconds < 0.6
    # Both send again. The slow row was stored all the same, once; the other one was never begun.
    assert ask_all(room, writer, [ask_of(slow, save(1, SLOW)), ask_of(page, save(1))])[1].ack == 1
    assert [len(each.log()) for each in (slow, page)] == [1, 1]
    writer.close()


def test_request_whose_page_went_away_is_stored_and_holds_up_nobody(room: Room, writer: Writer) -> None:
    gone, page = room.page(), room.page()

    async def leave() -> Outcome:
        leaving = asyncio.create_task(writer.ask(ask_of(gone, save(1))))
        await asyncio.sleep(0)
        leaving.cancel()
        return await writer.ask(ask_of(page, save(1)))

    assert room.run(leave()).ack == 1
    assert len(gone.log()) == 1


def test_full_queue_is_busy_at_once(room: Room) -> None:
    writer = Writer(room.database.url, room.clock, capacity=3, wait_seconds=5)
    outcomes = ask_all(room, writer, [ask_of(page, save(1)) for page in [room.page() for _ in range(4)]])
    assert [outcome.code for outcome in outcomes] == [Code.OK] * 3 + [Code.BUSY]
    writer.close()


def test_nobody_waits_for_an_absent_database(room: Room) -> None:
    writer = Writer("postgresql://nobody@/nothing?host=/nonexistent", room.clock)
    assert room.run(writer.ask(ask_of(room.page(), save(1)))) == BUSY
    assert room.run(writer.ask(ask_of(room.page(), save(1)))) == BUSY


def test_missing_table_is_not_blamed_on_the_request(room: Room, empty_db) -> None:  # type: ignore[no-untyped-def]
    writer = Writer(empty_db.url, room.clock)
    assert room.run(writer.ask(ask_of(room.page(), save(1)))) == BUSY
    writer.close()


def test_backend_killed_under_load_then_recovers(room: Room) -> None:
    """Every waiting request ends in a 503, the same rows are sent again, and every acknowledged one is stored."""
    pages = [room.page() for _ in range(8)]
    acked: dict[int, int] = {}
    statuses: list[int] = []
    stop = threading.Event()

    def write(number: int) -> None:
        page, seq = pages[number], 1
        while not stop.is_set():
            answer = page.send([seq, 1, 1, seq, 10])
            statuses.append(answer.status)
            if answer.status == 200:
                acked[number], seq = answer.body["ack"], answer.body["ack"] + 1
            else:
                assert answer.code == "busy"
                assert answer.body["retry_ms"] > 0

    with ThreadPoolExecutor(len(pages)) as pool:
        running = [pool.submit(write, number) for number in range(len(pages))]
        for _ in range(4):
            sleep(0.25)
            room.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'answer log' AND datname = current_database()"
            )
        sleep(0.3)
        stop.set()
        for future in running:
            future.result()
    assert set(statuses) == {200, 503}
    assert all(answer.status == 200 for answer in (page.send() for page in pages))
    for number, page in enumerate(pages):
        seqs = [row.seq for row in page.log()]
        assert seqs[: acked[number]] == list(range(1, acked[number] + 1))
        assert seqs == list(range(1, len(seqs) + 1))


def test_commits_are_durable_whatever_the_server_says(room: Room, writer: Writer) -> None:
    """The server of the tests has synchronous_commit off; the writer's session must not."""
    assert room.rows("SHOW synchronous_commit") == [("off",)]
    room.run(writer.ask(ask_of(room.page(), save(1))))
    assert writer._connection is not None
    assert writer._connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_two_processes_write_one_attempt_without_a_hole(room: Room, page: Page) -> None:
    writers = [Writer(room.database.url, room.clock) for _ in range(2)]

    async def ask_both(rows: list[Save]) -> list[Outcome]:
        return await asyncio.gather(*[writer.ask(ask_of(page, *rows)) for writer in writers])

    for seq in range(1, 60):
        rows = [save(number) for number in range(max(1, seq - 2), seq + 1)]
        assert [outcome.ack for outcome in room.run(ask_both(rows))] == [seq, seq]
    assert [row.seq for row in page.log()] == list(range(1, 60))
    for writer in writers:
        writer.close()
