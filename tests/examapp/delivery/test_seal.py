"""Sealing: when it may be done, that R1 covers everybody exactly, and that time does it where nobody presses."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.answerlog.log import stored_rows
from examapp.answerlog.receipt import AttemptIdentity, attempt_leaf
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.errors import Conflict
from examapp.core.worker import Run
from examapp.delivery.jobs import seal_overdue
from examapp.delivery.models import Attempt, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import result_roots, unsealed_sittings
from examapp.delivery.services.seal import leaf_of, seal_sitting
from examapp.delivery.services.sign_in import open_attempt
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import LeafStatus, sitting_root, verify_root
from examapp.sittings.models import Sitting, SittingState
from tests.conftest import Clock, CommittedDatabase
from tests.examapp.delivery.conftest import AFTER, END, MACHINE, NUMBERS, START, Drawn, Hall, build
from tests.factories import at_once, seeded_bytes

SECOND = timedelta(seconds=1)


def submit_all(hall: Hall, at: datetime = START + timedelta(minutes=10)) -> None:
    for number in NUMBERS:
        hall.submit(hall.begin(number), 1, at)


def details_of_seal(session: Session) -> dict[str, object]:
    found = session.scalars(
        select(AuditDetails.details)
        .join(AuditEvent, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.action == "delivery.answers_sealed")
    ).one()
    details: dict[str, object] = json.loads(found)
    return details


# --- when ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heard", "too_early", "early_enough"),
    [
        pytest.param({}, AFTER - SECOND, AFTER, id="nobody heard"),
        pytest.param(
            dict.fromkeys(NUMBERS, END + SECOND), END + 4 * SECOND, END + 5 * SECOND, id="all heard after the end"
        ),
        pytest.param({"0001": END + SECOND, "0002": END + SECOND}, AFTER - SECOND, AFTER, id="one silent"),
    ],
)
def test_a_sitting_waits_for_its_most_silent_attempt(
    hall: Hall, heard: dict[str, datetime], too_early: datetime, early_enough: datetime
) -> None:
    for number, at in heard.items():
        hall.hear(hall.begin(number), at)
    with pytest.raises(Conflict, match="too_early_to_seal") as refusal:
        hall.seal(too_early)
    # whoever has begun and is heard after the end holds nothing up; whoever never came in is counted apart
    writing = 0 if too_early >= END + 5 * SECOND else len(heard)
    assert (refusal.value.params["writing"], refusal.value.params["missing"]) == (writing, 3 - len(heard))
    assert ("thí sinh chưa vào còn vào được" in refusal.value.text()) == (len(heard) < 3)
    assert ("bài đang làm chưa nộp" in refusal.value.text()) == (writing > 0)
    assert hall.seal(early_enough).leaves == 3


def test_when_all_have_submitted_nothing_is_waited_for(hall: Hall) -> None:
    submit_all(hall)
    assert hall.seal(START + timedelta(minutes=11)).at == START + timedelta(minutes=11)


def test_extra_minutes_of_one_candidate_hold_up_everybody(hall: Hall, session: Session) -> None:
    hall.attempt("0002").closes_at = END + timedelta(minutes=20)
    session.flush()
    with pytest.raises(Conflict, match="too_early_to_seal"):
        hall.seal(AFTER)
    assert hall.seal(AFTER + timedelta(minutes=20)).leaves == 3


def test_a_sitting_is_sealed_once(hall: Hall) -> None:
    hall.seal()
    with pytest.raises(Conflict, match="sealed_already"):
        hall.seal()


def test_a_sitting_without_attempts_has_nothing_to_seal(hall: Hall, session: Session, keys: NodeKeys) -> None:
    sitting = session.get_one(Sitting, hall.drawn.sitting)
    other = Sitting(exam_test_id=sitting.exam_test_id, code="X", mode=sitting.mode, opens_at=START, starts_at=START)
    session.add(other)
    session.flush()
    with pytest.raises(Conflict, match="nothing_to_seal"):
        seal_sitting(session, other.id, keys=keys, actor=SYSTEM, now=AFTER)


def test_a_rehearsal_is_not_sealed(hall: Hall, session: Session, keys: NodeKeys) -> None:
    with pytest.raises(Conflict, match="rehearsal_not_sealed"):
        seal_sitting(session, hall.drawn.rehearsal, keys=keys, actor=SYSTEM, now=AFTER)


def test_two_people_seal_at_once(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn = build(session, keys)
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: Hall(session, keys, drawn).seal(),
        lambda session: Hall(session, keys, drawn).seal(),
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "sealed_already"


def test_sealing_sees_a_submission_that_came_after_the_page_was_read(
    committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn: Drawn = build(session, keys)
        Hall(session, keys, drawn).begin()

    with Session(committed_db.engine, info={"keys": keys}) as sealing, sealing.begin():
        hall = Hall(sealing, keys, drawn)
        shown = hall.attempt()
        assert shown.closed_at is None
        with Session(committed_db.engine) as writing, writing.begin():
            writer = Hall(writing, keys, drawn)
            writer.submit(writer.attempt(), 1, START)
        hall.seal()
        assert (shown.closed_by, shown.closed_at) == (ClosedBy.CANDIDATE, START)


# --- what ------------------------------------------------------------------------------------------------------------


def test_r1_covers_everybody_rostered_and_can_be_computed_again(hall: Hall, session: Session, keys: NodeKeys) -> None:
    hall.submit(hall.answer("0001", right=8), 9, START + timedelta(minutes=30))
    hall.answer("0002", right=3)
    r1 = hall.seal()
    session.expire_all()

    statuses, leaves = {}, []
    for number in NUMBERS:
        attempt = hall.attempt(number)
        leaf = leaf_of(attempt, stored_rows(session, attempt.id))
        statuses[number] = (leaf.status, leaf.last_lease, leaf.last_seq)
        assert attempt.leaf == leaf.hash()
        leaves.append(leaf.hash())
    assert statuses == {
        "0001": (LeafStatus.SUBMITTED, 1, 9),
        "0002": (LeafStatus.CLOSED, 1, 8),
        "0003": (LeafStatus.ABSENT, 0, 0),
    }
    assert (r1.root, r1.leaves) == (sitting_root(leaves), 3)
    for kind, count, verifies in (("R1", 3, True), ("R2", 3, False), ("R1", 2, False)):
        sitting = hall.drawn.sitting.bytes
        assert verify_root(keys.node_pub, r1.signature, kind, sitting, r1.root, leaves=count) is verifies
    assert session.get_one(Sitting, hall.drawn.sitting).state is SittingState.SEALED


def test_one_changed_answer_changes_the_root(hall: Hall, session: Session) -> None:
    roots = []
    for response in (1, 2):
        with session.begin_nested() as savepoint:
            hall.save(hall.begin(), 1, 0, response)
            roots.append(hall.seal().root)
            savepoint.rollback()
        session.expire_all()
    assert roots[0] != roots[1]


def test_fenced_rows_are_kept_but_are_no_part_of_the_leaf(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.save(attempt, 1, 0, 1)
    leaf = leaf_of(attempt, stored_rows(session, attempt.id))
    hall.save(attempt, 2, 0, 3, fenced=True)
    assert leaf_of(attempt, stored_rows(session, attempt.id)) == leaf
    hall.save(attempt, 3, 0, 3, late=True)
    assert leaf_of(attempt, stored_rows(session, attempt.id)) != leaf


def test_the_leaf_of_a_submission_is_the_one_on_its_receipt(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.save(attempt, 1, 0, 1)
    hall.submit(attempt, 2, START)
    rows = stored_rows(session, attempt.id)
    identity = AttemptIdentity(
        attempt.sitting_id, attempt.id, "0001", attempt.core_digest, attempt.paper_digest, attempt.blind
    )
    receipt = attempt_leaf(identity, rows, LeafStatus.SUBMITTED).hash()
    attempt.leaf = receipt
    session.flush()
    hall.seal()
    assert hall.attempt().leaf == receipt
    assert details_of_seal(session)["receipts_differing"] == []


def test_a_receipt_over_another_log_is_kept_and_reported(hall: Hall, session: Session) -> None:
    """Somebody has changed the log after the receipt was signed: R1 stands by the receipt, the chain names the seat."""
    attempt = hall.begin("0002")
    hall.submit(attempt, 1, START)
    attempt.leaf = b"r" * 32
    session.flush()
    r1 = hall.seal()
    leaves = [
        leaf for leaf in session.scalars(select(Attempt.leaf).where(Attempt.sitting_id == hall.drawn.sitting)) if leaf
    ]
    assert b"r" * 32 in leaves
    assert r1.root == sitting_root(leaves)
    assert details_of_seal(session)["receipts_differing"] == ["0002"]


def test_a_voided_attempt_keeps_its_leaf_in_the_root(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    attempt.closed_at, attempt.closed_by, attempt.voided_at = START, ClosedBy.VOIDED, START
    session.flush()
    assert leaf_of(attempt, []).status is LeafStatus.VOID
    assert hall.seal().leaves == 3
    assert hall.attempt().closed_by is ClosedBy.VOIDED


# --- by itself -------------------------------------------------------------------------------------------------------


def tick(session: Session, keys: NodeKeys, engine: Engine, now: datetime) -> int:
    sealed = seal_overdue(Run(session, keys, Clock(now), engine))
    session.flush()
    session.expire_all()
    assert isinstance(sealed, int)
    return sealed


def test_time_seals_what_nobody_sealed(hall: Hall, session: Session, keys: NodeKeys, engine: Engine) -> None:
    assert [tick(session, keys, engine, now) for now in (START, END - SECOND, END, AFTER - SECOND)] == [0, 0, 0, 0]
    assert result_roots(session, hall.drawn.sitting) == {}
    assert [tick(session, keys, engine, now) for now in (AFTER, AFTER, AFTER + SECOND)] == [1, 0, 0]
    assert result_roots(session, hall.drawn.sitting)[RootKind.ANSWERS].at == AFTER
    assert session.get_one(Sitting, hall.drawn.sitting).state is SittingState.SEALED
    assert {hall.attempt(number).closed_by for number in NUMBERS} == {ClosedBy.DEADLINE}


def test_all_submitted_is_sealed_at_the_next_tick(hall: Hall, session: Session, keys: NodeKeys, engine: Engine) -> None:
    assert unsealed_sittings(session, END - SECOND) == [], "a tick does not even look at a sitting under way"
    submit_all(hall)
    assert unsealed_sittings(session, START) == [hall.drawn.sitting]
    assert tick(session, keys, engine, START + timedelta(minutes=11)) == 1


def test_one_sitting_that_cannot_be_sealed_does_not_stop_the_others(
    hall: Hall, session: Session, keys: NodeKeys, engine: Engine
) -> None:
    """The other one has moved on by hand, so its state refuses the step; what the tick did to it is undone."""
    sitting = session.get_one(Sitting, hall.drawn.sitting)
    sitting.state = SittingState.OPENING
    session.flush()
    assert tick(session, keys, engine, AFTER) == 0
    assert hall.attempt().closed_at is None
    assert session.scalars(select(SittingRoot)).all() == []


def test_a_rehearsal_is_closed_by_time_and_never_sealed_by_it(
    hall: Hall, session: Session, keys: NodeKeys, engine: Engine
) -> None:
    session.execute(update(Attempt).where(Attempt.sitting_id == hall.drawn.sitting).values(code_hmac=bytes(32)))
    attempt = open_attempt(
        session, "0001", hall.drawn.slips["0001"], machine=MACHINE, keys=keys, random_bytes=seeded_bytes(1), now=START
    )
    session.flush()
    tick(session, keys, engine, START + timedelta(minutes=60))
    assert attempt.closed_at is None
    tick(session, keys, engine, START + timedelta(minutes=60) + SECOND)
    assert attempt.closed_by is ClosedBy.DEADLINE
    tick(session, keys, engine, START + timedelta(days=1))
    assert result_roots(session, hall.drawn.rehearsal) == {}
