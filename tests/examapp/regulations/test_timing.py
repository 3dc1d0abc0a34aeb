"""The exam clock, second by second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.regulations.timing import (
    Phase,
    Verdict,
    attempt_phase,
    closes_for_good,
    counts,
    deadline,
    epoch_ms,
    is_closed,
    key_released,
    may_enter,
)

OPENS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
STARTS = OPENS + timedelta(minutes=15)
ENDS = STARTS + timedelta(minutes=60)
GRACE = 120


def after(seconds: float, base: datetime = ENDS) -> datetime:
    return base + timedelta(seconds=seconds)


def test_deadline() -> None:
    assert deadline(STARTS, 60) == ENDS
    assert deadline(STARTS, 60, 20) == ENDS + timedelta(minutes=20)


@pytest.mark.parametrize(("minutes", "extra"), [(0, 0), (-1, 0), (60, -1)])
def test_deadlines_that_make_no_sense(minutes: int, extra: int) -> None:
    with pytest.raises(ValueError, match="minutes"):
        deadline(STARTS, minutes, extra)


@pytest.mark.parametrize(
    ("now", "closed_at", "result_available", "phase"),
    [
        (after(-1, OPENS), None, False, Phase.EARLY),
        (OPENS, None, False, Phase.WAITING),
        (after(-0.001, STARTS), None, False, Phase.WAITING),
        (STARTS, None, False, Phase.OPEN),
        (ENDS, None, False, Phase.OPEN),
        (after(GRACE - 0.001), None, False, Phase.OPEN),
        (after(GRACE), None, False, Phase.CLOSED),
        (after(3600), None, False, Phase.CLOSED),
        (after(60, STARTS), after(30, STARTS), False, Phase.CLOSED),
        (after(3600), after(30, STARTS), True, Phase.RESULT),
    ],
)
def test_phases(now: datetime, closed_at: datetime | None, result_available: bool, phase: Phase) -> None:
    assert (
        attempt_phase(
            now,
            opens_at=OPENS,
            starts_at=STARTS,
            deadline_at=ENDS,
            grace_seconds=GRACE,
            closed_at=closed_at,
            result_available=result_available,
        )
        == phase
    )


def test_keys_leave_at_the_start_and_not_before() -> None:
    assert not key_released(after(-0.001, STARTS), STARTS)
    assert key_released(STARTS, STARTS)


@pytest.mark.parametrize(
    ("received", "answered", "heard", "verdict"),
    [
        pytest.param(-1800, -1800, False, Verdict.COUNTED, id="in time"),
        pytest.param(0, 0, False, Verdict.COUNTED, id="at the deadline"),
        pytest.param(5, 0, True, Verdict.COUNTED, id="on its way, though the page was heard"),
        pytest.param(5.001, 0, False, Verdict.LATE, id="after a real outage"),
        pytest.param(5.001, 0, True, Verdict.FENCED, id="the page had been heard after the deadline"),
        pytest.param(119.999, -1, False, Verdict.LATE, id="just inside the grace"),
        pytest.param(120, -1, False, Verdict.FENCED, id="the grace is over"),
        pytest.param(3600, -1800, False, Verdict.FENCED, id="long after, however old the answer claims to be"),
        pytest.param(-10, 1, False, Verdict.FENCED, id="answered in the future"),
        pytest.param(2, 0.001, False, Verdict.FENCED, id="answered after the deadline"),
        pytest.param(60, 30, False, Verdict.FENCED, id="answered in the grace"),
    ],
)
def test_late_rule(received: float, answered: float, heard: bool, verdict: Verdict) -> None:
    assert (
        counts(
            after(received),
            ENDS,
            client_ms=epoch_ms(after(answered)),
            grace_seconds=GRACE,
            heard_after_deadline=heard,
        )
        == verdict
    )


seconds = st.floats(-7200, 7200, allow_nan=False)


@given(seconds, seconds, st.integers(5, 120), st.booleans())
def test_nothing_counts_once_an_attempt_is_closed_or_was_answered_late(
    received: float, answered: float, grace: int, heard: bool
) -> None:
    verdict = counts(
        after(received),
        ENDS,
        client_ms=epoch_ms(after(answered)),
        grace_seconds=grace,
        heard_after_deadline=heard,
    )
    if is_closed(after(received), ENDS, grace, closed_at=None) or answered >= 0.001:
        assert verdict == Verdict.FENCED
    if verdict == Verdict.LATE:
        assert not heard
        assert 5 < received < grace


@given(seconds, seconds, st.integers(5, 119), st.booleans())
def test_a_longer_grace_never_takes_an_answer_away(received: float, answered: float, grace: int, heard: bool) -> None:
    def verdict(grace_seconds: int) -> Verdict:
        return counts(
            after(received),
            ENDS,
            client_ms=epoch_ms(after(answered)),
            grace_seconds=grace_seconds,
            heard_after_deadline=heard,
        )

    if verdict(grace) != Verdict.FENCED:
        assert verdict(grace + 1) == verdict(grace)


def test_closing() -> None:
    assert closes_for_good(ENDS, GRACE) == after(120)
    assert is_closed(STARTS, ENDS, GRACE, closed_at=STARTS)
    assert not is_closed(STARTS, ENDS, GRACE, closed_at=None)


@pytest.mark.parametrize(
    ("late_seconds", "allowed", "answer"),
    [(-60, 10, True), (0, None, True), (600, 10, True), (600.001, 10, False), (1, None, None)],
)
def test_latecomers(late_seconds: float, allowed: int | None, answer: bool | None) -> None:
    assert may_enter(after(late_seconds, STARTS), STARTS, allowed) is answer


def test_epoch_milliseconds() -> None:
    assert epoch_ms(datetime(1970, 1, 1, 0, 0, 1, 1999, tzinfo=UTC)) == 1001
    assert epoch_ms(datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == 1_795_482_000_000
