"""The replies of protocols §5 against a real database: nothing acknowledged is lost, nothing lost is acknowledged."""

from datetime import timedelta
from typing import Any

import pytest

from examapp.core.clock import to_millis
from tests.examapp.answerlog.conftest import DEADLINE, GRACE, Page, Room


def test_batch_is_stored_in_order(page: Page) -> None:
    rows = [page.row(seq, seq % 10, seq) for seq in range(1, 65)]
    assert page.send(*rows).body["ack"] == 64
    assert [row.seq for row in page.log()] == list(range(1, 65))


def test_rows_are_stored_as_sent(page: Page, room: Room) -> None:
    texts = ['"', "\\", "{}", "null", "NULL", "a,b", "Hà Nội\n\t", "\u2028", "a\0b", "'; DROP TABLE attempts; --", "😀"]
    rows = [page.row(seq, 0, text) for seq, text in enumerate(texts, start=1)]
    rows.append(page.row(len(rows) + 1, 9, None))
    rows.append(page.row(len(rows) + 1, 9, True, kind=2))
    assert page.send(*rows).status == 200
    assert [[row.seq, row.kind, row.item, row.response, row.client_ms] for row in page.log()] == rows
    received = {row.received_at for row in page.log()}
    assert len(received) == 1
    assert abs(received.pop() - room.clock.now()) < timedelta(seconds=1)


def test_exact_retry_is_harmless(page: Page) -> None:
    row = page.row(1, 1, 1)
    for _ in range(3):
        assert page.send(row).body["ack"] == 1
    more = page.row(2, 1, 2)
    assert page.send(row, more).body["ack"] == 2
    assert page.send(row, more).body["ack"] == 2
    assert page.send(more).body["ack"] == 2
    assert page.kept() == [(1, 1, 1, False, False), (2, 1, 2, False, False)]


def test_number_used_again_by_a_page_without_memory_is_never_acknowledged(page: Page, room: Room) -> None:
    """Protocols §5 hole 1: storage was lost, the page begins at 1 again under the same lease."""
    page.answer(1, 1)
    page.answer(2, 2)
    answer = page.send(page.row(1, 5, 3))
    assert (answer.status, answer.code, answer.body["seqs"], answer.body["ack"]) == (409, "diverged", [1], 2)
    assert page.kept() == [(1, 1, 1, False, False), (2, 2, 2, False, False)]
    ((kind, details),) = room.rows("SELECT kind, details FROM attempt_events WHERE attempt_id = %s", page.attempt)
    assert (kind, details["lease"]) == ("diverged", 1)
    assert details["saves"][0][:4] == [1, 1, 5, "3"]


def test_time_of_a_row_belongs_to_its_content(page: Page) -> None:
    row = page.row(1, 1, 1)
    page.send(row)
    assert page.send([*row[:4], row[4] + 1]).code == "diverged"


def test_diverging_page_cannot_fill_the_events(page: Page, room: Room) -> None:
    page.answer(1, 1)
    for response in range(2, 30):
        page.send(page.row(1, 1, response))
    assert room.rows("SELECT count(*) FROM attempt_events WHERE attempt_id = %s", page.attempt) == [(20,)]


def test_gap_is_refused_whole(page: Page) -> None:
    page.answer(1, 1)
    answer = page.send(page.row(3, 1, 1), page.row(4, 1, 1))
    assert (answer.status, answer.code, answer.body["ack"]) == (409, "gap", 1)
    assert len(page.log()) == 1


def test_one_bad_item_refuses_the_batch_whole(page: Page) -> None:
    answer = page.send(page.row(1, 1, 1), page.row(2, 99, 1), page.row(3, 1, 1))
    assert (answer.status, answer.code) == (422, "bad_item")
    assert page.log() == []


# --- leases ---------------------------------------------------------------------------------------------------------


def test_old_writer_is_kept_apart(page: Page, room: Room) -> None:
    page.answer(1, 1)
    room.execute("UPDATE attempts SET lease = 2 WHERE id = %s", page.attempt)
    answer = page.answer(1, 2)
    assert (answer.status, answer.code) == (409, "lease")
    assert page.kept() == [(1, 1, 1, False, False), (2, 1, 2, False, True)]
    assert page.send().code == "lease"
    assert page.key().code == "lease"
    assert page.submit().code == "lease"
    assert room.rows("SELECT closed_at FROM attempts WHERE id = %s", page.attempt) == [(None,)]


