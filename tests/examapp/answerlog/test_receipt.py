"""A receipt says what was stored, is signed, and is the same however often it is asked for."""

from datetime import timedelta

import pytest

from examapp.answerlog.receipt import ReceiptDesk
from examapp.answerlog.token import INCARNATION
from examapp.integrity.canonical import b64u_decode
from examapp.integrity.errors import IntegrityError
from examapp.integrity.receipts import answers_digest, receipt_code, verify_receipt
from tests.examapp.answerlog.conftest import Page, Room


def test_receipt_covers_the_final_answers_and_is_signed(page: Page, room: Room) -> None:
    page.answer(1, 1)
    page.answer(2, 0)
    page.answer(1, 3)
    page.answer(2, None)
    page.answer(4, 2)
    receipt = page.submit().body["receipt"]
    blind, leaf = b64u_decode(receipt["blind"]), b64u_decode(receipt["leaf"])
    assert b64u_decode(receipt["answers_digest"]) == answers_digest(blind, [[1, 3], [4, 2]])
    assert receipt["code"] == receipt_code(leaf)
    assert verify_receipt(
        room.keys.node_pub,
        b64u_decode(receipt["signature"]),
        leaf,
        room.sitting.bytes,
        issued_at_ms=receipt["issued_at"],
        incarnation=INCARNATION,
    )
    assert room.rows("SELECT leaf FROM attempts WHERE id = %s", page.attempt) == [(leaf,)]


def test_old_writers_rows_are_not_in_the_receipt(page: Page, room: Room) -> None:
    page.answer(1, 1)
    room.execute("UPDATE attempts SET lease = 2 WHERE id = %s", page.attempt)
    page.answer(1, 2)
    page.lease, page.sent = 2, 0
    receipt = page.submit().body["receipt"]
    blind = b64u_decode(receipt["blind"])
    assert b64u_decode(receipt["answers_digest"]) == answers_digest(blind, [[1, 1]])


def test_receipt_is_the_same_later_and_from_another_process(page: Page, room: Room) -> None:
    row = page.row(1, -1, None, kind=3)
    first = page.send(row).body["receipt"]
    room.clock.advance(600)
    assert page.send(row).body["receipt"] == first
    desk = ReceiptDesk(room.database.url, room.keys)
    assert desk.receipt(page.attempt).as_json() == first
    desk.close()


def test_receipt_survives_a_crash_between_the_commit_and_the_leaf(page: Page, room: Room) -> None:
    row = page.row(1, -1, None, kind=3)
    first = page.send(row).body["receipt"]
    room.execute("UPDATE attempts SET leaf = NULL WHERE id = %s", page.attempt)
    assert page.send(row).body["receipt"] == first


def test_receipt_comes_with_the_retry_when_the_database_fails_in_between(page: Page, room: Room) -> None:
    row = page.row(1, -1, None, kind=3)
    working, room.hot._desk = room.hot._desk, ReceiptDesk("postgresql:///nothing?host=/nonexistent", room.keys)
    answer = page.send(row)
    assert (answer.status, answer.code) == (503, "busy")
    room.hot._desk = working
    assert page.send(row).status == 200


def test_log_that_was_changed_after_the_submission_gives_no_receipt(page: Page, room: Room) -> None:
    row = page.row(1, -1, None, kind=3)
    page.send(row)
    room.execute("UPDATE attempts SET leaf = %s WHERE id = %s", bytes(32), page.attempt)
    assert page.send(row).code == "failed"


def test_attempt_that_was_not_submitted_has_no_receipt(page: Page, room: Room) -> None:
    page.answer(1, 1)
    with pytest.raises(IntegrityError):
        room.hot._desk.receipt(page.attempt)


def test_issue_time_is_the_moment_of_closing(page: Page, room: Room) -> None:
    receipt = page.submit().body["receipt"]
    ((closed_at,),) = room.rows("SELECT closed_at FROM attempts WHERE id = %s", page.attempt)
    assert closed_at - timedelta(milliseconds=1) < room.clock.now() + timedelta(seconds=1)
    assert receipt["issued_at"] == int(closed_at.timestamp() * 1000)
