"""What becomes of a batch: stored and counted, stored and fenced off, or refused. Pure: facts in, verdict out.

The facts are read under the attempt's lock, so they cannot change before the verdict is carried out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from examapp.answerlog.protocol import Save
from examapp.core.clock import to_millis
from examapp.integrity.receipts import KIND_SUBMIT

#: the way from a click at the last second to the server
TOLERANCE = timedelta(seconds=5)
CLOSED_BY_DEADLINE = "deadline"


class Code(StrEnum):
    """How a request ended; everything but OK is an error code of the reply."""

    OK = "ok"
    SIGNED_OUT = "signed_out"
    NOT_STARTED = "not_started"
    GAP = "gap"
    DIVERGED = "diverged"
    LEASE = "lease"
    CLOSED = "closed"
    BAD_ITEM = "bad_item"
    REFUSED = "refused"
    BUSY = "busy"


class Stored(NamedTuple):
    """A row that is already in the log under the same lease."""

    save: Save
    fenced: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the log and the attempt say at the moment of judgement."""

    received: datetime
    #: of the attempt: the lease that may write
    lease: int
    items: int
    starts_at: datetime | None
    closes_at: datetime | None
    grace: timedelta
    closed_by: str | None
    submit: tuple[int, int] | None
    #: of the asking lease: highest counted number and its time, and the sent numbers that exist
    ack: int
    last_client_ms: int
    stored: Mapping[int, Stored]
    #: the server heard from the attempt at or after its deadline, outages' late rows aside
    heard_after_deadline: bool
    #: root R1 exists: the log stays as it is
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to tell the page and what to write: `counted` and `fenced` rows, both new."""

    code: Code
    ack: int
    counted: Sequence[Save] = ()
    fenced: Sequence[Save] = ()
    late: bool = False
    submits: bool = False
    closed_by: str | None = None
    diverged: tuple[int, ...] = ()


def judge(lease: int, saves: Sequence[Save], facts: Facts) -> Verdict:
    """Judge one batch of the writer that holds `lease`."""
    if facts.closed_by is not None:
        return _judge_closed(lease, saves, facts)
    new = [save for save in saves if save.seq not in facts.stored]
    if lease != facts.lease:
        return Verdict(Code.LEASE, facts.ack, fenced=new)
    if not saves:
        return _judge_sign_of_life(facts)
    if facts.starts_at is None or facts.closes_at is None or facts.received < facts.starts_at:
        return Verdict(Code.NOT_STARTED, facts.ack)
    if any(save.item >= facts.items for save in saves):
        return Verdict(Code.BAD_ITEM, facts.ack)
    if saves[0].seq > facts.ack + 1:
        return Verdict(Code.GAP, facts.ack)
    if diverged := _diverged(saves, facts):
        return Verdict(Code.DIVERGED, facts.ack, diverged=diverged)
    submits = saves[-1].kind == KIND_SUBMIT
    if facts.received <= facts.closes_at + TOLERANCE:
        if any(stored.fenced for stored in facts.stored.values()):
            # Minutes granted after rows came too late: those numbers are taken for good, a new lease starts afresh.
            return Verdict(Code.LEASE, facts.ack)
        return Verdict(Code.OK, max(facts.ack, saves[-1].seq), counted=new, submits=submits)
    if saves[-1].seq <= facts.ack:
        # A retry of what is counted already, whose reply was lost.
        return Verdict(Code.OK, facts.ack, submits=submits)
    return _judge_late(saves, new, facts, submits)


def _judge_closed(lease: int, saves: Sequence[Save], facts: Facts) -> Verdict:
    """Answer a repeated submission as the first; keep what comes after it while the exam lasts, but never count it."""
    if saves and (lease, saves[-1].seq) == facts.submit and saves[-1].kind == KIND_SUBMIT:
        if diverged := _diverged(saves, facts):
            return Verdict(Code.DIVERGED, facts.ack, diverged=diverged)
        if all(save.seq in facts.stored for save in saves):
            return Verdict(Code.OK, facts.ack, submits=True)
    after = []
    if facts.submit and not facts.sealed and facts.closes_at and facts.received <= facts.closes_at + facts.grace:
        after = [save for save in saves if save.seq not in facts.stored]
    return Verdict(Code.CLOSED, facts.ack, fenced=after, closed_by=facts.closed_by)


def _judge_sign_of_life(facts: Facts) -> Verdict:
    if facts.closes_at is not None and facts.received > facts.closes_at + max(facts.grace, TOLERANCE):
        return Verdict(Code.CLOSED, facts.ack, closed_by=CLOSED_BY_DEADLINE)
    return Verdict(Code.OK, facts.ack)


def _judge_late(saves: Sequence[Save], new: Sequence[Save], facts: Facts, submits: bool) -> Verdict:
    """Count rows after the deadline only for a real outage: nothing heard since before it, and made before it."""
    assert facts.closes_at is not None
    silent = not facts.heard_after_deadline and not any(stored.fenced for stored in facts.stored.values())
    in_grace = facts.received <= facts.closes_at + facts.grace
    counted = _made_in_time(new, facts) if silent and in_grace else []
    fenced = new[len(counted) :]
    if not fenced and counted:
        return Verdict(Code.OK, saves[-1].seq, counted=counted, late=True, submits=submits)
    ack = counted[-1].seq if counted else facts.ack
    return Verdict(Code.CLOSED, ack, counted=counted, fenced=fenced, late=bool(counted), closed_by=CLOSED_BY_DEADLINE)


def _made_in_time(new: Sequence[Save], facts: Facts) -> list[Save]:
    """Return the rows up to the first whose time runs backwards or past the deadline; submitting adds no answer."""
    assert facts.closes_at is not None
    latest = to_millis(facts.closes_at + TOLERANCE)
    counted: list[Save] = []
    before = facts.last_client_ms
    for save in new:
        if save.client_ms < before or (save.client_ms > latest and save.kind != KIND_SUBMIT):
            break
        counted.append(save)
        before = save.client_ms
    return counted


def _diverged(saves: Sequence[Save], facts: Facts) -> tuple[int, ...]:
    """Return the numbers that are stored with another content."""
    return tuple(
        save.seq for save in saves if (stored := facts.stored.get(save.seq)) is not None and stored.save != save
    )
