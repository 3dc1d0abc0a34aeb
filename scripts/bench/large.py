"""A save, a start and a submission cost the same with 1,000 and with 50,000 attempts (3 million saves) in the database.

Takes minutes; run by hand: `python -m scripts.bench large`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from examapp.answerlog import statements
from examapp.answerlog.asks import Ask
from examapp.answerlog.batches import Connection, prepare, run_carefully, run_fast
from examapp.answerlog.protocol import Save
from examapp.answerlog.receipt import ReceiptDesk
from examapp.answerlog.rules import Code
from scripts.bench.figures import finish, show
from scripts.bench.stage import Stage, stage
from scripts.bench.stock import ITEMS, Seat, fill

SMALL, LARGE = 1_000, 50_000
RUNS = 300

_MORE_ATTEMPTS = """
INSERT INTO attempts SELECT made.* FROM (SELECT * FROM attempts WHERE closed_at IS NULL LIMIT 1) AS a,
    generate_series(1, %s) AS n, jsonb_populate_record(NULL::attempts, to_jsonb(a) || jsonb_build_object(
        'id', gen_random_uuid(), 'candidate_number', 'x' || n)) AS made
"""
_MORE_SAVES = """
INSERT INTO answer_saves SELECT a.id, 1, n, 1, n - 1, '1', 1795482060000, a.starts_at, false, false
FROM attempts AS a, generate_series(1, %s) AS n WHERE NOT EXISTS (SELECT FROM answer_saves WHERE attempt_id = a.id)
"""


@dataclass(frozen=True)
class Measured:
    """One deed at one size: the nodes of its plans, the buffers it touched, its median time."""

    plan: Sequence[str]
    buffers: int
    micros: float


def main() -> None:
    """Measure at both sizes and compare."""
    with stage() as on:
        small = _measure_all(on, _sitting(on, "FIRST"))
        _add_past_attempts(on, LARGE - 2 * SMALL)
        large = _measure_all(on, _sitting(on, "TODAY"))
    for deed, before in small.items():
        after = large[deed]
        show(f"{deed}, median at {SMALL:,} attempts", before.micros, "us")
        show(f"{deed}, median at {LARGE:,} attempts", after.micros, "us")
        show(f"{deed}, time at {LARGE:,} to time at {SMALL:,}", after.micros / before.micros, "x", at_most=1.25)
        show(f"{deed}, more buffers", after.buffers - before.buffers, "buffers", at_most=2)
        show(f"{deed}, plan nodes that differ", _differing(before.plan, after.plan), "nodes", at_most=0)
    finish()


def _differing(before: Sequence[str], after: Sequence[str]) -> int:
    return sum(one != other for one, other in zip(before, after, strict=False)) + abs(len(before) - len(after))


def _sitting(on: Stage, code: str) -> list[Seat]:
    """Add a sitting in which everybody has answered everything once, and return some of its seats, far apart."""
    seats = fill(on.url, on.keys, SMALL, code=code)
    _add_saves(on)
    return sorted(seats, key=lambda seat: seat.attempt.bytes[::-1])[: 2 * RUNS]


def _add_past_attempts(on: Stage, count: int) -> None:
    with psycopg.connect(on.url, autocommit=True) as connection:
        connection.execute(_MORE_ATTEMPTS, (count,))
    _add_saves(on)


def _add_saves(on: Stage) -> None:
    """Add saves to all attempts that have none."""
    with psycopg.connect(on.url, autocommit=True) as connection:
        connection.execute(_MORE_SAVES, (ITEMS,))
        connection.execute("VACUUM ANALYZE attempts")
        connection.execute("VACUUM ANALYZE answer_saves")


def _measure_all(on: Stage, seats: Sequence[Seat]) -> dict[str, Measured]:
    with psycopg.connect(on.url, autocommit=True) as connection:
        prepare(connection)
        saving, submitting = seats[:RUNS], seats[RUNS:]
        row = Save(ITEMS + 1, 1, 1, "2", 1795482060000)
        end = Save(ITEMS + 1, 3, -1, "null", 1795482060000)
        desk = ReceiptDesk(on.url, on.keys)

        def submit(one: Connection, asks: Sequence[Ask], offset_us: int) -> object:
            found = run_carefully(one, asks, offset_us)
            desk.receipt(asks[0].attempt)
            return found

        measured = {
            "save": _measured(
                _explained(connection, statements.FAST, _fast_values(seats[0], 1)),
                _timed(connection, run_fast, _asks(saving, (row,))),
            ),
            "start": _measured(
                _explained(connection, statements.LOOK, _fast_values(seats[0], -1)[:8]),
                _timed(connection, run_fast, _asks(saving, None)),
            ),
            "submission": _measured(
                _explained(connection, _numbered(statements.FACTS, "offset", "n", "attempt", "lease", "sitting"),
                           ["0", "'{0}'", f"'{{{seats[0].attempt}}}'", "'{1}'", f"'{{{seats[0].sitting}}}'"]),
                _timed(connection, submit, _asks(submitting, (end,))),
            ),
        }  # fmt: skip
        desk.close()
    return measured


def _asks(seats: Sequence[Seat], saves: Sequence[Save] | None) -> Iterator[Ask]:
    for seat in seats:
        yield Ask(seat.sitting, seat.attempt, 1, saves)


def _timed(
    connection: Connection, run: Callable[[Connection, Sequence[Ask], int], object], asks: Iterator[Ask]
) -> float:
    times = []
    for ask in asks:
        begun = perf_counter()
        found: Any = run(connection, [ask], 0)
        times.append((perf_counter() - begun) * 1e6)
        assert found[0][1] is not None
        assert found[0][1].code is Code.OK, found
    return median(times)


def _measured(explained: tuple[Sequence[str], int], micros: float) -> Measured:
    return Measured(explained[0], explained[1], micros)


def _fast_values(seat: Seat, rows: int) -> list[str]:
    seq = str(ITEMS + 1)
    return [
        "0", "'{0}'", f"'{{{seat.attempt}}}'", "'{1}'", f"'{{{rows}}}'", f"'{{{seq}}}'", "'{1}'",
        f"'{{{seat.sitting}}}'", "'{0}'", f"'{{{seq}}}'", "'{1}'", "'{1}'", "'{2}'", "'{1795482060000}'",
    ]  # fmt: skip


def _numbered(statement: str, *names: str) -> str:
    for number, name in enumerate(names, start=1):
        statement = statement.replace(f"%({name})s", f"${number}")
    return statement


def _explained(connection: Connection, statement: str, values: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the nodes of the generic plan and the buffers of its second run, which finds the catalogue in memory."""
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(f"PREPARE explained AS {statement}")
        for _ in range(2):
            with connection.transaction(force_rollback=True):
                command = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained({','.join(values)})"
                ((document,),) = cursor.execute(command).fetchall()
        cursor.execute("DEALLOCATE explained")
    plan = document[0]["Plan"]
    return list(_nodes(plan)), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{plan['Node Type']} {plan.get('Index Name', plan.get('Relation Name', ''))}".strip()
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


if __name__ == "__main__":
    main()
