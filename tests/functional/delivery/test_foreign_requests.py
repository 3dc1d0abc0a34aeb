"""Nobody but the candidate's own page on its own machine is answered: other sites, other tokens, other machines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from examapp.answerlog.token import Token, issue, issue_machine, verify
from examapp.integrity.keys import NodeKeys
from tests.cast import CHAIR
from tests.functional.exam_day import At, CandidatePage, Day

DEEDS = {"lease": {"writer_id": "A" * 22}, "wiped": {}}


@pytest.mark.parametrize("path", list(DEEDS))
@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none", "SAME-ORIGIN", "same-origin, cross-site"])
def test_a_deed_asked_for_by_another_site_is_refused(day: Day, path: str, site: str | None) -> None:
    page = day.candidate("0001")
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = page.client.post(f"/thi/api/{path}", json=DEEDS[path], headers=headers)
    assert answer.status_code == 403
    assert set(answer.json) == {"code", "message"}
    assert answer.mimetype == "application/json"
    _untouched(day)


@pytest.mark.parametrize("path", list(DEEDS))
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/json-x", ""]
)
def test_a_body_that_a_form_could_send_is_refused(day: Day, path: str, kind: str) -> None:
    answer = day.candidate("0001").post(path, DEEDS[path], **{"Content-Type": kind})
    assert answer.status_code == 415
    assert set(answer.json) == {"code", "message"}
    _untouched(day)


def test_a_charset_beside_the_content_type_is_welcome(day: Day) -> None:
    page = day.candidate("0001")
    assert page.post("wiped", **{"Content-Type": "application/json; charset=utf-8"}).status_code == 204


Change = Callable[[Day, Token], str]
CHANGES: dict[str, Change] = {
    "another sitting's name": lambda day, token: issue(day.keys, replace(token, sitting=day.built.sittings[At.SEALED])),
    "another sitting's attempt": lambda day, token: issue(day.keys, replace(token, attempt=day.attempt("0004").id)),
    "an attempt that is not": lambda day, token: issue(day.keys, replace(token, attempt=UUID(int=7))),
    "another machine's": lambda day, token: issue(day.keys, replace(token, machine=UUID(int=7))),
    "another node's": lambda day, token: issue(NodeKeys(bytes(32)), token),
    "twelve hours past its end": lambda day, token: issue(
        day.keys, replace(token, expires=day.clock.now() - timedelta(hours=12))
    ),
    "cut short": lambda day, token: issue(day.keys, token)[:-1],
    "one letter changed": lambda day, token: (
        ("B" if issue(day.keys, token)[0] == "A" else "A") + issue(day.keys, token)[1:]
    ),
    "not base64": lambda day, token: "!" * len(issue(day.keys, token)),
    "empty": lambda day, token: "",
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_token_that_is_not_this_pages_own_opens_nothing(day: Day, change: str) -> None:
    page = day.candidate("0001")
    token = verify(day.keys, page.client.get_cookie("khaothi-attempt").value, day.clock.now())
    assert isinstance(token, Token)
    page.client.set_cookie("khaothi-attempt", issue(day.keys, token))
    assert page.get("state").status_code == 200, "the control: an unchanged copy is good"
    page.client.set_cookie("khaothi-attempt", CHANGES[change](day, token))
    _all_refused(page)
    _untouched(day)


def test_the_token_without_its_machine_opens_nothing(day: Day) -> None:
    page = day.candidate("0001")
    machine = day.attempt("0001").machine_id
    assert machine is not None
    for cookie in (issue_machine(day.keys, UUID(int=7)), issue_machine(NodeKeys(bytes(32)), machine), "x", ""):
        page.client.set_cookie("khaothi-machine", cookie)
        _all_refused(page)
    page.client.delete_cookie("khaothi-machine")
    _all_refused(page)
    _untouched(day)


def test_staff_and_candidates_do_not_mix(day: Day) -> None:
    staff, candidate = day.browser(CHAIR), day.candidate("0001")
    assert staff.client.get("/thi/api/state").status_code == 401
    for path in ("/", "/ca-thi/", day.path(At.READY)):
        assert candidate.browser.open(path).heading == "Đăng nhập"


def test_answers_are_for_this_origin_only(day: Day) -> None:
    answer = day.candidate("0001").get("state", Origin="https://evil.example")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def _all_refused(page: CandidatePage) -> None:
    calls: list[Any] = [page.get(path) for path in ("state", "sealed", "result")]
    calls += [page.post(path, body) for path, body in DEEDS.items()]
    for answer in calls:
        assert (answer.status_code, answer.json["code"]) == (401, "signed_out")


def _untouched(day: Day) -> None:
    attempt = day.attempt("0001")
    assert (attempt.lease, attempt.writer_id, attempt.wiped_at) == (0, None, None)
