"""Simulated candidates: always the same, in the order of time, inside the time."""

from datetime import UTC, datetime, timedelta

import pytest

from examapp.core.clock import from_millis
from examapp.demo.people import candidate_rows
from examapp.demo.simulation import UNSUBMITTED, Person, ability_of, rows_of
from examapp.integrity.receipts import KIND_SUBMIT

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RIGHT = [item % 4 for item in range(60)]
NUMBERS = [str(row["number"]) for row in candidate_rows()]


def person(number: str) -> Person:
    return Person(number, "", ability_of(number))


def test_names_say_that_they_are_invented() -> None:
    names = [str(row["full_name"]) for row in candidate_rows()]
    assert len(set(names)) == len(names) == 30
    assert all(name.endswith("Ví Dụ") for name in names)


@pytest.mark.parametrize("number", NUMBERS)
def test_rows_are_what_a_page_would_send(number: str) -> None:
    rows = rows_of(person(number), RIGHT, START, 60)
    assert rows == rows_of(person(number), RIGHT, START, 60)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    times = [from_millis(row.client_ms) for row in rows]
    assert times == sorted(times)
    assert times[0] > START
    assert times[-1] < START + timedelta(minutes=60)
    submits = [row.seq for row in rows if row.kind == KIND_SUBMIT]
    assert submits == ([] if number in UNSUBMITTED else [len(rows)])


def test_abilities_differ() -> None:
    abilities = [ability_of(number) for number in NUMBERS]
    assert min(abilities) < 40
    assert max(abilities) > 80
