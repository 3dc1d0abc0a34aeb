"""Saving an answer: rate and processor time beside an empty view and beside pgbench, all in the same run."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.figures import finish, show
from scripts.bench.pgbench import saves_per_second
from scripts.bench.stage import Stage, stage
from scripts.bench.stock import Seat, fill

CONNECTIONS, CLIENT_THREADS = 32, 2
SECONDS = 10
ATTEMPTS, WARM_UP = 6_000, 1_000


@dataclass(frozen=True)
class Run:
    """What one run of the load generator measured."""

    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int
    app_ms: float
    database_ms: float


def run(on: Stage, seats: list[Seat], *, rows: int, first: int = 1, seconds: int = SECONDS) -> Run:
    """Load the server for some seconds; `rows` answers in each request, or 0 for the empty view."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as cookies:
        cookies.write("\n".join(seat.cookies for seat in seats) + "\n")
        cookies.flush()
        app, database = on.cpu()
        command = ["wrk", "-c", str(CONNECTIONS), "-t", str(CLIENT_THREADS), "-d", f"{seconds}s", "--latency"]
        command += ["-s", str(Path(__file__).with_name("saves.lua")), on.address, "--"]
        command += [cookies.name, str(CLIENT_THREADS), str(rows), str(first)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        app_after, database_after = on.cpu()
    found = json.loads(output.rstrip().rsplit("\n", 1)[1])
    count = found["requests"]
    return Run(
        requests=count,
        per_second=count / found["seconds"],
        p50_ms=found["p50_ms"],
        p99_ms=found["p99_ms"],
        failed=found["refused"] + found["broken"],
        app_ms=(app_after - app) / count * 1000,
        database_ms=(database_after - database) / count * 1000,
    )


def main() -> None:
    """Measure and print."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    with stage() as on:
        seats = fill(on.url, on.keys, ATTEMPTS, code="SAVES")
        run(on, seats, rows=0, seconds=2)
        empty = run(on, seats, rows=0)
        run(on, seats[:WARM_UP], rows=1, seconds=2)
        one = run(on, seats[WARM_UP:], rows=1)
        again = run(on, seats, rows=0)
        five = run(on, fill(on.url, on.keys, ATTEMPTS, code="FIVES"), rows=5)
        direct = saves_per_second(on.url, fill(on.url, on.keys, CONNECTIONS, code="PGBENCH"), SECONDS)
    rate = (empty.per_second + again.per_second) / 2
    show("empty view, before and after", rate, "req/s")
    show("empty view, CPU per request", (empty.app_ms + again.app_ms) / 2, "ms")
    show("save", one.per_second, "req/s")
    show("save, share of the empty view's rate", one.per_second / rate * 100, "%", at_least=50)
    show("save, CPU per request, application", one.app_ms, "ms")
    show("save, CPU per request, database", one.database_ms, "ms")
    show("save, CPU per request, both", one.app_ms + one.database_ms, "ms", at_most=0.25)
    show("save, p50", one.p50_ms, "ms")
    show("save, p99", one.p99_ms, "ms")
    show("save, failed", one.failed, "req", at_most=0)
    show("five saves in a request", five.per_second, "req/s")
    show("five saves in a request, answers", five.per_second * 5, "answers/s")
    show("five saves in a request, failed", five.failed, "req", at_most=0)
    if direct is None:
        print("no pgbench on this machine: the database's own rate was not measured")
    else:
        show("pgbench, the same SQL, one save a transaction", direct, "saves/s")
        show("save, share of pgbench", one.per_second / direct * 100, "%")
    finish()


if __name__ == "__main__":
    main()
