"""Pure rules of attempts: a drawn paper as the candidate sees it, the right answers behind it, when to seal."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from examapp.answerlog.rules import TOLERANCE
from examapp.delivery.models import ClosedBy
from examapp.integrity.canonical import parse_utc
from question_bank.assembly.draw import DrawnItem

#: two heartbeats of 60 s and a little
SILENT_AFTER = timedelta(seconds=130)


def candidate_paper(
    items: Sequence[DrawnItem], questions: Mapping[str, Mapping[str, Any]], test: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page gets: texts in display order, no ids, no topic, no level."""
    shown = []
    for item in items:
        question = questions[item.question_id]
        entry = {
            "kind": question["kind"],
            "stem": question["stem"],
            "options": [question["options"][index] for index in item.option_order],
        }
        if "stimulus" in question:
            entry["stimulus"] = question["stimulus"]
        shown.append(entry)
    return {
        "items": shown,
        "test": {"name": test["name"], "minutes": test["minutes"], "questions": test["questions"]},
    }


def right_options(items: Sequence[DrawnItem], keys: Mapping[str, int]) -> list[int]:
    """Return for each item the display index of its right option."""
    return [item.option_order.index(keys[item.question_id]) for item in items]


def count_correct(answers: Iterable[Sequence[Any]], right: Sequence[int]) -> int:
    """Return how many of the final [item, response] answers are right.

    A response that is no index is wrong, and so is an item that the paper does not have.
    """
    return sum(
        1 for item, response in answers if type(response) is int and 0 <= item < len(right) and response == right[item]
    )


@dataclass(frozen=True)
class AttemptFacts:
    """What sealing needs to know of one attempt."""

    closes_at: datetime | None
    grace_seconds: int
    closed_at: datetime | None
    #: last time the server heard from the page, if ever
    seen_at: datetime | None
    #: somebody has begun it
    started: bool = True


class ReceivedRow(Protocol):
    """What a stored row says of its own time."""

    @property
    def received_at(self) -> datetime:
        """Return when the server received it."""

    @property
    def late(self) -> bool:
        """Say whether it counts because of an outage."""


@dataclass(frozen=True)
class DecidedTimes:
    """The time of one candidate as it was decided before the sitting."""

    starts_at: datetime
    closes_at: datetime
    minutes: int
    extra_minutes: int
    grace_seconds: int

    def allow(self, row: ReceivedRow) -> bool:
        """Say whether a row that counts was received when it could: late ones within the grace, others in time."""
        after = timedelta(seconds=self.grace_seconds) if row.late else TOLERANCE
        return self.starts_at <= row.received_at <= self.closes_at + after


def decided_times(core: Mapping[str, Any]) -> dict[str, DecidedTimes]:
    """Return everybody's times by candidate number, from the readable part of a programmed sitting's package."""
    starts_at, grace = parse_utc(core["sitting"]["starts_at"]), core["sitting"]["grace_seconds"]
    minutes = core["test"]["minutes"]
    return {
        entry["number"]: DecidedTimes(
            starts_at,
            starts_at + timedelta(minutes=minutes + entry["extra_minutes"]),
            minutes,
            entry["extra_minutes"],
            grace,
        )
        for entry in core["roster"]
    }


@dataclass(frozen=True)
class StartMargin:
    """How a moment lies to the start of a programmed sitting, in whole minutes."""

    #: until the start; 0 in the last minute and afterwards
    left: int
    #: begun minutes after the start; 0 before it
    late: int
    #: what is left of the test for whoever begins at that moment; the end never moves
    writing: int


def start_margin(starts_at: datetime, minutes: int, now: datetime) -> StartMargin:
    """Return how `now` lies to the start of a test of so many minutes, always rounded to the worse."""
    minute = timedelta(minutes=1)
    return StartMargin(
        left=max(0, (starts_at - now) // minute),
        late=max(0, -((starts_at - now) // minute)),
        writing=max(0, min(minutes, (starts_at - now) // minute + minutes)),
    )


def may_seal_at(attempt: AttemptFacts) -> datetime | None:
    """Return from when this attempt no longer holds up the sealing; None: at once.

    A page heard after the deadline has nothing left to send; a silent one may be cut off and gets the whole grace.
    """
    if attempt.closed_at is not None or attempt.closes_at is None:
        return None
    heard_after = attempt.seen_at is not None and attempt.seen_at > attempt.closes_at
    return attempt.closes_at + (TOLERANCE if heard_after else timedelta(seconds=attempt.grace_seconds))


# --- the staff's live list --------------------------------------------------------------------------------------------


class Whereabouts(StrEnum):
    """Where an attempt is; each is in one place."""

    #: nobody has begun it, and it can still be begun
    NOT_IN = "not_in"
    WRITING = "writing"
    #: begun, and the server has not heard from the page for two heartbeats
    LOST = "lost"
    SUBMITTED = "submitted"
    #: begun, and closed by the machine when time was over
    COLLECTED = "collected"
    ABSENT = "absent"
    VOIDED = "voided"


@dataclass(frozen=True)
class LiveRow:
    """One candidate on the staff's live list."""

    attempt_id: UUID
    number: str
    full_name: str
    room: str | None
    seat: int | None
    #: signed in on a machine, the page open there or not: what a transfer frees
    bound: bool
    started: bool
    answered: int
    items: int
    seen_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    late_rows: int
    fenced_rows: int
    wrong_codes: int
    correct: int | None

    @property
    def absent(self) -> bool:
        """Say whether the attempt was closed without anybody having begun it."""
        return not self.started and self.closed_at is not None and self.closed_by != ClosedBy.VOIDED.value

    def silent_at(self, now: datetime) -> bool:
        """Say whether the page has missed two heartbeats."""
        return self.seen_at is None or now - self.seen_at > SILENT_AFTER

    def place_at(self, now: datetime, heard_from: datetime) -> Whereabouts:
        """Return where the attempt is; before `heard_from`, when everybody starts, no page is missed."""
        if self.closed_by == ClosedBy.VOIDED.value:
            return Whereabouts.VOIDED
        if self.absent:
            return Whereabouts.ABSENT
        if self.closed_at is not None:
            return Whereabouts.SUBMITTED if self.closed_by == ClosedBy.CANDIDATE.value else Whereabouts.COLLECTED
        if not self.started:
            return Whereabouts.NOT_IN
        is_lost = self.bound and now >= heard_from and self.silent_at(now)
        return Whereabouts.LOST if is_lost else Whereabouts.WRITING


def count_live(rows: Iterable[LiveRow], now: datetime, heard_from: datetime) -> dict[str, int]:
    """Return how many rows are at each of the whereabouts, each counted once, so that bar and list agree."""
    counted = Counter(row.place_at(now, heard_from) for row in rows)
    return {place.value: counted[place] for place in Whereabouts}


def narrow_live(
    rows: Iterable[LiveRow], room: str, place: Whereabouts | None, now: datetime, heard_from: datetime
) -> list[LiveRow]:
    """Return the rows of one room (empty: of all) that are at one place (None: anywhere)."""
    return [
        row
        for row in rows
        if (not room or row.room == room) and (place is None or row.place_at(now, heard_from) is place)
    ]
