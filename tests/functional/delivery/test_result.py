"""The candidate's own result: not before the marks; in a rehearsal right after the submission."""

import json
from uuid import UUID

import pytest

from examapp.core.clock import to_millis
from examapp.delivery.models import AnswerSave, ClosedBy
from tests.functional.exam_day import At, CandidatePage, Day, answers


def back_again(day: Day, number: str) -> CandidatePage:
    """Return the page of a candidate of this morning, on the machine of this morning."""
    page = day.candidate()
    page.use_machine(UUID(int=int(number)))
    assert page.sign_in(number).status_code == 303
    return page


@pytest.mark.parametrize(("number", "correct", "passed"), [("0014", 8, True), ("0015", 3, False), ("0016", 0, False)])
def test_after_the_marks_it_says_how_many_and_why(day: Day, number: str, correct: int, passed: bool) -> None:
    answer = back_again(day, number).get("result")
    assert answer.status_code == 200
    result = answer.json
    assert (result["number"], result["correct"], result["total"], result["needed"]) == (number, correct, 8, 4)
    assert (result["passed"], result["pass_share"]) == (passed, "1/2")
    assert result["name"].startswith("Nguyễn Văn Ví Dụ")
    words = " ".join(entry["text"] for entry in result["clauses"])
    assert f"Trả lời đúng {correct} trên tổng số 8 câu hỏi." in words
    assert "ít nhất 4 câu" in words
    assert all(entry["clause"] for entry in result["clauses"])


@pytest.mark.parametrize("number", ["0001", "0011"])
def test_before_the_marks_it_is_not_there(day: Day, number: str) -> None:
    page = day.candidate(number) if number == "0001" else back_again(day, number)
    answer = page.get("result")
    assert (answer.status_code, answer.json["code"]) == (425, "not_yet")
    assert "niêm phong và chấm xong" in answer.json["message"]
    assert set(answer.json) == {"code", "message"}


def test_a_rehearsal_shows_it_as_soon_as_it_is_submitted(day: Day) -> None:
    page = day.candidate("0004")
    page.lease()
    right = answers(day.session, day.built, At.REHEARSAL, "0004", right=5)
    attempt = day.attempt("0004")
    for seq, (item, response) in enumerate(right, start=1):
        values = {"kind": 1, "item": item, "response": json.dumps(response), "received_at": day.clock.now()}
        moment = to_millis(day.clock.now())
        day.session.add(AnswerSave(attempt_id=attempt.id, lease=1, seq=seq, client_ms=moment, **values))
    day.session.commit()
    assert page.get("result").status_code == 425
    attempt = day.attempt("0004")
    attempt.closed_at, attempt.closed_by = day.clock.now(), ClosedBy.CANDIDATE
    day.session.commit()
    assert page.get("state").json["phase"] == "result"
    result = page.get("result").json
    assert (result["correct"], result["passed"]) == (5, True)


def test_it_speaks_english(day: Day) -> None:
    page = back_again(day, "0014")
    vietnamese, english = page.get("result").json, page.get("result?lang=en").json
    assert english["correct"] == vietnamese["correct"]
    assert english["clauses"][0]["text"] != vietnamese["clauses"][0]["text"]


def test_signed_out_and_wrong_method(day: Day) -> None:
    answer = day.candidate().get("result")
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    assert back_again(day, "0014").post("result").status_code == 405
