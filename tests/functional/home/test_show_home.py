"""The start page: who I am, what I may open, and nothing of what I may not."""

from collections.abc import Callable

import pytest

from tests.cast import ADMINISTRATOR, NOBODY, SITE_CHAIR, Person
from tests.pages import Browser

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


def test_it_speaks_english(browser_of: BrowserOf) -> None:
    page = browser_of(ADMINISTRATOR).open("/?lang=en")
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.heading == "Home"


def test_it_needs_a_sign_in(visitor: Browser) -> None:
    assert visitor.open("/").heading == "Đăng nhập"
