"""The table of what becomes of a batch, case by case, without a database."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code, Facts, Stored, judge
from examapp.core.clock import to_millis
from tests.examapp.answerlog.conftest import DEADLINE, GRACE, ITEMS, START

MID = START + timedelta(minutes=30)


def at(seconds: float) -> datetime:
    """Return a moment relative to the deadline."""
    return DEADLINE + timedelta(seconds=seconds)


def made(seq: int, *, item: int = 0, response: str = "1", when: datetime = MID, kind: int = 1) -> Save:
    """Return a row made at a moment."""
    return Save(seq, kind, item, response, to_millis(when))


def submitted(seq: int, when: datetime = MID) -> Save:
    """Return a submission."""
    return made(seq, item=-1, response="null", when=when, kind=3)


def stored(*saves: Save, fenced: bool = False) -> dict[int, Stored]:
    """Return rows as found in the log."""
    return {save.seq: Stored(save, fenced) for save in saves}


FACTS = Facts(
    received=MID,
    lease=2,
    items=ITEMS,
    starts_at=START,
    closes_at=DEADLINE,
    grace=timedelta(seconds=GRACE),
    closed_by=None,
    submit=None,
    ack=3,
    last_client_ms=to_millis(START),
    stored={},
    heard_after_deadline=False,
)


def test_next_rows_are_counted() -> None:
    verdict = judge(2, [made(4), made(5)], FACTS)
    assert (verdict.code, verdict.ack, verdict.late, verdict.submits) == (Code.OK, 5, False, False)
    assert verdict.counted == [made(4), made(5)]
    assert not verdict.fenced


def test_retry_is_acknowledged_and_only_the_rest_stored() -> None:
    verdict = judge(2, [made(3), made(4)], replace(FACTS, stored=stored(made(3))))
    assert (verdict.code, verdict.ack, list(verdict.counted)) == (Code.OK, 4, [made(4)])


@pytest.mark.parametrize(
    "change", [{"response": "2"}, {"item": 1}, {"when": MID + timedelta(milliseconds=1)}, {"kind": 2}]
)
def test_other_content_under_a_known_number_is_never_acknowledged(change: dict[str, object]) -> None:
    sent = [made(3, **change), made(4)]  # type: ignore[arg-type]
    verdict = judge(2, sent, replace(FACTS, stored=stored(made(3))))
    assert (verdict.code, verdict.diverged) == (Code.DIVERGED, (3,))
    assert not verdict.counted
    assert not verdict.fenced


def test_gap_is_refused_with_the_ack() -> None:
    verdict = judge(2, [made(5)], FACTS)
    assert (verdict.code, verdict.ack, verdict.counted) == (Code.GAP, 3, ())


@pytest.mark.parametrize("lease", [1, 3])
def test_other_lease_is_kept_and_not_counted(lease: int) -> None:
    verdict = judge(lease, [made(1), made(2)], replace(FACTS, ack=0))
    assert (verdict.code, verdict.ack, verdict.counted) == (Code.LEASE, 0, ())
    assert verdict.fenced == [made(1), made(2)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, starts_at=None, closes_at=None), Code.NOT_STARTED),
        (replace(FACTS, received=START - timedelta(milliseconds=1)), Code.NOT_STARTED),
        (replace(FACTS, received=START), Code.OK),
    ],
)
def test_nothing_is_stored_before_the_start(facts: Facts, code: Code) -> None:
    verdict = judge(2, [made(4, when=START)], facts)
    assert verdict.code == code
    assert bool(verdict.counted) == (code == Code.OK)


def test_item_outside_the_paper_is_refused() -> None:
    assert judge(2, [made(4, item=ITEMS)], FACTS).code == Code.BAD_ITEM
    assert judge(2, [made(4, item=ITEMS - 1)], FACTS).code == Code.OK


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(0, Code.OK), (GRACE, Code.OK), (GRACE + 0.001, Code.CLOSED)],
)
def test_sign_of_life_is_heard_until_the_grace_is_over(seconds: float, code: Code) -> None:
    assert judge(2, [], replace(FACTS, received=at(seconds))).code == code


@pytest.mark.parametrize("closed_by", ["candidate", "deadline", "voided"])
@pytest.mark.parametrize("lease", [1, 2])
def test_closed_attempt_stores_nothing(closed_by: str, lease: int) -> None:
    verdict = judge(lease, [made(4)], replace(FACTS, closed_by=closed_by, submit=None))
    assert (verdict.code, verdict.closed_by) == (Code.CLOSED, closed_by)
    assert not verdict.counted
    assert not verdict.fenced


def test_submission_needs_everything_before_it() -> None:
    assert judge(2, [submitted(5)], FACTS).code == Code.GAP
    verdict = judge(2, [made(4), submitted(5)], FACTS)
    assert (verdict.code, verdict.submits, verdict.ack) == (Code.OK, True, 5)


CLOSED = replace(FACTS, closed_by="candidate", submit=(2, 4), ack=4, stored=stored(submitted(4)))


@pytest.mark.parametrize("lease", [1, 2])
@pytest.mark.parametrize(("seconds", "kept"), [(-60, True), (GRACE, True), (GRACE + 0.001, False)])
def test_what_comes_after_the_submission_is_kept_while_the_exam_lasts_and_never_counted(
    lease: int, seconds: float, kept: bool
) -> None:
    """Protocols §5: nothing that was sent in the exam is lost, nothing overrides the receipt."""
    verdict = judge(lease, [made(5), made(6)], replace(CLOSED, received=at(seconds)))
    assert (verdict.code, verdict.counted, verdict.ack) == (Code.CLOSED, (), 4)
    assert [save.seq for save in verdict.fenced] == ([5, 6] if kept else [])


def test_a_sealed_log_stays_as_it_is() -> None:
    assert not judge(2, [made(5)], replace(CLOSED, sealed=True)).fenced


def test_repeated_submission_is_answered_like_the_first() -> None:
    verdict = judge(2, [submitted(4)], CLOSED)
    assert (verdict.code, verdict.submits, verdict.counted) == (Code.OK, True, ())


@pytest.mark.parametrize(
    ("lease", "saves", "code"),
    [
        (1, [submitted(4)], Code.CLOSED),
        (2, [submitted(5)], Code.CLOSED),
        (2, [made(4)], Code.CLOSED),
        (2, [submitted(4, START)], Code.DIVERGED),
        (2, [made(3), submitted(4)], Code.CLOSED),
    ],
)
def test_other_submission_of_a_closed_attempt(lease: int, saves: list[Save], code: Code) -> None:
    verdict = judge(lease, saves, CLOSED)
    assert (verdict.code, verdict.submits, verdict.counted) == (code, False, ())


# --- after the deadline ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "heard", "code", "late"),
    [
        (0, False, Code.OK, False),
        (5, True, Code.OK, False),
        (5.001, False, Code.OK, True),
        (5.001, True, Code.CLOSED, False),
        (GRACE, False, Code.OK, True),
        (GRACE, True, Code.CLOSED, False),
        (GRACE + 0.001, False, Code.CLOSED, False),
    ],
)
def test_late_rows_count_only_after_a_real_outage(received: float, heard: bool, code: Code, late: bool) -> None:
    facts = replace(FACTS, received=at(received), heard_after_deadline=heard)
    verdict = judge(2, [made(4)], facts)
    assert (verdict.code, verdict.late) == (code, late)
    assert list(verdict.counted) == ([made(4)] if code == Code.OK else [])
    assert list(verdict.fenced) == ([] if code == Code.OK else [made(4)])
    assert verdict.closed_by == (None if code == Code.OK else "deadline")


LATE = replace(FACTS, received=at(60))


def test_late_rows_made_after_the_deadline_are_not_counted() -> None:
    rows = [made(4), made(5, when=at(5)), made(6, when=at(5.001)), made(7, when=at(5.001))]
    verdict = judge(2, rows, LATE)
    assert (verdict.code, verdict.ack) == (Code.CLOSED, 5)
    assert (list(verdict.counted), list(verdict.fenced)) == (rows[:2], rows[2:])


def test_late_rows_whose_time_runs_backwards_are_not_counted() -> None:
    rows = [made(4), made(5, when=MID - timedelta(seconds=1)), made(6)]
    verdict = judge(2, rows, LATE)
    assert (list(verdict.counted), list(verdict.fenced)) == (rows[:1], rows[1:])
    before = replace(LATE, last_client_ms=to_millis(MID) + 1)
    assert list(judge(2, rows[:1], before).fenced) == rows[:1]


def test_late_submission_adds_no_answer_and_is_taken() -> None:
    verdict = judge(2, [made(4), submitted(5, at(50))], LATE)
    assert (verdict.code, verdict.submits, verdict.late, verdict.ack) == (Code.OK, True, True, 5)


def test_submission_after_uncounted_rows_does_not_close() -> None:
    verdict = judge(2, [made(4, when=at(30)), submitted(5, at(50))], LATE)
    assert (verdict.code, verdict.submits) == (Code.CLOSED, False)


def test_retry_whose_reply_was_lost_is_acknowledged_even_then() -> None:
    facts = replace(LATE, stored=stored(made(3)), heard_after_deadline=True)
    assert judge(2, [made(3)], facts).code == Code.OK


def test_once_too_late_always_too_late() -> None:
    facts = replace(LATE, stored=stored(made(4), fenced=True))
    verdict = judge(2, [made(4), made(5)], facts)
    assert (verdict.code, list(verdict.counted), list(verdict.fenced)) == (Code.CLOSED, [], [made(5)])


def test_numbers_used_up_by_late_rows_need_a_new_lease() -> None:
    """More minutes were granted afterwards: the page goes on under a new lease."""
    facts = replace(FACTS, stored=stored(made(4), fenced=True))
    verdict = judge(2, [made(4)], facts)
    assert (verdict.code, verdict.counted, verdict.fenced) == (Code.LEASE, (), ())
