"""The result list: after marking, once, as a fixed text with a digest; never of a rehearsal."""

from datetime import datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict
from examapp.delivery.models import Attempt
from examapp.integrity.canonical import H
from examapp.integrity.keys import NodeKeys
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.services.lists import make_result_list, read_result_list
from examapp.sittings.models import STEPS, SittingMode, SittingState
from tests.examapp.results.conftest import marked
from tests.factories import make_line


def test_half_of_sixty_passes_and_one_less_does_not(session: Session, keys: NodeKeys, now: datetime) -> None:
    sitting = marked(session, keys, now, {"0001": 30, "0002": 29, "0003": 60})
    made = make_result_list(session, sitting, actor=SYSTEM, now=now)
    session.flush()
    rows = read_result_list(made)
    assert [(row.number, row.correct, row.total, row.outcome) for row in rows] == [
        ("0001", 30, 60, "Đạt"),
        ("0002", 29, 60, "Không đạt"),
        ("0003", 60, 60, "Đạt"),
    ]


def test_the_list_is_fixed_with_its_digest_whatever_changes_afterwards(
    session: Session, keys: NodeKeys, now: datetime
) -> None:
    sitting = marked(session, keys, now, {"0001": 5, "0002": 2}, per_cell=2)
    make_result_list(session, sitting, actor=SYSTEM, now=now)
    session.flush()
    session.execute(update(Attempt).where(Attempt.candidate_number == "0001").values(correct=8))
    session.expire_all()
    kept = result_list_of(session, sitting.id)
    assert kept is not None
    assert [row.correct for row in read_result_list(kept)] == [5, 2]
    assert kept.digest == H("khaothi/result-list/v1", kept.content.encode())
    assert [row.correct for row in marked_rows(session, sitting.id, "1/2")] == [8, 2], "the table itself has changed"


def test_a_list_is_made_once(session: Session, keys: NodeKeys, now: datetime) -> None:
    sitting = marked(session, keys, now, {"0001": 5}, per_cell=2)
    make_result_list(session, sitting, actor=SYSTEM, now=now)
    session.flush()
    with pytest.raises(Conflict, match="list_exists"):
        make_result_list(session, sitting, actor=SYSTEM, now=now)


@pytest.mark.parametrize("state", [state for state in STEPS if state is not SittingState.MARKED])
def test_a_list_is_not_made_before_marking(session: Session, now: datetime, state: SittingState) -> None:
    sitting = make_line(session, now, candidates=1).sitting
    sitting.state = state
    session.flush()
    with pytest.raises(Conflict, match="not_marked"):
        make_result_list(session, sitting, actor=SYSTEM, now=now)
    assert result_list_of(session, sitting.id) is None
    assert marked_rows(session, sitting.id, "1/2") == []


def test_a_rehearsal_has_no_list(session: Session, now: datetime) -> None:
    sitting = make_line(session, now, candidates=1, mode=SittingMode.REHEARSAL).sitting
    sitting.state = SittingState.MARKED
    session.flush()
    with pytest.raises(Conflict, match="rehearsal_has_no_list"):
        make_result_list(session, sitting, actor=SYSTEM, now=now)
