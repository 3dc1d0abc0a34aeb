"""`kill -9` of the whole process group in the middle of sittings: every acknowledged row is in the log afterwards.

`-k short` is the cut that continuous integration runs.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from secrets import randbelow
from time import sleep

import pytest
from sqlalchemy.orm import Session

from examapp.answerlog.log import LogRow, counted, current_answers, stored_rows_by_attempt
from examapp.core.db import engine_for
from examapp.integrity.canonical import b64u, b64u_decode
from examapp.integrity.receipts import answers_digest
from tests.faults.candidate import Candidate, seat
from tests.faults.server import Server

pytestmark = pytest.mark.faults

THREADS = 16
#: between two requests of one candidate: within what a page may send
PACE_SECONDS = 0.3


def write(candidates: list[Candidate], stop: threading.Event) -> None:
    """Answer and send, candidate after candidate, until told to stop."""
    while not stop.is_set():
        for candidate in candidates:
            candidate.answer()
            candidate.send()
            sleep(PACE_SECONDS / len(candidates))


@pytest.mark.parametrize(("sittings", "kills"), [pytest.param(20, 2, id="short"), pytest.param(200, 5, id="full")])
def test_every_acknowledged_row_survives(sittings: int, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    stop = threading.Event()
    with Server() as server:
        candidates = seat(server.settings, sittings)
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(THREADS))
            # Ends the writing threads also when an assertion below fails.
            stack.callback(stop.set)
            writing = [pool.submit(write, candidates[start::THREADS], stop) for start in range(THREADS)]
            for _ in range(kills):
                sleep(1 + randbelow(3000) / 1000)
                server.kill()
                sleep(0.2)
                assert not server.answers()
                server.start()
            sleep(2)
            stop.set()
            for future in writing:
                future.result()
        for candidate in candidates:
            candidate.submit()
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda candidate: candidate.send_everything(120), candidates))
        logs = read_logs(server, candidates)
    for candidate in candidates:
        check(candidate, logs[candidate.attempt])
    with capsys.disabled():
        acked = sum(candidate.ack for candidate in candidates)
        stored = sum(len(log) for log in logs.values())
        unanswered = sum(candidate.unanswered for candidate in candidates)
        sys.stdout.write(
            f"\n{sittings} sittings, {kills} kills: {acked} rows acknowledged, {stored} in the log,"
            f" 0 missing; {unanswered} requests met nobody\n"
        )
    assert any(candidate.unanswered for candidate in candidates), "no kill was felt"


def read_logs(server: Server, candidates: list[Candidate]) -> dict[object, list[LogRow]]:
    """Return the logs as the database has them."""
    engine = engine_for(server.settings.database_address)
    with Session(engine) as session:
        logs = stored_rows_by_attempt(session, [candidate.attempt for candidate in candidates])
    engine.dispose()
    return dict(logs)


def check(candidate: Candidate, log: list[LogRow]) -> None:
    """Compare what the page remembers with what the server kept and signed."""
    assert candidate.ack == len(candidate.rows)
    assert [row[1:] for row in counted(log)] == candidate.rows
    assert not any(row.fenced or row.late for row in log)
    assert candidate.receipt is not None
    blind = b64u_decode(candidate.receipt["blind"])
    assert candidate.receipt["answers_digest"] == b64u(answers_digest(blind, current_answers(log)))
