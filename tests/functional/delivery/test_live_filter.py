"""The live list in parts: the numbers are of everybody, the rows of one room or of those at one place."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from examapp.delivery.models import Attempt
from tests.cast import CHAIR, INVIGILATOR
from tests.conftest import NOW
from tests.functional.exam_day import At, Day
from tests.pages import Page


@pytest.fixture
def room(day: Day) -> Day:
    """Let 0001 write and fall silent, put 0003 into another room; 0002 has not come in."""
    assert day.candidate("0001").lease().status_code == 200
    day.session.execute(update(Attempt).where(Attempt.candidate_number == "0003").values(room="02"))
    day.session.commit()
    day.clock.moment = NOW + timedelta(minutes=30)
    return day


def numbers(page: Page) -> list[str]:
    """Return the candidate numbers of the list's rows."""
    cells = [one for one in page.all("td") if one.attributes.get("data-label") == "Số báo danh"]
    return [cell.text.strip() for cell in cells]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", ["0001", "0002", "0003"]),
        ("?phong=02", ["0003"]),
        ("?tinh_trang=lost", ["0001"]),
        ("?tinh_trang=not_in", ["0002", "0003"]),
        ("?phong=01&tinh_trang=not_in", ["0002"]),
        ("?phong=&tinh_trang=", ["0001", "0002", "0003"]),
        ("?tinh_trang=sai&page=x", ["0001", "0002", "0003"]),
        ("?page=99", ["0001", "0002", "0003"]),
    ],
)
def test_the_list_is_narrowed_and_the_numbers_are_not(room: Day, address: str, shown: list[str]) -> None:
    page = room.browser(INVIGILATOR).open(room.path(At.READY) + address)
    assert numbers(page) == shown
    assert "Trong đó mất liên lạc1" in page.text
    assert "Chưa vào2" in page.text
    assert "Chưa vào (2)" in page.text
    assert f"trong {len(shown)}" in page.text


def test_it_goes_on_following_the_same_part(room: Day) -> None:
    page = room.browser(CHAIR).open(room.path(At.READY) + "?phong=02&tinh_trang=not_in")
    followed = next(one.attributes["data-address"] for one in page.elements if "data-address" in one.attributes)
    assert "phong=02" in followed
    assert "tinh_trang=not_in" in followed


def test_nothing_found_offers_the_whole_sitting(room: Day) -> None:
    page = room.browser(CHAIR).open(room.path(At.READY) + "?phong=02&tinh_trang=lost")
    assert "Không có thí sinh nào khớp" in page.text
    assert "Cả ca thi có 3 thí sinh." in page.text
    assert room.path(At.READY) in page.links()
