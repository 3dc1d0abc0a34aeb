"""A whole sitting, from sign-in to mark, through the product as it is served: what one candidate costs."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic, process_time, sleep

import psycopg

from scripts.bench.browser import Browser
from scripts.bench.figures import finish, show
from scripts.bench.line import QUESTIONS, finish_sitting, start_sitting
from scripts.bench.stage import PRODUCT, Stage, stage

CANDIDATES = 600
THREADS = 32
#: one a minute for an hour
HEARTBEATS = 60
#: a save and a heartbeat; faster would be told to slow down
ROUND_SECONDS = 0.45

_SIZE = """
SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def main() -> None:
    """Measure and print."""
    with stage(PRODUCT) as on:
        running = start_sitting(on.url, on.keys, CANDIDATES, datetime.now(UTC))
        browsers = [Browser(on.port, person) for person in running.people]
        before, size, wal = on.cpu(), _size(on), _wal(on)
        steps = _sit(on, browsers)
        started = process_time()
        marks = finish_sitting(on.url, on.keys, running, datetime.now(UTC))
        marking = process_time() - started
        after = on.cpu()
        grown, written = _size(on) - size, _wal(on) - wal
    assert len(marks) == CANDIDATES
    assert all(mark is not None for mark in marks)
    for name, seconds in steps:
        show(f"{name}, CPU per candidate", seconds / CANDIDATES * 1000, "ms")
    show("sealing and marking, CPU per candidate, without the database", marking / CANDIDATES * 1000, "ms")
    application = (after[0] - before[0] + marking) / CANDIDATES * 1000
    database = (after[1] - before[1]) / CANDIDATES * 1000
    show("requests per candidate", sum(browser.sent for browser in browsers) / CANDIDATES, "req")
    show("a whole sitting, CPU per candidate, application", application, "ms")
    show("a whole sitting, CPU per candidate, database", database, "ms")
    show("a whole sitting, CPU per candidate, both", application + database, "ms", at_most=48)
    show("a whole sitting, tables and indexes per candidate", grown / CANDIDATES / 1000, "kB", at_most=20)
    show("a whole sitting, WAL per candidate", written / CANDIDATES / 1000, "kB", at_most=40)
    finish()


def _sit(on: Stage, browsers: Sequence[Browser]) -> list[tuple[str, float]]:
    """Have everybody sit, step by step, and return the CPU seconds of each step, database included."""

    def write(browser: Browser, number: int) -> None:
        browser.answer(number)
        browser.show_life()

    def write_all() -> None:
        for number in range(max(QUESTIONS, HEARTBEATS)):
            begun = monotonic()
            list(pool.map(write, browsers, [number] * len(browsers)))
            sleep(max(0, ROUND_SECONDS - (monotonic() - begun)))

    steps: list[tuple[str, Callable[[Browser], None]]] = [
        ("sign-in", Browser.sign_in),
        ("loading", Browser.load),
    ]
    found = []
    with ThreadPoolExecutor(THREADS) as pool:
        for name, step in steps:
            found.append((name, _cost(on, lambda step=step: list(pool.map(step, browsers)))))
        found.append((f"{QUESTIONS} saves and {HEARTBEATS} heartbeats", _cost(on, write_all)))
        found.append(("submitting", _cost(on, lambda: list(pool.map(Browser.submit, browsers)))))
    return found


def _cost(on: Stage, deed: Callable[[], object]) -> float:
    before = sum(on.cpu())
    deed()
    return sum(on.cpu()) - before


def _size(on: Stage) -> int:
    with psycopg.connect(on.url) as connection:
        row = connection.execute(_SIZE).fetchone()
    assert row
    return int(row[0])


def _wal(on: Stage) -> int:
    with psycopg.connect(on.url) as connection:
        row = connection.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')").fetchone()
    assert row
    return int(row[0])


if __name__ == "__main__":
    main()
