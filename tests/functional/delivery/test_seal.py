"""Sealing: too early is told with the moment; afterwards there is root R1 and no second one."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from examapp.delivery.models import Attempt, ClosedBy, SittingRoot
from examapp.sittings.models import SittingState
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Person
from tests.conftest import NOW
from tests.functional.exam_day import At, Day

DEED = "/niem-phong"
#: 08:15, an hour, and the grace of two minutes
OVER = NOW + timedelta(minutes=15 + 60 + 2)


def roots(day: Day, at: At = At.READY) -> int:
    sitting = day.sitting(at)
    return day.session.scalar(select(func.count()).where(SittingRoot.sitting_id == sitting.id)) or 0


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_closes_every_attempt_and_shows_the_root(day: Day, person: Person) -> None:
    day.clock.moment = OVER
    browser = day.browser(person)
    page = browser.submit(browser.open(day.path(At.READY)), day.path(At.READY, DEED), confirm="y")
    assert "Đã niêm phong 3 bài làm. In gốc R1 trước khi mở đáp án." in page.text
    assert "Gốc bài làm R1" in page.text
    assert day.sitting(At.READY).state is SittingState.SEALED
    root = day.session.scalars(select(SittingRoot).where(SittingRoot.sitting_id == day.built.sittings[At.READY])).one()
    assert root.root.hex() in page.text.replace(" ", "")
    closed = day.session.scalars(select(Attempt.closed_by).where(Attempt.sitting_id == root.sitting_id)).all()
    assert closed == [ClosedBy.DEADLINE] * 3
    assert day.events(At.READY)[-1][0] == "delivery.answers_sealed"


def test_too_early_is_told_with_the_moment_and_nothing_changes(day: Day) -> None:
    day.clock.moment = OVER - timedelta(seconds=1)
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(day.path(At.READY)), day.path(At.READY, DEED), status=409, confirm="y")
    assert page.heading == "Ca thi KT26 · CA4"
    assert "Chưa niêm phong được: 3 thí sinh chưa vào còn vào được. Sớm nhất lúc 09:17 ngày 24/11/2026." in page.text
    assert day.sitting(At.READY).state is SittingState.READY
    assert roots(day) == 0
    assert day.attempt("0001").closed_at is None


def test_it_asks_for_the_confirmation(day: Day) -> None:
    day.clock.moment = OVER
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(day.path(At.READY)), day.path(At.READY, DEED), status=422)
    assert "Đánh dấu ô này để xác nhận, rồi bấm lại." in page.text
    assert roots(day) == 0


def test_twice_leaves_one_root(day: Day) -> None:
    day.clock.moment = OVER
    browser = day.browser(CHAIR)
    page = browser.open(day.path(At.READY))
    browser.submit(page, day.path(At.READY, DEED), confirm="y")
    again = browser.submit(page, day.path(At.READY, DEED), status=409, confirm="y")
    assert "Ca thi đã niêm phong." in again.text
    assert roots(day) == 1


def test_nobody_else_may_and_there_is_nothing_to_seal_before_the_opening(day: Day) -> None:
    day.clock.moment = OVER
    for person in (INVIGILATOR, COORDINATOR):
        day.refuses(At.READY, person, DEED, 403, confirm="y")
    day.refuses(At.READY, STRANGER, DEED, 404, confirm="y")
    day.refuses(At.FROZEN, CHAIR, DEED, 409, confirm="y")
    assert day.browser(CHAIR).client.get(day.path(At.READY, DEED)).status_code == 405
    assert roots(day) == 0
    day.refuses(At.REHEARSAL, CHAIR, DEED, 409, confirm="y")
