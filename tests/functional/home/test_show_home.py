"""The start page: who I am, what I may open, and nothing of what I may not."""

from collections.abc import Callable

import pytest

from tests.cast import ADMINISTRATOR, NOBODY, SITE_CHAIR, SITE_SECRETARY, Person
from tests.functional.exam_day import Day
from tests.pages import Browser, Page

BrowserOf = Callable[[Person], Browser]


@pytest.mark.parametrize(
    ("person", "shown", "hidden"),
    [
        (ADMINISTRATOR, {"Tài khoản", "Nhật ký"}, {"Ca thi", "Câu hỏi"}),
        (SITE_CHAIR, {"Ca thi", "Nhật ký"}, {"Tài khoản"}),
        (NOBODY, {"Trang đầu"}, {"Tài khoản", "Nhật ký", "Ca thi", "Câu hỏi"}),
    ],
)
def test_the_navigation_shows_what_may_be_opened(
    browser_of: BrowserOf, person: Person, shown: set[str], hidden: set[str]
) -> None:
    browser = browser_of(person)
    page = browser.open("/")
    assert person.name in page.text
    assert shown <= set(page.menu())
    assert not hidden & set(page.menu())
    for element in page.all("a"):
        if any(parent.attributes.get("class") == "menu" for parent in element.parents):
            browser.open(element.attributes["href"])


@pytest.mark.parametrize(
    ("path", "marks"),
    [
        ("/", {"Trang đầu": "page"}),
        ("/tai-khoan", {"Tài khoản": "page"}),
        ("/tai-khoan/moi", {"Tài khoản": "true"}),
        ("/nhat-ky/", {"Nhật ký": "page"}),
        ("/nhat-ky/?scope=system", {"Nhật ký": "page"}),
        ("/mat-khau", {"Mật khẩu, đăng xuất": "page"}),
    ],
)
def test_the_line_that_holds_the_page_is_marked(browser_of: BrowserOf, path: str, marks: dict[str, str]) -> None:
    assert marked_lines(browser_of(ADMINISTRATOR).open(path)) == marks


def test_pages_at_other_addresses_belong_to_their_line(day: Day) -> None:
    browser, line = day.browser(SITE_SECRETARY), day.built.line
    assert marked_lines(browser.open(f"/ma-tran/{line.test.id}")) == {"Kỳ thi": "true"}
    assert marked_lines(browser.open(f"/ngan-hang/{line.subject.id}/nhap")) == {"Nhập từ tệp": "true"}


def marked_lines(page: Page) -> dict[str, str]:
    """Return the marked lines of the side navigation with the value of their mark."""
    lines = [one for one in page.all("a") if any(parent.attributes.get("class") == "menu" for parent in one.parents)]
    return {one.text: one.attributes["aria-current"] for one in lines if "aria-current" in one.attributes}


def test_it_speaks_english(browser_of: BrowserOf) -> None:
    page = browser_of(ADMINISTRATOR).open("/?lang=en")
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.heading == "Home"


def test_it_needs_a_sign_in(visitor: Browser) -> None:
    assert visitor.open("/").heading == "Đăng nhập"
