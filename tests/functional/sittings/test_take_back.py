"""Taking a sitting back: a draft that was never frozen is deleted; a frozen one is called off, for a reason."""

import pytest
from sqlalchemy import select

from examapp.sittings.models import Room, Seat, Sitting, SittingState
from examapp.sittings.queries import active_package
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER
from tests.functional.exam_day import NEIGHBOUR, At, Day, checked

DELETE, CALL_OFF = "/xoa", "/huy"
REASON = "Mất điện toàn thành phố"


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_a_draft_is_deleted_with_its_rooms_and_the_log_stays(day: Day, person) -> None:
    browser = day.browser(person)
    path = day.path(At.DRAFT, DELETE)
    assert path in browser.open(day.path(At.DRAFT)).links()
    page = browser.submit(browser.open(path), path, status=422)
    assert "Đánh dấu ô này để xác nhận" in page.text
    page = browser.submit(page, path, confirm="y")
    assert "Đã xóa ca thi CA1." in page.text
    sitting_id = day.built.sittings[At.DRAFT]
    day.session.commit()
    day.session.expire_all()
    for model, column in ((Sitting, Sitting.id), (Room, Room.sitting_id), (Seat, Seat.sitting_id)):
        assert day.session.scalars(select(model).where(column == sitting_id)).all() == []
    assert day.events(At.DRAFT)[-1][0] == "sittings.deleted"
    browser.open(day.path(At.DRAFT), status=404)


def test_deleting_twice_is_harmless(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.DRAFT, DELETE)
    page = browser.open(path)
    browser.submit(page, path, confirm="y")
    browser.submit(page, path, status=404, confirm="y")


def test_what_was_frozen_is_not_deleted(day: Day) -> None:
    browser = day.browser(CHAIR)
    assert day.path(At.FROZEN, DELETE) not in browser.open(day.path(At.FROZEN)).links()
    form = browser.open(day.path(At.DRAFT, DELETE)).form(day.path(At.DRAFT, DELETE))
    answer = browser.client.post(day.path(At.FROZEN, DELETE), data={**form.fields, "confirm": "y"})
    assert "không đổi được nữa" in checked(answer, 409).text
    assert day.sitting(At.FROZEN).state is SittingState.FROZEN


@pytest.mark.parametrize("at", [At.DRAFT, At.FROZEN, At.VALUED])
def test_a_sitting_is_called_off_and_its_candidates_are_free(day: Day, at: At) -> None:
    browser = day.browser(CHAIR)
    path = day.path(at, CALL_OFF)
    assert path in browser.open(day.path(at)).links()
    page = browser.submit(browser.open(path), path, reason=REASON, confirm="y")
    assert "Đã hủy ca thi" in page.text
    assert REASON in page.text, "who did what says why"
    sitting = day.sitting(at)
    day.session.refresh(sitting)
    assert (sitting.state, sitting.exclusive) == (SittingState.CALLED_OFF, False)
    assert active_package(day.session, sitting.id) is None
    seats = day.session.scalars(select(Seat.exclusive).where(Seat.sitting_id == sitting.id)).all()
    assert set(seats) == {False}, "the copies follow"
    assert day.events(at)[-1][0] == "sittings.called_off"
    assert not [form for form in page.forms() if form.action.startswith(day.path(at) + "/")]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": "", "confirm": "y"}, "Ghi lý do hủy ca thi"),
        ({"reason": "  ", "confirm": "y"}, "Ghi lý do hủy ca thi"),
        ({"reason": REASON}, "Đánh dấu ô này để xác nhận"),
    ],
)
def test_a_slip_calls_nothing_off(day: Day, values: dict[str, str], sentence: str) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.FROZEN, CALL_OFF)
    page = browser.submit(browser.open(path), path, status=422, **values)
    assert sentence in page.text
    assert day.sitting(At.FROZEN).state is SittingState.FROZEN


@pytest.mark.parametrize("at", [At.READY, At.SEALED, At.MARKED, At.REHEARSAL])
def test_an_opened_sitting_is_not_called_off(day: Day, at: At) -> None:
    browser = day.browser(CHAIR)
    assert day.path(at, CALL_OFF) not in browser.open(day.path(at)).links()
    path = day.path(at, CALL_OFF)
    before = day.sitting(at).state
    page = browser.submit(browser.open(path), path, status=409, reason=REASON, confirm="y")
    assert "Đề đã mở" in page.text
    assert day.sitting(at).state is before


def test_twice_is_told(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.FROZEN, CALL_OFF)
    page = browser.open(path)
    browser.submit(page, path, reason=REASON, confirm="y")
    browser.submit(page, path, status=409, reason=REASON, confirm="y")
    assert [action for action, _ in day.events(At.FROZEN)].count("sittings.called_off") == 1


def test_nobody_else_may(day: Day) -> None:
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        for deed in (DELETE, CALL_OFF):
            day.browser(person).open(day.path(At.DRAFT, deed), status=status)
            day.refuses(At.DRAFT, person, deed, status, reason=REASON, confirm="y")
    day.refuses(At.DRAFT, SECRETARY, CALL_OFF, 403, reason=REASON, confirm="y")
    assert day.path(At.DRAFT, CALL_OFF) not in day.browser(SECRETARY).open(day.path(At.DRAFT)).links()
    assert day.browser(SITE_CHAIR).client.post(day.path(At.DRAFT, DELETE), data={"confirm": "y"}).status_code == 400
