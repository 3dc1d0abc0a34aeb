"""What the worker does again and again beside sealing: wrong codes that nobody counts any more are forgotten."""

from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from examapp.core.jobs import ticks
from examapp.core.worker import Run
from examapp.delivery.jobs import forget_failures
from examapp.delivery.models import SignInFailure
from examapp.delivery.queries import FAILURE_WINDOW, count_failures
from examapp.integrity.keys import NodeKeys
from tests.conftest import Clock
from tests.examapp.delivery.conftest import START


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


def test_the_worker_does_it_by_itself() -> None:
    assert ticks["delivery.forget_failures"].function is forget_failures
