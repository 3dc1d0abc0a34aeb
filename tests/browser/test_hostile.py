"""Bad input at the edge, against the running server: a clear answer each time, and nothing changed."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import APIResponse, BrowserContext

from examapp.answerlog.token import Token, issue, issue_machine, verify
from examapp.core.clock import to_millis
from examapp.delivery.models import SignInFailure
from tests.browser.arrange import Server, Sitting
from tests.browser.exam_page import ExamPage, enter

PAGE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


def save(machine: BrowserContext, *rows: list, headers: dict[str, str] = PAGE) -> APIResponse:
    """Send rows to the log as this machine."""
    return machine.request.post("/thi/api/saves", headers=headers, data=json.dumps({"saves": list(rows)}))


def patiently(send: Callable[[], APIResponse]) -> APIResponse:
    """Send again when the limit on requests was what answered."""
    while (reply := send()).status == 429:
        time.sleep(reply.json()["retry_ms"] / 1000)
    return reply


def answer(seq: int, item: int = 0, response: object = 1) -> list:
    return [seq, 1, item, response, to_millis(datetime.now(UTC))]


def cookie(machine: BrowserContext, name: str) -> str:
    return next(found["value"] for found in machine.cookies() if found["name"] == name)


def give(browser: BrowserContext, server: Server, **cookies: str) -> None:
    """Put cookies on the machine, replacing what it has under these names."""
    browser.add_cookies(
        [{"name": f"khaothi-{name}", "value": value, "url": server.url} for name, value in cookies.items()]
    )


@pytest.fixture
def seated(machine: BrowserContext, make_sitting) -> tuple[Sitting, str, ExamPage]:
    """Return a sitting with its first candidate at work, one answer on the server."""
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    room.all_on_server()
    room.page.close()  # what follows is not the page's doing
    return sitting, number, room


def unchanged(sitting: Sitting, number: str, room: ExamPage) -> bool:
    attempt = sitting.attempt(number)
    return len(sitting.saves(number)) == 1 and sitting.final_answers(number) == room.chosen and attempt.lease == 1


def test_a_control_save_is_taken(machine: BrowserContext, seated) -> None:
    """What the refused requests below differ from: this one is accepted."""
    sitting, number, _ = seated
    reply = save(machine, answer(2))
    assert (reply.status, reply.json()["ack"]) == (200, 2)
    assert len(sitting.saves(number)) == 2


def test_tokens_that_are_not_this_pages(machine: BrowserContext, server: Server, make_sitting, seated) -> None:
    sitting, number, room = seated
    good = cookie(machine, "khaothi-attempt")
    token = verify(server.keys, good, datetime.now(UTC))
    assert isinstance(token, Token)
    other = make_sitting()
    neighbour = sitting.attempt(list(sitting.codes)[1])
    past = datetime.now(UTC) - timedelta(seconds=5)

    def signed(**changes: object) -> str:
        return issue(server.keys, Token(**{**_fields(token), **changes}))  # type: ignore[arg-type]

    tokens = {
        "none": "",
        "nonsense": "x" * len(good),
        "too short": good[:-1],
        "one bit forged": good[:20] + ("A" if good[20] != "A" else "B") + good[21:],
        "another attempt written over it": good[:40] + good[60:80] + good[60:],
        "expired": signed(expires=past, issued=past),
        "given to another machine": signed(machine=uuid4()),
        "an attempt that does not exist": signed(attempt=uuid4()),
    }
    for why, value in tokens.items():
        give(machine, server, attempt=value)
        reply = save(machine, answer(2))
        assert reply.status == 401, why
        assert reply.json()["code"] == "signed_out", why
        assert "đăng nhập lại" in reply.json()["message"], why
        assert machine.request.post("/thi/api/key", headers=PAGE, data="{}").status == 401, why
        if why != "expired":  # it still reads its own result, and nothing else happens
            assert machine.request.get("/thi/api/sealed").status == 401, why
    assert unchanged(sitting, number, room)
    assert sitting.attempt(neighbour.candidate_number).lease == 0

    # only the node itself could sign this one: attempt and sitting do not belong together
    give(machine, server, attempt=signed(sitting=other.id))
    for path in ("state", "sealed", "result"):
        assert machine.request.get(f"/thi/api/{path}").status == 401
    assert save(machine, answer(2)).json()["code"] == "signed_out"
    assert machine.request.post("/thi/api/key", headers=PAGE, data="{}").status == 401
    body = json.dumps({"writer_id": "A" * 22})
    assert machine.request.post("/thi/api/lease", headers=PAGE, data=body).status == 401

    give(machine, server, attempt=good)
    for machine_cookie in ("", "x" * 64, issue_machine(server.keys, uuid4())):
        give(machine, server, machine=machine_cookie)
        assert save(machine, answer(2)).status == 401
    assert unchanged(sitting, number, room)


def test_a_neighbours_cookie_on_this_machine(
    machine: BrowserContext, new_machine: Callable, server: Server, seated
) -> None:
    sitting, number, room = seated
    thief, (thief_number, thief_code) = new_machine(), list(sitting.codes.items())[1]
    enter(thief, thief_number, thief_code).at_question(1)
    give(thief, server, attempt=cookie(machine, "khaothi-attempt"))
    for reply in (save(thief, answer(2)), thief.request.get("/thi/api/state"), thief.request.get("/thi/api/sealed")):
        assert (reply.status, reply.json()["code"]) == (401, "signed_out")
    assert unchanged(sitting, number, room)


def test_rows_that_no_page_sends(machine: BrowserContext, seated) -> None:
    sitting, number, room = seated
    now = to_millis(datetime.now(UTC))
    batches = {
        "a gap": ([answer(3)], 409),
        "another content under a stored number": ([[1, 1, 0, 3 - room.chosen[0], now]], 409),
        "an item that the paper does not have": ([answer(2, item=8)], 422),
        "a number beyond the limit": ([answer(20_001)], 422),
        "65 rows": ([answer(seq) for seq in range(2, 67)], 422),
        "not ascending": ([answer(3), answer(2)], 422),
        "an unknown kind": ([[2, 9, 0, 1, now]], 422),
        "a floating number": ([[2, 1, 0, 1.5, now]], 422),
        "a long response": ([[2, 1, 0, "x" * 1100, now]], 422),
        "an answer behind the submission": ([[2, 3, -1, None, now], answer(3)], 422),
    }
    for why, (rows, status) in batches.items():
        reply = patiently(lambda rows=rows: save(machine, *rows))
        assert reply.status == status, why
        assert reply.json()["message"], why
    for body in ("", "[]", "{", '{"saves": 1}', '{"saves": [], "more": 1}', '{"saves": [], "saves": []}', "\x00" * 50):
        reply = patiently(lambda body=body: machine.request.post("/thi/api/saves", headers=PAGE, data=body))
        assert reply.status in (411, 422), body
    assert unchanged(sitting, number, room)


def test_requests_that_do_not_come_from_the_page(machine: BrowserContext, seated) -> None:
    sitting, number, room = seated
    wrong = [
        ({"Content-Type": "application/json"}, 403),
        ({**PAGE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**PAGE, "Sec-Fetch-Site": "none"}, 403),
        ({**PAGE, "Content-Type": "text/plain"}, 415),
        ({**PAGE, "Content-Type": "application/x-www-form-urlencoded"}, 415),
    ]
    for headers, status in wrong:
        reply = save(machine, answer(2), headers=headers)
        assert reply.status == status
        assert reply.json()["message"]
    for path in ("lease", "wiped"):
        body = json.dumps({"writer_id": "A" * 22})
        assert (
            machine.request.post(f"/thi/api/{path}", headers={"Content-Type": "application/json"}, data=body).status
            == 403
        )
    assert unchanged(sitting, number, room)
    assert sitting.attempt(number).wiped_at is None


def test_ten_megabytes_and_a_flood(machine: BrowserContext, server: Server, seated) -> None:
    sitting, number, room = seated
    big = b'{"saves": [' + b" " * 10_000_000 + b"]}"
    for path in ("/thi/api/saves", "/thi/api/key", "/thi/api/lease", "/thi/dang-nhap"):
        status, body = _post(server, path, big, {**PAGE, "Cookie": _cookies(machine)})
        assert status == 413, path
        assert body, path
    headers = {**PAGE, "Cookie": _cookies(machine)}
    with ThreadPoolExecutor(8) as pool:  # one after the other, a slow machine would stay below the limit
        replies = list(pool.map(lambda _: _post(server, "/thi/api/saves", b'{"saves": []}', headers), range(60)))
    assert {status for status, _ in replies} == {200, 429}
    slowed = [json.loads(body) for status, body in replies if status == 429]
    assert all(reply["code"] == "slow_down" and reply["retry_ms"] > 0 for reply in slowed)
    assert unchanged(sitting, number, room)


def test_wrong_codes_slow_down_nobody_else(server: Server, make_sitting) -> None:
    sitting: Sitting = make_sitting()
    (number, code), (other, other_code) = sitting.codes.items()
    statuses = [_sign_in(server, number, f"AAAA-BBBB-{index:04d}")[0] for index in range(3)]
    assert statuses == [401] * 3
    with server.session() as session:  # more of them, so that the wait is longer than the slowest machine needs here
        failures = [SignInFailure(candidate_number=number, address="127.0.0.1", at=datetime.now(UTC)) for _ in "1234"]
        session.add_all(failures)
    for index in range(3, 10):
        status, body = _sign_in(server, number, f"AAAA-BBBB-{index:04d}")
        assert status == 429
        assert re.search(r"Chờ \d+ giây rồi thử lại", body)
    assert sitting.attempt(number).machine_id is None
    assert _sign_in(server, other, other_code)[0] == 303, "another number from the same address"
    assert _sign_in(server, number, code)[0] == 303, "the right code has no need to wait"


def _fields(token: Token) -> dict[str, object]:
    return {name: getattr(token, name) for name in Token.__dataclass_fields__}


def _cookies(machine: BrowserContext) -> str:
    return "; ".join(f"{found['name']}={found['value']}" for found in machine.cookies())


@contextmanager
def _connection(server: Server, address: str) -> Iterator[http.client.HTTPConnection]:
    """Connect from an address of this machine, without a browser's manners."""
    host = urlsplit(server.url).netloc
    with closing(http.client.HTTPConnection(host, timeout=30, source_address=(address, 0))) as connection:
        yield connection


def _post(server: Server, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Post a body; the server may answer before it has read all of it."""
    with _connection(server, "127.0.0.1") as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", path, body, headers)
        with connection.getresponse() as reply:
            return reply.status, reply.read().decode()


def _sign_in(server: Server, number: str, code: str, address: str = "127.0.0.1") -> tuple[int, str]:
    """Send the sign-in form as a browser does, from another address when asked."""
    with _connection(server, address) as connection:
        connection.request("GET", "/thi/dang-nhap")
        with connection.getresponse() as page:
            token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())[1]  # type: ignore[index]
            sent = [value.split(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie"]
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(sent), "Origin": server.url}
        body = urlencode({"number": number, "code": code, "csrf_token": token})
        connection.request("POST", "/thi/dang-nhap", body, headers)
        with connection.getresponse() as reply:
            return reply.status, reply.read().decode()
