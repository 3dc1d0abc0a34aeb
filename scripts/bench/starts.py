"""1,000 candidates start, and later submit, in the same second: every key and every receipt within a second."""

import json
import resource

from scripts.bench.crowd import Crowd, post_at_once
from scripts.bench.figures import finish, show
from scripts.bench.stage import stage
from scripts.bench.stock import fill

CANDIDATES = 1_000
ROUNDS = 3
LIMIT_MS = 1_000


def show_worst(name: str, crowds: list[Crowd], limit: float | None = LIMIT_MS) -> None:
    """Print the worst round's percentile and all failures."""
    show(f"{name}, p50 of the worst round", max(crowd.percentile(0.5) for crowd in crowds), "ms")
    show(f"{name}, p99 of the worst round", max(crowd.percentile(0.99) for crowd in crowds), "ms", at_most=limit)
    show(f"{name}, failed", sum(crowd.failed for crowd in crowds), "req", at_most=0)


def main() -> None:
    """Measure and print."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 4 * CANDIDATES), most))
    with stage() as on:
        seats = fill(on.url, on.keys, CANDIDATES, code="STARTS", paper=24_000)
        show_worst("1,000 keys at once, new connections", [
            post_at_once(on.port, seats, "/thi/api/key", lambda _: "{}", connected=False) for _ in range(ROUNDS)
        ])  # fmt: skip
        show_worst("1,000 keys at once, open connections", [
            post_at_once(on.port, seats, "/thi/api/key", lambda _: "{}", connected=True) for _ in range(ROUNDS)
        ])  # fmt: skip
        for start in range(1, 61, 20):
            rows = [[seq, 1, seq - 1, 1, 0] for seq in range(start, start + 20)]
            written = post_at_once(on.port, seats, "/thi/api/saves", lambda _: _saves(rows), connected=True)  # noqa: B023
            assert written.failed == 0
        end = [[61, 3, -1, None, 0]]
        show_worst("1,000 submissions at once", [
            post_at_once(on.port, seats, "/thi/api/saves", lambda _: _saves(end), connected=True)
        ], limit=None)  # fmt: skip
    finish()


def _saves(rows: list[list[object]]) -> str:
    return json.dumps({"saves": rows})


if __name__ == "__main__":
    main()
