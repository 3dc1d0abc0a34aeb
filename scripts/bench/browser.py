"""One candidate's browser, as far as the server can tell: everything a page requests from sign-in to receipt."""

import json
import re
from base64 import urlsafe_b64encode
from secrets import token_bytes
from socket import create_connection
from time import sleep, time
from typing import Any
from urllib.parse import urlencode

from scripts.bench.line import QUESTIONS, Person


class Browser:
    """Keeps one connection and its cookies; `sent` counts its requests."""

    def __init__(self, port: int, person: Person) -> None:
        self._socket = create_connection(("127.0.0.1", port), timeout=30)
        self._person = person
        self._cookies: dict[str, str] = {}
        self._seq = 0
        self.sent = 0

    def sign_in(self) -> None:
        """Fill in the form."""
        status, page = self._request("GET", "/thi/dang-nhap")
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, (status, page[:2000])
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
        self._socket.close()

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
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Cookie: {cookie}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        self.sent += 1
        return self._response()

    def _response(self) -> tuple[int, bytes]:
        """Read one response and keep its cookies; the standard client costs as much as the server it measures."""
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        length = 0
        for line in data[:end].decode("latin-1").split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "set-cookie":
                cookie, _, content = value.strip().partition(";")[0].partition("=")
                self._cookies[cookie] = content
        body = data[end + 4 :]
        while len(body) < length:
            body += self._more()
        return int(data[9:12]), body

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data
