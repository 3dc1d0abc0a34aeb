"""Headers on every answer, forgery checks on every deed."""

from dataclasses import replace
from pathlib import Path

import pytest

from examapp.app import create_app
from examapp.settings import Settings
from tests.examapp.web.conftest import Probe

JSON = {"Content-Type": "application/json"}
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("path", ["/dang-nhap", "/khong-co", "/thi/api/thu"])
def test_every_answer_carries_the_headers(trial: Probe, path: str) -> None:
    headers = trial.client().get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_under_tls_browsers_are_told_to_stay(trial: Probe) -> None:
    answer = trial.client().get("/dang-nhap", base_url="https://thi.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize(
    ("address", "name", "secure"),
    [
        ("http://localhost", "khaothi-page", False),
        ("http://127.0.0.1:8000", "khaothi-page", False),
        ("http://[::1]:8000", "khaothi-page", False),
        ("http://192.168.1.10", "__Host-khaothi-page", True),
        ("http://localhost.example", "__Host-khaothi-page", True),
        ("https://thi.example", "__Host-khaothi-page", True),
        ("https://localhost", "__Host-khaothi-page", True),
    ],
)
def test_cookies_have_the_strictest_name_except_on_loopback(
    trial: Probe, address: str, name: str, secure: bool
) -> None:
    trial.app.config["TRIAL_TOKENS"] = True
    cookie = trial.client().get("/dang-nhap", base_url=address).headers["Set-Cookie"]
    assert cookie.startswith(f"{name}=")
    assert ("Secure" in cookie) == secure
    assert "HttpOnly" in cookie
    assert "Domain" not in cookie


def test_a_server_that_speaks_tls_never_sets_a_plain_cookie(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, tls_certificate=tmp_path, tls_key=tmp_path))
    assert app.test_client().get("/dang-nhap").headers["Set-Cookie"].startswith("__Host-")


def test_a_form_without_its_token_is_refused_and_keeps_nothing(trial: Probe) -> None:
    trial.app.config["TRIAL_TOKENS"] = True
    answer = trial.client().post("/ghi/1/200")
    assert answer.status_code == 400
    assert "Mở lại trang rồi gửi lần nữa" in answer.text
    assert trial.marks() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (JSON | SAME, 200),
        (JSON, 403),
        (JSON | {"Sec-Fetch-Site": "cross-site"}, 403),
        (JSON | {"Sec-Fetch-Site": "same-site"}, 403),
        (SAME | {"Content-Type": "text/plain"}, 415),
        (SAME | {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_the_candidates_json_is_taken_from_our_own_page_only(
    trial: Probe, headers: dict[str, str], status: int
) -> None:
    trial.app.config["TRIAL_TOKENS"] = True
    answer = trial.client().post("/thi/api/thu", data=b'{"a":1}', headers=headers)
    assert answer.status_code == status
    assert answer.is_json


def test_only_stated_proxies_are_believed(settings: Settings, trial: Probe) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "thi.example"}
    assert "Strict-Transport-Security" not in trial.client().get("/dang-nhap", headers=forwarded).headers
    behind = create_app(replace(settings, trusted_proxies=1))
    assert "Strict-Transport-Security" in behind.test_client().get("/dang-nhap", headers=forwarded).headers
