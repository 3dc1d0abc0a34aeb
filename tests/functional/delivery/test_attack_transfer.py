"""Attack: the page of the machine that an attempt has left tries to stay in the game."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.access.actor import SYSTEM
from examapp.delivery.models import Attempt
from examapp.delivery.services.transfer import transfer_attempt
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from tests.cast import INVIGILATOR
from tests.conftest import NOW, CommittedDatabase
from tests.examapp.delivery.conftest import Drawn, build
from tests.factories import at_once
from tests.functional.delivery.test_transfer import address, transfer
from tests.functional.exam_day import Day
from tests.pages import Browser


def test_a_lease_asked_for_during_the_transfer_is_not_given_to_the_old_machine(
    app: Flask, committed_db: CommittedDatabase, keys: NodeKeys
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        drawn = build(session, keys)
    client = app.test_client()
    browser = Browser(client)
    values = {"number": "0001", "code": drawn.slips["0001"]}
    assert browser.post(browser.open("/thi/dang-nhap"), "/thi/dang-nhap", **values).status_code == 303
    answers: list[TestResponse] = []

    def move(session: Session) -> None:
        transfer_attempt(session, _attempt(session, drawn).id, reason="Máy hỏng", actor=SYSTEM, now=NOW)

    def ask(_: Session) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        answers.append(client.post("/thi/api/lease", json={"writer_id": b64u(b"w" * 16)}, headers=headers))

    assert at_once(committed_db.engine, keys, move, ask) is None
    assert (answers[0].status_code, answers[0].json["code"]) == (409, "lease")
    with Session(committed_db.engine) as session:
        left = _attempt(session, drawn)
        assert (left.lease, left.writer_id, left.machine_id) == (1, None, None)


def _attempt(session: Session, drawn: Drawn) -> Attempt:
    query = select(Attempt).where(Attempt.sitting_id == drawn.sitting, Attempt.candidate_number == "0001")
    return session.scalars(query).one()


def test_the_old_machine_reads_nothing_and_reports_nothing_any_more(day: Day) -> None:
    old, new = day.candidate("0001"), day.candidate()
    assert old.lease(1).status_code == 200
    transfer(day.browser(INVIGILATOR), address(day, "0001"))
    for moved in (False, True):
        if moved:
            assert new.sign_in("0001").status_code == 303
        for answer in (old.get("state"), old.get("sealed"), old.get("result"), old.post("wiped"), old.lease(1)):
            assert (answer.status_code, answer.json["code"]) == (409, "lease")
    assert new.get("state").status_code == 200
    assert day.attempt("0001").wiped_at is None
