"""Two people at one candidate: one wins, the other is told; numbers are given out once."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.candidates.models import Candidate
from examapp.candidates.services import add_candidates, editing
from examapp.candidates.services.editing import Personal
from examapp.core.errors import Conflict, NotFound
from examapp.exams.models import Exam
from examapp.exams.services import create_exam
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase
from tests.factories import at_once

Deed = Callable[[Session], object]


@pytest.fixture
def people(committed_db: CommittedDatabase, keys: NodeKeys, now) -> tuple[Exam, Candidate]:
    with Session(committed_db.engine, info={"keys": keys}, expire_on_commit=False) as session, session.begin():
        exam = create_exam(session, "KT26", "Kỳ thi ví dụ", profile_id="cc-2025", actor=SYSTEM, now=now)
        rows = [{"number": "0001", "full_name": "Lê Ví Dụ"}]
        return exam, add_candidates(session, exam, rows, actor=SYSTEM, now=now)[0]


def deeds(exam: Exam, one: Candidate, now) -> dict[str, tuple[Deed, str | None]]:
    """Return each deed as it begins on a page drawn before either is done, and what the second is told."""
    as_ever = {"actor": SYSTEM, "now": now}

    def again(session: Session) -> Candidate:
        return session.get_one(Candidate, one.id)

    def correct(session: Session) -> object:
        given = Personal("Lê Ví Dụ Mới", "", 0)
        return editing.correct_candidate(session, again(session), given, seen=one.stamp, reason="", **as_ever)

    return {
        "correct": (correct, "changed_meanwhile"),
        "withdraw": (lambda s: editing.withdraw_candidate(s, again(s), "đơn", **as_ever), "withdrawn_already"),
        "reissue": (
            lambda s: editing.reissue_code(s, again(s), seen_issue=1, reason="mất phiếu", **as_ever),
            "reissued_meanwhile",
        ),
        "append": (
            lambda s: editing.append_candidate(s, s.get_one(Exam, exam.id), Personal("Vũ Đến Sau"), **as_ever),
            None,
        ),
    }


@pytest.mark.parametrize("what", ["correct", "withdraw", "reissue", "append"])
def test_two_people_at_once(committed_db: CommittedDatabase, keys: NodeKeys, now, people, what: str) -> None:
    deed, told = deeds(*people, now)[what]
    raised = at_once(committed_db.engine, keys, deed, deed)
    if told is None:
        assert raised is None
    else:
        assert isinstance(raised, Conflict)
        assert raised.code == told
    with Session(committed_db.engine) as session:
        rows = session.scalars(select(Candidate).order_by(Candidate.number)).all()
        assert [row.number for row in rows] == (["0001", "0002", "0003"] if what == "append" else ["0001"])
        assert rows[0].code_issue == (2 if what == "reissue" else 1)


@pytest.mark.parametrize("what", ["correct", "withdraw", "reissue"])
def test_somebody_works_at_a_candidate_whose_list_is_replaced(
    committed_db: CommittedDatabase, keys: NodeKeys, now, people, what: str
) -> None:
    def replace(session: Session) -> None:
        session.execute(delete(Candidate).where(Candidate.id == people[1].id))

    raised = at_once(committed_db.engine, keys, replace, deeds(*people, now)[what][0])
    assert isinstance(raised, NotFound)
