"""A sitting with its rooms in the browser: what is wrong is told at once, the dealing is seen before it is made."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from examapp.candidates.models import Candidate
from examapp.sittings.models import Seat, Sitting, SittingMode
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Page

#: everybody of the exam has a seat in some programmed sitting, except candidates 0004 to 0006 once CA1 is gone
ROOMS = {"room_code": ["P1", "P2"], "room_name": ["Phòng 1", "Phòng 2"], "room_places": ["2", "3"]}


def typed(**changes: Any) -> dict[str, Any]:
    """Return what somebody types for a rehearsal of everybody, changed as told."""
    return {
        "code": "MOI",
        "mode": "rehearsal",
        "opens_at": "2026-11-24T09:00",
        "starts_at": "2026-11-24T09:30",
        "who": "range",
        "first": "0001",
        "last": "5",
        **ROOMS,
        **changes,
    }


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/ca-thi/tao"


def made(day: Day, code: str = "MOI") -> Sitting | None:
    """Return the sitting of this code as it is stored."""
    day.session.commit()
    return day.session.scalar(select(Sitting).where(Sitting.code == code))


def seating(sitting: Sitting) -> list[tuple[str, int, str]]:
    return [(room.code, seat.number, seat.candidate.number) for room in sitting.rooms for seat in room.seats]


class Desk:
    """The chair before the form."""

    def __init__(self, day: Day) -> None:
        self.browser = day.browser(CHAIR)
        self.path = path(day)
        self.page = self.browser.open(self.path)

    def press(self, deed: str, *, status: int = 200, **values: Any) -> Page:
        """Press one of the form's buttons and return the page that follows."""
        self.page = self.browser.submit(self.page, self.path, status=status, deed=deed, **values)
        return self.page


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_the_dealing_is_shown_and_then_made(day: Day, person) -> None:
    browser = day.browser(person)
    page = browser.submit(browser.open(path(day)), path(day), deed="preview", **typed())
    assert made(day) is None, "looking makes nothing"
    rows = [row.text for row in page.all("tr")]
    assert any("P1" in row and "0001 – 0002" in row for row in rows)
    assert any("P2" in row and "0003 – 0005" in row for row in rows)
    page = browser.submit(page, path(day), deed="create", **typed())
    assert page.heading == "Phòng thi của ca KT26 · MOI"
    assert "Đã lập ca thi MOI và xếp chỗ cho 5 thí sinh." in page.text
    sitting = made(day)
    assert sitting is not None
    assert (sitting.mode, sitting.exclusive) == (SittingMode.REHEARSAL, False)
    assert sitting.opens_at == NOW + timedelta(hours=1), "typed in the city's time"
    assert seating(sitting) == [
        ("P1", 1, "0001"),
        ("P1", 2, "0002"),
        ("P2", 1, "0003"),
        ("P2", 2, "0004"),
        ("P2", 3, "0005"),
    ]
    assert [room.places for room in sitting.rooms] == [2, 3]


def test_a_programmed_sitting_takes_only_who_has_no_seat_yet_and_nobody_who_withdrew(day: Day) -> None:
    """0004 to 0006 sit in the draft CA1; once it is deleted they are free, and one of them has withdrawn."""
    browser = day.browser(CHAIR)
    delete = day.path(At.DRAFT, "/xoa")
    browser.submit(browser.open(delete), delete, confirm="y")
    day.session.execute(update(Candidate).where(Candidate.number == "0005").values(withdrawn_at=NOW))
    day.session.commit()
    values = typed(mode="programmed", who="all", first="", last="")
    page = browser.submit(browser.open(path(day)), path(day), deed="preview", **values)
    browser.submit(page, path(day), deed="create", **values)
    sitting = made(day)
    assert sitting is not None
    assert sitting.exclusive
    assert [number for _, _, number in seating(sitting)] == ["0004", "0006"]


def test_who_sits_in_another_programmed_sitting_is_named(day: Day) -> None:
    desk = Desk(day)
    page = desk.press("preview", status=422, **typed(mode="programmed"))
    assert "5 thí sinh trong khoảng này đã có chỗ ở ca khác của bài thi: 0001 ở ca CA4." in page.text
    page = desk.press("preview", status=422, **typed(mode="programmed", who="all"))
    assert "Không còn thí sinh nào để xếp chỗ" in page.text
    assert made(day) is None


def test_too_few_places_are_counted_and_nothing_typed_is_lost(day: Day) -> None:
    values = typed(last="0012")
    page = Desk(day).press("create", status=422, **values)
    assert "Thiếu 7 chỗ: các phòng có 5 chỗ cho 12 thí sinh." in page.text
    form = page.form(path(day))
    assert {name: form.fields[name] for name in ("code", "first", "last", "opens_at")} == {
        name: values[name] for name in ("code", "first", "last", "opens_at")
    }
    assert [one.attributes["value"] for one in page.all("input") if one.attributes.get("name") == "room_places"] == [
        "2",
        "3",
    ]


