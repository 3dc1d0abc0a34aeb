"""A programmed sitting and a rehearsal with drawn papers: built once per file, each test goes on from there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core import events
from examapp.core.clock import to_millis
from examapp.delivery.models import AnswerSave, Attempt, AttemptPresence, ClosedBy, SittingRoot
from examapp.delivery.rules import right_options
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.prepare import prepare_attempts
from examapp.delivery.services.seal import seal_sitting
from examapp.delivery.services.sign_in import Machine, open_attempt, take_lease
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import SittingMode
from examapp.sittings.queries import opened_package
from examapp.sittings.services import Schedule, create_sitting, open_paper, record_public_value
from examapp.wiring import connect_events
from question_bank.assembly.draw import draw_paper
from tests.conftest import NOW
from tests.factories import built_once, going_on, make_line, open_line, seeded_bytes

START = NOW + timedelta(minutes=15)
END = START + timedelta(minutes=60)
#: the grace of the profile is over
AFTER = END + timedelta(seconds=120)
MACHINE = Machine(UUID(int=17), "10.0.0.17")
OTHER_MACHINE = Machine(UUID(int=18), "10.0.0.18")
NUMBERS = ("0001", "0002", "0003")


@dataclass(frozen=True)
class Drawn:
    """What the council and the candidates hold in their hands."""

    sitting: UUID
    rehearsal: UUID
    key_code: str
    #: admission codes by candidate number
    slips: Mapping[str, str]
    #: display indices of the right options by candidate number
    right: Mapping[str, Sequence[int]]


@dataclass
class Hall:
    """The sitting in a session of one test, with the deeds that tests repeat."""

    session: Session
    keys: NodeKeys
    drawn: Drawn

    def attempt(self, number: str = "0001") -> Attempt:
        """Return the candidate's attempt in the programmed sitting."""
        query = select(Attempt).where(Attempt.sitting_id == self.drawn.sitting, Attempt.candidate_number == number)
        return self.session.scalars(query).one()

    def sign_in(
        self,
        number: str = "0001",
        code: str | None = None,
        *,
        machine: Machine = MACHINE,
        now: datetime = NOW,
        **bounds: int,
    ) -> Attempt:
        """Sign in with the slip's code unless another is given."""
        typed = self.drawn.slips[number] if code is None else code
        source = seeded_bytes(9)
        attempt = open_attempt(
            self.session, number, typed, machine=machine, keys=self.keys, random_bytes=source, now=now, **bounds
        )
        self.session.flush()
        return attempt

    def begin(self, number: str = "0001") -> Attempt:
        """Sign in and take the first lease."""
        attempt = take_lease(self.session, self.sign_in(number).id, bytes(16), now=NOW)
        self.session.flush()
        return attempt

    def save(self, attempt: Attempt, seq: int, item: int, response: Any, **columns: Any) -> None:
        """Store a row as the fast path does."""
        at = columns.pop("at", START + timedelta(minutes=1))
        fields = {"lease": attempt.lease, "kind": 1, "client_ms": to_millis(at) + seq, "received_at": at} | columns
        self.session.add(AnswerSave(attempt_id=attempt.id, seq=seq, item=item, response=json.dumps(response), **fields))
        self.session.flush()

    def answer(self, number: str, right: int) -> Attempt:
        """Begin and answer everything, the first so many rightly."""
        attempt = self.begin(number)
        for item, option in enumerate(self.drawn.right[number]):
            self.save(attempt, item + 1, item, option if item < right else (option + 1) % 4)
        return attempt

    def submit(self, attempt: Attempt, seq: int, at: datetime) -> None:
        """Submit as the fast path does: a row that closes."""
        self.save(attempt, seq, -1, None, kind=3, at=at)
        attempt.closed_at, attempt.closed_by = at, ClosedBy.CANDIDATE
        attempt.submit_lease, attempt.submit_seq = attempt.lease, seq
        self.session.flush()

    def hear(self, attempt: Attempt, at: datetime) -> None:
        """Note a sign of life."""
        self.session.merge(AttemptPresence(attempt_id=attempt.id, seen_at=at))
        self.session.flush()

    def seal(self, now: datetime = AFTER) -> SittingRoot:
        root = seal_sitting(self.session, self.drawn.sitting, keys=self.keys, actor=SYSTEM, now=now)
        self.session.flush()
        return root

    def mark(self, code: str | None = None, now: datetime = AFTER) -> SittingRoot:
        given = self.drawn.key_code if code is None else code
        root = open_keys_and_mark(self.session, self.drawn.sitting, given, keys=self.keys, actor=SYSTEM, now=now)
        self.session.flush()
        return root


def build(session: Session, keys: NodeKeys) -> Drawn:
    """Open and draw two sittings of the same three candidates; codes open the programmed one, drawn last."""
    line = make_line(session, NOW)
    rehearsal = create_sitting(
        session, line.exam.tests[0], "THU", mode=SittingMode.REHEARSAL, schedule=Schedule(NOW, NOW),
        rooms=[("01", "Phòng 01", line.candidates)], actor=SYSTEM, now=NOW,
    )  # fmt: skip
    frozen = freeze_sitting(session, rehearsal, keys=keys, random_bytes=seeded_bytes(1), actor=SYSTEM, now=NOW)
    record_public_value(session, rehearsal, "00000000", "00000000", witness_names="A, B", actor=SYSTEM, now=NOW)
    open_paper(
        session, rehearsal, frozen.paper_code, key_code=frozen.key_code, secure_transport=False, keys=keys,
        actor=SYSTEM, now=NOW,
    )  # fmt: skip
    session.flush()
    prepare_attempts(session, rehearsal.id, keys=keys, random_bytes=seeded_bytes(2), now=NOW)
    opened = open_line(session, line, keys, NOW, random_bytes=seeded_bytes(3))
    session.flush()
    key = open_compartment(opened.frozen.package.content, "key", opened.frozen.key_code).data
    right = {entry["id"]: entry["right"] for entry in key["keys"]}
    inside = opened_package(session, line.sitting.id, keys)
    return Drawn(
        sitting=line.sitting.id,
        rehearsal=rehearsal.id,
        key_code=opened.frozen.key_code,
        slips={number: line.code_of(keys, number) for number in NUMBERS},
        right={number: right_options(draw_paper(inside.seed, number, inside.spec), right) for number in NUMBERS},
    )


@pytest.fixture(scope="module")
def built(engine: Engine, keys: NodeKeys) -> Iterator[tuple[Connection, Drawn]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(events, "_listeners", {})
        connect_events()
        with built_once(engine, keys, lambda session: build(session, keys)) as made:
            yield made


@pytest.fixture
def session(built: tuple[Connection, Drawn], keys: NodeKeys) -> Iterator[Session]:
    with going_on(built[0], keys) as session:
        yield session


@pytest.fixture
def hall(session: Session, built: tuple[Connection, Drawn], keys: NodeKeys) -> Hall:
    return Hall(session, keys, built[1])


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the features listen to each other as they do in the running program."""
    monkeypatch.setattr(events, "_listeners", {})
    connect_events()
