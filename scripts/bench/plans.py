"""What the planner makes of the statements of the answer log: the nodes of a plan and the buffers it touches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from examapp.answerlog import statements
from examapp.answerlog.batches import Connection
from scripts.bench.stock import ITEMS, Seat


@dataclass(frozen=True)
class Plan:
    """The nodes of a generic plan, each with its index or table, and the buffers one run touched."""

    nodes: Sequence[str]
    buffers: int

    def differing(self, other: "Plan") -> int:
        """Return how many nodes are not the same."""
        same = sum(one == another for one, another in zip(self.nodes, other.nodes, strict=False))
        return max(len(self.nodes), len(other.nodes)) - same


def plan_of_save(connection: Connection, seat: Seat) -> Plan:
    """Return the plan of the statement that stores one answer."""
    return _explained(connection, statements.FAST, _fast_values(seat, 1))


def plan_of_start(connection: Connection, seat: Seat) -> Plan:
    """Return the plan of the statement that reads the key of the paper."""
    return _explained(connection, statements.LOOK, _fast_values(seat, -1)[:8])


def plan_of_submission(connection: Connection, seat: Seat) -> Plan:
    """Return the plan of the statement by whose facts a submission is judged."""
    statement = statements.FACTS
    for number, name in enumerate(("offset", "n", "attempt", "lease", "sitting"), start=1):
        statement = statement.replace(f"%({name})s", f"${number}")
    values = ["0", "'{0}'", f"'{{{seat.attempt}}}'", "'{1}'", f"'{{{seat.sitting}}}'"]
    return _explained(connection, statement, values)


def _fast_values(seat: Seat, rows: int) -> list[str]:
    seq = str(ITEMS + 1)
    return [
        "0", "'{0}'", f"'{{{seat.attempt}}}'", "'{1}'", f"'{{{rows}}}'", f"'{{{seq}}}'", "'{1}'",
        f"'{{{seat.sitting}}}'", "'{0}'", f"'{{{seq}}}'", "'{1}'", "'{1}'", "'{2}'", "'{1795482060000}'",
    ]  # fmt: skip


def _explained(connection: Connection, statement: str, values: Sequence[str]) -> Plan:
    """Return the generic plan and the buffers of its second run, which finds the catalogue in memory."""
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(f"PREPARE explained AS {statement}")
        for _ in range(2):
            with connection.transaction(force_rollback=True):
                command = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained({','.join(values)})"
                ((document,),) = cursor.execute(command).fetchall()
        cursor.execute("DEALLOCATE explained")
    plan = document[0]["Plan"]
    return Plan(list(_nodes(plan)), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{plan['Node Type']} {plan.get('Index Name', plan.get('Relation Name', ''))}".strip()
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)
