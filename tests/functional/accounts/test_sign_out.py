"""Signing out ends the session on the server: a copy of the cookie opens nothing any more."""

from collections.abc import Callable

from flask import Flask

from examapp.integrity.canonical import b64u
from tests.cast import SECRETARY, Cast, Person
from tests.conftest import Clock
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]


def test_it_works_and_a_stolen_copy_of_the_cookie_is_dead(app: Flask, cast: Cast, browser_of: BrowserOf) -> None:
    browser = browser_of(SECRETARY)
    stolen = browser.client.get_cookie("khaothi-staff")
    assert stolen is not None
    page = browser.submit(browser.open("/"), "/dang-xuat")
    assert page.heading == "Đăng nhập"
    assert "Đã đăng xuất." in page.text
    assert browser.client.get_cookie("khaothi-staff") is None
    thief = app.test_client()
    thief.set_cookie("khaothi-staff", stolen.value)
    assert thief.get("/").status_code == 303


def test_a_link_cannot_sign_anybody_out(browser_of: BrowserOf) -> None:
    browser = browser_of(SECRETARY)
    browser.open("/dang-xuat", status=405)
    assert browser.open("/").heading == "Trang đầu"


def test_an_hour_of_idleness_or_twelve_hours_end_it(browser_of: BrowserOf, clock: Clock) -> None:
    browser = browser_of(SECRETARY)
    for _ in range(12):
        clock.advance(59 * 60)
        assert browser.open("/").heading == "Trang đầu"
    clock.advance(59 * 60)
    assert browser.open("/").heading == "Đăng nhập", "twelve hours are over, seen or not"
    browser = browser_of(SECRETARY)
    clock.advance(60 * 60)
    assert browser.open("/").heading == "Đăng nhập"


def test_made_up_cookies_open_nothing(app: Flask) -> None:
    for value in ("x", "!!!", b64u(bytes(32)), "A" * 3000, ""):
        client = app.test_client()
        client.set_cookie("khaothi-staff", value)
        assert client.get("/").status_code == 303
