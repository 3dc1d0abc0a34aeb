"""Two sittings of one test, not yet frozen: built once per file, each test goes on from there and is undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core import events
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.services import Schedule, create_sitting
from examapp.wiring import connect_events
from tests.conftest import NOW
from tests.factories import built_once, going_on, make_line


@dataclass(frozen=True)
class Drafts:
    """The ids of both sittings."""

    programmed: UUID
    rehearsal: UUID


def build(session: Session) -> Drafts:
    """Make a programmed sitting and a rehearsal of the same three candidates."""
    line = make_line(session, NOW)
    rehearsal = create_sitting(
        session,
        line.test,
        "THU",
        mode=SittingMode.REHEARSAL,
        schedule=Schedule(NOW, NOW),
        rooms=[("P01", "Phòng 01", line.candidates)],
        actor=SYSTEM,
        now=NOW,
    )
    return Drafts(line.sitting.id, rehearsal.id)


@pytest.fixture(scope="module")
def drafts(engine: Engine, keys: NodeKeys) -> Iterator[tuple[Connection, Drafts]]:
    with built_once(engine, keys, build) as built:
        yield built


@pytest.fixture
def session(drafts: tuple[Connection, Drafts], keys: NodeKeys) -> Iterator[Session]:
    with going_on(drafts[0], keys) as session:
        yield session


@pytest.fixture
def sitting(session: Session, drafts: tuple[Connection, Drafts]) -> Sitting:
    """Return the programmed sitting."""
    return session.get_one(Sitting, drafts[1].programmed)


@pytest.fixture
def rehearsal(session: Session, drafts: tuple[Connection, Drafts]) -> Sitting:
    return session.get_one(Sitting, drafts[1].rehearsal)


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the features listen to each other as they do in the running program."""
    monkeypatch.setattr(events, "_listeners", {})
    connect_events()
