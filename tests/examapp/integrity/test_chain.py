"""The audit chain against an editor who holds the whole database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from examapp.integrity.chain import (
    Broken,
    Details,
    Event,
    Ok,
    StoredEvent,
    details_commit,
    event_hash,
    event_json,
    event_mac,
    genesis_prev,
    verify,
)

AUDIT_KEY, NODE_PUB = b"k" * 32, b"n" * 32
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def chain_of(scope: str, actions: list[tuple[str, str]], created_hash: bytes = b"") -> list[StoredEvent]:
    prev = genesis_prev(scope, NODE_PUB, created_hash)
    stored = []
    for number, (action, subject) in enumerate(actions, start=1):
        details = Details(salt=bytes([number]) * 16, value={"birth_date": "1999-01-01", "number": number})
        event = Event(
            scope=scope,
            number=number,
            at=START + timedelta(seconds=number),
            actor_id="0190",
            actor_name="Trần Thị Bình",
            action=action,
            subject=subject,
            details_commit=details_commit(details.salt, details.value),
            prev=prev,
        )
        prev = event_hash(event)
        stored.append(StoredEvent(event=event, hash=prev, mac=event_mac(AUDIT_KEY, prev), details=details))
    return stored


@pytest.fixture
def events() -> list[StoredEvent]:
    return chain_of("exam:1", [("sitting.frozen", f"s{number}") for number in range(5)])


def check(events: list[StoredEvent], **options: Any) -> Ok | Broken:
    return verify("exam:1", events, genesis=genesis_prev("exam:1", NODE_PUB, b""), audit_key=AUDIT_KEY, **options)


def rehashed(events: list[StoredEvent], audit_key: bytes) -> list[StoredEvent]:
    """Do what an editor does: recompute everything that needs no secret, and MACs under the key he has."""
    prev, result = events[0].event.prev, []
    for stored in events:
        event = replace(stored.event, prev=prev)
        prev = event_hash(event)
        result.append(replace(stored, event=event, hash=prev, mac=event_mac(audit_key, prev)))
    return result


# --- one chain -------------------------------------------------------------------------------------------------------


def test_an_honest_chain_holds(events: list[StoredEvent]) -> None:
    assert check(events) == Ok(length=5, head=events[-1].hash, unanchored=5, erased=0)
    assert check(events, anchors={3: events[2].hash}) == Ok(length=5, head=events[-1].hash, unanchored=2, erased=0)
    assert check([]) == Ok(length=0, head=genesis_prev("exam:1", NODE_PUB, b""), unanchored=0, erased=0)


def test_erased_details_leave_the_chain_whole(events: list[StoredEvent]) -> None:
    events[1] = replace(events[1], details=None)
    outcome = check(events)
    assert isinstance(outcome, Ok)
    assert outcome.erased == 1


def test_the_event_is_canonical_json_of_the_protocol(events: list[StoredEvent]) -> None:
    assert set(event_json(events[0].event)) == {
        "v", "scope", "n", "at", "boot", "incarnation", "actor", "action", "subject", "details_commit", "prev",
    }  # fmt: skip
    assert event_json(events[0].event)["at"] == "2026-11-24T01:00:01.000Z"
    assert events[-1].hash.hex() == "f7e8c5795e94d25a913605909bfe7b50c8f09b4aa4d2cc7bbaa73d57136fb07f"


def test_details_are_salted() -> None:
    assert details_commit(b"a" * 16, {"birth_date": "1999-01-01"}) != details_commit(
        b"b" * 16, {"birth_date": "1999-01-01"}
    )


@pytest.mark.parametrize(
    "change",
    [
        {"number": 9},
        {"at": START},
        {"actor_id": "x"},
        {"actor_name": "x"},
        {"action": "x"},
        {"subject": "x"},
        {"details_commit": bytes(32)},
        {"prev": bytes(32)},
        {"incarnation": 2},
        {"boot": "x"},
        {"scope": "exam:2"},
    ],
)
def test_every_edited_field_is_found_at_its_event(events: list[StoredEvent], change: dict[str, Any]) -> None:
    events[2] = replace(events[2], event=replace(events[2].event, **change))
    outcome = check(events)
    assert isinstance(outcome, Broken)
    assert (outcome.scope, outcome.number) == ("exam:1", 3)
    assert "exam:1" in outcome.text()


def without(events: list[StoredEvent], *numbers: int) -> list[StoredEvent]:
    return [stored for stored in events if stored.event.number not in numbers]


@pytest.mark.parametrize(
    ("damage", "number", "code"),
    [
        (lambda rows: without(rows, 1), 1, "number"),
        (lambda rows: without(rows, 3), 3, "number"),
        (lambda rows: [*rows[:2], rows[1], *rows[2:]], 3, "number"),
        (lambda rows: [rows[1], rows[0], *rows[2:]], 1, "number"),
        (lambda rows: [rows[0], replace(rows[1], hash=bytes(32)), *rows[2:]], 2, "hash"),
        (lambda rows: [rows[0], replace(rows[1], mac=bytes(32)), *rows[2:]], 2, "mac"),
        (lambda rows: [rows[0], replace(rows[1], details=rows[2].details), *rows[2:]], 2, "details"),
        (lambda rows: [rows[0], replace(rows[1], details=Details(bytes(16), {})), *rows[2:]], 2, "details"),
        (lambda rows: rehashed(rows, audit_key=b"guess".ljust(32)), 1, "mac"),
    ],
)
def test_damage_is_named(events: list[StoredEvent], damage: Any, number: int, code: str) -> None:
    outcome = check(damage(events))
    assert isinstance(outcome, Broken)
    assert (outcome.number, outcome.code) == (number, code)


def test_only_paper_shows_a_rewrite_by_whoever_holds_the_key(events: list[StoredEvent]) -> None:
    printed = {4: events[3].hash}
    events[1] = replace(events[1], event=replace(events[1].event, actor_name="Người khác"))
    forged = rehashed(events, AUDIT_KEY)
    assert isinstance(check(forged), Ok)
    outcome = check(forged, anchors=printed)
    assert isinstance(outcome, Broken)
    assert (outcome.number, outcome.code) == (4, "anchor")


def test_only_paper_shows_a_cut_tail(events: list[StoredEvent]) -> None:
    assert isinstance(check(events[:3]), Ok)
    outcome = check(events[:3], anchors={2: events[1].hash, 5: events[4].hash})
    assert isinstance(outcome, Broken)
    assert (outcome.number, outcome.code) == (5, "tail")


def test_a_chain_of_another_node_or_scope_does_not_pass(events: list[StoredEvent]) -> None:
    for genesis in (
        genesis_prev("exam:1", bytes(32), b""),
        genesis_prev("exam:2", NODE_PUB, b""),
        genesis_prev("exam:1", NODE_PUB, b"created"),
    ):
        assert isinstance(verify("exam:1", events, genesis=genesis), Broken)
