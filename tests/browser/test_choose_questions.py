"""Ticking questions in a list: counted and coloured by the script, and just as well without it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from examapp.access.roles import Role
from examapp.bank.models import Subject
from tests.browser.arrange import Server, Sitting
from tests.cast import Person

SECRETARY = Person("van.thu.ngan.hang", "Trịnh Văn Thư", Role.SECRETARY, site=True)


@pytest.fixture
def path(make_sitting: Callable[..., Sitting]) -> str:
    """Return the address of the list of some subject of 40 questions."""
    sitting = make_sitting()
    with sitting.server.session() as session:
        return f"/ngan-hang/{session.scalars(select(Subject.id).order_by(Subject.id.desc())).first()}"


@pytest.fixture
def page(path: str, desk_of: Callable[..., BrowserContext]) -> Page:
    page = desk_of(SECRETARY).new_page()
    page.goto(path)
    return page


def test_chosen_rows_are_counted_coloured_and_let_go(page: Page) -> None:
    bar, every = page.get_by_role("region", name="Thao tác với câu đã chọn"), page.get_by_label("Chọn cả trang")
    boxes = page.locator("tbody input")
    expect(bar).to_be_hidden()
    boxes.nth(0).check()
    boxes.nth(2).check()
    expect(bar).to_contain_text("Đã chọn 2 câu")
    expect(page.locator("tr.sel")).to_have_count(2)
    assert every.evaluate("box => box.indeterminate")
    every.check()
    expect(bar).to_contain_text("Đã chọn 40 câu")
    every.uncheck()
    expect(bar).to_be_hidden()
    boxes.nth(1).check()
    bar.get_by_role("button", name="Bỏ chọn").click()
    expect(bar).to_be_hidden()
    expect(page.locator("tr.sel")).to_have_count(0)


def test_out_of_use_and_back_by_hand(page: Page) -> None:
    page.locator("tbody input").nth(0).check()
    page.get_by_role("button", name="Ngừng dùng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ngừng dùng 1 câu")
    page.get_by_role("button", name="Ngừng dùng").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ngừng dùng 1 câu.")
    page.get_by_label("Tình trạng").select_option("retired")
    page.get_by_role("button", name="Tìm").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody input").check()
    page.get_by_role("button", name="Dùng lại").click()
    page.get_by_role("button", name="Dùng lại").click()
    expect(page.get_by_text("Không có câu hỏi nào như bộ lọc")).to_be_visible()


def test_without_script_the_bar_stands_there(path: str, browser: Browser, server: Server) -> None:
    desk = browser.new_context(base_url=server.url, java_script_enabled=False)
    desk.add_cookies([{"name": "khaothi-staff", "value": server.staff_cookie(SECRETARY), "url": server.url}])
    page = desk.new_page()
    page.goto(path)
    expect(page.get_by_text("Với các câu đã đánh dấu:")).to_be_visible()
    expect(page.get_by_label("Chọn cả trang")).to_be_hidden()
    page.locator("tbody input").nth(3).check()
    page.get_by_role("button", name="Đổi chủ đề").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đổi chủ đề của 1 câu")
    desk.close()