def test_new_writer_begins_at_one_and_loses_nothing(page: Page, room: Room) -> None:
    """Protocols §10 (1): memory lost mid-sitting, a new lease, every acknowledged answer in the final answers."""
    page.answer(1, 1)
    room.execute("UPDATE attempts SET lease = 2 WHERE id = %s", page.attempt)
    page.lease, page.sent = 2, 0
    assert page.answer(2, 2).body["ack"] == 1
    assert [(row.lease, row.seq, row.item) for row in page.log() if not row.fenced] == [(1, 1, 1), (2, 1, 2)]


# --- the end ---------------------------------------------------------------------------------------------------------


def test_submission_closes_and_gives_a_receipt(page: Page, room: Room) -> None:
    page.answer(1, 1)
    answer = page.submit()
    assert (answer.status, answer.body["ack"]) == (200, 2)
    assert set(answer.body["receipt"]) == {"leaf", "code", "answers_digest", "blind", "issued_at", "signature"}
    closed = room.rows(
        "SELECT closed_by, submit_lease, submit_seq, closed_at = received_at"
        " FROM attempts JOIN answer_saves ON attempt_id = id AND seq = 2 WHERE id = %s",
        page.attempt,
    )
    assert closed == [("candidate", 1, 2, True)]


def test_submission_with_its_last_answers_in_one_batch(page: Page) -> None:
    page.answer(1, 1)
    answer = page.send(page.row(2, 2, 2), page.row(3, -1, None, kind=3))
    assert (answer.status, answer.body["ack"], "receipt" in answer.body) == (200, 3, True)


def test_submission_before_its_predecessors_is_refused(page: Page, room: Room) -> None:
    page.answer(1, 1)
    answer = page.send(page.row(3, -1, None, kind=3))
    assert (answer.status, answer.code, answer.body["ack"]) == (409, "gap", 1)
    assert room.rows("SELECT closed_at FROM attempts WHERE id = %s", page.attempt) == [(None,)]


def test_submitting_twice_gives_one_receipt(page: Page) -> None:
    page.answer(1, 1)
    row = page.row(2, -1, None, kind=3)
    first, second = page.send(row), page.send(row)
    assert first.body["receipt"] == second.body["receipt"]
    assert len(page.log()) == 2


def test_nothing_is_stored_after_the_sealing(page: Page, room: Room) -> None:
    page.submit()
    room.execute(
        "INSERT INTO sitting_roots (sitting_id, kind, root, leaves, at, signature, leaf_hashes)"
        " VALUES (%s, 'R1', %s, 1, now(), %s, %s)",
        room.sitting, bytes(32), bytes(64), bytes(32),
    )  # fmt: skip
    assert page.answer(1, 2).code == "closed"
    assert len(page.log()) == 1


def test_nothing_counts_after_the_submission(page: Page) -> None:
    page.answer(1, 1)
    page.submit()
    for answer in (page.answer(1, 2), page.send(page.row(9, 1, 1)), page.send()):
        assert (answer.status, answer.code, answer.body["closed_by"]) == (410, "closed", "candidate")
    assert [(row.seq, row.fenced) for row in page.log()] == [(1, False), (2, False), (3, True), (9, True)]


@pytest.mark.parametrize("closed_by", ["deadline", "voided"])
def test_closed_attempt_says_who_closed_it(room: Room, closed_by: str) -> None:
    page = room.page(closed_at=DEADLINE, closed_by=closed_by, voided_at=DEADLINE if closed_by == "voided" else None)
    answer = page.answer(1, 1)
    assert (answer.status, answer.body["closed_by"], answer.body["ack"]) == (410, closed_by, 0)
    assert page.log() == []


# --- presence -------------------------------------------------------------------------------------------------------


def seen(page: Page) -> list[int]:
    """Return when the attempt was last heard from, in whole seconds before the deadline."""
    rows = page.room.rows("SELECT seen_at FROM attempt_presence WHERE attempt_id = %s", page.attempt)
    return [round((DEADLINE - at).total_seconds()) for (at,) in rows]


def test_presence_is_written_once_a_minute(page: Page, room: Room) -> None:
    page.send()
    assert seen(page) == [59 * 60]
    room.clock.advance(58)
    page.answer(1, 1)
    assert seen(page) == [59 * 60]
    room.clock.advance(3)
    page.send()
    assert seen(page) == [59 * 60 - 61]


