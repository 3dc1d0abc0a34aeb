"""The public value and the opening: once, in time, with the right code; everything else leaves things as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditEvent
from examapp.core.errors import Conflict, Invalid, ServiceError
from examapp.core.jobs import JobState, latest_job
from examapp.core.worker import Run
from examapp.delivery.jobs import DRAW_PAPERS, draw_papers
from examapp.delivery.models import Attempt
from examapp.integrity.errors import SealBroken
from examapp.integrity.keys import NodeKeys
from examapp.integrity.merkle import leaf_hash, root
from examapp.integrity.package import open_compartment
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import Opening, Sitting, SittingMode, SittingState
from examapp.sittings.queries import opened_package, opening_of
from examapp.sittings.services import open_paper, record_public_value
from tests.conftest import NOW, Clock
from tests.factories import seeded_bytes, seen_package

START = NOW + timedelta(minutes=15)
VALUE = "20711834"


@dataclass
class Envelopes:
    """The codes of the sitting, of its superseded package and of the other sitting."""

    now: Frozen
    before: Frozen
    other: Frozen


def freeze(session: Session, sitting: Sitting, keys: NodeKeys, seed: int) -> Frozen:
    frozen = freeze_sitting(
        session,
        sitting,
        keys=keys,
        random_bytes=seeded_bytes(seed),
        replaces=seen_package(session, sitting),
        shared_pool_reason="hai ca của một bài thi",
        actor=SYSTEM,
        now=NOW,
    )
    session.flush()
    return frozen


@pytest.fixture
def envelopes(session: Session, sitting: Sitting, rehearsal: Sitting, keys: NodeKeys) -> Envelopes:
    before, other = freeze(session, sitting, keys, 1), freeze(session, rehearsal, keys, 2)
    return Envelopes(freeze(session, sitting, keys, 3), before, other)


def record_value(
    session: Session, sitting: Sitting, now: datetime, *, repeated: str = VALUE, witnesses: str = "Lê A, Trần B"
) -> Opening:
    opening = record_public_value(session, sitting, VALUE, repeated, witness_names=witnesses, actor=SYSTEM, now=now)
    session.flush()
    return opening


def open_it(session: Session, sitting: Sitting, keys: NodeKeys, paper: str, key: str | None = None) -> None:
    open_paper(session, sitting, paper, key_code=key, secure_transport=True, keys=keys, actor=SYSTEM, now=NOW)
    session.flush()


# --- the public value ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (NOW - timedelta(milliseconds=1), "opens_later"),
        (NOW, None),
        (START - timedelta(milliseconds=1), None),
        (START, "start_passed"),
        (START + timedelta(days=1), "start_passed"),
    ],
)
def test_the_value_is_fixed_between_opening_time_and_start(
    session: Session, sitting: Sitting, envelopes: Envelopes, moment: datetime, code: str | None
) -> None:
    if code is None:
        assert record_value(session, sitting, moment).recorded_at == moment
        return
    with pytest.raises(Conflict, match=code):
        record_value(session, sitting, moment)
    assert opening_of(session, envelopes.now.package.id) is None


def test_a_rehearsal_has_no_common_start_to_miss(session: Session, rehearsal: Sitting, envelopes: Envelopes) -> None:
    record_value(session, rehearsal, NOW + timedelta(days=3))


@pytest.mark.parametrize(
    ("options", "code"),
    [({"repeated": "20711835"}, "public_value_differs"), ({"witnesses": " "}, "witnesses_missing")],
)
def test_a_slip_at_the_value_fixes_nothing(
    session: Session, sitting: Sitting, envelopes: Envelopes, options: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        record_value(session, sitting, NOW, **options)
    record_value(session, sitting, NOW)
    with pytest.raises(Conflict, match="public_value_recorded"):
        record_value(session, sitting, NOW)


def test_a_sitting_that_is_not_frozen_takes_no_value(session: Session, sitting: Sitting) -> None:
    with pytest.raises(Conflict, match="sitting_not_frozen"):
        record_value(session, sitting, NOW)


# --- the codes -------------------------------------------------------------------------------------------------------


def test_without_the_public_value_no_code_opens(
    session: Session, sitting: Sitting, envelopes: Envelopes, keys: NodeKeys
) -> None:
    with pytest.raises(Conflict, match="public_value_missing"):
        open_it(session, sitting, keys, envelopes.now.paper_code)


def typo(code: str) -> str:
    return code[:-3] + ("0" if code[-3] != "0" else "1") + code[-2:]


@pytest.mark.parametrize(
    ("pick", "code"),
    [
        pytest.param(lambda given: typo(given.now.paper_code), "code_typo", id="one wrong sign"),
        pytest.param(lambda given: given.now.paper_code[:-2], "code_length", id="too short"),
        pytest.param(lambda given: "", "code_length", id="nothing"),
        pytest.param(lambda given: "Đ" + given.now.paper_code[1:], "code_ime", id="typed with Telex"),
        pytest.param(lambda given: given.now.key_code, "code_of_key", id="the envelope of the keys"),
        pytest.param(lambda given: given.before.paper_code, "code_wrong", id="of the superseded package"),
        pytest.param(lambda given: given.other.paper_code, "code_wrong", id="of the other sitting"),
    ],
)
def test_a_wrong_code_is_named_and_changes_nothing(
    session: Session, sitting: Sitting, envelopes: Envelopes, keys: NodeKeys, pick: object, code: str
) -> None:
    opening = record_value(session, sitting, NOW)
    events = session.scalar(select(func.count()).select_from(AuditEvent))
    with pytest.raises(Invalid, match=code) as refusal:
        open_it(session, sitting, keys, pick(envelopes))  # type: ignore[operator]
    assert "%(" not in refusal.value.text()
    session.flush()
    session.expire_all()
    assert (sitting.state, opening.opened_at, opening.paper_cek) == (SittingState.FROZEN, None, None)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == events
    assert latest_job(session, DRAW_PAPERS, str(sitting.id)) is None
    with pytest.raises(Conflict, match="package_sealed"):
        opened_package(session, sitting.id, keys)
    open_it(session, sitting, keys, envelopes.now.paper_code)


def test_a_programmed_sitting_is_not_given_the_code_of_the_keys(
    session: Session, sitting: Sitting, envelopes: Envelopes, keys: NodeKeys
) -> None:
    opening = record_value(session, sitting, NOW)
    with pytest.raises(Invalid, match="key_code_not_now"):
        open_it(session, sitting, keys, envelopes.now.paper_code, envelopes.now.key_code)
    open_it(session, sitting, keys, envelopes.now.paper_code, "")
    assert opening.key_cek is None
    with pytest.raises(IntegrityError, match="no_key_at_opening"), session.begin_nested():
        session.execute(update(Opening).where(Opening.package_id == opening.package_id).values(key_cek=b"x"))


@pytest.mark.parametrize("key_code", [None, "", "paper", "typo"])
def test_a_rehearsal_needs_the_code_of_its_keys(
    session: Session, rehearsal: Sitting, envelopes: Envelopes, keys: NodeKeys, key_code: str | None
) -> None:
    opening = record_value(session, rehearsal, NOW)
    given = {"paper": envelopes.other.paper_code, "typo": typo(envelopes.other.key_code)}.get(key_code or "", key_code)
    with pytest.raises(Invalid):
        open_it(session, rehearsal, keys, envelopes.other.paper_code, given)
    assert (rehearsal.state, opening.paper_cek, opening.key_cek) == (SittingState.FROZEN, None, None)
    open_it(session, rehearsal, keys, envelopes.other.paper_code, envelopes.other.key_code)
    opened = opened_package(session, rehearsal.id, keys)
    assert opened.key is not None
    assert len(opened.key["keys"]) == 40


def test_a_code_is_forgiven_its_looks(session: Session, sitting: Sitting, envelopes: Envelopes, keys: NodeKeys) -> None:
    record_value(session, sitting, NOW)
    open_it(session, sitting, keys, f"  {envelopes.now.paper_code.lower().replace('-', ' ').replace('0', 'o')} ")
    assert sitting.state is SittingState.OPENING


# --- after the opening -----------------------------------------------------------------------------------------------


@pytest.fixture
def opened(session: Session, sitting: Sitting, envelopes: Envelopes, keys: NodeKeys) -> Iterator[Opening]:
    """Open the programmed sitting."""
    opening = record_value(session, sitting, NOW)
    open_it(session, sitting, keys, envelopes.now.paper_code)
    return opening


def test_opening_orders_the_draw_and_keeps_the_key_wrapped(
    session: Session, sitting: Sitting, envelopes: Envelopes, opened: Opening, keys: NodeKeys
) -> None:
    assert (sitting.state, opened.opened_at, opened.mode) == (SittingState.OPENING, NOW, SittingMode.PROGRAMMED)
    job = latest_job(session, DRAW_PAPERS, str(sitting.id))
    assert job is not None
    assert job.state is JobState.WAITING
    cek = open_compartment(envelopes.now.package.content, "paper", envelopes.now.paper_code).cek
    assert opened.paper_cek is not None
    assert cek not in opened.paper_cek
    assert opened_package(session, sitting.id, keys).paper_cek == cek
    # the package names the node that froze it; another node's keys stop at the signature or at the wrapping
    with pytest.raises((ServiceError, SealBroken, ValueError)):
        opened_package(session, sitting.id, NodeKeys(bytes(32)))


def test_a_sitting_is_opened_once(
    session: Session, sitting: Sitting, envelopes: Envelopes, opened: Opening, keys: NodeKeys
) -> None:
    with pytest.raises(Conflict, match="sitting_not_frozen"):
        open_it(session, sitting, keys, envelopes.now.paper_code)


def test_drawing_twice_is_harmless_and_the_root_over_the_papers_is_kept(
    session: Session, sitting: Sitting, opened: Opening, keys: NodeKeys, engine: Engine
) -> None:
    run = Run(session, keys, Clock(), engine)
    assert draw_papers(run, sitting_id=str(sitting.id)) == {"attempts": 3}
    session.flush()
    assert sitting.state is SittingState.READY
    columns = (Attempt.id, Attempt.candidate_number, Attempt.sealed_paper, Attempt.paper_digest, Attempt.blind)
    query = select(*columns).where(Attempt.sitting_id == sitting.id).order_by(Attempt.candidate_number)
    first = session.execute(query).all()
    kept = opened.papers_root
    assert kept == root([leaf_hash(row.paper_digest) for row in first])

    assert draw_papers(run, sitting_id=str(sitting.id)) == {"attempts": 0}
    session.flush()
    session.expire_all()
    assert session.execute(query).all() == first
    assert (opened.papers_root, sitting.state) == (kept, SittingState.READY)


def test_a_paper_does_not_depend_on_who_else_is_drawn(
    session: Session, sitting: Sitting, opened: Opening, keys: NodeKeys, engine: Engine
) -> None:
    """A job that died half-way goes on; what it makes up is what it would have made at first."""
    run = Run(session, keys, Clock(), engine)
    draw_papers(run, sitting_id=str(sitting.id))
    session.flush()
    digests = dict(session.execute(select(Attempt.candidate_number, Attempt.paper_digest)).all())
    lost = session.scalars(select(Attempt).where(Attempt.candidate_number == "0002")).one()
    session.delete(lost)
    session.flush()
    assert draw_papers(run, sitting_id=str(sitting.id)) == {"attempts": 1}
    session.flush()
    assert dict(session.execute(select(Attempt.candidate_number, Attempt.paper_digest)).all()) == digests
