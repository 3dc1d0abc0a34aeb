"""The bridge from the event loop to the pages: a request arrives whole or not at all, and a reply leaves as it was."""

import asyncio
from typing import Any

import pytest
from flask import Flask, request

from examapp.core.asgi import Message
from examapp.web import bridge, limits
from examapp.web.bridge import Bridge
from examapp.web.limits import BodyLimits


@pytest.fixture
def app() -> Flask:
    """Return an application that tells what it was asked."""
    app = Flask(__name__)

    @app.route("/<path:name>", methods=["GET", "POST"])
    def tell(name: str) -> Any:
        return {
            "name": name,
            "query": request.args.get("q"),
            "cookies": request.cookies,
            "address": request.remote_addr,
            "url": request.url,
            "field": request.form.get("field"),
        }, {"Set-Cookie": "a=1", "X-Words": "có dấu".encode().decode("latin-1")}

    @app.post("/size")
    @limits.accepts_files
    def size() -> str:
        return str(len(request.get_data()))

    limits.init_app(app, forms=1_000, files=2_000_000)
    return app


def ask(app: Flask, method: str, path: str, *pieces: bytes | None, **changes: Any) -> list[Message]:
    """Send a request in pieces and return what comes back; a piece of None never arrives."""
    headers = {"host": "thi.example", "content-type": "application/x-www-form-urlencoded"} | changes.pop("headers", {})
    if pieces:
        headers.setdefault("content-length", str(sum(len(piece) for piece in pieces if piece)))
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"q=%C4%91", "http_version": "1.1",
        "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("192.0.2.7", 4000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()] + changes.pop("more", []),
    }  # fmt: skip
    coming, sent = list(pieces), []

    async def receive() -> Message:
        if coming and coming[0] is None:
            await asyncio.sleep(60)
        piece = (coming.pop(0) if coming else b"") or b""
        if changes.get("hangs_up") and not coming:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(coming)}

    async def send(message: Message) -> None:
        sent.append(message)

    front = changes.pop("front", None) or Bridge(app.wsgi_app, refusal=app.extensions["body_limits"].refusal, threads=2)
    asyncio.run(front(scope, receive, send))
    return sent


def told(app: Flask, sent: list[Message]) -> dict[str, Any]:
    """Return the JSON of a reply."""
    return app.json.loads(sent[1]["body"])  # type: ignore[no-any-return]


def test_request_reaches_the_page_as_it_was_sent(app: Flask) -> None:
    answer = told(app, ask(app, "GET", "/ca thi/đề", more=[(b"cookie", b"a=1"), (b"cookie", b"b=2")]))
    assert answer == {
        "name": "ca thi/đề",
        "query": "đ",
        "cookies": {"a": "1", "b": "2"},
        "address": "192.0.2.7",
        "url": "http://thi.example/ca%20thi/đề?q=đ",
        "field": None,
    }


def test_reply_keeps_its_status_and_headers(app: Flask) -> None:
    assert ask(app, "DELETE", "/x")[0]["status"] == 405
    start, _ = ask(app, "GET", "/x")
    headers = dict(start["headers"])
    assert headers[b"set-cookie"] == b"a=1"
    assert headers[b"x-words"] == "có dấu".encode()


def test_body_in_pieces_is_put_together(app: Flask) -> None:
    assert told(app, ask(app, "POST", "/x", b"fie", b"ld=%C4", b"%91"))["field"] == "đ"


def test_large_file_waits_on_disk(app: Flask) -> None:
    pieces = [bytes(500_000)] * 3
    assert ask(app, "POST", "/size", *pieces, headers={"content-type": "text/plain"})[1]["body"] == b"1500000"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": "1001"}, 413),
        ({"content-length": "9" * 40}, 413),
        ({"content-length": "x"}, 411),
        ({"content-length": "5", "transfer-encoding": "chunked"}, 411),
    ],
)
def test_body_that_is_refused_is_not_waited_for(app: Flask, headers: dict[str, str], status: int) -> None:
    start, _ = ask(app, "POST", "/x", None, headers=headers)
    assert start["status"] == status


def test_body_that_does_not_come_in_time_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    start, _ = ask(app, "POST", "/x", b"field", None, headers={"content-length": "10"})
    assert start["status"] == 408


def test_only_so_many_large_bodies_are_taken_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small one is taken all the same, and a large one again when there is room."""
    front = Bridge(app.wsgi_app, refusal=app.extensions["body_limits"].refusal, threads=2)

    def status(size: int) -> int:
        return ask(app, "POST", "/size", bytes(size), front=front)[0]["status"]  # type: ignore[no-any-return]

    monkeypatch.setattr(bridge, "MOST_LARGE", 1)
    assert [status(20_000), status(20_000)] == [200, 200]
    monkeypatch.setattr(bridge, "MOST_LARGE", 0)
    assert [status(bridge.LARGE), status(bridge.LARGE + 1)] == [200, 503]


def test_client_that_hangs_up_changes_nothing(app: Flask) -> None:
    """Half of a form must never be taken for the whole."""
    assert ask(app, "POST", "/x", b"field=1", b"", headers={"content-length": "20"}, hangs_up=True) == []


def test_longer_body_than_announced_changes_nothing(app: Flask) -> None:
    assert ask(app, "POST", "/x", b"field=1", b"2345", headers={"content-length": "7"}) == []


def test_what_an_old_application_writes_comes_before_what_it_returns(app: Flask) -> None:
    def old(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])(b"written ")
        return [b"returned"]

    app.wsgi_app = BodyLimits(app, forms=1_000, files=2_000)  # type: ignore[method-assign]
    app.wsgi_app.inner = old
    assert ask(app, "GET", "/x")[1]["body"] == b"written returned"
