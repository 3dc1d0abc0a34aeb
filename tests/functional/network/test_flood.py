"""One page fires saves as fast as its network carries them: clear answers, no harm to anybody, nothing kept unasked."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from time import monotonic, time

import pytest
from sqlalchemy.orm import Session

from examapp.answerlog.log import counted, stored_rows_by_attempt
from tests.conftest import CommittedDatabase
from tests.faults.candidate import ITEMS, Candidate, seat
from tests.functional.network.conftest import WebServer
from tests.functional.network.strangers import fire, head

OTHERS = 20
#: between two requests of one honest page
PACE_SECONDS = 0.5


def work(candidates: list[Candidate], stop: threading.Event, slowest: list[float]) -> None:
    """Have each candidate answer and send, one after the other, and note how long each request took."""
    while not stop.is_set():
        for candidate in candidates:
            candidate.answer()
            began = monotonic()
            candidate.send()
            slowest.append(monotonic() - began)
            stop.wait(PACE_SECONDS / len(candidates))
    for candidate in candidates:
        candidate.leave()


def saves(flooder: Candidate, count: int, answers: list[tuple[int, bytes]]) -> Iterator[bytes]:
    """Give so many requests with one answer each: the next one that the log can take, or one or two ahead of it."""
    began, seen = int(time() * 1000), 0
    for number in range(count):
        acks = [json.loads(body)["ack"] for status, body in answers[seen:] if status == 200]
        flooder.ack, seen = max([flooder.ack, *acks]), len(answers)
        seq = flooder.ack + 1 + number % 3
        body = json.dumps({"saves": [[seq, 1, seq % ITEMS, seq % 4, began]]}).encode()
        yield head("/thi/api/saves", len(body), cookies=flooder.cookies) + body


@pytest.mark.parametrize(
    ("count", "seconds"),
    [pytest.param(10_000, 60, id="short"), pytest.param(100_000, 300, id="full", marks=pytest.mark.faults)],
)
def test_one_page_fires_saves(web: WebServer, committed_db: CommittedDatabase, count: int, seconds: float) -> None:
    flooder, *others = seat(web.settings, OTHERS + 1)
    stop, times = threading.Event(), list[float]()
    working = threading.Thread(target=work, args=(others, stop, times))
    answers: list[tuple[int, bytes]] = []
    fire(web, saves(flooder, 1_000, answers), answers, seconds=seconds)  # what a warm server holds is no growth
    before = web.memory_mb()
    working.start()
    try:
        fire(web, saves(flooder, count - 1_000, answers), answers, seconds=seconds)
        grown = web.memory_mb() - before
    finally:
        stop.set()
        working.join()
    statuses = Counter(status for status, _ in answers)
    assert statuses.total() == count
    assert set(statuses) <= {200, 409, 429}, "taken; behind a gap; too fast: nothing else, and never a 500"
    assert statuses[429] > count * 0.9
    bodies = [(status, json.loads(body)) for status, body in answers]
    assert all(body["code"] == "slow_down" and body["retry_ms"] > 0 for status, body in bodies if status == 429)
    assert all(body["message"] for status, body in bodies if status != 200)
    check_the_others(others, times)
    assert grown < 64, "MB"
    flooder.ack = max(body["ack"] for status, body in bodies if status == 200)
    assert flooder.ack > 1
    logs = stored_logs(committed_db, [flooder, *others])
    assert [row[0] for row in logs[flooder]] == list(range(1, flooder.ack + 1)), "what was acknowledged, nothing else"
    for other in others:
        assert logs[other][: other.ack] == other.rows[: other.ack]


def check_the_others(others: list[Candidate], times: list[float]) -> None:
    """The neighbours' answers went through all the while, each in the time that a page waits without a word."""
    assert all(other.ack > 0 and not other.unanswered for other in others)
    times.sort()
    assert times[len(times) * 95 // 100] < 2
    assert times[-1] < 10


def stored_logs(database: CommittedDatabase, candidates: list[Candidate]) -> dict[Candidate, list[list[object]]]:
    """Return what the database has of each candidate's rows."""
    with Session(database.engine) as session:
        logs = stored_rows_by_attempt(session, [candidate.attempt for candidate in candidates])
    return {candidate: [row[1:] for row in counted(logs[candidate.attempt])] for candidate in candidates}
