"""Appending to the chain: numbers without gaps, one scope after the other, whatever else is going on."""

import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.audit.models import AuditChain, AuditDetails, AuditEvent
from examapp.audit.queries import EventFilter, list_scopes, page_of_events, verify_chains
from examapp.audit.services import erase_details, record
from examapp.integrity.chain import SCOPE_CREATED, Ok
from examapp.integrity.errors import CanonicalError
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase


def append(session: Session, now: datetime, scope: str = "exam:1", action: str = "exam.changed") -> AuditEvent:
    return record(session, scope, action, "KT26", {"field": "name"}, actor=SYSTEM, now=now)


def test_events_of_a_scope_are_numbered_and_point_to_one_another(session: Session, now: datetime) -> None:
    first, second, third = (append(session, now + timedelta(seconds=second)) for second in range(3))
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert second.prev == first.hash
    assert third.prev == second.hash


def test_the_first_event_of_a_scope_is_announced_in_the_system_scope(session: Session, now: datetime) -> None:
    append(session, now, scope="exam:1")
    append(session, now, scope="exam:1")
    append(session, now, scope="sitting:2")
    created = session.scalars(select(AuditEvent).where(AuditEvent.scope == "system").order_by(AuditEvent.number)).all()
    assert [(event.action, event.subject) for event in created] == [
        (SCOPE_CREATED, "exam:1"),
        (SCOPE_CREATED, "sitting:2"),
    ]
    assert [(row.scope, row.events) for row in list_scopes(session)] == [("system", 2), ("exam:1", 2), ("sitting:2", 1)]


def test_two_nodes_never_write_the_same_chain(session: Session, now: datetime) -> None:
    one = append(session, now)
    session.rollback()
    session.info["keys"] = NodeKeys(bytes(32))
    other = append(session, now)
    assert one.prev != other.prev


def test_a_rolled_back_deed_leaves_no_gap(session: Session, now: datetime, keys: NodeKeys) -> None:
    append(session, now)
    session.commit()
    append(session, now)
    session.rollback()
    assert append(session, now).number == 2
    assert all(isinstance(result, Ok) for result in verify_chains(session, keys).values())


def test_names_in_either_unicode_form_are_kept_composed(session: Session, now: datetime, keys: NodeKeys) -> None:
    name = unicodedata.normalize("NFD", "Đỗ Thị Ví Dụ")
    event = record(
        session, "system", "x.done", name, {"names": [name, {"one": name}]}, actor=Actor(None, name), now=now
    )
    assert event.actor_name == event.subject == "Đỗ Thị Ví Dụ"
    assert isinstance(verify_chains(session, keys)["system"], Ok)


def test_details_without_a_canonical_form_are_the_callers_mistake(session: Session, now: datetime) -> None:
    with pytest.raises(CanonicalError):
        record(session, "system", "x.done", "x", {"share": 0.5}, actor=SYSTEM, now=now)


def test_equal_details_are_hidden_behind_different_salts(session: Session, now: datetime) -> None:
    one, two = append(session, now), append(session, now)
    assert one.details_commit != two.details_commit


def test_erased_details_leave_a_whole_chain(session: Session, now: datetime, keys: NodeKeys) -> None:
    event = append(session, now)
    append(session, now)
    erase_details(session, event, reason="Luật 91/2025", actor=SYSTEM, now=now)
    session.flush()
    result = verify_chains(session, keys)["exam:1"]
    assert isinstance(result, Ok)
    assert (result.length, result.erased) == (2, 1)
    page = page_of_events(session, EventFilter(scopes=frozenset({"exam:1"})))
    assert [row.details is None for row in page.rows] == [False, True]


def test_appends_of_many_writers_are_gapless(committed_db: CommittedDatabase, keys: NodeKeys, now: datetime) -> None:
    """Eight writers begin the same scopes at the same moment; a third of the deeds is rolled back."""
    barrier = threading.Barrier(8)

    def write(writer: int) -> None:
        barrier.wait()
        for turn in range(6):
            with Session(committed_db.engine, info={"keys": keys}) as session:
                append(session, now, scope=f"exam:{turn % 2}", action=f"writer.{writer}")
                if (writer + turn) % 3:
                    session.commit()
                else:
                    session.rollback()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with Session(committed_db.engine, info={"keys": keys}) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.scope != "system")) == 32
        results = verify_chains(session, keys)
        assert set(results) == {"system", "exam:0", "exam:1"}
        assert all(isinstance(result, Ok) for result in results.values()), results
        for chain in session.scalars(select(AuditChain)):
            stored = session.scalar(select(func.max(AuditEvent.number)).where(AuditEvent.scope == chain.scope))
            assert stored == chain.last_number
        assert session.scalar(select(func.count()).select_from(AuditDetails)) == 34
