"""Voiding an attempt: by reason, before marking, never marked; and what R1 and the chain said stays to be seen."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError as DatabaseRefusal
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.answerlog.log import stored_rows
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt, AttemptEvent, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import find_attempts, live_list, result_roots
from examapp.delivery.services.mark import VOID_MARK
from examapp.delivery.services.result import attempt_result
from examapp.delivery.services.seal import leaf_of
from examapp.delivery.services.void import void_attempt
from examapp.delivery.state import candidate_state
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import LeafStatus, explanation_digest, result_leaf, sitting_root
from examapp.results.queries import marked_rows
from examapp.results.services.lists import make_result_list, read_result_list
from examapp.sittings.models import Sitting
from tests.conftest import CommittedDatabase
from tests.examapp.delivery.conftest import AFTER, START, Hall, build
from tests.examapp.delivery.test_attack_log import better, one_more, other_leaf, unlock
from tests.factories import at_once

MINUTE = timedelta(minutes=1)
REASON = "Log khác gốc R1, biên bản số 3"


def void(hall: Hall, number: str = "0001", reason: str = REASON) -> Attempt:
    attempt = void_attempt(hall.session, hall.attempt(number).id, reason=reason, actor=SYSTEM, now=AFTER)
    hall.session.flush()
    return attempt


def told(session: Session, action: str) -> dict[str, Any]:
    """Return the details of the one event of this kind."""
    found = session.scalars(
        select(AuditDetails.details)
        .join(AuditEvent, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.action == action)
    ).one()
    details: dict[str, Any] = json.loads(found)
    return details


def no_json(hall: Hall, attempt: Attempt) -> None:
    unlock(hall.session)
    hall.session.execute(text("UPDATE answer_saves SET response = 'x' WHERE attempt_id = :id"), {"id": attempt.id})


def no_value_of_a_page(hall: Hall, attempt: Attempt) -> None:
    unlock(hall.session)
    hall.session.execute(text("UPDATE answer_saves SET response = '0.5' WHERE attempt_id = :id"), {"id": attempt.id})


def log_and_leaf(hall: Hall, attempt: Attempt) -> None:
    one_more(hall, attempt)
    attempt.leaf = leaf_of(attempt, stored_rows(hall.session, attempt.id)).hash()
    hall.session.flush()


# --- what differs from R1 no longer stops everybody ------------------------------------------------------------------


@pytest.mark.parametrize("change", [better, one_more, other_leaf, no_json, no_value_of_a_page, log_and_leaf])
def test_after_voiding_what_differs_from_r1_the_others_are_marked(
    hall: Hall, session: Session, change: Callable[[Hall, Attempt], None]
) -> None:
    attempt = hall.answer("0001", 4)
    hall.answer("0002", 8)
    r1 = hall.seal()
    before = (r1.root, r1.leaf_hashes, r1.signature)
    change(hall, attempt)
    with session.begin_nested() as savepoint:
        with pytest.raises(Conflict, match="log_differs") as refusal:
            hall.mark()
        savepoint.rollback()
    assert "số báo danh 0001" in refusal.value.text()
    assert "hủy bài này nếu cần" in refusal.value.text()

    void(hall)
    r2 = hall.mark()
    session.expire_all()
    assert [hall.attempt(number).correct for number in ("0001", "0002", "0003")] == [None, 8, 0]
    kept = result_roots(session, hall.drawn.sitting)[RootKind.ANSWERS]
    assert (kept.root, kept.leaf_hashes, kept.signature) == before, "R1 is what was printed"
    assert r2.leaves == 3
    details = told(session, "delivery.attempt_voided")
    assert (details["number"], details["reason"], details["differs_from_r1"]) == ("0001", REASON, True)
    assert details["root"] == r1.root.hex()
    assert told(session, "delivery.marked")["voided"] == ["0001"]


def test_an_attempt_that_is_what_was_sealed_is_said_to_be(hall: Hall, session: Session) -> None:
    hall.answer("0001", 4)
    hall.seal()
    leaf = hall.attempt().leaf or b""
    void(hall)
    details = told(session, "delivery.attempt_voided")
    assert (details["differs_from_r1"], details["leaf"], details["leaf_of_stored_rows"]) == (
        False,
        leaf.hex(),
        leaf.hex(),
    )


def other_root(session: Session, sealed: SittingRoot) -> None:
    """Put a root nobody signed in the place of R1, with leaves that fit."""
    leaves = [bytes([number]) * 32 for number in range(3)]
    sealed.root, sealed.leaf_hashes = sitting_root(leaves), b"".join(leaves)
    session.flush()


def fewer_attempts(session: Session, sealed: SittingRoot) -> None:
    session.execute(delete(Attempt).where(Attempt.sitting_id == sealed.sitting_id, Attempt.candidate_number == "0003"))


@pytest.mark.parametrize("change", [other_root, fewer_attempts])
def test_r1_itself_and_a_missing_attempt_cannot_be_voided_away(
    hall: Hall, session: Session, change: Callable[[Session, SittingRoot], None]
) -> None:
    sealed = hall.seal()
    void(hall)
    change(session, sealed)
    with pytest.raises(Conflict, match="root_differs"):
        hall.mark()


def test_a_root_without_kept_leaves_is_compared_with_the_attempts_own(hall: Hall, session: Session) -> None:
    """So were roots made before their leaves were kept beside them."""
    hall.answer("0001", 4)
    hall.seal().leaf_hashes = None
    session.flush()
    with session.begin_nested() as savepoint:
        other_leaf(hall, hall.attempt())
        with pytest.raises(Conflict, match="root_differs"):
            hall.mark()
        savepoint.rollback()
    session.expire_all()
    void(hall, "0002")
    assert hall.mark().leaves == 3


def test_r2_says_who_was_voided(hall: Hall, session: Session) -> None:
    hall.answer("0002", 3)
    hall.seal()
    void(hall, "0001")
    r2 = hall.mark()
    session.expire_all()
    leaves = []
    for number, mark in (("0001", VOID_MARK), ("0002", "3/8"), ("0003", "0/8")):
        attempt = hall.attempt(number)
        leaves.append(
            result_leaf(attempt.leaf or b"", mark, explanation_digest(attempt.explanation or []), attempt.blind)
        )
    assert r2.root == sitting_root(leaves)


# --- when and how ----------------------------------------------------------------------------------------------------


def test_a_running_attempt_is_closed_by_voiding_and_its_leaf_says_so(hall: Hall, session: Session) -> None:
    attempt = hall.answer("0001", 4)
    void_attempt(session, attempt.id, reason=REASON, actor=SYSTEM, now=START + MINUTE)
    session.flush()
    assert (attempt.closed_by, attempt.closed_at, attempt.voided_at) == (
        ClosedBy.VOIDED,
        START + MINUTE,
        START + MINUTE,
    )
    assert leaf_of(attempt, stored_rows(session, attempt.id)).status is LeafStatus.VOID
    event = session.scalars(
        select(AttemptEvent).where(AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind == "voided")
    ).one()
    assert (event.actor, event.details) == (SYSTEM.name, {"reason": REASON, "closed_before": None})
    hall.seal()
    hall.mark()
    assert hall.attempt().correct is None


def test_a_submitted_attempt_keeps_the_leaf_of_its_receipt(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.submit(attempt, 1, START)
    leaf = leaf_of(attempt, stored_rows(session, attempt.id))
    attempt.leaf = leaf.hash()
    session.flush()
    void(hall)
    assert attempt.closed_by is ClosedBy.CANDIDATE
    hall.seal()
    assert hall.attempt().leaf == leaf.hash()
    assert told(session, "delivery.answers_sealed")["receipts_differing"] == []
    hall.mark()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_needed(hall: Hall, reason: str) -> None:
    with pytest.raises(Invalid, match="reason_missing"):
        void(hall, reason=reason)


def test_what_cannot_be_voided(hall: Hall, session: Session) -> None:
    with pytest.raises(NotFound):
        void_attempt(session, new_id(), reason=REASON, actor=SYSTEM, now=AFTER)
    rehearsal = next(one for one in find_attempts(session, "0001") if one.rehearsal)
    with pytest.raises(Conflict, match="rehearsal_not_voided"):
        void_attempt(session, rehearsal.id, reason=REASON, actor=SYSTEM, now=AFTER)
    void(hall)
    with pytest.raises(Conflict, match="voided_already"):
        void(hall)
    hall.seal()
    hall.mark()
    with pytest.raises(Conflict, match="marked_already"):
        void(hall, "0002")


def test_the_database_marks_no_voided_attempt(hall: Hall, session: Session) -> None:
    attempt = void(hall)
    for named, values in (
        ("voided_is_not_marked", {"correct": 8, "marked_at": AFTER}),
        ("closed_by_voiding", {"voided_at": None}),
    ):
        change = update(Attempt).where(Attempt.id == attempt.id).values(values)
        with pytest.raises(DatabaseRefusal, match=named), session.begin_nested():
            session.execute(change)


def test_voiding_waits_for_the_seal_that_is_under_way(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn = build(session, keys)
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: Hall(session, keys, drawn).seal(),
        lambda session: void(Hall(session, keys, drawn)),
    )
    assert raised is None
    with Session(committed_db.engine) as session:
        attempt = Hall(session, keys, drawn).attempt()
        assert attempt.closed_by is ClosedBy.DEADLINE
        assert told(session, "delivery.attempt_voided")["differs_from_r1"] is False


# --- what is seen of it ----------------------------------------------------------------------------------------------


def test_nobody_signs_in_to_it_and_its_page_says_so(hall: Hall, session: Session, keys: NodeKeys) -> None:
    attempt = hall.begin()
    hall.submit(attempt, 1, START)
    void(hall)
    with pytest.raises(Conflict, match="voided"):
        hall.sign_in()
    state = candidate_state(session, attempt, now=AFTER, incarnation=1)
    assert (state["phase"], state["closed_by"], state["submitted"]) == ("closed", "voided", False)
    row = next(row for row in live_list(session, hall.drawn.sitting, AFTER) if row.number == "0001")
    assert row.closed_by == "voided"
    hall.seal()
    hall.mark()
    assert attempt_result(session, hall.attempt(), keys=keys) is None


def test_the_result_list_names_it_and_counts_it_as_nothing(hall: Hall, session: Session) -> None:
    hall.answer("0001", 8)
    hall.answer("0002", 8)
    hall.seal()
    void(hall)
    assert marked_rows(session, hall.drawn.sitting, "1/2") == [], "nothing is a result before marking"
    hall.mark()
    session.expire_all()
    made = make_result_list(session, session.get_one(Sitting, hall.drawn.sitting), actor=SYSTEM, now=AFTER)
    rows = read_result_list(made)
    assert [(row.number, row.voided, row.correct, row.passed) for row in rows] == [
        ("0001", True, 0, False),
        ("0002", False, 8, True),
        ("0003", False, 0, False),
    ]
    assert rows[0].outcome == "Hủy bài"
    details = told(session, "results.list_made")
    assert (details["rows"], details["passed"], details["voided"]) == (3, 1, ["0001"])
