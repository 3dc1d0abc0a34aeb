"""Candidates who sit a paper in the past: signed in, given a lease and written down by the product's own answer writer.

Nothing is drawn at random: how able somebody is, what they skip and correct follows from their number, so that every
installation shows the same kind of list.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.asks import Ask
from examapp.answerlog.protocol import SUBMIT_ITEM, Save
from examapp.answerlog.receipt import ReceiptDesk
from examapp.answerlog.rules import Code
from examapp.answerlog.writer import Writer
from examapp.core.clock import from_millis, to_millis
from examapp.delivery.rules import right_options
from examapp.delivery.services.sign_in import Machine, open_attempt, take_lease
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.integrity.receipts import KIND_ANSWER, KIND_FLAG, KIND_SUBMIT
from examapp.sittings.queries import opened_package, package_content
from question_bank.assembly.draw import draw_paper

#: these never come, and these are still writing when time runs out
ABSENT = frozenset({"0013", "0027"})
UNSUBMITTED = frozenset({"0008", "0021"})

_BATCH = 20
_OPTIONS = 4


@dataclass
class PastClock:
    """A clock that stands where the simulation puts it."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment the simulation has reached."""
        return self.moment


@dataclass(frozen=True)
class Person:
    """A candidate with what signs them in, and what they will do."""

    number: str
    code: str
    #: out of 100: how many of the answers are right
    ability: int

    @property
    def comes(self) -> bool:
        """Say whether they come at all."""
        return self.number not in ABSENT


def ability_of(number: str) -> int:
    """Return how able a candidate is, from 25 to 97 out of 100."""
    return 25 + _chance("ability", number) * 73 // 100


def right_answers(
    session: Session, sitting_id: UUID, key_code: str, numbers: Sequence[str], keys: NodeKeys
) -> Mapping[str, list[int]]:
    """Return for each number the display index of every right option; the demonstration holds the code of the keys."""
    opened = opened_package(session, sitting_id, keys)
    content = package_content(session, opened.package_id)
    key = open_compartment(content, "key", key_code, verify_key=keys.node_pub).data
    right = {entry["id"]: entry["right"] for entry in key["keys"]}
    return {number: right_options(draw_paper(opened.seed, number, opened.spec), right) for number in numbers}


def sign_in_and_lease(session: Session, person: Person, *, keys: NodeKeys, now: datetime) -> UUID:
    """Sign a candidate in at a machine of their own and return the attempt, its lease taken."""
    digest = hashlib.sha256(f"demo machine {person.number}".encode()).digest()
    machine = Machine(UUID(bytes=digest[:16], version=4), f"192.0.2.{int(person.number)}")
    attempt = open_attempt(
        session, person.number, person.code, machine=machine, keys=keys, random_bytes=secrets.token_bytes, now=now
    )
    session.flush()  # the lease is taken under a lock that reads it again
    return take_lease(session, attempt.id, digest[16:], now=now).id


class Pen:
    """Writes a candidate's rows through the answer writer, at the moments at which they would have come."""

    def __init__(self, database_url: str, keys: NodeKeys, clock: PastClock) -> None:
        self._clock = clock
        self._writer = Writer(database_url, clock)
        self._loop = asyncio.Runner()
        self._desk = ReceiptDesk(database_url, keys)

    def close(self) -> None:
        """End the writer."""
        self._loop.close()
        self._writer.close()
        self._desk.close()

    def write(self, sitting_id: UUID, attempt_id: UUID, saves: Sequence[Save]) -> None:
        """Send the rows in batches, each at the time of its last row."""
        for start in range(0, len(saves), _BATCH):
            batch = saves[start : start + _BATCH]
            self._clock.moment = _moment(batch[-1])
            outcome = self._loop.run(self._writer.ask(Ask(sitting_id, attempt_id, 1, batch)))
            if outcome.code is not Code.OK:
                raise RuntimeError(f"the writer refused a simulated batch: {outcome.code}")
            if outcome.submits:
                self._desk.receipt(attempt_id)


def rows_of(person: Person, right: Sequence[int], starts_at: datetime, minutes: int) -> list[Save]:
    """Return everything a candidate's page would send: answers, corrections, flags and the submission."""
    # the able are done sooner; nobody takes the last minute
    step = timedelta(minutes=minutes - 2) * (100 - person.ability // 4) / 100 / len(right)
    rows: list[Save] = []
    for kind, item, response, after in _deeds(person, right):
        moment = starts_at + step * after
        rows.append(Save(len(rows) + 1, kind, item, response, to_millis(moment)))
    return rows


def _deeds(person: Person, right: Sequence[int]) -> Iterator[tuple[int, int, str, float]]:
    """Yield (kind, item, response, moment in items) in the order of time."""
    later: list[tuple[int, int]] = []
    for item, option in enumerate(right):
        answer = _answer(person, item, option)
        if _chance("skip", person.number, item) >= 97:
            continue
        if _chance("doubt", person.number, item) >= 90:
            yield KIND_FLAG, item, "true", item + 0.4
            yield KIND_ANSWER, item, str((answer + 1) % _OPTIONS), item + 0.6
            later.append((item, answer))
        else:
            yield KIND_ANSWER, item, str(answer), item + 0.8
    for place, (item, answer) in enumerate(later, start=1):
        yield KIND_ANSWER, item, str(answer), len(right) + place / (len(later) + 1)
    if person.number not in UNSUBMITTED:
        yield KIND_SUBMIT, SUBMIT_ITEM, "null", len(right) + 1


def _answer(person: Person, item: int, right: int) -> int:
    if _chance("knows", person.number, item) < person.ability:
        return right
    return (right + 1 + _chance("guess", person.number, item) % (_OPTIONS - 1)) % _OPTIONS


def _chance(*about: object) -> int:
    """Return a number from 0 to 99 that depends on nothing but what it is about."""
    digest = hashlib.sha256(" ".join(map(str, about)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100


def _moment(save: Save) -> datetime:
    return from_millis(save.client_ms)
