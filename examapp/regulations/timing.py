"""The exam clock: pure functions of server times, the only place that decides what is early, open, late or over.

The start is the same for everybody whether signed in or not; extra minutes are granted per candidate. After the
deadline a short transit time is allowed to everybody; the grace beyond it only to whom the server had really lost.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

#: A save sent before the deadline may still be on its way for this long.
TRANSIT_SECONDS = 5


class Phase(StrEnum):
    """Where an attempt stands."""

    EARLY = "early"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"
    RESULT = "result"


class Verdict(StrEnum):
    """What becomes of a row of the answer log. Every row is stored; this says whether it counts."""

    COUNTED = "counted"
    LATE = "late"
    FENCED = "fenced"


def deadline(starts_at: datetime, minutes: int, extra_minutes: int = 0) -> datetime:
    """Return when an attempt's time ends."""
    if minutes < 1 or extra_minutes < 0:
        raise ValueError(f"{minutes} minutes and {extra_minutes} extra")
    return starts_at + timedelta(minutes=minutes + extra_minutes)


def closes_for_good(deadline_at: datetime, grace_seconds: int) -> datetime:
    """Return the moment after which nothing of an attempt can count and the server closes it."""
    return deadline_at + timedelta(seconds=grace_seconds)


def is_closed(now: datetime, deadline_at: datetime, grace_seconds: int, *, closed_at: datetime | None) -> bool:
    """Say whether an attempt is over: handed in, closed by somebody, or out of time. A job only makes this durable."""
    return closed_at is not None or now >= closes_for_good(deadline_at, grace_seconds)


def attempt_phase(
    now: datetime,
    *,
    opens_at: datetime,
    starts_at: datetime,
    deadline_at: datetime,
    grace_seconds: int,
    closed_at: datetime | None,
    result_available: bool,
) -> Phase:
    """Return where an attempt stands at `now`.

    It stays open through the grace, because a page that was cut off must still be able to hand over what it holds; the
    page itself stops taking answers at the deadline.
    """
    if result_available:
        return Phase.RESULT
    if is_closed(now, deadline_at, grace_seconds, closed_at=closed_at):
        return Phase.CLOSED
    if now >= starts_at:
        return Phase.OPEN
    return Phase.WAITING if now >= opens_at else Phase.EARLY


def key_released(now: datetime, starts_at: datetime) -> bool:
    """Say whether a paper's key may leave the server."""
    return now >= starts_at


def counts(
    received_at: datetime,
    deadline_at: datetime,
    *,
    client_ms: int,
    grace_seconds: int,
    heard_after_deadline: bool,
) -> Verdict:
    """Return what a row received at `received_at` is worth.

    `client_ms` is the server time the page implies for the answer, `heard_after_deadline` whether the server had heard
    from the attempt between the deadline and the beginning of this recovery; further batches of the same recovery are
    part of it.
    """
    if client_ms > epoch_ms(deadline_at) or received_at >= closes_for_good(deadline_at, grace_seconds):
        return Verdict.FENCED
    if received_at <= deadline_at + timedelta(seconds=TRANSIT_SECONDS):
        return Verdict.COUNTED
    return Verdict.FENCED if heard_after_deadline else Verdict.LATE


def epoch_ms(moment: datetime) -> int:
    """Return whole milliseconds since 1970, rounded down."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def may_enter(now: datetime, starts_at: datetime, allowed_minutes: int | None) -> bool | None:
    """Say whether a latecomer may begin; None where only the chair can decide."""
    if now <= starts_at:
        return True
    return None if allowed_minutes is None else now <= starts_at + timedelta(minutes=allowed_minutes)
