"""The own password; somebody whose password was set by another can do nothing else first."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.cast import PASSWORD, SECRETARY, Cast, Person
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
PATH = "/mat-khau"
NEW = "hoa súng ban mai"


def test_it_works(browser_of: BrowserOf, visitor: Browser) -> None:
    browser = browser_of(SECRETARY)
    page = browser.submit(browser.open(PATH), PATH, current=PASSWORD, new=NEW, again=NEW)
    assert "Đã đổi mật khẩu" in page.text
    assert browser.open("/").heading == "Trang đầu"
    sign_in = visitor.open("/dang-nhap")
    assert visitor.submit(sign_in, "/dang-nhap", username="thu.ky", password=NEW).heading == "Trang đầu"


def test_each_mistake_is_named_at_its_field(browser_of: BrowserOf) -> None:
    browser = browser_of(SECRETARY)
    page = browser.open(PATH)
    for values, sentence in (
        ({"current": "sai", "new": NEW, "again": NEW}, "Mật khẩu hiện tại chưa đúng."),
        ({"current": PASSWORD, "new": NEW, "again": "khác"}, "Hai lần nhập mật khẩu mới không giống nhau."),
        ({"current": PASSWORD, "new": "ngắn", "again": "ngắn"}, "Mật khẩu cần ít nhất 10 ký tự."),
        ({"current": "", "new": "", "again": ""}, "Nhập mật khẩu hiện tại."),
    ):
        assert sentence in browser.submit(page, PATH, status=422, **values).text


def test_a_password_set_by_another_must_be_changed_before_anything_else(
    browser_of: BrowserOf, cast: Cast, stored: Session
) -> None:
    cast.account(SECRETARY).must_change_password = True
    stored.commit()
    browser = browser_of(SECRETARY)
    page = browser.open("/")
    assert page.heading == "Mật khẩu của tôi"
    assert "Cần đổi mật khẩu trước khi làm việc" in page.text
    page = browser.submit(page, PATH, current=PASSWORD, new=NEW, again=NEW)
    assert page.heading == "Trang đầu"


def test_it_needs_a_sign_in(visitor: Browser) -> None:
    assert visitor.open(PATH).heading == "Đăng nhập"
