"""The rooms of a sitting, one seat at a time: moved, given up, given out; only while the sitting is a draft."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from examapp.access.actor import SYSTEM
from examapp.candidates.models import Candidate
from examapp.sittings.models import Room, Seat
from examapp.sittings.services import unseat_candidate
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Browser, Page

ROOMS = "/phong"


@pytest.fixture
def two_rooms(day: Day) -> Day:
    """Give the draft a second room with one place and the first one a spare place."""
    sitting = day.sitting(At.DRAFT)
    day.session.add(Room(sitting_id=sitting.id, code="02", name="Phòng 02", places=1, position=2))
    day.session.execute(update(Room).where(Room.sitting_id == sitting.id, Room.code == "01").values(places=4))
    day.session.commit()
    return day


def seat_of(day: Day, number: str, at: At = At.DRAFT) -> Seat | None:
    """Return the candidate's seat in the sitting as it is stored."""
    day.session.commit()
    day.session.expire_all()
    query = select(Seat).join(Candidate).where(Candidate.number == number, Seat.sitting_id == day.built.sittings[at])
    return day.session.scalar(query)


def place(day: Day, number: str) -> tuple[str, int] | None:
    seat = seat_of(day, number)
    return (seat.room.code, seat.number) if seat else None


def seat_path(day: Day, number: str, rest: str = "", at: At = At.DRAFT) -> str:
    seat = seat_of(day, number, at)
    assert seat is not None
    return day.path(at, f"{ROOMS}/cho/{seat.id}{rest}")


def change(day: Day, browser: Browser, number: str, deed: str, *, status: int = 200, **values: str) -> Page:
    page = browser.open(seat_path(day, number))
    return browser.submit(page, seat_path(day, number, deed), status=status, **values)


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, INVIGILATOR, COORDINATOR], ids=lambda one: one.username)
def test_it_shows_each_room_and_who_sits_in_one(two_rooms: Day, person) -> None:
    day = two_rooms
    browser = day.browser(person)
    page = browser.open(day.path(At.DRAFT, ROOMS))
    assert "0004 – 0006" in page.text
    assert "3 / 4" in page.text
    assert [row.text for row in page.all("tr") if "0004" in row.text and "09/03/1998" in row.text]
    assert "Cả 1 chỗ đều trống" in browser.open(day.path(At.DRAFT, f"{ROOMS}?phong=02")).text
    assert "0004" in browser.open(day.path(At.DRAFT, f"{ROOMS}?phong=khong-co")).text
    managing = person in (CHAIR, SECRETARY)
    assert (seat_path(day, "0004") in page.links()) == managing
    assert (day.path(At.DRAFT, "/phong/xep-lai") in page.links()) == managing


def test_a_candidate_is_moved_to_the_free_place_of_another_room(two_rooms: Day) -> None:
    day = two_rooms
    browser = day.browser(SECRETARY)
    page = change(day, browser, "0005", "/chuyen", room="02")
    assert "Đã chuyển thí sinh 0005 sang phòng 02, chỗ 1." in page.text
    assert place(day, "0005") == ("02", 1)
    action, details = day.events(At.DRAFT)[-1]
    assert action == "sittings.candidate_moved"
    assert '"before":"01/2"' in details
    # the way back: the place in the first room has stayed free
    change(day, browser, "0005", "/chuyen", room="01")
    assert place(day, "0005") == ("01", 2)


def test_a_full_room_is_not_offered_and_takes_nobody(two_rooms: Day) -> None:
    day = two_rooms
    browser = day.browser(CHAIR)
    stale = browser.open(seat_path(day, "0006"))
    change(day, browser, "0005", "/chuyen", room="02")
    page = browser.submit(stale, seat_path(day, "0006", "/chuyen"), status=422, room="02")
    assert "Các phòng khác đã kín chỗ." in page.text
    assert place(day, "0006") == ("01", 3)


