"""What the fast path lets in, what it passes on, and what each refusal says to the page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from examapp.answerlog import endpoint
from examapp.answerlog.endpoint import hot_path
from examapp.answerlog.token import cookie_names, issue_machine
from examapp.core.ids import new_id
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from tests.examapp.answerlog.conftest import DEADLINE, START, Page, Room, nothing_here, paper_key


def ms(moment: Any) -> int:
    """Return milliseconds since the epoch."""
    return round(moment.timestamp() * 1000)


def test_save_is_acknowledged_with_the_time(page: Page, room: Room) -> None:
    answer = page.answer(3, 2)
    now = answer.body["now"]
    assert answer.status == 200
    assert 0 <= now - ms(room.clock.now()) < 1000
    assert answer.body == {
        "ack": 1,
        "now": now,
        "closes_at": ms(DEADLINE),
        "incarnation": 1,
        "late": False,
        "notices": [],
    }
    assert answer.headers["cache-control"] == "no-store"
    assert page.kept() == [(1, 3, 2, False, False)]


def test_sign_of_life_stores_no_row_and_says_how_far_we_are(page: Page) -> None:
    page.answer(3, 2)
    answer = page.send()
    assert (answer.status, answer.body["ack"]) == (200, 1)
    assert len(page.log()) == 1


# --- the paper's key -------------------------------------------------------------------------------------------------


def test_key_is_released_from_the_start_on(room: Room) -> None:
    page = room.page()
    room.clock.moment = START - timedelta(seconds=1)
    early = page.key()
    assert (early.status, early.code, early.body["starts_at"]) == (425, "not_started", ms(START))
    assert early.body["now"] < ms(START)
    room.clock.moment = START
    answer = page.key()
    assert answer.status == 200
    assert answer.body["closes_at"] == ms(DEADLINE)
    assert answer.body["key"] == b64u(paper_key(page.attempt))


def test_key_of_a_rehearsal_waits_for_the_sign_in(room: Room) -> None:
    page = room.page(starts_at=None, closes_at=None, rehearsal=True)
    assert (page.key().status, page.key().body["starts_at"]) == (425, None)
    assert page.send().body["closes_at"] is None
    assert page.answer(1, 1).code == "not_started"


@pytest.mark.parametrize(("columns", "status", "code"), [
    ({"lease": 2}, 409, "lease"),
    ({"closed_at": START, "closed_by": "voided", "voided_at": START}, 410, "closed"),
])  # fmt: skip
def test_key_is_refused_to_who_may_not_write(room: Room, columns: dict[str, Any], status: int, code: str) -> None:
    page = room.page(**columns)
    page.lease = 1
    answer = page.key()
    assert (answer.status, answer.code) == (status, code)
    assert "key" not in answer.body


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/thi/api/saves", "/thi/api/key"])
def test_nobody_is_signed_out(room: Room, path: str) -> None:
    answer = room.post(path, {"saves": []}, "")
    assert (answer.status, answer.code) == (401, "signed_out")
    assert "đăng nhập lại" in answer.body["message"]


def test_expired_token_is_signed_out(page: Page, room: Room) -> None:
    cookies = page.cookies()
    assert room.post("/thi/api/saves", {"saves": []}, cookies).status == 200
    room.clock.advance(2 * 3600)
    assert room.post("/thi/api/saves", {"saves": []}, cookies).code == "signed_out"


def test_token_on_another_machine_is_signed_out(page: Page, room: Room) -> None:
    names = cookie_names(False)
    foreign = f"{names.attempt}={page.token()}; {names.machine}={issue_machine(room.keys, new_id())}"
    alone = f"{names.attempt}={page.token()}"
    for cookies in (foreign, alone):
        assert room.post("/thi/api/saves", {"saves": []}, cookies).code == "signed_out"


def test_token_of_another_sitting_does_not_open_this_attempt(page: Page, room: Room) -> None:
    """Signed by this very node, but for another sitting: its lock is not the one that sealing this attempt takes."""
    page.answer(1, 1)
    for path, body in (("saves", {"saves": []}), ("saves", {"saves": [page.row(2, 0, 1)]}), ("key", {})):
        answer = room.post(f"/thi/api/{path}", body, page.cookies(sitting=new_id()))
        assert (answer.status, answer.code) == (401, "signed_out")
    end = room.post("/thi/api/saves", {"saves": [page.row(2, -1, None, 3)]}, page.cookies(sitting=new_id()))
    assert (end.status, end.code) == (401, "signed_out"), "the careful way, too"
    assert len(page.log()) == 1


def test_token_of_another_node_is_a_forgery(page: Page, room: Room) -> None:
    """The right ids under the keys of another node."""
    other = NodeKeys(bytes(reversed(range(32))))
    honest, room.keys = room.keys, other
    forged = page.cookies()
    room.keys = honest
    assert room.post("/thi/api/saves", {"saves": []}, forged).code == "signed_out"


def test_a_token_writes_to_its_own_attempt_only(room: Room) -> None:
    mine, theirs = room.page(), room.page()
    mine.answer(1, 1)
    assert theirs.log() == []
    assert len(mine.log()) == 1


def test_attempt_that_no_longer_exists_is_signed_out(page: Page, room: Room) -> None:
    page.attempt = new_id()
    assert page.send().code == "signed_out"
    assert page.answer(1, 1).code == "signed_out"
    assert page.submit().code == "signed_out"
    assert page.key().code == "signed_out"


# --- how ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"content-length": None}, 411, "length_required"),
        ({"content-length": ""}, 411, "length_required"),
        ({"content-length": "-1"}, 422, "bad_body"),
        ({"content-length": "٣"}, 422, "bad_body"),
        ({"content-length": str(64 * 1024 + 1)}, 413, "too_large"),
        ({"content-length": str(10 * 1024 * 1024)}, 413, "too_large"),
        ({"content-length": "9" * 400}, 413, "too_large"),
        ({"content-type": "text/plain"}, 415, "not_json"),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, "not_json"),
        ({"content-type": None}, 415, "not_json"),
        ({"sec-fetch-site": "cross-site"}, 403, "foreign_page"),
        ({"sec-fetch-site": "same-site"}, 403, "foreign_page"),
        ({"sec-fetch-site": None}, 403, "foreign_page"),
    ],
)
def test_request_of_another_shape_is_refused_unread(
    page: Page, room: Room, headers: dict[str, Any], status: int, code: str
) -> None:
    page.headers = headers
    answer = page.send()
    assert (answer.status, answer.code) == (status, code)
    assert answer.body["message"]
    assert not room.body_read


def test_body_that_does_not_come_is_not_waited_for(page: Page, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that dribbles, or whose cable is pulled, holds nothing but its own request."""
    monkeypatch.setattr(endpoint, "BODY_SECONDS", 0.05)
    room.body_comes = False
    answer = page.answer(1, 1)
    assert (answer.status, answer.code) == (408, "slow_body")
    assert answer.body["retry_ms"] > 0
    assert page.log() == []


