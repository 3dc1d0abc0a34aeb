"""The administrator makes accounts, gives and takes roles, locks; nobody else sees these pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from examapp.access.roles import Role
from examapp.accounts.models import Account
from examapp.core.db import db
from tests.cast import ADMINISTRATOR, AUTHOR, NOBODY, SECRETARY, SITE_CHAIR, Cast, Person
from tests.conftest import NOW
from tests.factories import make_line
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
NEW = {"display_name": "Nguyễn Thị Lan", "username": "lan.nguyen", "password": "mật khẩu đầu 1", "role": "author"}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that the application sends inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


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
    assert "Đã lập tài khoản lan.nguyen. Giao tên đăng nhập" in page.text
    assert page.heading == "Nguyễn Thị Lan"
    assert "Người soạn câu hỏi" in page.text
    assert "Chờ đổi mật khẩu" in browser.open("/tai-khoan").text
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
    page = browser.submit(browser.open(path), f"{path}/vai-tro", role="coordinator", scope="site")
    assert "Đã giao vai trò." in page.text
    revoke = next(link for link in page.links() if link.endswith("/thu-hoi"))
    confirm = browser.open(revoke)
    assert "thôi giữ vai trò Điều phối điểm thi (toàn hệ thống)" in confirm.text
    page = browser.submit(confirm, revoke)
    assert "Chưa giao vai trò nào." in page.text
    token = page.form(f"{path}/vai-tro").fields["csrf_token"]
    again = browser.client.post(revoke, data={"csrf_token": token})
    assert again.status_code == 303, "twice is harmless"


def test_a_lock_ends_the_sessions_at_once(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    path = page_of(SECRETARY)
    administrator, secretary = browser_of(ADMINISTRATOR), browser_of(SECRETARY)
    assert secretary.open("/").heading == "Trang đầu"
    confirm = administrator.open(f"{path}/khoa")
    assert "Đang mở 1 phiên." in confirm.text
    assert secretary.open("/").heading == "Trang đầu", "looking at the question locks nobody"
    page = administrator.submit(confirm, f"{path}/khoa")
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


def test_a_role_for_one_exam_or_subject(
    browser_of: BrowserOf, page_of: Callable[[Person], str], stored: Session
) -> None:
    path = page_of(NOBODY)
    line = make_line(stored, NOW)
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open(path), f"{path}/vai-tro", role="invigilator", scope=f"exam:{line.exam.id}")
    assert f"Giám thị – {line.exam.code} – {line.exam.name}" in page.text
    assert f"Giám thị ({line.exam.code} – {line.exam.name})" in browser.open("/tai-khoan").text
    page = browser.submit(page, f"{path}/vai-tro", role="author", scope=f"subject:{line.subject.id}")
    assert f"Người soạn câu hỏi – {line.subject.code}" in page.text


@pytest.mark.parametrize(
    ("role", "scope", "sentence"),
    [
        ("", "site", "Chọn vai trò."),
        ("author", "", "Chọn phạm vi."),
        ("administrator", "exam", "không giao được cho phạm vi đã chọn"),
        ("author", "exam", "không giao được cho phạm vi đã chọn"),
        ("invigilator", "subject", "không giao được cho phạm vi đã chọn"),
        ("author", "subject:00000000-0000-0000-0000-000000000001", "Chọn một trong các mục có sẵn."),
    ],
)
def test_a_role_that_means_nothing_there(
    browser_of: BrowserOf, page_of: Callable[[Person], str], stored: Session, role: str, scope: str, sentence: str
) -> None:
    path = page_of(NOBODY)
    line = make_line(stored, NOW)
    stored.commit()
    scopes = {"exam": f"exam:{line.exam.id}", "subject": f"subject:{line.subject.id}"}
    browser = browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open(path), f"{path}/vai-tro", status=422, role=role, scope=scopes.get(scope, scope))
    assert sentence in page.text
    assert "Chưa giao vai trò nào." in page.text


def test_signed_out_everywhere(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    path = page_of(SECRETARY)
    administrator, one, other = browser_of(ADMINISTRATOR), browser_of(SECRETARY), browser_of(SECRETARY)
    page = administrator.open(path)
    assert page.text.count("dùng lần cuối") == 2
    page = administrator.submit(page, f"{path}/dang-xuat")
    assert "Đã đăng xuất 2 phiên." in page.text
    assert "Không có phiên nào đang mở." in page.text
    for browser in (one, other):
        assert browser.open("/").heading == "Đăng nhập"


def test_signing_oneself_out_elsewhere(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    page_of(SECRETARY)
    one, other = browser_of(SECRETARY), browser_of(SECRETARY)
    page = one.submit(one.open("/mat-khau"), "/mat-khau/dang-xuat-noi-khac")
    assert "Đã đăng xuất 1 phiên ở máy khác." in page.text
    assert "Tài khoản chỉ mở ở máy này." in page.text
    assert other.open("/").heading == "Đăng nhập"


def test_accounts_are_found_without_accents(browser_of: BrowserOf, page_of: Callable[[Person], str]) -> None:
    page_of(SECRETARY)
    page_of(AUTHOR)
    browser = browser_of(ADMINISTRATOR)
    page = browser.open("/tai-khoan?q=do thu ky")
    assert SECRETARY.name in page.text
    assert AUTHOR.name not in page.text
    assert "Không có tài khoản nào khớp “%_”" in browser.open("/tai-khoan?q=%25_").text
    assert "Không có tài khoản nào khớp" in browser.open("/tai-khoan?q=thu&state=disabled").text


def test_the_list_costs_the_same_for_many(browser_of: BrowserOf, cast: Cast, stored: Session, app: Flask) -> None:
    browser = browser_of(ADMINISTRATOR)
    counts = []
    for first, last in ((0, 2), (2, 60)):
        for number in range(first, last):
            cast.account(Person(f"nguoi.{number}", f"Nguyễn Văn {number}", Role.INVIGILATOR))
        stored.commit()
        with counted(app) as seen:
            assert "Nguyễn Văn 1" in browser.open("/tai-khoan").text
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("person", [SECRETARY, AUTHOR, SITE_CHAIR])
def test_nobody_else_may(browser_of: BrowserOf, page_of: Callable[[Person], str], person: Person) -> None:
    path = page_of(ADMINISTRATOR)
    browser = browser_of(person)
    for hidden in ("/tai-khoan", "/tai-khoan/moi", path, f"{path}/khoa"):
        assert browser.open(hidden, status=403).heading == "Không được phép"
    assert "Tài khoản" not in browser.open("/").menu()


def test_what_is_not_there(browser_of: BrowserOf) -> None:
    browser = browser_of(ADMINISTRATOR)
    browser.open("/tai-khoan/00000000-0000-0000-0000-000000000001", status=404)
    browser.open("/tai-khoan/khong-phai-ma", status=404)
