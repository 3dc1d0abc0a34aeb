"""What the page is told about its attempt, in each phase."""

from datetime import timedelta
from uuid import UUID

from examapp.core.clock import to_millis
from examapp.delivery.models import ClosedBy
from tests.conftest import NOW
from tests.functional.exam_day import At, Day

START = NOW + timedelta(minutes=15)
FIELDS = {
    *("phase", "mode", "now", "starts_at", "closes_at", "minutes", "extra_minutes", "grace_seconds", "attempt"),
    *("sitting", "core_digest", "sealed_digest", "paper_digest", "paper_seal", "lease", "ack", "incarnation"),
    *("submitted", "closed_by", "result_available", "candidate", "exam", "test", "sitting_code", "notices"),
}


def test_it_tells_the_page_all_it_needs_and_no_more(day: Day) -> None:
    answer = day.candidate("0001").get("state")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    state = answer.json
    assert set(state) == FIELDS
    assert state["candidate"] == {
        "number": "0001",
        "name": "Nguyễn Văn Ví Dụ 0",
        "birth_date": "1998-03-09",
        "room": "01",
        "seat": 1,
    }
    assert state["exam"] == {"name": "Kỳ thi ví dụ", "code": "KT26"}
    assert state["test"] == {"name": "Vòng 1 – Kiến thức chung", "questions": 8, "minutes": 60}
    assert (state["sitting_code"], state["sitting"]) == ("CA4", str(day.built.sittings[At.READY]))
    assert state["attempt"] == str(day.attempt("0001").id)
    assert (state["lease"], state["ack"], state["submitted"], state["closed_by"]) == (0, 0, False, None)
    assert (state["minutes"], state["extra_minutes"], state["grace_seconds"]) == (60, 0, 120)
    assert state["now"] == to_millis(NOW)


def test_the_phases_follow_the_servers_clock(day: Day) -> None:
    page = day.candidate("0001")
    for moment, phase in (
        (START - timedelta(milliseconds=1), "waiting"),
        (START, "open"),
        (START + timedelta(minutes=60, milliseconds=-1), "open"),
        (START + timedelta(minutes=60), "closed"),
    ):
        day.clock.moment = moment
        state = page.get("state").json
        assert (state["phase"], state["mode"]) == (phase, "programmed"), moment
        assert state["starts_at"] == to_millis(START)
        assert state["closes_at"] == to_millis(START + timedelta(minutes=60))


def test_extra_minutes_move_the_end_of_this_candidate_only(day: Day) -> None:
    attempt = day.attempt("0001")
    attempt.extra_minutes, attempt.closes_at = 20, attempt.closes_at + timedelta(minutes=20)
    day.session.commit()
    first, second = day.candidate("0001"), day.candidate("0002")
    day.clock.moment = START + timedelta(minutes=70)
    assert first.get("state").json["phase"] == "open"
    assert second.get("state").json["phase"] == "closed"


def test_a_submission_closes_it_before_the_time(day: Day) -> None:
    page = day.candidate("0001")
    attempt = day.attempt("0001")
    attempt.closed_at, attempt.closed_by = START, ClosedBy.CANDIDATE
    day.session.commit()
    day.clock.moment = START + timedelta(minutes=1)
    state = page.get("state").json
    assert (state["phase"], state["submitted"], state["closed_by"]) == ("closed", True, "candidate")
    assert state["result_available"] is False


def test_the_result_phase_comes_with_the_marks(day: Day) -> None:
    page = day.candidate()
    page.use_machine(UUID(int=14))
    assert page.sign_in("0014").status_code == 303
    state = page.get("state").json
    assert (state["phase"], state["result_available"], state["closed_by"]) == ("result", True, "deadline")
    assert "correct" not in state


def test_a_rehearsal_is_open_at_once(day: Day) -> None:
    state = day.candidate("0004").get("state").json
    assert (state["phase"], state["mode"]) == ("open", "rehearsal")
    assert state["closes_at"] - state["starts_at"] == 60 * 60 * 1000


def test_signed_out_is_told_in_json(day: Day) -> None:
    answer = day.candidate().get("state")
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    assert answer.json["message"].startswith("Phiên thi đã hết.")
    client = day.candidate("0001").client
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/thi/api/state", json={}, headers=headers).status_code == 405
