"""A save, a start and a submission cost the same in a small database and in a large one.

Large means two things, each measured by itself: 50,000 attempts (3 million saves) where the small database has 1,000,
and 100,000 questions in the bank where it has 1,000. The three databases lie on one server and take turns with every
single deed, so that whatever else the machine does meanwhile falls on all of them alike. The times are taken twice: as
they are, and without the commit's wait for the disk, which is most of them and would hide the rest.

Takes minutes; run by hand: `python -m scripts.bench large`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import psycopg

from examapp.answerlog.asks import Ask, Outcome
from examapp.answerlog.batches import Connection, prepare, run_carefully, run_fast
from examapp.answerlog.protocol import Save
from examapp.answerlog.receipt import ReceiptDesk
from examapp.answerlog.rules import Code
from scripts.bench.bulk import add_past_attempts, add_questions, add_saves, new_database
from scripts.bench.figures import finish, show
from scripts.bench.plans import Plan, plan_of_save, plan_of_start, plan_of_submission
from scripts.bench.stage import Stage, stage
from scripts.bench.stock import ITEMS, Seat, fill

#: how many candidates sit today, in every database
TODAY = 1_000
#: how many of them save and start, again and again; each of the others submits once
SAVING = 200
#: which turns wait for the disk and which do not
WAITING, NOT_WAITING = range(400), range(400, 800)
MILLIS = 1795482060000


@dataclass(frozen=True)
class World:
    """One of the databases: today's seats, the connection of their writer, and the desk of their receipts."""

    connection: Connection
    desk: ReceiptDesk
    seats: Sequence[Seat]


async def save(world: World, step: int) -> Outcome | None:
    """Store one answer more."""
    row = Save(ITEMS + 1 + step // SAVING, 1, 1, "2", MILLIS)
    ((_, outcome),) = await run_fast(world.connection, [_ask(world.seats[step % SAVING], [row])], 0)
    return outcome


async def start(world: World, step: int) -> Outcome | None:
    """Read the key of a paper."""
    ((_, outcome),) = await run_fast(world.connection, [_ask(world.seats[step % SAVING], None)], 0)
    return outcome


async def submit(world: World, step: int) -> Outcome | None:
    """Close an attempt and make its receipt."""
    seat = world.seats[SAVING + step]
    end = Save(ITEMS + 1, 3, -1, "null", MILLIS)
    ((_, outcome),) = run_carefully(world.connection, [_ask(seat, [end])], 0)
    world.desk.receipt(seat.attempt)
    return outcome


@dataclass(frozen=True)
class Deed:
    """What is measured, how often a turn, and where its plan comes from."""

    carry_out: Callable[[World, int], Awaitable[Outcome | None]]
    often: int
    explain: Callable[[Connection, Seat], Plan]


DEEDS = {
    "save": Deed(save, 3, plan_of_save),
    "start": Deed(start, 3, plan_of_start),
    "submission": Deed(submit, 1, plan_of_submission),
}


def main() -> None:
    """Measure all three and compare the large ones with the small one."""
    with (
        stage() as on,
        _world(on, "small", attempts=TODAY, questions=1_000) as small,
        _world(on, "attempts", attempts=50_000, questions=1_000) as attempts,
        _world(on, "questions", attempts=TODAY, questions=100_000) as questions,
    ):
        worlds = {"1,000 of both": small, "50,000 attempts": attempts, "100,000 questions": questions}
        plans = {
            name: [deed.explain(world.connection, world.seats[0]) for world in worlds.values()]
            for name, deed in DEEDS.items()
        }
        times = asyncio.run(_take_turns(list(worlds.values()), WAITING))
        for world in worlds.values():
            world.connection.execute("SET synchronous_commit = off")
        undelayed = asyncio.run(_take_turns(list(worlds.values()), NOT_WAITING))
        for name, world in worlds.items():
            _show_size(name, world)
    for deed in DEEDS:
        _compare_times(deed, list(worlds), times[deed])
        _compare_times(f"{deed}, no disk", list(worlds), undelayed[deed])
        _compare_plans(deed, list(worlds), plans[deed])
    finish()


def _show_size(name: str, world: World) -> None:
    for table in ("attempts", "answer_saves", "questions"):
        ((count,),) = world.connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        show(f"{name}: {table}", count, "rows")


def _compare_times(deed: str, names: Sequence[str], times: Sequence[float]) -> None:
    show(f"{deed}, median at {names[0]}", times[0], "us")
    for name, micros in list(zip(names, times, strict=True))[1:]:
        show(f"{deed}, median at {name}", micros, "us")
        show(f"{deed} at {name}, time to time at 1,000", micros / times[0], "x", at_most=1.25)


def _compare_plans(deed: str, names: Sequence[str], plans: Sequence[Plan]) -> None:
    for name, plan in list(zip(names, plans, strict=True))[1:]:
        show(f"{deed} at {name}, more buffers", plan.buffers - plans[0].buffers, "buffers", at_most=2)
        show(f"{deed} at {name}, plan nodes that differ", plan.differing(plans[0]), "nodes", at_most=0)


@contextmanager
def _world(on: Stage, name: str, *, attempts: int, questions: int) -> Iterator[World]:
    """Make a database of this size; the attempts are those of today and, before them, of the past."""
    url = new_database(on.url, name)
    add_questions(url, questions)
    add_past_attempts(url, on.keys, attempts - TODAY)
    seats = fill(url, on.keys, TODAY, code="TODAY")
    add_saves(url)
    with psycopg.connect(url, autocommit=True) as connection:
        prepare(connection)
        desk = ReceiptDesk(url, on.keys)
        # Neighbours in the sitting would find each other's pages in memory: turns go to seats far apart.
        yield World(connection, desk, sorted(seats, key=lambda seat: seat.attempt.bytes[::-1]))
        desk.close()


async def _take_turns(worlds: Sequence[World], turns: Iterable[int]) -> dict[str, list[float]]:
    """Do every deed each turn in every world, each time first in another; return the medians in microseconds."""
    times: dict[str, list[list[float]]] = {name: [[] for _ in worlds] for name in DEEDS}
    for turn in turns:
        for name, deed in DEEDS.items():
            for step in range(turn * deed.often, (turn + 1) * deed.often):
                for place in range(len(worlds)):
                    at = (step + place) % len(worlds)
                    begun = perf_counter()
                    outcome = await deed.carry_out(worlds[at], step)
                    times[name][at].append((perf_counter() - begun) * 1e6)
                    assert outcome is not None
                    assert outcome.code is Code.OK, outcome
    return {name: [median(micros) for micros in of_deed] for name, of_deed in times.items()}


def _ask(seat: Seat, saves: Sequence[Save] | None) -> Ask:
    return Ask(seat.sitting, seat.attempt, 1, saves)


if __name__ == "__main__":
    main()
