"""Attack: one number and one code in several sittings, and a page that takes lease after lease."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt
from examapp.delivery.services.sign_in import MOST_LEASES, take_lease
from examapp.delivery.services.transfer import transfer_attempt
from tests.conftest import NOW
from tests.examapp.delivery.conftest import END, MACHINE, OTHER_MACHINE, START, Hall


def copy_of(attempt: Attempt, **changes: object) -> Attempt:
    """Return the same candidate's attempt of a sitting that was opened after the attempt's own."""
    names = [column.key for column in Attempt.__mapper__.column_attrs]
    return Attempt(**({name: getattr(attempt, name) for name in names} | {"id": new_id()} | changes))


@pytest.fixture
def later(hall: Hall, session: Session) -> Attempt:
    """Return an attempt of the rehearsal's sitting that is a programmed one here, drawn while the first goes on."""
    times = {"starts_at": END + timedelta(minutes=30), "closes_at": END + timedelta(minutes=90)}
    copy = copy_of(hall.attempt(), sitting_id=hall.drawn.rehearsal, try_number=2, **times)
    session.add(copy)
    session.flush()
    return copy


@pytest.mark.parametrize("at", [NOW, START, END, END + timedelta(seconds=119)])
def test_who_must_sign_in_again_comes_back_to_the_sitting_that_goes_on(
    hall: Hall, later: Attempt, at: datetime
) -> None:
    """The next sitting was opened meanwhile: a transfer must not throw the candidate out of the running one."""
    running = hall.sign_in()
    transfer_attempt(hall.session, running.id, reason="Máy hỏng", actor=SYSTEM, now=START)
    hall.session.flush()
    assert hall.sign_in(machine=OTHER_MACHINE, now=at).id == running.id
    assert later.machine_id is None


def test_when_one_sitting_is_over_the_next_is_opened(hall: Hall, later: Attempt) -> None:
    first = hall.begin()
    hall.submit(first, 1, START)
    assert hall.sign_in(now=START).id == later.id


def test_a_rehearsal_drawn_later_does_not_swallow_the_sitting(hall: Hall, session: Session) -> None:
    rehearsal = copy_of(
        hall.attempt(), sitting_id=hall.drawn.rehearsal, try_number=2, rehearsal=True, starts_at=None, closes_at=None
    )
    session.add(rehearsal)
    session.flush()
    assert hall.sign_in().id == hall.attempt().id


def test_a_page_cannot_take_leases_for_ever(hall: Hall, session: Session) -> None:
    """Each lease opens 20,000 new numbers: without an end one page fills the disk of the whole sitting."""
    attempt = hall.sign_in()
    for turn in range(MOST_LEASES):
        take_lease(session, attempt.id, turn.to_bytes(16, "big"), now=START)
    with pytest.raises(Conflict, match="too_many_leases"):
        take_lease(session, attempt.id, b"x" * 16, now=START)
    assert take_lease(session, attempt.id, (MOST_LEASES - 1).to_bytes(16, "big"), now=START).lease == MOST_LEASES
    transfer_attempt(session, attempt.id, reason="Kho của trình duyệt hỏng", actor=SYSTEM, now=START)
    hall.sign_in(machine=MACHINE, now=START)
    assert take_lease(session, attempt.id, b"y" * 16, now=START).lease == MOST_LEASES + 1
