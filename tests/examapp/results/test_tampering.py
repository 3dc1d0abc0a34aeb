"""Whoever writes in the database changes no result unseen: neither before the list is made nor in the list."""

import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core import events
from examapp.core.errors import Conflict
from examapp.integrity.canonical import H
from examapp.integrity.keys import NodeKeys
from examapp.regulations.scoring import QualifyingRule, score_qualifying
from examapp.results.models import ResultList
from examapp.results.queries import result_list_of
from examapp.results.services.lists import (
    LIST_ALTERED,
    LIST_VANISHED,
    ResultsDiffer,
    altered_numbers,
    check_marked,
    list_fault,
    make_result_list,
    read_result_list,
    record_differing_results,
)
from examapp.sittings.models import Sitting
from examapp.wiring import connect_events
from tests.conftest import NOW
from tests.examapp.results.conftest import marked
from tests.factories import built_once, going_on


@pytest.fixture(scope="module")
def built(engine: Engine, keys: NodeKeys) -> Iterator[Connection]:
    """Three marked candidates with 5, 3 and 4 of 8: the second one failed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(events, "_listeners", {})
        connect_events()
        correct = {"0001": 5, "0002": 3, "0003": 4}
        with built_once(engine, keys, lambda session: marked(session, keys, NOW, correct, per_cell=2)) as (made, _):
            yield made


@pytest.fixture
def session(built: Connection, keys: NodeKeys) -> Iterator[Session]:
    with going_on(built, keys) as session:
        yield session


@pytest.fixture
def sitting(session: Session) -> Sitting:
    return session.scalars(select(Sitting)).one()


def tamper(session: Session, statement: str, **values: object) -> None:
    """Write past the application, as an administrator of the database can."""
    for table in ("answer_saves", "audit_events", "audit_details"):
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    for part in statement.split(";"):
        session.execute(text(part), values if ":" in part else {})
    session.expire_all()


def better() -> str:
    """Return an explanation of 8 of 8 that follows from its own values."""
    rule = QualifyingRule(Fraction(1, 2), "Điều 9 khoản 2 điểm a")
    return json.dumps(score_qualifying(rule, 8, 8).explanation_json())


def test_what_marking_wrote_is_clean(session: Session, sitting: Sitting, keys: NodeKeys) -> None:
    found = check_marked(session, sitting, keys)
    assert found.clean
    assert dict(found.passed) == {"0001": True, "0002": False, "0003": True}


OF_0002 = "WHERE candidate_number = '0002'"


@pytest.mark.parametrize(
    ("statement", "numbers", "whole"),
    [
        pytest.param(f"UPDATE attempts SET correct = 8 {OF_0002}", ["0002"], True, id="the mark"),
        pytest.param(
            f"UPDATE attempts SET correct = 8, explanation = cast(:better AS jsonb) {OF_0002}",
            ["0002"],
            True,
            id="the mark with its explanation",
        ),
        pytest.param(
            f"UPDATE attempts SET explanation = '[1.5]' {OF_0002}", ["0002"], True, id="an explanation of 1.5"
        ),
        pytest.param(f"UPDATE attempts SET items = 4 {OF_0002}", ["0002"], True, id="the number of items"),
        pytest.param("UPDATE exam_tests SET pass_share = '1/4'", ["0002"], True, id="the share that passes"),
        pytest.param(
            f"UPDATE attempts SET voided_at = closed_at, correct = NULL, marked_at = NULL {OF_0002}",
            ["0002"],
            True,
            id="voided after marking",
        ),
        pytest.param(
            f"UPDATE attempts SET closed_by = 'candidate', lease = 0 {OF_0002}", ["0002"], True, id="made absent"
        ),
        pytest.param(f"UPDATE attempts SET full_name = 'Người Khác' {OF_0002}", ["0002"], True, id="the name"),
        pytest.param(
            "UPDATE attempts SET candidate_number = '9999' WHERE candidate_number = '0001';"
            f"UPDATE attempts SET candidate_number = '0001' {OF_0002};"
            "UPDATE attempts SET candidate_number = '0002' WHERE candidate_number = '9999'",
            ["0001", "0002"],
            True,
            id="two candidates swapped",
        ),
        pytest.param(
            f"UPDATE answer_saves SET response = '0' WHERE attempt_id = (SELECT id FROM attempts {OF_0002})",
            ["0002"],
            True,
            id="the answers behind the mark",
        ),
        pytest.param(
            f"DELETE FROM attempt_events WHERE attempt_id = (SELECT id FROM attempts {OF_0002});"
            f"DELETE FROM attempts {OF_0002}",
            ["0002"],
            False,
            id="the whole attempt",
        ),
        pytest.param(
            "UPDATE sitting_roots SET root = decode(repeat('00', 32), 'hex') WHERE kind = 'R2'", [], False, id="R2"
        ),
        pytest.param("UPDATE sitting_roots SET leaf_hashes = NULL WHERE kind = 'R2'", [], True, id="R2 without leaves"),
        pytest.param("DELETE FROM sitting_roots WHERE kind = 'R2'", [], False, id="no R2"),
        pytest.param(
            "UPDATE audit_events SET mac = hash WHERE action = 'delivery.answers_sealed'", [], False, id="the sealing"
        ),
        pytest.param("UPDATE packages SET content = 'x'", ["0001", "0002", "0003"], False, id="the package"),
    ],
)
def test_a_result_that_is_not_what_was_signed_is_named_and_no_list_is_made(
    session: Session, sitting: Sitting, keys: NodeKeys, statement: str, numbers: list[str], whole: bool
) -> None:
    tamper(session, statement, better=better())
    found = check_marked(session, sitting, keys)
    assert (found.numbers, found.whole) == (numbers, whole)
    if found.clean:
        return
    with pytest.raises(ResultsDiffer) as refusal:
        make_result_list(session, sitting, actor=SYSTEM, now=NOW)
    assert ", ".join(numbers) in refusal.value.text()
    assert result_list_of(session, sitting.id) is None

    record_differing_results(session, refusal.value, actor=SYSTEM, now=NOW)
    last = select(AuditEvent.action, AuditDetails.details).join(
        AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    )
    action, details = session.execute(
        last.where(AuditEvent.scope == f"sitting:{sitting.id}").order_by(AuditEvent.number.desc()).limit(1)
    ).one()
    assert (action, json.loads(details)) == ("results.list_refused", {"numbers": numbers, "roots_hold": whole})


def test_without_kept_leaves_a_changed_mark_still_stops_the_list(
    session: Session, sitting: Sitting, keys: NodeKeys
) -> None:
    """Such a root was signed before leaves were kept: nobody can be named, and nothing passes."""
    tamper(session, "UPDATE sitting_roots SET leaf_hashes = NULL")
    tamper(session, f"UPDATE attempts SET correct = 2 {OF_0002}")
    assert not check_marked(session, sitting, keys).whole


# --- the list once made ----------------------------------------------------------------------------------------------


@pytest.fixture
def made(session: Session, sitting: Sitting, keys: NodeKeys) -> ResultList:
    made = make_result_list(session, sitting, actor=SYSTEM, now=NOW + timedelta(microseconds=1789))
    session.flush()
    session.expire_all()
    assert list_fault(session, sitting, made, keys) is None
    return made


def rewrite(session: Session, made: ResultList) -> None:
    """Let 0002 pass in the list, its digest made to fit."""
    content = made.content.replace('"correct":3,', '"correct":8,').replace('"passed":false', '"passed":true')
    assert content != made.content
    digest = H("khaothi/result-list/v1", content.encode())
    tamper(session, "UPDATE result_lists SET content = :content, digest = :digest", content=content, digest=digest)


def test_a_row_changed_in_the_list_is_named(
    session: Session, sitting: Sitting, keys: NodeKeys, made: ResultList
) -> None:
    rewrite(session, made)
    assert list_fault(session, sitting, made, keys) == LIST_ALTERED
    assert altered_numbers(session, sitting, read_result_list(made)) == ["0002"]


OF_THE_LIST = "WHERE action = 'results.list_made'"


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE result_lists SET published_at = published_at - interval '1 day'", id="its moment"),
        pytest.param("UPDATE result_lists SET content = content || ' '", id="its text"),
        pytest.param(f"UPDATE audit_events SET actor_name = 'Không phải tôi' {OF_THE_LIST}", id="the event"),
        pytest.param(f"UPDATE audit_events SET mac = hash {OF_THE_LIST}", id="the event's MAC"),
        pytest.param(
            f"UPDATE audit_details SET details = '{{}}' WHERE number = (SELECT number FROM audit_events {OF_THE_LIST})"
            f" AND scope = (SELECT scope FROM audit_events {OF_THE_LIST})",
            id="the event's details",
        ),
        pytest.param(
            "DELETE FROM audit_details USING audit_events AS event WHERE event.scope = audit_details.scope"
            " AND event.number = audit_details.number AND event.action = 'results.list_made';"
            f"DELETE FROM audit_events {OF_THE_LIST}",
            id="no event",
        ),
    ],
)
def test_a_list_that_is_not_the_one_in_the_chain_is_told(
    session: Session, sitting: Sitting, keys: NodeKeys, made: ResultList, statement: str
) -> None:
    tamper(session, statement)
    assert list_fault(session, sitting, made, keys) == LIST_ALTERED


def test_a_list_taken_away_is_missed_and_not_made_again(
    session: Session, sitting: Sitting, keys: NodeKeys, made: ResultList
) -> None:
    tamper(session, "DELETE FROM result_lists")
    session.expunge_all()
    sitting = session.scalars(select(Sitting)).one()
    assert list_fault(session, sitting, None, keys) == LIST_VANISHED
    with pytest.raises(Conflict, match="list_vanished"):
        make_result_list(session, sitting, actor=SYSTEM, now=NOW)