def test_charset_in_the_content_type_is_fine(page: Page) -> None:
    page.headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert page.answer(1, 1).status == 200


def test_body_shorter_than_announced_is_refused(page: Page, room: Room) -> None:
    answer = room.post("/thi/api/saves", b'{"saves":[]}', page.cookies(), {"content-length": "500"})
    assert (answer.status, answer.code) == (422, "bad_body")


@pytest.mark.parametrize("body", [b"", b"[]", b'{"saves":[[1,1,0,1.5,10]]}', b'{"saves":[[1,1,0,1]]}'])
def test_malformed_batch_is_refused(page: Page, room: Room, body: bytes) -> None:
    answer = room.post("/thi/api/saves", body, page.cookies())
    assert answer.status == 422
    assert "tải lại trang" in answer.body["message"]


def test_key_wants_an_empty_object(page: Page, room: Room) -> None:
    assert room.post("/thi/api/key", {"attempt": 1}, page.cookies()).status == 422


def test_item_outside_the_paper(page: Page) -> None:
    answer = page.answer(10, 1)
    assert (answer.status, answer.code) == (422, "bad_item")
    assert page.log() == []


def test_too_many_requests_are_told_when_to_come_back(page: Page, room: Room) -> None:
    hot = hot_path(nothing_here, dsn=room.database.url, keys=room.keys, clock=room.clock, secure_cookies=False)
    calm, room.hot = room.hot, hot
    answers = [page.send() for _ in range(12)]
    room.hot = calm
    hot.close()
    slow = [answer for answer in answers if answer.status == 429]
    assert slow
    assert all(answer.code == "slow_down" and 0 < answer.body["retry_ms"] <= 200 for answer in slow)
    assert [answer.status for answer in answers[:10]] == [200] * 10


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/thi/api/saves"), ("GET", "/thi/"), ("POST", "/thi/api/saves/"), ("POST",
    "/thi/api/lease"), ("PUT", "/thi/api/key")],
)  # fmt: skip
def test_everything_else_is_passed_on(page: Page, room: Room, method: str, path: str) -> None:
    answer = room.post(path, {}, page.cookies(), {"method": method})
    assert (answer.status, answer.code) == (404, "passed_on")


def test_secure_cookies_have_the_host_prefix(room: Room, page: Page) -> None:
    hot = hot_path(nothing_here, dsn=room.database.url, keys=room.keys, clock=room.clock, secure_cookies=True)
    calm, room.hot = room.hot, hot
    plain = room.post("/thi/api/saves", {"saves": []}, page.cookies())
    names = cookie_names(True)
    cookies = f"{names.attempt}={page.token()}; {names.machine}={issue_machine(room.keys, page.machine)}"
    prefixed = room.post("/thi/api/saves", {"saves": []}, cookies)
    room.hot = calm
    hot.close()
    assert (plain.code, prefixed.status) == ("signed_out", 200)


def test_broken_release_key_is_an_answer_too(room: Room) -> None:
    """Somebody exchanged two wrapped keys in the database: neither opens, and the page is told."""
    page = room.page(release_key=bytes(60))
    answer = page.key()
    assert (answer.status, answer.code) == (500, "failed")


def test_first_of_two_cookies_with_one_name_wins(page: Page, room: Room) -> None:
    names = cookie_names(False)
    assert room.post("/thi/api/saves", {"saves": []}, page.cookies() + f"; {names.attempt}=x").status == 200
    assert room.post("/thi/api/saves", {"saves": []}, f"{names.attempt}=x; " + page.cookies()).status == 401


def test_flood_from_one_page_stays_within_the_numbers_it_may_use(page: Page) -> None:
    """Protocols §5: neither 2^31 nor the row after the last number gets in, however often it is sent."""
    for seq in (2**31, 2**63, 20_001):
        assert page.send([seq, 1, 0, 1, 0]).status == 422
    assert page.send([20_000, 1, 0, 1, 0]).code == "gap"
    assert page.log() == []


def test_ids_never_come_from_the_body(page: Page, room: Room) -> None:
    body = {"saves": [], "attempt": str(UUID(int=1))}
    assert room.post("/thi/api/saves", body, page.cookies()).status == 422
