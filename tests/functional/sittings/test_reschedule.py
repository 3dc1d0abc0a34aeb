"""Moving a sitting from its page: asked when and why, warned of the codes it ends, refused once the lot is drawn."""

from datetime import UTC, datetime

import pytest

from examapp.sittings.models import SittingState
from examapp.sittings.queries import active_package
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Person
from tests.functional.exam_day import At, Day
from tests.pages import Browser, Page

DEED = "/doi-gio"
TYPED = {"opens_at": "2026-11-25T13:30", "starts_at": "2026-11-25T14:00", "reason": "Mất điện toàn khu vực"}


def move(browser: Browser, path: str, status: int = 200, **values: str) -> Page:
    return browser.submit(browser.open(path), path, status=status, **(TYPED | values))


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_a_draft_moves_in_the_citys_time(day: Day, person: Person) -> None:
    browser, path = day.browser(person), day.path(At.DRAFT, DEED)
    assert path in browser.open(day.path(At.DRAFT)).links()
    page = browser.open(path)
    assert page.heading.startswith("Dời giờ ca thi ")
    assert "phải đóng gói lại" not in page.text
    assert "mở đề từ 08:00, 24/11/2026, bắt đầu 08:15, 24/11/2026" in page.text, "as people here write dates"
    assert page.form(path).fields["starts_at"] == "2026-11-24T08:15"
    page = browser.submit(page, path, **TYPED)
    assert "Đã dời giờ ca thi." in page.text
    assert "14:00, 25/11/2026" in page.text
    sitting = day.sitting(At.DRAFT)
    assert (sitting.opens_at, sitting.starts_at) == (
        datetime(2026, 11, 25, 6, 30, tzinfo=UTC),
        datetime(2026, 11, 25, 7, 0, tzinfo=UTC),
    )
    action, details = day.events(At.DRAFT)[-1]
    assert action == "sittings.rescheduled"
    assert TYPED["reason"] in details


def test_a_frozen_sitting_is_to_be_frozen_again_and_the_page_says_so_before(day: Day) -> None:
    browser, path = day.browser(SECRETARY), day.path(At.FROZEN, DEED)
    page = browser.open(path)
    assert "Hai mã của lần đóng gói 1 hết hiệu lực" in page.text
    page = browser.submit(page, path, **TYPED)
    assert "Hai mã cũ hết hiệu lực: đóng gói lại ca thi." in page.text
    assert day.sitting(At.FROZEN).state is SittingState.DRAFT
    assert active_package(day.session, day.built.sittings[At.FROZEN]) is None


@pytest.mark.parametrize(
    ("at", "sentence"),
    [(At.VALUED, "Số rút công khai đã được ghi nên không dời giờ được"), (At.READY, "Đề đã mở nên không dời giờ được")],
)
def test_too_late_is_told_and_not_offered(day: Day, at: At, sentence: str) -> None:
    browser, path = day.browser(CHAIR), day.path(at, DEED)
    assert path not in browser.open(day.path(at)).links()
    before = day.sitting(at).starts_at
    assert sentence in move(browser, path, status=409).text
    assert day.sitting(at).starts_at == before


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": " "}, "Ghi lý do dời giờ"),
        ({"opens_at": ""}, "Ghi đủ ngày và giờ."),
        ({"starts_at": "hôm nay"}, "Ghi đủ ngày và giờ."),
        ({"starts_at": "0002-01-01T08:00"}, "Ngày nằm ngoài khoảng cho phép."),
        ({"opens_at": "2026-11-25T14:01"}, "Giờ mở đề phải trước giờ bắt đầu làm bài."),
        ({"opens_at": "2026-11-20T07:00", "starts_at": "2026-11-20T08:00"}, "Giờ bắt đầu mới đã qua."),
        ({"opens_at": "2026-11-24T08:00", "starts_at": "2026-11-24T08:15"}, "Giờ mới giống giờ đang đặt"),
    ],
)
def test_a_slip_is_named_on_the_form(day: Day, values: dict[str, str], sentence: str) -> None:
    before = day.sitting(At.DRAFT).starts_at
    page = move(day.browser(CHAIR), day.path(At.DRAFT, DEED), status=422, **values)
    assert sentence in page.text
    assert day.sitting(At.DRAFT).starts_at == before


def test_nobody_else_may(day: Day) -> None:
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404)):
        day.browser(person).open(day.path(At.DRAFT, DEED), status=status)
        day.refuses(At.DRAFT, person, DEED, status, **TYPED)
    assert day.path(At.DRAFT, DEED) not in day.browser(INVIGILATOR).open(day.path(At.DRAFT)).links()
