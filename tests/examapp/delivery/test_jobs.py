"""What the worker does again and again beside sealing: wrong codes that nobody counts any more are forgotten."""

from datetime import timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from examapp.core.jobs import ticks
from examapp.core.worker import Run
from examapp.delivery.jobs import forget_failures
from examapp.delivery.models import Attempt, SignInFailure
from examapp.delivery.queries import FAILURE_WINDOW, count_failures
from examapp.delivery.services.prepare import prepare_attempts
from examapp.integrity.keys import NodeKeys
from tests.conftest import Clock
from tests.examapp.delivery.conftest import START, Hall
from tests.factories import seeded_bytes


def test_wrong_codes_are_forgotten_when_no_rule_counts_them(session: Session, keys: NodeKeys, engine: Engine) -> None:
    moments = [START, START - FAILURE_WINDOW + timedelta(seconds=1), START - FAILURE_WINDOW, START - timedelta(days=9)]
    for at in moments:
        session.add(SignInFailure(candidate_number="0001", address="a", at=at))
    session.flush()
    counted = count_failures(session, "0001", "a", START)
    forget_failures(Run(session, keys, Clock(START), engine))
    kept = session.scalars(select(SignInFailure.at).order_by(SignInFailure.at.desc())).all()
    assert kept == moments[:2]
    assert count_failures(session, "0001", "a", START) == counted


def test_a_draw_tells_how_far_it_is(hall: Hall, session: Session, keys: NodeKeys) -> None:
    sitting, seen = hall.drawn.sitting, list[tuple[int, int]]()
    session.execute(delete(Attempt).where(Attempt.sitting_id == sitting, Attempt.candidate_number != "0002"))

    def progress(done: int, total: int) -> None:
        seen.append((done, total))

    source = seeded_bytes(5)
    assert prepare_attempts(session, sitting, keys=keys, random_bytes=source, now=START, progress=progress) == 2
    assert seen == [(0, 2), (1, 2)]


def test_the_worker_does_it_by_itself() -> None:
    assert ticks["delivery.forget_failures"].function is forget_failures