def test_sign_of_life_flushes_nothing_to_disk(page: Page, room: Room) -> None:
    """Presence is UNLOGGED, so its commit writes no more than its own record and does not wait for the disk.

    The log is the whole server's, and others may write to it meanwhile: the quietest of five minutes counts.
    """
    page.send()
    written = []
    for _ in range(5):
        room.clock.advance(61)
        (before,) = room.rows("SELECT pg_current_wal_insert_lsn()")
        for _ in range(20):
            page.send()
        ((more,),) = room.rows("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before[0])
        written.append(more)
    assert min(written) < 2_000


# --- the late rule --------------------------------------------------------------------------------------------------


def after_deadline(room: Room, seconds: float) -> None:
    """Move the clock."""
    room.clock.moment = DEADLINE + timedelta(seconds=seconds)


def old_row(page: Page, seq: int, response: int = 1, before: float = 60) -> list[Any]:
    """Return a row that claims to have been made before the deadline."""
    return [seq, 1, 1, response, to_millis(DEADLINE - timedelta(seconds=before))]


def test_answers_on_their_way_at_the_deadline_count(page: Page, room: Room) -> None:
    after_deadline(room, 4.5)
    assert (page.send(old_row(page, 1)).body["late"], page.kept()) == (False, [(1, 1, 1, False, False)])


def test_cable_pulled_before_the_deadline_and_back_within_the_grace(page: Page, room: Room) -> None:
    page.answer(1, 1)
    after_deadline(room, 60)
    first = page.send(old_row(page, 2, 2))
    assert (first.status, first.body["late"], first.body["ack"]) == (200, True, 2)
    after_deadline(room, 90)
    second = page.send(old_row(page, 3, 3), [4, 3, -1, None, to_millis(room.clock.now())])
    assert (second.status, second.body["late"], "receipt" in second.body) == (200, True, True)
    assert [(seq, late, fenced) for seq, _, _, late, fenced in page.kept()] == [
        (1, False, False), (2, True, False), (3, True, False), (4, True, False)
    ]  # fmt: skip


def test_sign_of_life_within_the_grace_does_not_end_the_outage(page: Page, room: Room) -> None:
    page.answer(1, 1)
    after_deadline(room, 20)
    assert page.send().status == 200
    assert page.key().status == 200
    assert page.send(old_row(page, 2)).body["late"] is True


def test_cable_pulled_at_the_deadline_with_backdated_saves(page: Page, room: Room) -> None:
    """Protocols §10 (14): the page was heard at the deadline, so what comes later is kept and not counted."""
    page.answer(1, 1)
    after_deadline(room, 2)
    assert page.send().status == 200
    after_deadline(room, 40)
    answer = page.send(old_row(page, 2, 2))
    assert (answer.status, answer.code, answer.body["closed_by"], answer.body["ack"]) == (410, "closed", "deadline", 1)
    assert page.kept() == [(1, 1, 1, False, False), (2, 1, 2, False, True)]


def test_save_heard_at_the_deadline_is_a_sign_of_life_too(page: Page, room: Room) -> None:
    after_deadline(room, 2)
    page.send(old_row(page, 1))
    room.execute("DELETE FROM attempt_presence WHERE attempt_id = %s", page.attempt)
    after_deadline(room, 40)
    assert page.send(old_row(page, 2)).code == "closed"


@pytest.mark.parametrize(("seconds", "counted"), [(GRACE - 1, True), (GRACE + 1, False)])
def test_grace_ends(page: Page, room: Room, seconds: float, counted: bool) -> None:
    after_deadline(room, seconds)
    answer = page.send(old_row(page, 1))
    assert (answer.status == 200) == counted
    assert page.kept() == [(1, 1, 1, counted, not counted)]


def test_answers_made_after_the_deadline_do_not_count(page: Page, room: Room) -> None:
    after_deadline(room, 60)
    answer = page.send(old_row(page, 1), old_row(page, 2, 2, before=-30))
    assert (answer.code, answer.body["ack"]) == ("closed", 1)
    assert page.kept() == [(1, 1, 1, True, False), (2, 1, 2, False, True)]


def test_reply_lost_at_the_deadline_is_given_again_later(page: Page, room: Room) -> None:
    row = old_row(page, 1)
    after_deadline(room, 1)
    page.send(row)
    after_deadline(room, 30)
    assert (page.send(row).status, page.send(row).body["ack"]) == (200, 1)


def test_minutes_granted_after_late_rows_need_a_new_lease(page: Page, room: Room) -> None:
    after_deadline(room, GRACE + 1)
    row = old_row(page, 1)
    assert page.send(row).code == "closed"
    room.execute(
        "UPDATE attempts SET extra_minutes = 10, closes_at = closes_at + interval '10 minutes' WHERE id = %s",
        page.attempt,
    )
    assert page.send(row).code == "lease"
    room.execute("UPDATE attempts SET lease = 2 WHERE id = %s", page.attempt)
    page.lease = 2
    assert page.send(row).body["ack"] == 1