def test_everything_that_is_wrong_is_told_in_one_round(day: Day) -> None:
    values = typed(
        code="CA2",
        mode="programmed",
        opens_at="2026-11-24T07:50",
        starts_at="2026-11-24T07:55",
        first="x1",
        last="",
        room_code=["P1", "p1", ""],
        room_name=["Phòng 1", "", "Phòng 3"],
        room_places=["0", "3", "abc"],
    )
    page = Desk(day).press("preview", status=422, **values)
    for sentence in (
        "Bài thi đã có ca thi mã “CA2”.",
        "Giờ bắt đầu đã qua.",
        "Số báo danh chỉ gồm chữ số",
        "Mã phòng này đã có ở dòng trên.",
        "Ghi mã phòng.",
        "Ghi tên phòng.",
        "Ghi số chỗ từ 1 đến 200.",
    ):
        assert sentence in page.text, sentence
    bad = [one.attributes["name"] for one in page.all("input") if one.attributes.get("aria-invalid") == "true"]
    assert bad.count("room_places") == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": ""}, "Ghi mã ca thi."),
        ({"opens_at": ""}, "Ghi đủ ngày và giờ."),
        ({"opens_at": "2026-11-24T09:31"}, "Giờ mở đề phải trước giờ bắt đầu làm bài."),
        ({"first": "", "last": ""}, "Ghi số báo danh đầu, số cuối hoặc cả hai."),
        ({"first": "9", "last": "3"}, "Số cuối phải lớn hơn hoặc bằng số đầu."),
        ({"exam_test": "x"}, "Chọn một trong các mục có sẵn."),
        ({"room_code": [""], "room_name": [""], "room_places": [""]}, "Ghi số chỗ từ 1 đến 200."),
    ],
)
def test_each_slip_is_named(day: Day, change: dict[str, Any], sentence: str) -> None:
    page = Desk(day).press("preview", status=422, **typed(**change))
    assert sentence in page.text
    assert made(day) is None


def test_rows_are_added_and_removed_without_script(day: Day) -> None:
    desk = Desk(day)
    page = desk.press("add", **typed())
    assert _rooms(page) == [("P1", "Phòng 1", "2"), ("P2", "Phòng 2", "3"), ("P3", "Phòng 3", "3")]
    page = desk.press("remove-0", **typed())
    assert _rooms(page) == [("P2", "Phòng 2", "3")]
    assert page.form(path(day)).fields["code"] == "MOI"
    assert made(day) is None


def _rooms(page: Page) -> list[tuple[str, str, str]]:
    columns = [
        [one.attributes["value"] for one in page.all("input") if one.attributes.get("name") == name] for name in ROOMS
    ]
    return list(zip(*columns, strict=True))


def test_a_list_that_has_changed_since_it_was_seen_is_shown_again(day: Day) -> None:
    desk = Desk(day)
    desk.press("preview", **typed())
    day.session.execute(update(Candidate).where(Candidate.number == "0003").values(withdrawn_at=NOW))
    day.session.commit()
    page = desk.press("create", status=409, **typed())
    assert "Danh sách hoặc cách xếp đã đổi." in page.text
    assert made(day) is None
    assert "và xếp 4 thí sinh" in desk.press("preview", **typed()).text
    desk.press("create", **typed())
    assert made(day) is not None


def test_twice_makes_one_sitting(day: Day) -> None:
    desk = Desk(day)
    desk.press("preview", **typed())
    before = desk.page
    desk.press("create", **typed())
    desk.page = before  # a second press on the same page
    page = desk.press("create", status=422, **typed())
    assert "Bài thi đã có ca thi mã “MOI”." in page.text
    sitting = made(day)
    assert sitting is not None
    seats = day.session.scalars(select(Seat).where(Seat.sitting_id == sitting.id)).all()
    assert len(seats) == 5


def test_only_the_council_of_the_exam_may(day: Day) -> None:
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        browser = day.browser(person)
        browser.open(path(day), status=status)
        token = day.browser(CHAIR).open(path(day)).form(path(day)).fields["csrf_token"]
        assert browser.client.post(path(day), data={"csrf_token": token}).status_code in (400, status)
    assert day.browser(CHAIR).client.post(path(day), data=typed()).status_code == 400
    assert day.browser(CHAIR).client.delete(path(day)).status_code == 405


def test_its_statements_do_not_grow_with_the_candidates(day: Day) -> None:
    browser = day.browser(CHAIR)
    page = browser.open(path(day))
    counts = []
    for last in ("0002", "0016"):
        with day.statements() as statements:
            browser.submit(page, path(day), deed="preview", **typed(last=last, room_places=["2", "60"]))
        counts.append(len(statements))
    assert counts[0] == counts[1]
