"""A page becomes the attempt's one writer, and gets back what the server has."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from examapp.answerlog.token import Token, verify
from examapp.core.clock import to_millis
from examapp.delivery.models import AnswerSave, AttemptEvent, ClosedBy
from examapp.integrity.canonical import b64u
from tests.functional.exam_day import CandidatePage, Day


def token_of(day: Day, page: CandidatePage) -> Token:
    token = verify(day.keys, page.client.get_cookie("khaothi-attempt").value, day.clock.now())
    assert isinstance(token, Token)
    return token


def save(day: Day, number: str, *rows: tuple[int, int, int, int, Any], fenced: bool = False) -> None:
    """Store rows (lease, seq, kind, item, response) as the writer would have."""
    attempt = day.attempt(number)
    for lease, seq, kind, item, response in rows:
        values = {"kind": kind, "item": item, "response": json.dumps(response), "fenced": fenced}
        moment = {"client_ms": to_millis(day.clock.now()), "received_at": day.clock.now()}
        day.session.add(AnswerSave(attempt_id=attempt.id, lease=lease, seq=seq, **values, **moment))
    day.session.commit()


def test_the_first_page_gets_lease_one_and_the_same_page_keeps_it(day: Day) -> None:
    page = day.candidate("0001")
    for _ in range(2):
        answer = page.lease(1)
        assert answer.status_code == 200
        assert answer.json == {
            "lease": 1,
            "ack": 0,
            "next_seq": 1,
            "answers": [],
            "flags": [],
            "incarnation": 1,
            "now": to_millis(day.clock.now()),
        }
        assert token_of(day, page).lease == 1
    assert day.attempt("0001").writer_id == bytes([1]) * 16


def test_what_is_stored_comes_back_and_the_numbers_go_on(day: Day) -> None:
    page = day.candidate("0001")
    page.lease(1)
    rows = [
        (1, 1, 1, 0, 2),
        (1, 2, 1, 3, 1),
        (1, 3, 2, 5, True),
        (1, 4, 1, 0, 3),
        (1, 5, 1, 3, None),
        (1, 6, 2, 6, True),
    ]
    save(day, "0001", *rows, (1, 7, 2, 6, False))
    save(day, "0001", (1, 8, 1, 7, 1), fenced=True)
    again = page.lease(1).json
    assert (again["lease"], again["ack"], again["next_seq"]) == (1, 7, 8)
    assert again["answers"] == [[0, 3]], "a cleared answer and a fenced row are no answers"
    assert again["flags"] == [5]


def test_a_page_that_lost_its_store_gets_the_next_lease_and_loses_no_answer(day: Day) -> None:
    page = day.candidate("0001")
    page.lease(1)
    save(day, "0001", (1, 1, 1, 0, 2))
    lost = page.lease(2).json
    assert (lost["lease"], lost["ack"], lost["next_seq"], lost["answers"]) == (2, 0, 1, [[0, 2]])
    assert token_of(day, page).lease == 2
    save(day, "0001", (2, 1, 1, 0, 1))
    assert page.lease(2).json["answers"] == [[0, 1]]
    events = day.session.scalars(
        select(AttemptEvent.kind).where(AttemptEvent.attempt_id == day.attempt("0001").id)
    ).all()
    assert sorted(events) == ["signed_in", "storage_lost"]


def test_another_machine_is_refused(day: Day) -> None:
    page = day.candidate("0001")
    page.lease(1)
    day.attempt("0001").machine_id = UUID(int=4711)
    day.session.commit()
    answer = page.lease(1)
    assert (answer.status_code, answer.json["code"]) == (409, "lease")
    assert "Bài này vừa được mở ở máy khác." in answer.json["message"]
    assert day.attempt("0001").lease == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        7,
        {"writer_id": None},
        {"writer_id": 7},
        {"writer_id": ""},
        {"writer_id": b64u(bytes(15))},
        {"writer_id": b64u(bytes(17))},
        {"writer_id": "!" * 22},
        {"writer_id": "=" * 22},
        {"writer_id": "é" * 22},
    ],
)
def test_a_bad_writer_id_is_refused(day: Day, body: object) -> None:
    page = day.candidate("0001")
    answer = page.post("lease", body)
    assert (answer.status_code, answer.json["code"]) == (422, "writer_form")
    assert day.attempt("0001").lease == 0


def test_broken_json_is_refused_as_a_bad_writer_id(day: Day) -> None:
    client = day.candidate("0001").client
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    answer = client.post("/thi/api/lease", data=b"{", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "writer_form")


def test_a_closed_attempt_gives_no_new_lease(day: Day) -> None:
    page = day.candidate("0001")
    page.lease(1)
    attempt = day.attempt("0001")
    attempt.closed_at, attempt.closed_by = day.clock.now(), ClosedBy.CANDIDATE
    day.session.commit()
    answer = page.lease(2)
    assert (answer.status_code, answer.json["lease"]) == (200, 1)
    assert day.attempt("0001").writer_id == bytes([1]) * 16


def test_signed_out_and_wrong_method(day: Day) -> None:
    answer = day.candidate().lease()
    assert (answer.status_code, answer.json["code"]) == (401, "signed_out")
    answer = day.candidate("0001").get("lease")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
