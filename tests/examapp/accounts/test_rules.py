"""Names, passwords, counting of wrong tries, the life of a session: tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.accounts.rules import (
    FORGOTTEN_AFTER,
    LOCKED_FOR,
    LONGEST_LOCK,
    MAX_TRIES,
    STRANGERS_TRIES,
    STRANGERS_TRY_EVERY,
    Tries,
    after_failure,
    after_strangers_failure,
    folded_username,
    is_alive,
    is_locked,
    lock_length,
    password_problem,
    tries_left,
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


def test_while_locked_a_guess_changes_nothing_and_afterwards_there_are_five_more() -> None:
    locked = failures(MAX_TRIES)
    assert after_failure(locked, NOW + timedelta(minutes=10)) == locked
    again = after_failure(locked, NOW + timedelta(minutes=20))
    assert (again.failed, again.locked_until, tries_left(again)) == (6, None, 4)


@pytest.mark.parametrize(
    ("failed", "minutes"), [(0, 0), (4, 0), (5, 15), (6, 0), (10, 30), (15, 60), (20, 60), (5_000, 60)]
)
def test_each_lock_is_longer_up_to_an_hour(failed: int, minutes: int) -> None:
    assert lock_length(failed) == timedelta(minutes=minutes)


def test_a_count_is_forgotten_two_hours_after_the_last_wrong_password() -> None:
    assert FORGOTTEN_AFTER > LONGEST_LOCK
    assert failures(9, gap=FORGOTTEN_AFTER).failed == 1
    assert failures(4, gap=FORGOTTEN_AFTER - SECOND).failed == 4


def judged_in(hours: float, pause: timedelta) -> int:
    """Return how many guesses of somebody who tries every `pause` are judged at one place."""
    tries, moment, judged = None, NOW, 0
    while moment < NOW + timedelta(hours=hours):
        judged += not is_locked(tries, moment)
        tries = after_failure(tries, moment)
        moment += pause
    return judged


@pytest.mark.parametrize("seconds", [1, 60, 200, 1000, 3600, 7200])
def test_one_place_gets_at_most_130_guesses_in_a_day(seconds: int) -> None:
    assert judged_in(24, timedelta(seconds=seconds)) <= 130


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=60))
def test_no_rhythm_of_guessing_gets_more_than_five_tries_in_a_quarter_of_an_hour(gaps: list[int]) -> None:
    """Whatever the pauses (in half minutes), guesses of one place that are judged at all never come faster than that.

    Pauses stay below two hours, or the count is forgotten.
    """
    tries, moment, judged = None, NOW, []
    for gap in gaps:
        moment += gap * timedelta(seconds=30)
        if not is_locked(tries, moment):
            judged.append(moment)
        tries = after_failure(tries, moment)
    for index in range(0, len(judged) - MAX_TRIES, MAX_TRIES):
        assert judged[index + MAX_TRIES] - judged[index + MAX_TRIES - 1] >= LOCKED_FOR


@given(st.lists(st.integers(min_value=0, max_value=900), max_size=200))
def test_all_strangers_together_get_twenty_guesses_and_one_every_three_minutes(gaps: list[int]) -> None:
    tries, moment, judged = None, NOW, []
    for gap in gaps:
        moment += gap * SECOND
        if not is_locked(tries, moment):
            judged.append(moment)
            tries = after_strangers_failure(tries, moment)
    for first, begin in enumerate(judged):
        for last, end in enumerate(judged[first:], start=first):
            assert last - first + 1 <= STRANGERS_TRIES + (end - begin) / STRANGERS_TRY_EVERY


def test_strangers_wait_for_the_next_guess_and_no_longer() -> None:
    tries = None
    for _ in range(STRANGERS_TRIES):
        assert not is_locked(tries, NOW)
        tries = after_strangers_failure(tries, NOW)
    assert is_locked(tries, NOW + STRANGERS_TRY_EVERY - SECOND)
    assert not is_locked(tries, NOW + STRANGERS_TRY_EVERY)
    assert after_strangers_failure(tries, NOW + 100 * STRANGERS_TRY_EVERY).failed == 1


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
