"""What staff see of a running sitting, and what it costs: one statement however many candidates there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.delivery.models import SignInFailure
from examapp.delivery.queries import count_failures, current_flags, find_attempts, latest_end, live_list
from examapp.delivery.rules import LiveRow
from examapp.delivery.services.transfer import transfer_attempt
from examapp.integrity.keys import NodeKeys
from tests.conftest import NOW
from tests.examapp.delivery.conftest import END, START, Drawn, Hall
from tests.factories import make_line, open_line


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect the statements that run inside."""
    connection = session.connection()
    statements: list[str] = []

    def note(conn: Connection, cursor: object, statement: str, *more: object) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", note)


def live(hall: Hall, number: str = "0001") -> LiveRow:
    return next(row for row in live_list(hall.session, hall.drawn.sitting, START) if row.number == number)


def test_the_list_shows_everybody_in_seat_order_before_anybody_came(hall: Hall, session: Session) -> None:
    rows = live_list(session, hall.drawn.sitting, START)
    assert [(row.number, row.room, row.seat, row.started, row.answered, row.items) for row in rows] == [
        ("0001", "01", 1, False, 0, 8),
        ("0002", "01", 2, False, 0, 8),
        ("0003", "01", 3, False, 0, 8),
    ]


def test_the_numbers_of_one_candidate(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.save(attempt, 1, 0, 2)
    hall.save(attempt, 2, 0, 3)  # changed: still one item
    hall.save(attempt, 3, 1, 1)
    hall.save(attempt, 4, 1, None)  # cleared
    hall.save(attempt, 5, 2, 0, late=True)
    hall.save(attempt, 6, 3, 0, fenced=True)
    hall.save(attempt, 7, 4, True, kind=2)  # a flag
    hall.hear(attempt, START)
    row = live(hall)
    assert (row.started, row.answered, row.late_rows, row.fenced_rows, row.seen_at) == (True, 2, 1, 1, START)
    assert (row.closed_at, row.closed_by, row.correct) == (None, None, None)
    transfer_attempt(session, attempt.id, reason="Máy hỏng", actor=SYSTEM, now=START)
    hall.save(attempt, 1, 0, None)
    assert live(hall).answered == 1, "the new machine has cleared the first answer"
    hall.submit(attempt, 2, START)
    assert (live(hall).closed_at, live(hall).closed_by) == (START, "candidate")
    hall.submit(hall.begin("0002"), 1, START)
    hall.seal()
    hall.mark()
    assert [row.correct is None for row in live_list(session, hall.drawn.sitting, START)] == [False] * 3


def test_wrong_codes_of_the_last_minutes_are_shown_at_the_seat(hall: Hall, session: Session) -> None:
    for minutes, address in ((1, "a"), (9, "b"), (10, "a"), (60, "a")):
        at = START - timedelta(minutes=minutes)
        failure = SignInFailure(sitting_ids=[hall.drawn.sitting], candidate_number="0002", address=address, at=at)
        session.add(failure)
    session.flush()
    assert (live(hall, "0002").wrong_codes, live(hall).wrong_codes) == (2, 0)
    assert count_failures(session, "0002", "a", START) == (1, START - timedelta(minutes=1))


def test_wrong_codes_meant_for_another_sitting_are_not_shown_here(hall: Hall, session: Session, keys: NodeKeys) -> None:
    """Another exam of the node has the same numbers, and so has the rehearsal of this one."""
    other = make_line(session, NOW, code="KHAC")
    open_line(session, other, keys, NOW)
    session.flush()
    for sitting_id in (other.sitting.id, hall.drawn.rehearsal, None):
        meant = [sitting_id] if sitting_id else []
        session.add(SignInFailure(sitting_ids=meant, candidate_number="0001", address="a", at=START))
    session.flush()
    assert live(hall).wrong_codes == 0
    assert live_list(session, other.sitting.id, START)[0].wrong_codes == 1


def test_the_list_is_one_statement_whatever_its_size(hall: Hall, session: Session, keys: NodeKeys) -> None:
    costs = []
    big = make_line(session, NOW, candidates=40, code="LON")
    open_line(session, big, keys, NOW)
    session.flush()
    for sitting, size in ((hall.drawn.sitting, 3), (big.sitting.id, 40)):
        session.expire_all()
        with counted(session) as statements:
            rows = live_list(session, sitting, START)
        assert len(rows) == size
        costs.append(len(statements))
    assert costs == [1, 1]
    assert "sealed_paper" not in "".join(statements), "papers are large and nobody looks at them here"


def test_a_number_finds_the_latest_try_in_every_sitting(hall: Hall) -> None:
    found = find_attempts(hall.session, "0001")
    assert [attempt.sitting_id for attempt in found] == [hall.drawn.sitting, hall.drawn.rehearsal]
    assert find_attempts(hall.session, "9999") == []


def test_the_latest_end_counts_extra_minutes(hall: Hall, session: Session) -> None:
    assert latest_end(session, hall.drawn.sitting) == END
    hall.attempt("0003").closes_at = END + timedelta(minutes=20)
    session.flush()
    assert latest_end(session, hall.drawn.sitting) == END + timedelta(minutes=20)
    assert latest_end(session, hall.drawn.rehearsal) is None, "nobody has begun the rehearsal"


@pytest.mark.parametrize(
    ("rows", "flagged"),
    [
        ([], []),
        ([(3, True), (1, True)], [1, 3]),
        ([(3, True), (3, False)], []),
        ([(3, False), (3, True)], [3]),
    ],
)
def test_a_flag_is_what_was_said_last(rows: list[tuple[int, bool]], flagged: list[int]) -> None:
    log = [[1, seq, 2, item, value, 0] for seq, (item, value) in enumerate(rows, start=1)]
    assert current_flags([*log, [1, 99, 1, 0, 5, 0]]) == flagged


def test_drawn_papers_tell_no_attempt_which_sitting_it_does_not_belong_to(
    hall: Hall, built: tuple[object, Drawn]
) -> None:
    programmed, rehearsal = find_attempts(hall.session, "0001")
    assert programmed.rehearsal is False
    assert rehearsal.rehearsal is True
    assert (programmed.starts_at, programmed.closes_at) == (START, END)
    assert (rehearsal.starts_at, rehearsal.closes_at) == (None, None)
    assert programmed.core_digest != rehearsal.core_digest
