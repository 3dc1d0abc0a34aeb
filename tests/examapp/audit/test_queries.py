"""What the verifier finds after somebody with all the rights of the database has been at the tables."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.queries import verify_chains
from examapp.audit.services import record
from examapp.core.db import snapshot, unit_of_work
from examapp.integrity.chain import Broken, Ok
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase

EVENTS = "UPDATE audit_events SET"
DETAILS = "UPDATE audit_details SET details ="
NEW_CHAIN = "INSERT INTO audit_chains VALUES"


@pytest.fixture
def chains(session: Session, now: datetime) -> Session:
    """Return a session with five events in `exam:1` and two in `exam:2`, and no trigger in the way."""
    for number in range(5):
        moment = now + timedelta(seconds=number)
        record(session, "exam:1", f"step.{number}", "KT26", {"turn": number}, actor=SYSTEM, now=moment)
    for _ in range(2):
        record(session, "exam:2", "step.done", "KT27", {}, actor=SYSTEM, now=now)
    session.flush()
    return session


def tamper(session: Session, *statements: str) -> None:
    """Run statements as the owner of the tables, who can switch the triggers off."""
    for table in ("audit_chains", "audit_events", "audit_details"):
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for statement in statements:
        session.connection().exec_driver_sql(statement)


def test_untouched_chains_are_whole(chains: Session, keys: NodeKeys) -> None:
    results = verify_chains(chains, keys)
    assert list(results) == ["system", "exam:1", "exam:2"]
    assert [result.length for result in results.values() if isinstance(result, Ok)] == [2, 5, 2]


def test_an_empty_database_is_whole(session: Session, keys: NodeKeys) -> None:
    results = verify_chains(session, keys)
    assert [(result.length, result.unanchored) for result in results.values() if isinstance(result, Ok)] == [(0, 0)]


@pytest.mark.parametrize(
    ("statements", "scope", "number", "code"),
    [
        ([f"{EVENTS} subject = 'KT99' WHERE scope = 'exam:1' AND number = 3"], "exam:1", 3, "hash"),
        ([f"{EVENTS} actor_name = 'Người khác' WHERE scope = 'exam:1' AND number = 2"], "exam:1", 2, "hash"),
        ([f"{EVENTS} at = at - interval '1 hour' WHERE scope = 'exam:1' AND number = 1"], "exam:1", 1, "hash"),
        ([f"{EVENTS} boot = 'x' WHERE scope = 'exam:1' AND number = 4"], "exam:1", 4, "hash"),
        ([f"{EVENTS} mac = hash WHERE scope = 'exam:1' AND number = 5"], "exam:1", 5, "mac"),
        # a decomposed letter looks the same to everybody and has no canonical form
        ([f"{EVENTS} subject = U&'A\\0301' WHERE scope = 'exam:1' AND number = 4"], "exam:1", 3, "unreadable"),
        (
            ["DELETE FROM audit_details WHERE scope = 'exam:1' AND number = 2",
             "DELETE FROM audit_events WHERE scope = 'exam:1' AND number = 2"],
            "exam:1", 2, "number",
        ),
        (
            ["DELETE FROM audit_details WHERE scope = 'exam:1' AND number >= 4",
             "DELETE FROM audit_events WHERE scope = 'exam:1' AND number >= 4"],
            "exam:1", 5, "head",
        ),
        (["UPDATE audit_chains SET last_number = 9 WHERE scope = 'exam:1'"], "exam:1", 9, "head"),
        (
            ["DELETE FROM audit_details WHERE scope = 'exam:2'",
             "DELETE FROM audit_events WHERE scope = 'exam:2'",
             "DELETE FROM audit_chains WHERE scope = 'exam:2'"],
            "exam:2", 0, "missing_scope",
        ),
        ([f"{NEW_CHAIN} ('exam:3', 0, decode(repeat('00', 32), 'hex'))"], "exam:3", 0, "unlisted_scope"),
        ([f"{DETAILS} '{{\"turn\":9}}' WHERE scope = 'exam:1' AND number = 3"], "exam:1", 3, "details"),
        ([f"{DETAILS} '{{turn' WHERE scope = 'exam:1' AND number = 3"], "exam:1", 3, "details"),
        # the same value in another spelling is not what was committed to
        ([f"{DETAILS} '{{\"turn\": 2}}' WHERE scope = 'exam:1' AND number = 3"], "exam:1", 3, "details"),
    ],
)  # fmt: skip
def test_tampering_is_named(
    chains: Session, keys: NodeKeys, statements: list[str], scope: str, number: int, code: str
) -> None:
    tamper(chains, *statements)
    results = verify_chains(chains, keys)
    broken = results.pop(scope)
    assert isinstance(broken, Broken)
    assert (broken.number, broken.code) == (number, code)
    assert scope in broken.text()
    assert all(isinstance(result, Ok) for result in results.values()), "the others are not dragged in"


def test_swapped_details_are_named(chains: Session, keys: NodeKeys) -> None:
    tamper(
        chains,
        "UPDATE audit_details mine SET salt = other.salt, details = other.details FROM audit_details other"
        " WHERE mine.scope = 'exam:1' AND other.scope = 'exam:1'"
        " AND (mine.number, other.number) IN ((2, 3), (3, 2))",
    )
    broken = verify_chains(chains, keys)["exam:1"]
    assert isinstance(broken, Broken)
    assert (broken.number, broken.code) == (2, "details")


def test_a_chain_rewritten_without_the_key_is_named(chains: Session, keys: NodeKeys) -> None:
    """Somebody with the code but not the key replaces the last event by one of their own making."""
    tamper(
        chains,
        "DELETE FROM audit_details WHERE scope = 'exam:1' AND number = 5",
        "DELETE FROM audit_events WHERE scope = 'exam:1' AND number = 5",
        "UPDATE audit_chains SET last_number = 4, head = (SELECT hash FROM audit_events"
        " WHERE scope = 'exam:1' AND number = 4) WHERE scope = 'exam:1'",
    )
    chains.expire_all()
    chains.info["keys"] = NodeKeys(bytes(32))
    record(chains, "exam:1", "step.other", "KT26", {}, actor=SYSTEM, now=datetime.fromisoformat("2026-11-24T01:00:05Z"))
    chains.flush()
    broken = verify_chains(chains, keys)["exam:1"]
    assert isinstance(broken, Broken)
    assert (broken.number, broken.code) == (5, "mac")


def test_a_deed_during_the_check_is_no_tampering(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    """The heads are read first, the events after them: what is written in between must not look like a forgery."""

    def deed() -> None:
        with unit_of_work(committed_db.engine, keys) as writing:
            record(writing, "exam:1", "step.done", "KT26", {}, actor=SYSTEM, now=now)

    deed()
    with snapshot(committed_db.engine) as session:
        first = verify_chains(session, keys)
        deed()
        assert verify_chains(session, keys) == first
    with snapshot(committed_db.engine) as session:
        assert verify_chains(session, keys) != first
        with pytest.raises(DBAPIError, match="read-only transaction"):
            session.execute(text("UPDATE audit_chains SET last_number = 0"))


def test_without_the_system_chain_no_other_is_believed(chains: Session, keys: NodeKeys) -> None:
    tamper(
        chains,
        *(f"DELETE FROM {table} WHERE scope = 'system'" for table in ("audit_details", "audit_events", "audit_chains")),
    )
    results = verify_chains(chains, keys)
    assert {scope: result.code for scope, result in results.items() if isinstance(result, Broken)} == {
        "exam:1": "unlisted_scope",
        "exam:2": "unlisted_scope",
    }


@pytest.mark.parametrize(
    "statement", [f"{EVENTS} subject = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events CASCADE"]
)
def test_the_seat_belt_refuses_an_honest_mistake(chains: Session, statement: str) -> None:
    with pytest.raises(DBAPIError), chains.begin_nested():
        chains.execute(text(statement))