def test_a_seat_is_given_up_and_given_out_again(two_rooms: Day) -> None:
    day = two_rooms
    browser = day.browser(CHAIR)
    page = change(day, browser, "0004", "/bo", status=422)
    assert "Đánh dấu ô này để xác nhận" in page.text
    assert place(day, "0004") == ("01", 1)
    stale = browser.open(seat_path(day, "0004"))
    deed = seat_path(day, "0004", "/bo")
    page = browser.submit(stale, deed, confirm="y")
    assert "Đã bỏ chỗ của thí sinh 0004 ở phòng 01." in page.text
    assert place(day, "0004") is None
    assert day.events(At.DRAFT)[-1][0] == "sittings.candidate_unseated"
    gone = browser.submit(stale, deed, status=404, confirm="y")
    assert "không còn chỗ trong ca thi" in gone.text

    add = day.path(At.DRAFT, f"{ROOMS}/them-thi-sinh")
    page = browser.submit(page, add, number="4", room="01")
    assert "Đã xếp thí sinh 0004 vào phòng 01, chỗ 1." in page.text
    assert place(day, "0004") == ("01", 1)
    assert day.events(At.DRAFT)[-1][0] == "sittings.candidate_seated"


@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        ("", 422, "Ghi số báo danh."),
        ("9999", 422, "Kỳ thi không có thí sinh số 9999."),
        ("0005", 409, "Thí sinh 0005 đã có chỗ trong ca này: phòng 01, chỗ 2."),
        ("0001", 409, "Thí sinh 0001 đã có chỗ ở ca CA4 của bài thi này"),
        ("0004", 422, "Thí sinh 0004 đã rút tên nên không xếp chỗ."),
    ],
)
def test_who_cannot_be_seated_is_told_why(two_rooms: Day, number: str, status: int, sentence: str) -> None:
    day = two_rooms
    seat = seat_of(day, "0004")
    assert seat is not None
    unseat_candidate(day.session, day.sitting(At.DRAFT), seat, actor=SYSTEM, now=NOW)
    day.session.execute(update(Candidate).where(Candidate.number == "0004").values(withdrawn_at=NOW))
    day.session.commit()
    browser = day.browser(CHAIR)
    add = day.path(At.DRAFT, f"{ROOMS}/them-thi-sinh")
    page = browser.submit(browser.open(day.path(At.DRAFT, ROOMS)), add, status=status, number=number, room="02")
    assert sentence in page.text
    assert page.form(add).fields["number"] == number
    assert place(day, "0001") is None


def test_once_frozen_nothing_moves(day: Day) -> None:
    browser = day.browser(CHAIR)
    page = browser.open(day.path(At.FROZEN, ROOMS))
    assert "Chỗ ngồi đã chốt theo gói đề" in page.text
    assert day.path(At.FROZEN, "/phong/xep-lai") not in page.links()
    form = browser.open(seat_path(day, "0007", at=At.FROZEN)).form(seat_path(day, "0007", "/bo", At.FROZEN))
    answer = browser.client.post(form.action, data={**form.fields, "confirm": "y"})
    assert answer.status_code == 409
    assert "không đổi được nữa" in answer.get_data(as_text=True)
    assert seat_of(day, "0007", At.FROZEN) is not None


def test_only_the_council_of_the_exam_may(day: Day) -> None:
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        for rest in ("/chuyen", "/bo"):
            deed = f"{ROOMS}/cho/{seat_of(day, '0004').id}{rest}"  # type: ignore[union-attr]
            day.refuses(At.DRAFT, person, deed, status, confirm="y", room="01")
        day.refuses(At.DRAFT, person, f"{ROOMS}/them-thi-sinh", status, number="0001", room="01")
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(day.path(At.DRAFT, ROOMS), status=404)
    client = day.browser(CHAIR).client
    assert client.post(seat_path(day, "0004", "/bo"), data={"confirm": "y"}).status_code == 400
    assert client.get(seat_path(day, "0004", "/bo")).status_code == 405
    assert place(day, "0004") == ("01", 1)


def test_a_seat_of_another_sitting_is_not_found(day: Day) -> None:
    seat = seat_of(day, "0001", At.READY)
    assert seat is not None
    day.browser(SITE_CHAIR).open(day.path(At.DRAFT, f"{ROOMS}/cho/{seat.id}"), status=404)
    day.browser(SITE_CHAIR).open(day.path(At.DRAFT, f"{ROOMS}/cho/{UUID(int=1)}"), status=404)


def test_its_statements_do_not_grow_with_the_seats(two_rooms: Day) -> None:
    day = two_rooms
    browser = day.browser(CHAIR)
    counts = []
    for room in ("01", "02"):
        with day.statements() as statements:
            browser.open(day.path(At.DRAFT, f"{ROOMS}?phong={room}"))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12
