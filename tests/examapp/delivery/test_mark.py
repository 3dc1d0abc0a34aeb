"""Marking: only after R1, only what counts, and every mark can be followed from the stored rows to root R2."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError as DatabaseRefusal
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict, Invalid
from examapp.delivery.models import Attempt, KeyOpening, RootKind, SittingRoot
from examapp.delivery.queries import keys_opened
from examapp.delivery.services.result import attempt_result
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import explanation_digest, result_leaf, sitting_root, verify_root
from examapp.regulations.scoring import recompute
from examapp.sittings.models import Sitting, SittingState
from tests.conftest import CommittedDatabase
from tests.examapp.delivery.conftest import AFTER, END, NUMBERS, START, Hall, build
from tests.factories import at_once

ITEMS = 8


def correct(hall: Hall, number: str = "0001") -> int | None:
    return hall.attempt(number).correct


@pytest.mark.parametrize("right", [0, 3, 4, 8])
def test_right_answers_are_counted_and_half_of_them_pass(
    hall: Hall, session: Session, keys: NodeKeys, right: int
) -> None:
    hall.answer("0001", right)
    hall.seal()
    hall.mark()
    attempt = hall.attempt()
    assert (attempt.correct, attempt.marked_at) == (right, AFTER)
    outcome = attempt_result(session, attempt, keys=keys)
    assert outcome is not None
    assert (outcome.correct, outcome.total, outcome.needed, outcome.passed) == (right, ITEMS, 4, right >= 4)
    assert "Điều 9 khoản 2 điểm a" in outcome.explanation[1].clause
    assert session.get_one(Sitting, attempt.sitting_id).state is SittingState.MARKED


Rows = Callable[[Hall, Attempt, int], None]


def rows(*changes: dict[str, Any]) -> Rows:
    """Return a log over item 0: each change is a row; `right` and `wrong` stand for options."""

    def write(hall: Hall, attempt: Attempt, right: int) -> None:
        for seq, change in enumerate(changes, start=1):
            columns = dict(change)
            response = columns.pop("response", "right")
            response = (
                {"right": right, "wrong": (right + 1) % 4}.get(response, response)
                if isinstance(response, str)
                else response
            )
            hall.save(attempt, columns.pop("seq", seq), columns.pop("item", 0), response, **columns)

    return write


@pytest.mark.parametrize(
    ("log", "counted"),
    [
        pytest.param(rows(), 0, id="nothing answered"),
        pytest.param(rows({}), 1, id="one answer"),
        pytest.param(rows({"response": "wrong"}, {}), 1, id="the last answer counts"),
        pytest.param(rows({}, {"response": "wrong"}), 0, id="also when it is the wrong one"),
        pytest.param(rows({}, {"response": None}), 0, id="cleared again"),
        pytest.param(rows({}, {"kind": 2, "response": True}), 1, id="a flag is no answer"),
        pytest.param(rows({"fenced": True}), 0, id="fenced rows do not count"),
        pytest.param(rows({}, {"response": "wrong", "fenced": True}), 1, id="nor do they undo"),
        pytest.param(rows({"late": True, "at": END + timedelta(seconds=60)}), 1, id="late ones of an outage do"),
        pytest.param(
            rows({"lease": 2, "seq": 1, "response": "wrong"}, {"lease": 1, "seq": 9}), 0, id="the later lease wins"
        ),
        pytest.param(rows({"response": "text"}), 0, id="a text"),
        pytest.param(rows({"response": [0]}), 0, id="a list"),
        pytest.param(rows({"response": True}), 0, id="a truth value"),
        pytest.param(rows({"response": 99}), 0, id="no such option"),
        pytest.param(rows({"item": 99}, {"item": -1, "response": 0}), 0, id="no such item"),
    ],
)
def test_what_counts_of_a_log(hall: Hall, log: Rows, counted: int) -> None:
    log(hall, hall.begin(), hall.drawn.right["0001"][0])
    hall.seal()
    hall.mark()
    assert correct(hall) == counted


def test_r2_fixes_every_mark_with_its_explanation(hall: Hall, session: Session, keys: NodeKeys) -> None:
    hall.answer("0001", right=8)
    hall.answer("0002", right=3)
    hall.seal()
    r2 = hall.mark()
    session.expire_all()
    leaves = []
    for number in NUMBERS:
        attempt = hall.attempt(number)
        assert attempt.explanation is not None
        assert attempt.leaf is not None
        assert recompute(attempt.explanation).correct == attempt.correct, "the stored steps follow from their values"
        mark = f"{attempt.correct}/{attempt.items}"
        leaves.append(result_leaf(attempt.leaf, mark, explanation_digest(attempt.explanation), attempt.blind))
    assert (r2.root, r2.leaves) == (sitting_root(leaves), 3)
    assert verify_root(keys.node_pub, r2.signature, "R2", hall.drawn.sitting.bytes, r2.root, leaves=3)
    assert [correct(hall, number) for number in NUMBERS] == [8, 3, 0]


@pytest.mark.parametrize("field", ["correct", "needed", "passed"])
def test_an_explanation_that_was_touched_is_not_believed(
    hall: Hall, session: Session, keys: NodeKeys, field: str
) -> None:
    hall.answer("0001", right=3)
    hall.seal()
    hall.mark()
    attempt = hall.attempt()
    assert attempt.explanation is not None
    steps = [{**step, "values": dict(step["values"]), "result": dict(step["result"])} for step in attempt.explanation]
    {"correct": steps[0]["values"], "needed": steps[1]["result"], "passed": steps[2]["result"]}[field][field] = 8
    attempt.explanation = steps
    with pytest.raises(ValueError, match="follow"):
        attempt_result(session, attempt, keys=keys)


# --- what stops it ---------------------------------------------------------------------------------------------------


def test_the_database_itself_opens_no_keys_before_r1(hall: Hall, session: Session) -> None:
    with pytest.raises(DatabaseRefusal, match="fk_key_openings_sitting_id_root_kind"), session.begin_nested():
        session.add(KeyOpening(sitting_id=hall.drawn.sitting, opened_at=START))
    for kind in (RootKind.RESULTS, RootKind.ANSWERS):
        session.add(
            SittingRoot(sitting_id=hall.drawn.sitting, kind=kind, root=bytes(32), leaves=0, at=START, signature=b"")
        )
    with pytest.raises(DatabaseRefusal, match="after_r1"), session.begin_nested():
        session.add(KeyOpening(sitting_id=hall.drawn.sitting, root_kind=RootKind.RESULTS, opened_at=START))


@pytest.mark.parametrize(
    ("code", "named"),
    [("", "code_length"), ("typo", "code_typo"), ("0000-0000-0000-0000-0000-0000-000", "code_wrong")],
)
def test_a_wrong_code_opens_and_marks_nothing(hall: Hall, session: Session, code: str, named: str) -> None:
    hall.seal()
    given = hall.drawn.key_code
    typed = given[:-1] + ("0" if given[-1] != "0" else "1") if code == "typo" else code
    with pytest.raises(Invalid, match=named), session.begin_nested():
        hall.mark(typed)
    assert not keys_opened(session, hall.drawn.sitting)
    assert correct(hall) is None
    hall.mark()


def test_keys_are_opened_once(hall: Hall) -> None:
    hall.seal()
    hall.mark()
    with pytest.raises(Conflict, match="keys_opened_already"):
        hall.mark()


@pytest.mark.parametrize(("what", "named"), [("paper_digest", "paper_differs"), ("leaf", "log_differs")])
def test_a_paper_that_is_not_the_drawn_one_stops_the_marking_of_all(
    hall: Hall, session: Session, what: str, named: str
) -> None:
    hall.answer("0001", right=8)
    if what == "paper_digest":  # swapped before the seal, so that R1 is over the wrong paper
        hall.attempt("0002").paper_digest = bytes(32)
        session.flush()
    hall.seal()
    if what == "leaf":
        hall.attempt("0002").leaf = None
        session.flush()
    with pytest.raises(Conflict, match=named) as refusal, session.begin_nested():
        hall.mark()
    assert "số báo danh 0002" in refusal.value.text()
    session.expire_all()
    assert session.scalar(select(func.count()).where(Attempt.marked_at.is_not(None))) == 0
    assert not keys_opened(session, hall.drawn.sitting)


def test_no_result_is_shown_before_marking(hall: Hall, session: Session, keys: NodeKeys) -> None:
    hall.submit(hall.answer("0001", right=8), 9, START)
    assert attempt_result(session, hall.attempt(), keys=keys) is None
    hall.seal()
    assert attempt_result(session, hall.attempt(), keys=keys) is None


def test_of_two_who_open_the_keys_at_once_one_marks(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn = build(session, keys)
        Hall(session, keys, drawn).seal()
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: Hall(session, keys, drawn).mark(),
        lambda session: Hall(session, keys, drawn).mark(),
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "keys_opened_already"
    with Session(committed_db.engine) as session:
        assert session.scalar(select(func.count()).where(SittingRoot.kind == RootKind.RESULTS)) == 1
