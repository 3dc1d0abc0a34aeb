"""Names, passwords, counting of wrong tries, the life of a session: tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.accounts.rules import (
    LOCKED_FOR,
    MAX_TRIES,
    Tries,
    after_failure,
    failed_in_a_row,
    folded_username,
    is_alive,
    is_locked,
    password_problem,
    username_problem,
)

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("name", ["a", "lan.nguyen", "0247", "a-b_c.d", "x" * 60])
def test_good_names(name: str) -> None:
    assert username_problem(name) is None


@pytest.mark.parametrize("name", ["", ".lan", "lan.", "Lan", "lan nguyen", "lẩn", "x" * 61, "lan\n", "lan@so"])
def test_bad_names(name: str) -> None:
    problem = username_problem(name)
    assert problem is not None
    assert problem.code == "bad_username"


def test_what_is_typed_is_folded() -> None:
    assert folded_username("  Lan.Nguyen\n") == "lan.nguyen"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("sen vàng buổi sáng", None),
        ("x1y2z3w4q5", None),
        ("ngắn quá 9", None),
        ("ngắn quá", "short_password"),
        ("", "short_password"),
        ("lan.nguyen 2026", "name_in_password"),
        ("tôi là LAN . NGUYEN", "name_in_password"),
        ("aaaaaaaaaaaa", "plain_password"),
        ("1212121212", "plain_password"),
        ("dài" * 67, "long_password"),
    ],
)
def test_passwords(password: str, code: str | None) -> None:
    problem = password_problem(password, "lan.nguyen")
    assert (problem.code if problem else None) == code


def failures(count: int, gap: timedelta = SECOND) -> Tries:
    tries = None
    for number in range(count):
        tries = after_failure(tries, NOW + number * gap)
    assert tries is not None
    return tries


def test_the_fifth_in_a_row_locks_for_a_quarter_of_an_hour() -> None:
    assert not is_locked(failures(MAX_TRIES - 1), NOW + 4 * SECOND)
    locked = failures(MAX_TRIES)
    last = NOW + 4 * SECOND
    assert locked.locked_until == last + LOCKED_FOR
    assert is_locked(locked, last + LOCKED_FOR - SECOND)
    assert not is_locked(locked, last + LOCKED_FOR)


def test_while_locked_a_guess_changes_nothing_and_afterwards_counting_begins_anew() -> None:
    locked = failures(MAX_TRIES)
    assert after_failure(locked, NOW + timedelta(minutes=10)) == locked
    again = after_failure(locked, NOW + timedelta(minutes=20))
    assert (again.failed, again.locked_until) == (1, None)


def test_slow_guesses_are_forgotten() -> None:
    assert failures(9, gap=LOCKED_FOR).failed == 1
    assert failed_in_a_row(failures(3), NOW + 2 * SECOND + LOCKED_FOR - SECOND) == 3
    assert failed_in_a_row(failures(3), NOW + 2 * SECOND + LOCKED_FOR) == 0
    assert failed_in_a_row(None, NOW) == 0


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=60))
def test_no_rhythm_of_guessing_gets_more_than_five_tries_in_a_quarter_of_an_hour(gaps: list[int]) -> None:
    """Whatever the pauses (in half minutes), guesses that are judged at all never come faster than that."""
    tries, moment, judged = None, NOW, []
    for gap in gaps:
        moment += gap * timedelta(seconds=30)
        if not is_locked(tries, moment):
            judged.append(moment)
        tries = after_failure(tries, moment)
    for index in range(len(judged) - MAX_TRIES):
        assert judged[index + MAX_TRIES] - judged[index] >= LOCKED_FOR


@pytest.mark.parametrize(
    ("age", "idle", "revoked", "alive"),
    [
        (0, 0, False, True),
        (11 * 60 + 59, 0, False, True),
        (12 * 60, 0, False, False),
        (90, 59, False, True),
        (90, 60, False, False),
        (0, 0, True, False),
    ],
)
def test_a_session_lives_twelve_hours_and_one_hour_of_idleness(age: int, idle: int, revoked: bool, alive: bool) -> None:
    began = NOW - timedelta(minutes=age)
    assert alive == is_alive(
        expires_at=began + timedelta(hours=12),
        seen_at=NOW - timedelta(minutes=idle),
        revoked_at=NOW if revoked else None,
        now=NOW,
    )
