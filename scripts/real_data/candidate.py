"""A simulated candidate: does over HTTP what the page does, from signing in to deleting its traces."""

import hashlib
import html
import json
import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from examapp.integrity.attempt_paper import open_paper
from examapp.integrity.canonical import b64u, b64u_decode
from scripts.real_data.files import Knowledge, seen

_BATCH = 10
_RESULT_SECONDS = 30
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Simulated:
    """A candidate before the sitting; `ability` is how many of 100 questions they know."""

    number: str
    code: str
    ability: int
    seed: str

    def chance(self, *about: object) -> int:
        """Return a number from 0 to 99 that depends on nothing but the candidate and what it is about."""
        digest = hashlib.sha256(" ".join(map(str, (self.seed, self.number, *about))).encode()).digest()
        return int.from_bytes(digest[:4], "big") % 100


@dataclass
class Sat:
    """What the script knows of a candidate after the submission."""

    number: str
    browser: "Browser"
    #: right answers by the script's own count
    correct: int
    #: questions of the paper that the script did not find among the imported ones
    unknown: int
    saved: int
    #: right answers by the page of the result
    shown: int | None = None


@dataclass
class Browser:
    """A connection that keeps cookies, as one browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes]:
        """Return status and body of one request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    cookie, _, text = value.split(";", 1)[0].partition("=")
                    self.cookies[cookie] = text
        finally:
            connection.close()
        return response.status, content

    def post(self, path: str, value: object, *expected: int) -> tuple[int, dict[str, Any]]:
        """Send JSON, again while the server says busy or slow down; stop the script on any other answer."""
        while True:
            status, content = self.send("POST", path, json.dumps(value).encode(), "application/json")
            answer = json.loads(content) if content else {}
            if status in (429, 503):
                time.sleep(answer.get("retry_ms", 500) / 1000)
                continue
            if status not in (expected or (200,)):
                raise RuntimeError(f"POST {path}: {status} {answer}")
            return status, answer

    def get(self, path: str) -> bytes:
        """Return the body of a page that must be there."""
        status, content = self.send("GET", path)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {content[:300]!r}")
        return content


def sit(port: int, person: Simulated, knowledge: Knowledge) -> Sat:
    """Sign in, wait for the start, answer everything, submit."""
    browser = Browser(port)
    _sign_in(browser, person)
    state = json.loads(browser.get("/thi/api/state"))
    sealed = browser.get("/thi/api/sealed")
    writer = hashlib.sha256(f"{person.seed} {person.number} page".encode()).digest()[:16]
    browser.post("/thi/api/lease", {"writer_id": b64u(writer)})
    time.sleep(max(0.0, (state["starts_at"] - state["now"]) / 1000))
    while (released := browser.post("/thi/api/key", {}, 200, 425))[0] == 425:
        time.sleep(0.2)
    key, now_ms, at = released[1]["key"], released[1]["now"], time.monotonic()
    paper = open_paper(
        b64u_decode(key),
        sealed,
        core_digest=b64u_decode(state["core_digest"]),
        attempt=UUID(state["attempt"]).bytes,
    )
    answers, correct, unknown = _decide(person, paper["items"], knowledge)
    rows = [[1, item, answer] for item, answer in answers] + [[3, -1, None]]
    saves = [
        [seq, kind, item, response, now_ms + int((time.monotonic() - at) * 1000)]
        for seq, (kind, item, response) in enumerate(rows, start=1)
    ]
    ack, receipt = 0, None
    for start in range(0, len(saves), _BATCH):
        _, answer = browser.post("/thi/api/saves", {"saves": saves[start : start + _BATCH]})
        ack, receipt = answer["ack"], answer.get("receipt")
    if ack != len(saves) or receipt is None:
        raise RuntimeError(f"{person.number}: {ack} of {len(saves)} rows acknowledged, receipt {receipt}")
    return Sat(person.number, browser, correct, unknown, ack)


def wait_for_result(one: Sat) -> int:
    """Return the number of right answers that the candidate is shown, and delete the page's stores."""
    end = time.monotonic() + _RESULT_SECONDS
    while time.monotonic() < end:
        status, content = one.browser.send("GET", "/thi/api/result")
        if status == 200:
            one.browser.post("/thi/api/wiped", {}, 204)
            return int(json.loads(content)["correct"])
        time.sleep(0.2)
    raise RuntimeError(f"{one.number}: no result after {_RESULT_SECONDS} s")


def _sign_in(browser: Browser, person: Simulated) -> None:
    token = _TOKEN.search(browser.get("/thi/dang-nhap").decode())
    form = {"number": person.number, "code": person.code, "csrf_token": html.unescape(token[1]) if token else ""}
    kind = "application/x-www-form-urlencoded"
    status, content = browser.send("POST", "/thi/dang-nhap", urlencode(form).encode(), kind)
    if status != 303:
        raise RuntimeError(f"sign-in of {person.number}: {status} {content[:500]!r}")


def _decide(
    person: Simulated, items: list[dict[str, Any]], knowledge: Knowledge
) -> tuple[list[tuple[int, int]], int, int]:
    """Return the answers, some corrected on the way, and how many end up right or stand in no file."""
    answers: list[tuple[int, int]] = []
    correct = unknown = 0
    for item, question in enumerate(items):
        options = question["options"]
        right = knowledge.get(seen(question["stem"], options))
        if right is None:
            unknown += 1
            continue
        place = options.index(right)
        knows = person.chance("knows", item) < person.ability
        answer = place if knows else (place + 1 + person.chance("guess", item) % (len(options) - 1)) % len(options)
        if person.chance("doubts", item) >= 90:
            answers.append((item, (answer + 1) % len(options)))
        answers.append((item, answer))
        correct += knows
    return answers, correct, unknown
