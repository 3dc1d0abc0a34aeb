"""A session that ends while somebody types loses nothing: the page holds the words until they are sent again."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.accounts.models import Account
from examapp.bank.models import Subject
from tests.cast import PASSWORD, SITE_SECRETARY, Person
from tests.conftest import Clock
from tests.pages import Browser, Page, check_page

BrowserOf = Callable[[Person], Browser]

PATH = "/ngan-hang/tao-mon"
TYPED = {"name": "Nghiệp vụ “văn thư” <1>", "code": "NVVT"}
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


def send(browser: Browser, fields: dict[str, str], path: str = PATH, **headers: str) -> TestResponse:
    return browser.client.post(path, data=fields, headers=FROM_OUR_PAGE | headers)


def held(answer: TestResponse, status: int) -> Page:
    assert answer.status_code == status
    page = Page(answer)
    check_page(page)
    fields = page.form(PATH).fields
    assert {name: fields[name] for name in TYPED} == TYPED
    return page


def sign_in(browser: Browser) -> None:
    """Sign in as in another tab of the same browser."""
    page = browser.open("/dang-nhap")
    browser.submit(page, "/dang-nhap", username=SITE_SECRETARY.username, password=PASSWORD)


def subjects(stored: Session) -> int:
    stored.rollback()
    return stored.scalar(select(func.count()).select_from(Subject)) or 0


def test_after_an_hour_of_typing_it_is_sent_after_signing_in(
    browser_of: BrowserOf, clock: Clock, stored: Session
) -> None:
    browser = browser_of(SITE_SECRETARY)
    fields = browser.open(PATH).form(PATH).fields | TYPED
    clock.advance(61 * 60)
    page = held(send(browser, fields), 401)
    assert page.heading == "Chưa ghi: phiên làm việc đã hết"
    assert "/dang-nhap" in page.links()
    # pressed before signing in: still held
    page = held(send(browser, page.form(PATH).fields), 401)
    sign_in(browser)
    page = held(send(browser, page.form(PATH).fields), 400)
    assert page.heading == "Chưa ghi: đã đăng nhập lại từ khi mở trang"
    assert f"Đang đăng nhập: {SITE_SECRETARY.name}." in page.text
    assert "/dang-nhap" not in page.links()
    assert subjects(stored) == 0, "nothing is written without a token of this session"
    assert send(browser, page.form(PATH).fields).status_code == 303
    assert stored.scalars(select(Subject.name)).all() == [TYPED["name"]]


def test_a_question_is_held_too_and_a_file_is_not(browser_of: BrowserOf, clock: Clock, stored: Session) -> None:
    browser = browser_of(SITE_SECRETARY)
    browser.submit(browser.open(PATH), PATH, **TYPED)
    path = f"/ngan-hang/{stored.scalars(select(Subject.id)).one()}/soan"
    fields = browser.open(path).form(path).fields | {"stem": "Một giờ gõ câu hỏi?"}
    clock.advance(61 * 60)
    for sent, status, kept in ((fields, 401, True), (fields | {"file": (io.BytesIO(b"x"), "a.xlsx")}, 400, False)):
        answer = browser.client.post(path, data=sent, headers=FROM_OUR_PAGE, content_type="multipart/form-data")
        assert (answer.status_code == status or not kept, "Một giờ gõ câu hỏi?" in answer.text) == (True, kept)


def test_whoever_must_change_the_password_first_loses_nothing(browser_of: BrowserOf, stored: Session) -> None:
    browser = browser_of(SITE_SECRETARY)
    fields = browser.open(PATH).form(PATH).fields | TYPED
    account = stored.scalars(select(Account).where(Account.username == SITE_SECRETARY.username)).one()
    account.must_change_password = True
    stored.commit()
    page = held(send(browser, fields), 403)
    assert page.heading == "Chưa ghi: phải đổi mật khẩu trước"
    assert "/mat-khau" in page.links()
    account.must_change_password = False
    stored.commit()
    assert send(browser, page.form(PATH).fields).status_code == 303
    assert stored.scalars(select(Subject.name)).all() == [TYPED["name"]]


def test_signed_out_in_another_tab(browser_of: BrowserOf, stored: Session) -> None:
    browser = browser_of(SITE_SECRETARY)
    fields = browser.open(PATH).form(PATH).fields | TYPED
    browser.submit(browser.open("/"), "/dang-xuat")
    assert "/dang-nhap" in held(send(browser, fields), 400).links()
    assert subjects(stored) == 0


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Mode": "cors"}],
    ids=lambda one: "-".join(one.values()),
)
def test_nothing_is_held_for_another_site_or_a_script(browser_of: BrowserOf, headers: dict[str, str]) -> None:
    answer = send(browser_of(SITE_SECRETARY), TYPED, **headers)
    assert answer.status_code == 400
    assert TYPED["code"] not in answer.text


def test_no_password_is_held(browser_of: BrowserOf) -> None:
    browser = browser_of(SITE_SECRETARY)
    for path in ("/mat-khau", "/dang-nhap"):
        secret = {"current": "bí mật cũ", "new": "bí mật mới", "again": "bí mật mới", "password": "bí mật"}
        answer = send(browser, secret, path)
        assert answer.status_code == 400
        assert "bí mật" not in answer.text


def test_a_button_without_words_leads_to_the_sign_in(browser_of: BrowserOf, clock: Clock) -> None:
    browser = browser_of(SITE_SECRETARY)
    fields = browser.open("/").form("/dang-xuat").fields
    clock.advance(61 * 60)
    answer = send(browser, fields, "/dang-xuat")
    assert answer.location == "/dang-nhap"
