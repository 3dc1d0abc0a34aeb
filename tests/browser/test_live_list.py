"""The sitting's page follows the room by itself: one question for all of its parts, and it says when it has stopped."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.arrange import INVIGILATOR, Sitting
from tests.browser.exam_page import enter

#: longer than the page waits between two looks
A_LOOK = 11_000


@pytest.fixture
def sitting(make_sitting: Callable[..., Sitting]) -> Sitting:
    return make_sitting()


@pytest.fixture
def page(sitting: Sitting, desk_of: Callable[..., BrowserContext]) -> Page:
    """Return the sitting's page on the invigilator's desk, with a clock that the test moves."""
    page = desk_of(INVIGILATOR).new_page()
    page.clock.install()
    page.goto(sitting.path)
    return page


def test_the_list_follows_the_room_under_the_focus(machine: BrowserContext, sitting: Sitting, page: Page) -> None:
    number, code = next(iter(sitting.codes.items()))
    row = page.get_by_role("row", name=number)
    expect(row).to_contain_text("Chưa vào")
    room = enter(machine, number, code)
    room.choose(1)
    room.all_on_server()

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(A_LOOK)
    expect(row).to_contain_text("1/8")
    assert len(asked) == 1, "one look is one request"

    transfer = row.get_by_role("link", name="Chuyển máy")
    transfer.focus()
    room.choose(2)
    room.all_on_server()
    page.clock.run_for(A_LOOK)
    expect(row).to_contain_text("2/8")
    expect(transfer).to_be_focused()


def test_numbers_that_have_stopped_are_named(sitting: Sitting, page: Page) -> None:
    sentence = page.get_by_text("Chưa lấy được số liệu mới từ máy chủ")
    expect(sentence).to_be_hidden()

    def cut(route: Route) -> None:
        route.abort()

    page.route("**", cut)
    page.clock.run_for(A_LOOK)
    expect(sentence).to_be_visible()
    page.unroute("**", cut)
    page.clock.run_for(A_LOOK)
    expect(sentence).to_be_hidden()
