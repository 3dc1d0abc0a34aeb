"""A sitting of yesterday, with everything that comes after it: sealed, keys opened, marked, result list made."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from examapp.core.db import unit_of_work
from examapp.core.worker import Worker
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.demo.exams import FINISHED, candidates_of, find_or_make_exam
from examapp.demo.people import CHAIR, demo_actor
from examapp.demo.simulation import (
    PastClock,
    Pen,
    Person,
    ability_of,
    right_answers,
    rows_of,
    sign_in_and_lease,
)
from examapp.demo.sittings import Codes, add_sitting, freeze, open_frozen, sittings_in
from examapp.integrity.admission import admission_code
from examapp.integrity.keys import NodeKeys
from examapp.results.services.lists import make_result_list
from examapp.results.services.posting import post_list
from examapp.sittings.models import SittingMode, SittingState
from examapp.sittings.queries import find_sitting
from examapp.sittings.services import Schedule

_OPENED_BEFORE = timedelta(minutes=30)
_SIGN_IN_BEFORE = timedelta(minutes=10)
_SEALED_AFTER = timedelta(minutes=65)


def finish_one(engine: Engine, keys: NodeKeys, database_url: str, *, starts_at: datetime) -> bool:
    """Take a sitting of the past from its freeze to its result list; return False when there is one already.

    A run that was cut off leaves an unfinished sitting behind: its codes are lost, so the next run makes another.
    """
    with unit_of_work(engine, keys) as session:
        actor = demo_actor(session, CHAIR)
        opening = starts_at - _OPENED_BEFORE
        test = find_or_make_exam(session, FINISHED, actor=actor, now=opening)
        if sittings_in(session, test, SittingState.MARKED):
            return False
        schedule = Schedule(opening, starts_at)
        sitting = add_sitting(session, test, mode=SittingMode.PROGRAMMED, schedule=schedule, actor=actor, now=opening)
        codes = freeze(session, sitting, keys=keys, actor=actor, now=opening)
        open_frozen(session, sitting, codes, keys=keys, actor=actor, now=opening, secure=True)
        people = [
            Person(
                one.number,
                admission_code(keys.slip_key, one.exam_id.bytes, one.number, one.code_issue),
                ability_of(one.number),
            )
            for one in candidates_of(session, test)
        ]
        minutes = test.minutes
    clock = PastClock(opening)
    Worker(database_url, keys, clock).run(wait=False)
    _sit(engine, keys, database_url, codes, people=people, starts_at=starts_at, minutes=minutes, clock=clock)
    _close(engine, keys, codes, now=starts_at + _SEALED_AFTER)
    return True


def _sit(
    engine: Engine,
    keys: NodeKeys,
    database_url: str,
    codes: Codes,
    *,
    people: list[Person],
    starts_at: datetime,
    minutes: int,
    clock: PastClock,
) -> None:
    present = [person for person in people if person.comes]
    with unit_of_work(engine, keys) as session:
        numbers = [person.number for person in present]
        right = right_answers(session, codes.sitting_id, codes.key_code, numbers, keys)
        arrival = starts_at - _SIGN_IN_BEFORE
        attempts = [sign_in_and_lease(session, person, keys=keys, now=arrival) for person in present]
    pen = Pen(database_url, keys, clock)
    try:
        for person, attempt in zip(present, attempts, strict=True):
            pen.write(codes.sitting_id, attempt, rows_of(person, right[person.number], starts_at, minutes))
    finally:
        pen.close()


def _close(engine: Engine, keys: NodeKeys, codes: Codes, *, now: datetime) -> None:
    with unit_of_work(engine, keys) as session:
        actor = demo_actor(session, CHAIR)
        seal_sitting(session, codes.sitting_id, keys=keys, actor=actor, now=now)
    with unit_of_work(engine, keys) as session:
        now += timedelta(minutes=1)
        open_keys_and_mark(session, codes.sitting_id, codes.key_code, keys=keys, actor=actor, now=now)
    with unit_of_work(engine, keys) as session:
        now += timedelta(minutes=1)
        sitting = find_sitting(session, codes.sitting_id)
        assert sitting is not None
        make_result_list(session, sitting, actor=actor, now=now)
        session.flush()  # the list is posted from the table
        post_list(session, sitting, actor=actor, now=now)
