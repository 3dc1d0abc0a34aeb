"""What is read back from the log: the current answers and flags, and where a page goes on."""

from sqlalchemy.orm import Session

from examapp.answerlog.log import (
    answered_items,
    counted,
    current_answers,
    current_flags,
    resume_of,
    stored_rows_by_attempt,
)
from examapp.core.ids import new_id
from tests.examapp.answerlog.conftest import Page, Room


def test_current_answers_are_the_last_ones_that_count(page: Page, room: Room) -> None:
    for item, response in ((1, 1), (2, 0), (1, 3), (2, None), (0, "chữ")):
        page.answer(item, response)
    room.execute("UPDATE attempts SET lease = 2 WHERE id = %s", page.attempt)
    page.answer(3, 3)
    page.lease, page.sent = 2, 0
    page.answer(5, 1)
    rows = page.log()
    assert current_answers(rows) == [[0, "chữ"], [1, 3], [5, 1]]
    assert answered_items(rows) == 3
    assert [row[:2] for row in counted(rows)] == [[1, 1], [1, 2], [1, 3], [1, 4], [1, 5], [2, 1]]


def test_flags_are_the_last_state(page: Page) -> None:
    flags = [(1, True), (2, True), (1, False), (3, True)]
    page.send(*[page.row(seq, item, on, kind=2) for seq, (item, on) in enumerate(flags, start=1)])
    assert current_flags(page.log()) == [2, 3]


def test_page_resumes_after_what_counts(page: Page, room: Room) -> None:
    page.answer(1, 1)
    page.answer(1, 2)
    with Session(room.database.engine) as session:
        resume = resume_of(session, page.attempt, 1)
        fresh = resume_of(session, page.attempt, 2)
    assert (resume.ack, resume.next_seq, resume.spoilt) == (2, 3, False)
    assert (fresh.ack, fresh.next_seq, fresh.spoilt) == (0, 1, False)


def test_lease_whose_numbers_are_used_up_is_spoilt(page: Page, room: Room) -> None:
    page.answer(1, 1)
    room.clock.advance(2 * 3600 - 120)
    page.answer(1, 2)
    with Session(room.database.engine) as session:
        assert resume_of(session, page.attempt, 1).spoilt


def test_logs_of_many_attempts_come_in_one_query(room: Room) -> None:
    pages = [room.page() for _ in range(3)]
    for count, page in enumerate(pages):
        for response in range(count):
            page.answer(1, response)
    unknown = new_id()
    with Session(room.database.engine) as session:
        logs = stored_rows_by_attempt(session, [*(page.attempt for page in pages), unknown])
    assert [len(logs[page.attempt]) for page in pages] == [0, 1, 2]
    assert logs[unknown] == []
    assert logs[pages[2].attempt] == pages[2].log()
