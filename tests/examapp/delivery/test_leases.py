"""One writer per attempt: who may write, and that nothing stored is lost when the writer changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.delivery.models import Attempt, AttemptEvent
from examapp.delivery.queries import counted_saves, find_attempt, last_seq
from examapp.delivery.services.sign_in import take_lease
from examapp.delivery.services.transfer import transfer_attempt
from examapp.integrity.receipts import final_answers
from tests.conftest import NOW
from tests.examapp.delivery.conftest import OTHER_MACHINE, START, Hall

PAGE, OTHER_PAGE = b"p" * 16, b"q" * 16
INVIGILATOR = Actor(id=None, name="Giám thị Ví Dụ")


def events(session: Session, attempt: Attempt) -> list[tuple[str, str]]:
    rows = session.scalars(
        select(AttemptEvent).where(AttemptEvent.attempt_id == attempt.id).order_by(AttemptEvent.number)
    )
    return [(row.kind, row.actor) for row in rows]


def transfer(session: Session, attempt: Attempt, reason: str = "Máy hỏng") -> Attempt:
    moved = transfer_attempt(session, attempt.id, reason=reason, actor=INVIGILATOR, now=START)
    session.flush()
    return moved


def test_the_same_page_keeps_its_lease_however_often_it_asks(hall: Hall, session: Session) -> None:
    attempt = hall.sign_in()
    assert [take_lease(session, attempt.id, PAGE, now=NOW).lease for _ in range(3)] == [1, 1, 1]
    assert events(session, attempt) == [("signed_in", "candidate")]


def test_a_page_that_lost_its_store_gets_the_next_lease_and_numbers_from_one(hall: Hall, session: Session) -> None:
    attempt = hall.sign_in()
    take_lease(session, attempt.id, PAGE, now=NOW)
    hall.save(attempt, 1, 0, 2)
    hall.save(attempt, 2, 1, 3)
    assert last_seq(session, attempt) == 2
    take_lease(session, attempt.id, OTHER_PAGE, now=START)
    session.flush()
    assert (attempt.lease, attempt.writer_id, last_seq(session, attempt)) == (2, OTHER_PAGE, 0)
    assert events(session, attempt)[-1] == ("storage_lost", "candidate")
    hall.save(attempt, 1, 0, 1)
    assert final_answers(counted_saves(session, attempt.id)) == [[0, 1], [1, 3]], "the later lease wins, the rest stays"
    take_lease(session, attempt.id, PAGE, now=START)
    assert attempt.lease == 3, "the old page is a stranger now"


@pytest.mark.parametrize("writer", [b"", b"short", b"x" * 17])
def test_a_writer_id_has_sixteen_bytes(hall: Hall, session: Session, writer: bytes) -> None:
    with pytest.raises(Invalid, match="writer_form"):
        take_lease(session, hall.sign_in().id, writer, now=NOW)


def test_a_closed_attempt_gives_out_no_lease(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.submit(attempt, 1, START)
    assert take_lease(session, attempt.id, OTHER_PAGE, now=START).lease == 1
    assert attempt.writer_id == bytes(16)


def test_a_transfer_frees_the_attempt_for_another_machine_and_fences_the_old_page(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    hall.save(attempt, 1, 0, 2)
    transfer(session, attempt, "  Máy 5 mất điện ")
    assert (attempt.lease, attempt.writer_id, attempt.machine_id) == (2, None, None)
    assert hall.sign_in(machine=OTHER_MACHINE, now=START).id == attempt.id
    with pytest.raises(Conflict, match="other_machine"):
        hall.sign_in(now=START)
    assert take_lease(session, attempt.id, OTHER_PAGE, now=START).lease == 2
    session.flush()
    assert events(session, attempt) == [
        ("signed_in", "candidate"),
        ("transferred", "Giám thị Ví Dụ"),
        ("signed_in", "candidate"),
    ]
    assert final_answers(counted_saves(session, attempt.id)) == [[0, 2]]


def test_a_transfer_is_written_into_the_sittings_chain_with_its_reason(hall: Hall, session: Session) -> None:
    attempt = hall.begin()
    transfer(session, attempt)
    found = session.execute(
        select(AuditEvent.scope, AuditEvent.actor_name, AuditDetails.details)
        .join(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.action == "delivery.attempt_transferred")
    ).one()
    assert tuple(found) == (
        f"sitting:{attempt.sitting_id}",
        "Giám thị Ví Dụ",
        '{"lease":2,"number":"0001","reason":"Máy hỏng"}',
    )


@pytest.mark.parametrize(
    ("situation", "reason", "error", "code"),
    [
        ("begun", "  ", Invalid, "reason_missing"),
        ("never came", "Máy hỏng", Conflict, "no_machine"),
        ("transferred", "Máy hỏng", Conflict, "no_machine"),
        ("closed", "Máy hỏng", Conflict, "attempt_closed"),
    ],
)
def test_a_transfer_needs_a_reason_and_something_to_move(
    hall: Hall, session: Session, situation: str, reason: str, error: type[Exception], code: str
) -> None:
    attempt = hall.attempt() if situation == "never came" else hall.begin()
    if situation == "closed":
        hall.submit(attempt, 1, START)
    if situation == "transferred":
        transfer(session, attempt)
    before = (attempt.lease, attempt.machine_id, len(events(session, attempt)))
    with pytest.raises(error, match=code):
        transfer(session, attempt, reason)
    assert (attempt.lease, attempt.machine_id, len(events(session, attempt))) == before


def test_an_attempt_is_found_in_its_own_sitting_only(hall: Hall, session: Session) -> None:
    attempt = hall.attempt()
    assert find_attempt(session, hall.drawn.sitting, attempt.id) is attempt
    for sitting, wanted in ((hall.drawn.rehearsal, attempt.id), (hall.drawn.sitting, UUID(int=1))):
        with pytest.raises(NotFound):
            find_attempt(session, sitting, wanted)
    with pytest.raises(NotFound):
        take_lease(session, UUID(int=1), PAGE, now=NOW + timedelta(minutes=1))
