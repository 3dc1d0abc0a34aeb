"""The result list: after marking, once, as a fixed text with a digest; never of a rehearsal."""

from datetime import datetime, timedelta
from secrets import token_bytes

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core import events
from examapp.core.errors import Conflict
from examapp.delivery.models import Attempt
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.integrity.canonical import H
from examapp.integrity.keys import NodeKeys
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.services import make_result_list, read_result_list
from examapp.sittings.models import Sitting, SittingMode, SittingState
from examapp.wiring import connect_events
from tests.factories import Opened, make_line, open_line


@pytest.fixture(autouse=True)
def wired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the features listen to each other as they do in the running program."""
    monkeypatch.setattr(events, "_listeners", {})
    connect_events()


def marked(session: Session, keys: NodeKeys, now: datetime, correct: dict[str, int], *, per_cell: int = 15) -> Sitting:
    """Return a marked sitting of 60 questions whose candidates have exactly so many right answers."""
    import_lines = None if per_cell == 2 else _lines(per_cell)
    line = make_line(session, now, candidates=len(correct), lines=import_lines, per_cell=per_cell)
    opened: Opened = open_line(session, line, keys, now, random_bytes=token_bytes)
    end = now + timedelta(hours=2)
    seal_sitting(session, line.sitting.id, keys=keys, actor=SYSTEM, now=end)
    session.flush()
    open_keys_and_mark(session, line.sitting.id, opened.frozen.key_code, keys=keys, actor=SYSTEM, now=end)
    session.flush()
    for number, count in correct.items():
        session.execute(update(Attempt).where(Attempt.candidate_number == number).values(correct=count, lease=1))
    session.expire_all()
    return line.sitting


def _lines(per_cell: int) -> bytes:
    line = '{{"kind":"single_choice","topic":"{}","level":"{}","stem":"Câu {}?","options":["a","b"],"key":"A"}}'
    cells = [(topic, level) for topic in ("HIEN", "DAO") for level in ("recall", "application")]
    rows = [line.format(*cells[number % 4], number) for number in range(12 * per_cell)]
    return "\n".join(rows).encode()


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


@pytest.mark.parametrize("state", [state for state in SittingState if state is not SittingState.MARKED])
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
