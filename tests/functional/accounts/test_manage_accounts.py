"""The administrator makes accounts, gives and takes roles, locks; nobody else sees these pages."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.accounts.models import Account
from tests.cast import ADMINISTRATOR, AUTHOR, SECRETARY, SITE_CHAIR, Cast, Person
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
NEW = {"display_name": "Nguyễn Thị Lan", "username": "lan.nguyen", "password": "mật khẩu đầu 1", "role": "author"}


@pytest.fixture
def page_of(cast: Cast, stored: Session) -> Callable[[Person], str]:
    def path(person: Person) -> str:
        account = cast.account(person)
        stored.commit()
        return f"/tai-khoan/{account.id}"

    return path


def test_an_account_is_made_and_its_owner_signs_in(browser_of: BrowserOf, visitor: Browser) -> None:
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open("/tai-khoan/moi"), "/tai-khoan/moi", **NEW)
    assert "Đã lập tài khoản lan.nguyen." in page.text
    assert "Người soạn câu hỏi" in page.text
    assert "Chờ đổi mật khẩu" in page.text
    page = visitor.submit(visitor.open("/dang-nhap"), "/dang-nhap", username="lan.nguyen", password=NEW["password"])
    assert page.heading == "Mật khẩu của tôi"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": "lan nguyen"}, "Tên đăng nhập gồm chữ không dấu"),
        ({"username": ADMINISTRATOR.username}, "Tên đăng nhập quan.tri đã có người dùng."),
        ({"password": "ngắn"}, "Mật khẩu cần ít nhất 10 ký tự."),
        ({"display_name": ""}, "Nhập họ và tên."),
    ],
)
def test_mistakes_are_named_and_nothing_is_made(
    browser_of: BrowserOf, stored: Session, change: dict[str, str], sentence: str
) -> None:
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open("/tai-khoan/moi"), "/tai-khoan/moi", status=422, **{**NEW, **change})
    assert sentence in page.text
    assert stored.scalars(select(Account.username)).all() == [ADMINISTRATOR.username]


def test_roles_are_given_and_taken(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    path = page_of(SECRETARY)
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open(path), f"{path}/vai-tro", role="coordinator")
    assert "Đã giao vai trò." in page.text
    revoke = next(form.action for form in page.forms() if form.action.endswith("/thu-hoi"))
    page = browser.submit(page, revoke)
    assert "Chưa giao vai trò nào." in page.text
    token = page.form(f"{path}/vai-tro").fields["csrf_token"]
    again = browser.client.post(revoke, data={"csrf_token": token})
    assert again.status_code == 303, "twice is harmless"


def test_a_lock_ends_the_sessions_at_once(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    path = page_of(SECRETARY)
    administrator, secretary = browser_of(ADMINISTRATOR), browser_of(SECRETARY)
    assert secretary.open("/").heading == "Trang đầu"
    page = administrator.submit(administrator.open(path), f"{path}/khoa")
    assert secretary.open("/").heading == "Đăng nhập"
    page = administrator.submit(page, f"{path}/mo-khoa")
    assert "Đã mở khóa tài khoản." in page.text


def test_a_password_for_whoever_forgot_it(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    path = page_of(SECRETARY)
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open(path), f"{path}/mat-khau", status=422, password="ngắn")
    assert "Mật khẩu cần ít nhất 10 ký tự." in page.text
    page = browser.submit(page, f"{path}/mat-khau", password="mật khẩu tạm 1")
    assert "Đã đặt mật khẩu tạm." in page.text


@pytest.mark.parametrize("person", [SECRETARY, AUTHOR, SITE_CHAIR])
def test_nobody_else_may(browser_of: BrowserOf, page_of: Callable[[Person], str], person: Person) -> None:
    path = page_of(ADMINISTRATOR)
    browser = browser_of(person)
    for hidden in ("/tai-khoan", "/tai-khoan/moi", path):
        assert browser.open(hidden, status=403).heading == "Không được phép"
    assert "Tài khoản" not in browser.open("/").menu()


def test_what_is_not_there(browser_of: BrowserOf) -> None:
    browser = browser_of(ADMINISTRATOR)
    browser.open("/tai-khoan/00000000-0000-0000-0000-000000000001", status=404)
    browser.open("/tai-khoan/khong-phai-ma", status=404)
