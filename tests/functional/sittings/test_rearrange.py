"""Other rooms for a draft: everybody is dealt anew once that was seen, and never behind somebody's back."""

from typing import Any

import pytest
from sqlalchemy import update

from examapp.candidates.models import Candidate
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Page

DEED = "/phong/xep-lai"
TYPED: dict[str, Any] = {
    "who": "all",
    "first": "",
    "last": "",
    "room_code": ["A", "B"],
    "room_name": ["Phòng A", "Phòng B"],
    "room_places": ["1", "4"],
}


class Desk:
    """Somebody before the form."""

    def __init__(self, day: Day, person=CHAIR, at: At = At.DRAFT) -> None:
        self.browser = day.browser(person)
        self.path = day.path(at, DEED)
        self.page = self.browser.open(self.path)

    def press(self, deed: str, *, status: int = 200, **changes: Any) -> Page:
        values = {"deed": deed, **TYPED, **changes}
        self.page = self.browser.submit(self.page, self.path, status=status, **values)
        return self.page


def seating(day: Day) -> list[tuple[str, int, str]]:
    sitting = day.sitting(At.DRAFT)
    day.session.expire_all()
    return [(room.code, seat.number, seat.candidate.number) for room in sitting.rooms for seat in room.seats]


BEFORE = [("01", 1, "0004"), ("01", 2, "0005"), ("01", 3, "0006")]


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_everybody_is_dealt_anew_once_that_was_seen(day: Day, person) -> None:
    desk = Desk(day, person)
    assert [one.attributes["value"] for one in desk.page.all("input") if one.attributes.get("name") == "room_code"] == [
        "01"
    ]
    page = desk.press("preview")
    assert "Cách xếp mới, chưa thay" in page.text
    assert seating(day) == BEFORE
    page = desk.press("create")
    assert "Đã xếp lại 3 thí sinh vào 2 phòng." in page.text
    assert seating(day) == [("A", 1, "0004"), ("B", 1, "0005"), ("B", 2, "0006")]
    action, details = day.events(At.DRAFT)[-1]
    assert action == "sittings.rearranged"
    assert '"rooms":{"after":2,"before":1}' in details


def test_without_having_been_seen_nothing_happens(day: Day) -> None:
    page = Desk(day).press("create", status=409)
    assert "Danh sách hoặc cách xếp đã đổi." in page.text
    assert "Cách xếp mới, chưa thay" in page.text
    assert seating(day) == BEFORE


def test_what_a_colleague_has_changed_meanwhile_is_not_lost(day: Day) -> None:
    desk, colleague = Desk(day), Desk(day, SECRETARY)
    desk.press("preview")
    colleague.press("preview", room_places=["2", "4"])
    colleague.press("create", room_places=["2", "4"])
    page = desk.press("create", status=409)
    assert "Danh sách hoặc cách xếp đã đổi." in page.text
    assert seating(day) == [("A", 1, "0004"), ("A", 2, "0005"), ("B", 1, "0006")]
    desk.press("create")
    assert seating(day)[1] == ("B", 1, "0005")


def test_who_withdraws_loses_the_place_and_a_range_narrows(day: Day) -> None:
    day.session.execute(update(Candidate).where(Candidate.number == "0004").values(withdrawn_at=NOW))
    day.session.commit()
    desk = Desk(day)
    values = {"who": "range", "first": "4", "last": "5"}
    assert "xếp lại 1 thí sinh" in desk.press("preview", **values).text
    desk.press("create", **values)
    assert seating(day) == [("A", 1, "0005")]


def test_what_is_wrong_is_told_and_stays_typed(day: Day) -> None:
    desk = Desk(day)
    page = desk.press("preview", status=422, room_places=["1", "1"])
    assert "Thiếu 1 chỗ: các phòng có 2 chỗ cho 3 thí sinh." in page.text
    page = desk.press("preview", status=422, room_code=["A", "A"])
    assert "Mã phòng này đã có ở dòng trên." in page.text
    page = desk.press("preview", status=422, who="range", first="0001", last="0005")
    assert "đã có chỗ ở ca khác của bài thi: 0001 ở ca CA4" in page.text
    assert page.form(desk.path).fields["first"] == "0001"
    assert seating(day) == BEFORE


def test_once_frozen_it_is_refused(day: Day) -> None:
    page = day.browser(CHAIR).open(day.path(At.FROZEN, DEED))
    assert "không còn ở bước chuẩn bị" in page.text
    assert not [form for form in page.forms() if DEED in form.action]
    desk = Desk(day)
    desk.press("preview")
    form = desk.page.form(desk.path)
    answer = desk.browser.client.post(day.path(At.FROZEN, DEED), data={**form.fields, **TYPED, "deed": "create"})
    assert answer.status_code == 409
    assert "không đổi được nữa" in answer.get_data(as_text=True)


def test_only_the_council_of_the_exam_may(day: Day) -> None:
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        day.browser(person).open(day.path(At.DRAFT, DEED), status=status)
        day.refuses(At.DRAFT, person, DEED, status, **TYPED)
    assert day.browser(CHAIR).client.post(day.path(At.DRAFT, DEED), data=TYPED).status_code == 400
    assert seating(day) == BEFORE


@pytest.mark.parametrize(
    ("deed", "changes"),
    [
        ("remove-" + "9" * 5_000, {}),
        ("remove-٠", {}),
        ("add", {"room_code": ["A", "9" * 5_000], "room_name": ["Phòng A", "9" * 5_000]}),
    ],
    ids=["a row far beyond", "a row in other digits", "a code too long to count on"],
)
def test_a_number_that_is_too_long_to_be_read_changes_nothing(day: Day, deed: str, changes: dict[str, Any]) -> None:
    desk = Desk(day)
    token = desk.page.form(desk.path).fields["csrf_token"]
    answer = desk.browser.client.post(desk.path, data={**TYPED, **changes, "deed": deed, "csrf_token": token})
    assert answer.status_code in (200, 422)
    assert seating(day) == BEFORE
