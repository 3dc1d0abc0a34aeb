"""Pure rules of attempts: a drawn paper as the candidate sees it, the right answers behind it, when to seal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from examapp.answerlog.rules import TOLERANCE
from examapp.integrity.canonical import parse_utc
from question_bank.assembly.draw import DrawnItem


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
