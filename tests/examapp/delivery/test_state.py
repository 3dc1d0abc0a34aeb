"""What the page is told: the phase by the server's clock, the moments, and nothing it has no business with."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.core.clock import to_millis
from examapp.delivery.models import ClosedBy
from examapp.delivery.queries import find_attempts
from examapp.delivery.state import candidate_state
from tests.conftest import NOW
from tests.examapp.delivery.conftest import AFTER, END, START, Hall

MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("situation", "now", "phase", "submitted", "closed_by"),
    [
        ("signed in", NOW, "waiting", False, None),
        ("signed in", START - MILLISECOND, "waiting", False, None),
        ("signed in", START, "open", False, None),
        ("signed in", END - MILLISECOND, "open", False, None),
        ("signed in", END, "closed", False, None),
        ("submitted", START + timedelta(minutes=5), "closed", True, "candidate"),
        ("voided", START + timedelta(minutes=5), "closed", False, "voided"),
        ("sealed", AFTER, "closed", False, "deadline"),
        ("marked", AFTER, "result", False, "deadline"),
    ],
)
def test_the_phase_of_a_programmed_attempt(
    hall: Hall, session: Session, situation: str, now: datetime, phase: str, submitted: bool, closed_by: str | None
) -> None:
    attempt = hall.begin()
    if situation == "submitted":
        hall.submit(attempt, 1, START + timedelta(minutes=1))
    if situation == "voided":
        attempt.closed_at, attempt.closed_by, attempt.voided_at = START, ClosedBy.VOIDED, START
    if situation in ("sealed", "marked"):
        hall.seal()
    if situation == "marked":
        hall.mark()
    session.flush()
    state = candidate_state(session, attempt, now=now, incarnation=1)
    assert (state["phase"], state["submitted"], state["closed_by"]) == (phase, submitted, closed_by)
    assert state["result_available"] is (phase == "result")
    assert (state["starts_at"], state["closes_at"], state["now"]) == (to_millis(START), to_millis(END), to_millis(now))


def test_a_rehearsal_shows_its_result_as_soon_as_it_is_closed(hall: Hall, session: Session) -> None:
    attempt = next(attempt for attempt in find_attempts(session, "0001") if attempt.rehearsal)
    before = candidate_state(session, attempt, now=NOW, incarnation=1)
    assert (before["phase"], before["mode"], before["closes_at"]) == ("open", "rehearsal", to_millis(NOW) + 3_600_000)
    attempt.starts_at, attempt.closes_at = NOW, NOW + timedelta(minutes=60)
    attempt.closed_at, attempt.closed_by = NOW, ClosedBy.CANDIDATE
    session.flush()
    after = candidate_state(session, attempt, now=NOW, incarnation=1)
    assert (after["phase"], after["result_available"]) == ("result", True)


def test_the_acknowledged_number_is_that_of_the_present_lease(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.save(attempt, 1, 0, 2)
    hall.save(attempt, 2, 0, 3)
    hall.save(attempt, 3, 0, 3, fenced=True)
    assert candidate_state(session, attempt, now=START, incarnation=1)["ack"] == 2
    attempt.lease = 2
    assert candidate_state(session, attempt, now=START, incarnation=1)["ack"] == 0


def test_the_state_holds_the_card_and_no_secret(hall: Hall, session: Session) -> None:
    attempt = hall.begin("0002")
    state = candidate_state(session, attempt, now=START, incarnation=7)
    assert state["candidate"] == {
        "number": "0002",
        "name": "Nguyễn Văn Ví Dụ 1",
        "birth_date": "1998-03-09",
        "room": "01",
        "seat": 2,
    }
    assert (state["exam"]["code"], state["sitting_code"], state["test"]["questions"]) == ("KT26", "CA1", 8)
    assert (state["lease"], state["incarnation"], state["grace_seconds"]) == (1, 7, 120)
    text = json.dumps(state)
    for secret in (attempt.blind, attempt.release_key, attempt.code_hmac, attempt.sealed_paper):
        assert secret.hex() not in text
    assert set(state) & {"blind", "release_key", "code_hmac", "correct", "explanation", "writer_id"} == set()
