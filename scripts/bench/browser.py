"""One candidate's browser, as far as the server can tell: everything a page requests from sign-in to receipt."""

import json
import re
from base64 import urlsafe_b64encode
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from secrets import token_bytes
from time import sleep, time
from typing import Any
from urllib.parse import urlencode

from scripts.bench.line import QUESTIONS, Person


class Browser:
    """Keeps one connection and its cookies; `sent` counts its requests."""

    def __init__(self, port: int, person: Person) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._person = person
        self._cookies: dict[str, str] = {}
        self._seq = 0
        self.sent = 0

    def sign_in(self) -> None:
        """Fill in the form."""
        _, page = self._request("GET", "/thi/dang-nhap")
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, "the sign-in page has no forgery token"
        form = {"number": self._person.number, "code": self._person.code, "csrf_token": found[1].decode()}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, body = self._request("POST", "/thi/dang-nhap", urlencode(form).encode(), headers)
        assert status == 303, (status, body)

    def load(self) -> None:
        """Load the shell with what it names, the state, the sealed paper, a lease and the key."""
        _, shell = self._request("GET", "/thi/")
        for path in sorted({found.decode() for found in re.findall(rb'"(/static/[^"]+)"', shell)}):
            self._request("GET", path)
        self._get("/thi/api/state")
        self._request("GET", "/thi/api/sealed")
        self._post("/thi/api/lease", {"writer_id": urlsafe_b64encode(token_bytes(16)).rstrip(b"=").decode()})
        assert "key" in self._post("/thi/api/key", {})

    def answer(self, item: int) -> None:
        """Send one answer."""
        self._save(1, item % QUESTIONS, item % 4)

    def show_life(self) -> None:
        """Send a heartbeat."""
        self._post("/thi/api/saves", {"saves": []})

    def submit(self) -> None:
        """Submit and get the receipt."""
        assert "receipt" in self._save(3, -1, None)
        self._connection.close()

    def _save(self, kind: int, item: int, response: int | None) -> dict[str, Any]:
        self._seq += 1
        row = [self._seq, kind, item, response, int(time() * 1000)]
        reply = self._post("/thi/api/saves", {"saves": [row]})
        assert reply["ack"] == self._seq
        return reply

    def _get(self, path: str) -> dict[str, Any]:
        status, body = self._request("GET", path)
        assert status == 200, (status, body)
        found: dict[str, Any] = json.loads(body)
        return found

    def _post(self, path: str, value: object) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
        while True:
            status, body = self._request("POST", path, json.dumps(value).encode(), headers)
            if status != 429:
                break
            sleep(0.2)
        assert status == 200, (status, body)
        found: dict[str, Any] = json.loads(body)
        return found

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, {"Cookie": cookie, **(headers or {})})
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        self.sent += 1
        return response.status, response.read()
