"""The line, without a page: from a file of questions to the result list, every step by its service.

What a reader should take from here is the order of an exam: import, blueprint, candidates, freeze, public value, open,
papers drawn, answers saved, sealed with R1, keys, marked with R2, list.
"""

import json
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.clock import to_millis
from examapp.core.errors import Conflict, Invalid
from examapp.delivery.models import AnswerSave, Attempt, ClosedBy
from examapp.delivery.rules import right_options
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.prepare import drawn_paper
from examapp.delivery.services.seal import seal_sitting
from examapp.delivery.services.sign_in import Machine, open_attempt, take_lease
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.results.services.lists import make_result_list, read_result_list
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import SittingState
from examapp.sittings.queries import active_package, opened_package
from examapp.sittings.services import open_paper, record_public_value
from question_bank.assembly.draw import draw_paper
from tests.factories import Line, Opened, make_line, open_line

HERE = Machine(UUID(int=17), "10.0.0.17")


def test_from_a_file_to_the_result_list(session: Session, keys: NodeKeys, now: datetime) -> None:
    line = make_line(session, now, candidates=3)
    opened = open_line(session, line, keys, now)
    session.flush()
    line.sitting.state = SittingState.READY
    start = line.sitting.starts_at

    _sit(session, opened, keys, "0001", right=8, now=start + timedelta(minutes=1))
    _sit(session, opened, keys, "0002", right=3, now=start + timedelta(minutes=1))
    # 0003 never comes

    with pytest.raises(Conflict, match="too_early_to_seal"):
        seal_sitting(session, line.sitting.id, keys=keys, actor=SYSTEM, now=start + timedelta(minutes=59))
    end = start + timedelta(minutes=62)
    r1 = seal_sitting(session, line.sitting.id, keys=keys, actor=SYSTEM, now=end)
    assert r1.leaves == 3
    line.sitting.state = SittingState.SEALED
    r2 = open_keys_and_mark(session, line.sitting.id, opened.frozen.key_code, keys=keys, actor=SYSTEM, now=end)
    assert r2.leaves == 3
    line.sitting.state = SittingState.MARKED

    session.flush()
    rows = read_result_list(make_result_list(session, line.sitting, actor=SYSTEM, now=end))
    assert [(row.number, row.correct, row.total, row.passed, row.present) for row in rows] == [
        ("0001", 8, 8, True, True),
        ("0002", 3, 8, False, True),
        ("0003", 0, 8, False, False),
    ]
    closed = {a.candidate_number: a.closed_by for a in session.scalars(select(Attempt))}
    assert closed == {"0001": ClosedBy.DEADLINE, "0002": ClosedBy.DEADLINE, "0003": ClosedBy.DEADLINE}


def test_keys_do_not_open_before_r1(session: Session, keys: NodeKeys, now: datetime) -> None:
    opened = open_line(session, make_line(session, now), keys, now)
    with pytest.raises(Conflict, match="not_sealed"):
        open_keys_and_mark(session, opened.line.sitting.id, opened.frozen.key_code, keys=keys, actor=SYSTEM, now=now)


@pytest.mark.parametrize("value", ["2071183", "207118344", " 2071183", "２０７１１８３４", "2071183a", ""])
def test_public_value_is_exactly_eight_ascii_digits(
    session: Session, keys: NodeKeys, now: datetime, value: str
) -> None:
    line = make_line(session, now)
    line.sitting.state = SittingState.FROZEN
    with pytest.raises((Invalid, Conflict)):
        record_public_value(session, line.sitting, value, value, witness_names="A, B", actor=SYSTEM, now=now)


def test_the_public_value_is_recorded_once_and_before_the_code(session: Session, keys: NodeKeys, now: datetime) -> None:
    opened = open_line(session, make_line(session, now), keys, now)
    opened.line.sitting.state = SittingState.FROZEN
    session.flush()
    with pytest.raises(Conflict, match="public_value_recorded"):
        record_public_value(
            session, opened.line.sitting, "11111111", "11111111", witness_names="A, B", actor=SYSTEM, now=now
        )


def test_a_programmed_sitting_does_not_open_without_tls(session: Session, keys: NodeKeys, now: datetime) -> None:
    line = make_line(session, now)
    frozen = _freeze_with_value(session, line, keys, now)
    with pytest.raises(Conflict, match="insecure_transport"):
        open_paper(session, line.sitting, frozen.paper_code, secure_transport=False, keys=keys, actor=SYSTEM, now=now)


def test_every_candidate_has_a_paper_of_their_own_and_all_blobs_have_one_size(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    opened = open_line(session, make_line(session, now, candidates=5), keys, now)
    attempts = session.scalars(select(Attempt).where(Attempt.sitting_id == opened.line.sitting.id)).all()
    assert len(attempts) == 5
    assert len({attempt.paper_digest for attempt in attempts}) == 5
    assert len({len(attempt.sealed_paper) for attempt in attempts}) == 1


def test_the_paper_says_nothing_about_keys_ids_topics_or_levels(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    opened = open_line(session, make_line(session, now), keys, now)
    paper = drawn_paper(opened_package(session, opened.line.sitting.id, keys), "0001")
    assert set(paper) == {"items", "test"}
    assert all(set(item) == {"kind", "stem", "options"} for item in paper["items"])


def _freeze_with_value(session: Session, line: Line, keys: NodeKeys, now: datetime) -> Frozen:
    frozen = freeze_sitting(session, line.sitting, keys=keys, random_bytes=token_bytes, actor=SYSTEM, now=now)
    record_public_value(session, line.sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
    return frozen


def _sit(session: Session, opened: Opened, keys: NodeKeys, number: str, *, right: int, now: datetime) -> None:
    """Sign in and answer everything, the first `right` items rightly."""
    code = opened.line.code_of(keys, number)
    attempt = open_attempt(session, number, code, machine=HERE, keys=keys, random_bytes=token_bytes, now=now)
    session.flush()
    attempt = take_lease(session, attempt.id, bytes(16), now=now)
    package = active_package(session, attempt.sitting_id)
    assert package is not None
    key = open_compartment(package.content, "key", opened.frozen.key_code).data
    inside = opened_package(session, attempt.sitting_id, keys)
    answers = right_options(
        draw_paper(inside.seed, number, inside.spec), {entry["id"]: entry["right"] for entry in key["keys"]}
    )
    for seq, (item, answer) in enumerate(enumerate(answers), start=1):
        response = answer if item < right else (answer + 1) % 4
        session.add(
            AnswerSave(
                attempt_id=attempt.id,
                lease=attempt.lease,
                seq=seq,
                kind=1,
                item=item,
                response=json.dumps(response),
                client_ms=to_millis(now) + seq,
                received_at=now,
            )
        )
    session.flush()
