"""Staff sign in with name and password; five wrong passwords lock the name for fifteen minutes, known or not."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.accounts.models import StaffSession
from examapp.audit.models import AuditEvent
from tests.cast import ADMINISTRATOR, PASSWORD, SECRETARY, Cast
from tests.conftest import Clock
from tests.pages import Browser, Page

SIGN_IN = "/dang-nhap"


@pytest.fixture(autouse=True)
def _people(cast: Cast, stored: Session) -> None:
    cast.account(SECRETARY)
    stored.commit()


def attempt(visitor: Browser, username: str, password: str, status: int = 401) -> Page:
    return visitor.submit(visitor.open(SIGN_IN), SIGN_IN, username=username, password=password, status=status)


def test_it_works(visitor: Browser) -> None:
    page = attempt(visitor, "  Thu.Ky ", PASSWORD, status=200)
    assert page.heading == "Trang đầu"
    assert "Đỗ Thư Ký" in page.text


def test_the_page_asked_for_is_opened_afterwards(visitor: Browser) -> None:
    page = visitor.open("/mat-khau?lang=vi")
    assert page.heading == "Đăng nhập"
    page = visitor.submit(page, SIGN_IN, username="thu.ky", password=PASSWORD)
    assert page.heading == "Mật khẩu của tôi"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "/\t/evil.example"]
)
def test_the_way_back_never_leaves_the_site(visitor: Browser, target: str) -> None:
    page = visitor.open(SIGN_IN)
    answer = visitor.post(page, SIGN_IN, username="thu.ky", password=PASSWORD, next=target)
    assert answer.status_code == 303
    assert answer.location == "/"


def test_the_cookie_is_hidden_from_scripts_and_new_each_time(visitor: Browser, stored: Session) -> None:
    page = visitor.open(SIGN_IN)
    before = page.form(SIGN_IN).fields["csrf_token"]
    answer = visitor.post(page, SIGN_IN, username="thu.ky", password=PASSWORD)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("khaothi-staff="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert stored.scalar(select(func.count()).select_from(StaffSession)) == 1
    stale = visitor.client.post("/dang-xuat", data={"csrf_token": before})
    assert stale.status_code == 400


def test_five_wrong_passwords_lock_the_name(visitor: Browser, clock: Clock) -> None:
    for left in (4, 3, 2, 1):
        page = attempt(visitor, "thu.ky", "sai rồi nhé")
        assert f"Sai tên đăng nhập hoặc mật khẩu. Còn {left} lần thử trước khi khóa 15 phút." in page.text
    assert "đang bị khóa. Thử lại sau 15 phút." in attempt(visitor, "thu.ky", "sai rồi nhé").text
    assert "đang bị khóa" in attempt(visitor, "thu.ky", PASSWORD).text, "the right password does not open a locked name"
    clock.advance(15 * 60 - 1)
    assert "Thử lại sau 1 phút." in attempt(visitor, "thu.ky", PASSWORD).text
    clock.advance(1)
    assert attempt(visitor, "thu.ky", PASSWORD, status=200).heading == "Trang đầu"


def test_an_unknown_name_is_answered_word_for_word_the_same(visitor: Browser) -> None:
    for _ in range(6):
        known, unknown = (attempt(visitor, name, "sai rồi nhé").text for name in ("thu.ky", "khong.co"))
        assert known == unknown


def test_two_quiet_hours_forget_the_count_and_the_next_lock_is_longer(visitor: Browser, clock: Clock) -> None:
    attempt(visitor, "khong.co", "sai")
    assert "Còn 3 lần" in attempt(visitor, "khong.co", "sai").text
    clock.advance(2 * 60 * 60)
    for left in (4, 3, 2, 1):
        assert f"Còn {left} lần" in attempt(visitor, "khong.co", "sai").text
    attempt(visitor, "khong.co", "sai")
    clock.advance(15 * 60)
    assert "Còn 4 lần thử trước khi khóa 30 phút." in attempt(visitor, "khong.co", "sai").text


def test_strangers_do_not_lock_the_machine_on_which_somebody_works(app: Flask, visitor: Browser, clock: Clock) -> None:
    attempt(visitor, "thu.ky", PASSWORD, status=200)
    visitor.client.delete_cookie("khaothi-staff")
    stranger = Browser(app.test_client())
    for host in range(6):
        stranger.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{host}"
        for _ in range(5):
            last = attempt(stranger, "thu.ky", "sai rồi nhé")
    assert "quá nhiều lần từ nhiều máy. Thử lại sau 3 phút" in last.text
    stranger.client.environ_base["REMOTE_ADDR"] = "10.0.0.99"
    assert "quá nhiều lần từ nhiều máy" in attempt(stranger, "thu.ky", PASSWORD).text
    assert attempt(visitor, "thu.ky", PASSWORD, status=200).heading == "Trang đầu"
    cookie = visitor.client.get_cookie("khaothi-staff-machine")
    assert cookie is not None
    assert cookie.http_only
    clock.advance(3 * 60)
    assert attempt(stranger, "thu.ky", PASSWORD, status=200).heading == "Trang đầu"


def test_failures_and_successes_are_in_the_log_without_what_was_typed(visitor: Browser, stored: Session) -> None:
    attempt(visitor, "matkhaucuatoi", "sai")
    attempt(visitor, "thu.ky", "sai")
    attempt(visitor, "thu.ky", PASSWORD, status=200)
    events = stored.scalars(
        select(AuditEvent).where(AuditEvent.action.like("account.sign%")).order_by(AuditEvent.number)
    ).all()
    assert [(event.action, event.subject, event.actor_id == "anonymous") for event in events] == [
        ("account.sign_in_failed", "unknown", True),
        ("account.sign_in_failed", "thu.ky", True),
        ("account.signed_in", "thu.ky", False),
    ]


def test_empty_fields_are_named(visitor: Browser) -> None:
    page = attempt(visitor, "", "", status=422)
    assert "Nhập tên đăng nhập." in page.text
    assert "Nhập mật khẩu." in page.text


def test_a_disabled_account_is_told_nothing_else(visitor: Browser, cast: Cast, stored: Session, clock: Clock) -> None:
    cast.account(ADMINISTRATOR).disabled_at = clock.now()
    stored.commit()
    assert "Sai tên đăng nhập hoặc mật khẩu" in attempt(visitor, ADMINISTRATOR.username, PASSWORD).text


def test_whoever_is_signed_in_is_sent_on(visitor: Browser) -> None:
    attempt(visitor, "thu.ky", PASSWORD, status=200)
    assert visitor.open(SIGN_IN).heading == "Trang đầu"


def test_it_speaks_english(visitor: Browser) -> None:
    visitor.open(f"{SIGN_IN}?lang=en")
    page = visitor.open(SIGN_IN)
    assert page.all("html")[0].attributes["lang"] == "en"
