"""Moving the moments of a sitting: freely before a freeze, with a new one after it, never after the lot was drawn."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError as DatabaseRefusal
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.errors import Conflict, Invalid
from examapp.delivery.models import Attempt
from examapp.delivery.services.prepare import prepare_attempts
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import read_core
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import Package, Sitting, SittingState
from examapp.sittings.queries import active_package
from examapp.sittings.services import Schedule, open_paper, record_public_value, reschedule_sitting
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once, make_line, seeded_bytes

HOUR = timedelta(hours=1)
#: a day later, at the same distance
LATER = Schedule(NOW + 24 * HOUR, NOW + 25 * HOUR)


def move(session: Session, sitting: Sitting, schedule: Schedule = LATER, reason: str = "Mất điện toàn khu vực") -> bool:
    again = reschedule_sitting(session, sitting, schedule, reason=reason, actor=SYSTEM, now=NOW)
    session.flush()
    return again


def freeze(session: Session, sitting: Sitting, keys: NodeKeys, seed: int = 1) -> Frozen:
    frozen = freeze_sitting(session, sitting, keys=keys, random_bytes=seeded_bytes(seed), actor=SYSTEM, now=NOW)
    session.flush()
    return frozen


def value(session: Session, sitting: Sitting) -> None:
    now = sitting.opens_at
    record_public_value(session, sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
    session.flush()


def test_a_draft_moves_and_the_chain_keeps_both_times_and_why(session: Session, sitting: Sitting) -> None:
    assert move(session, sitting) is False
    assert (sitting.opens_at, sitting.starts_at, sitting.state) == (
        LATER.opens_at,
        LATER.starts_at,
        SittingState.DRAFT,
    )
    found = session.scalars(
        select(AuditDetails.details)
        .join(AuditEvent, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.action == "sittings.rescheduled", AuditEvent.scope == f"sitting:{sitting.id}")
    ).one()
    assert json.loads(found) == {
        "reason": "Mất điện toàn khu vực",
        "opens_at": {"before": "2026-11-24T01:00:00.000Z", "after": "2026-11-25T01:00:00.000Z"},
        "starts_at": {"before": "2026-11-24T01:15:00.000Z", "after": "2026-11-25T02:00:00.000Z"},
        "superseded": None,
    }


def test_a_package_steps_down_and_papers_start_by_the_new_freeze(
    session: Session, sitting: Sitting, keys: NodeKeys
) -> None:
    old = freeze(session, sitting, keys)
    assert move(session, sitting) is True
    assert (sitting.state, active_package(session, sitting.id)) == (SittingState.DRAFT, None)
    assert old.package.superseded_at == NOW

    new = freeze(session, sitting, keys, seed=2)
    core = read_core(new.package.content).core
    assert (core["sitting"]["starts_at"], core["freeze_no"]) == ("2026-11-25T02:00:00.000Z", 2)
    assert core["supersedes"] == b64u(old.package.core_digest), "the line of packages has no gap"
    value(session, sitting)
    open_paper(session, sitting, new.paper_code, secure_transport=True, keys=keys, actor=SYSTEM, now=LATER.opens_at)
    session.flush()
    prepare_attempts(session, sitting.id, keys=keys, random_bytes=seeded_bytes(3), now=LATER.opens_at)
    session.flush()
    starts = session.scalars(select(Attempt.starts_at).where(Attempt.sitting_id == sitting.id)).all()
    assert set(starts) == {LATER.starts_at}


def test_a_start_that_has_passed_is_mended_as_the_refusal_says(
    session: Session, sitting: Sitting, keys: NodeKeys
) -> None:
    freeze(session, sitting, keys)
    late = sitting.starts_at
    with pytest.raises(Conflict, match="start_passed") as refusal:
        record_public_value(session, sitting, "20711834", "20711834", witness_names="A", actor=SYSTEM, now=late)
    assert "“Dời giờ”" in refusal.value.text()
    reschedule_sitting(session, sitting, LATER, reason="Quá giờ", actor=SYSTEM, now=late)
    session.flush()
    freeze(session, sitting, keys, seed=2)
    value(session, sitting)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_after_the_public_value_nothing_moves(session: Session, sitting: Sitting, keys: NodeKeys, steps: int) -> None:
    frozen = freeze(session, sitting, keys)
    value(session, sitting)
    if steps > 1:
        open_paper(session, sitting, frozen.paper_code, secure_transport=True, keys=keys, actor=SYSTEM, now=NOW)
        session.flush()
    if steps > 2:
        prepare_attempts(session, sitting.id, keys=keys, random_bytes=seeded_bytes(3), now=NOW)
    with pytest.raises(Conflict, match="public_value_recorded" if steps == 1 else "paper_opened") as refusal:
        move(session, sitting)
    assert "không dời giờ được" in refusal.value.text()
    assert frozen.package.superseded_at is None


Change = Callable[[Sitting], Schedule]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(lambda sitting: Schedule(NOW + 2 * HOUR, NOW + HOUR), "opens_after_start", id="out of order"),
        pytest.param(lambda sitting: Schedule(sitting.opens_at, sitting.starts_at), "times_unchanged", id="the same"),
        pytest.param(lambda sitting: Schedule(NOW - HOUR, NOW), "start_in_the_past", id="past"),
    ],
)
def test_impossible_moments_change_nothing(
    session: Session, sitting: Sitting, keys: NodeKeys, change: Change, named: str
) -> None:
    freeze(session, sitting, keys)
    before = (sitting.opens_at, sitting.starts_at)
    with pytest.raises(Invalid, match=named):
        move(session, sitting, change(sitting))
    with pytest.raises(Invalid, match="reason_missing"):
        move(session, sitting, reason="  ")
    assert (sitting.opens_at, sitting.starts_at) == before
    assert active_package(session, sitting.id) is not None


def test_a_rehearsal_may_begin_at_once(session: Session, rehearsal: Sitting) -> None:
    move(session, rehearsal, Schedule(NOW - HOUR, NOW - HOUR))
    assert rehearsal.starts_at == NOW - HOUR


def test_the_database_itself_lets_a_package_in_force_bind_the_times(
    session: Session, sitting: Sitting, keys: NodeKeys
) -> None:
    freeze(session, sitting, keys)
    later = text("UPDATE sittings SET starts_at = starts_at + interval '1 hour' WHERE id = :id")
    with pytest.raises(DatabaseRefusal, match="binds the times"), session.begin_nested():
        session.execute(later, {"id": sitting.id})
    session.execute(text("UPDATE packages SET superseded_at = now() WHERE sitting_id = :id"), {"id": sitting.id})
    session.execute(later, {"id": sitting.id})


def test_moving_and_freezing_at_once_leave_a_package_that_knows_the_times(
    committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        sitting_id = make_line(session, NOW).sitting.id
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: move(session, session.get_one(Sitting, sitting_id)),
        lambda session: freeze(session, session.get_one(Sitting, sitting_id), keys),
    )
    assert raised is None
    with Session(committed_db.engine) as session:
        package = session.scalars(select(Package)).one()
        assert read_core(package.content).core["sitting"]["starts_at"] == "2026-11-25T02:00:00.000Z"
