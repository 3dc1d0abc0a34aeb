"""Attack: somebody with the database changes answers between root R1 and the marking, or spoils one sitting's log."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from examapp.core.errors import Conflict
from examapp.core.worker import Run
from examapp.delivery.jobs import seal_overdue
from examapp.delivery.models import Attempt, RootKind
from examapp.delivery.queries import keys_opened, result_roots
from examapp.integrity.keys import NodeKeys
from tests.conftest import Clock
from tests.examapp.delivery.conftest import AFTER, Hall
from tests.examapp.delivery.test_attack_sign_in import copy_of


def unlock(session: Session) -> None:
    """Do what the owner of the tables can do."""
    session.execute(text("ALTER TABLE answer_saves DISABLE TRIGGER tr_answer_saves_append_only"))


def better(hall: Hall, attempt: Attempt) -> None:
    unlock(hall.session)
    right = hall.drawn.right["0001"][7]
    hall.session.execute(
        text("UPDATE answer_saves SET response = :right WHERE attempt_id = :attempt AND item = 7"),
        {"right": str(right), "attempt": attempt.id},
    )


def one_more(hall: Hall, attempt: Attempt) -> None:
    hall.save(attempt, 9, 7, hall.drawn.right["0001"][7])


def other_leaf(hall: Hall, attempt: Attempt) -> None:
    attempt.leaf = b"l" * 32
    hall.session.flush()


@pytest.mark.parametrize("change", [better, one_more, other_leaf])
def test_answers_that_are_not_those_of_r1_are_not_marked(hall: Hall, change: Callable[[Hall, Attempt], None]) -> None:
    attempt = hall.answer("0001", 4)
    hall.seal()
    change(hall, attempt)
    with hall.session.begin_nested(), pytest.raises(Conflict, match="log_differs") as refusal:
        hall.mark()
    hall.session.rollback()
    assert "R1" in refusal.value.text()
    assert not keys_opened(hall.session, hall.drawn.sitting)


def test_one_spoilt_sitting_does_not_keep_the_others_open(
    hall: Hall, session: Session, keys: NodeKeys, engine: Engine
) -> None:
    """A row that is no JSON any more stops its own sitting alone."""
    session.execute(delete(Attempt).where(Attempt.sitting_id == hall.drawn.rehearsal))
    spoilt = copy_of(hall.attempt(), sitting_id=hall.drawn.rehearsal)
    session.add(spoilt)
    session.flush()
    hall.save(spoilt, 1, 0, 1, lease=1)
    unlock(session)
    session.execute(text("UPDATE answer_saves SET response = 'x' WHERE attempt_id = :id"), {"id": spoilt.id})

    assert seal_overdue(Run(session, keys, Clock(AFTER), engine)) == 1
    assert RootKind.ANSWERS in result_roots(session, hall.drawn.sitting)
