"""The web server's own limits, seen from a raw socket: a head that does not come, or does not end."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from examapp.core.asgi import Receive, Scope, Send, send_whole
from examapp.settings import load_settings
from examapp.web import server as web
from examapp.web.server import listen, server_for


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the path."""
    await send_whole(send, 200, [], scope["path"].encode())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Return where a server listens that waits half a second for a head."""
    monkeypatch.setattr(web, "HEAD_SECONDS", 0.5)
    server = server_for(load_settings({"INSTANCE_DIR": str(tmp_path)}), f"{__name__}:hello")
    listening = listen("127.0.0.1", 0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    yield listening.getsockname()
    server.should_exit = True
    thread.join()


def heard(place: tuple[str, int], *pieces: bytes) -> bytes:
    """Send pieces, a little apart, and return everything until the server closes the connection."""
    found, ended = b"", False
    with closing(socket.create_connection(place, timeout=5)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                # What has come is read at once: an abort throws away what the client has not read.
                connection.settimeout(0.05)
                with suppress(TimeoutError):
                    found += connection.recv(65_536)
            connection.settimeout(5)
            while not ended:
                found, ended = found + (part := connection.recv(65_536)), not part
        except (ConnectionResetError, BrokenPipeError):
            pass
    return found


HEAD = b"GET /a HTTP/1.1\r\nHost: x\r\n"


def test_head_in_pieces_is_answered(place: tuple[str, int]) -> None:
    answer = heard(place, HEAD[:10], HEAD[10:], b"Connection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"content-length: 2\r\n" in answer
    assert answer.endswith(b"\r\n\r\n/a")


@pytest.mark.parametrize("beginning", [b"", HEAD[:9], HEAD, HEAD + b"Cookie: a"])
def test_head_that_does_not_end_in_time_is_hung_up_on(place: tuple[str, int], beginning: bytes) -> None:
    assert heard(place, beginning) == b""


def test_second_head_has_its_own_time(place: tuple[str, int]) -> None:
    """A connection that served one request is no place to wait for ever either."""
    assert heard(place, HEAD + b"\r\n", HEAD).count(b"HTTP/1.1 200") == 1


def test_who_sends_blank_lines_between_requests_is_hung_up_on(place: tuple[str, int]) -> None:
    assert heard(place, HEAD + b"\r\n", *[b"\r\n"] * 15).count(b"HTTP/1.1 200") == 1


def test_who_is_answered_before_the_end_of_his_request_is_hung_up_on(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """He is left the time to read the answer, however much he still sends."""
    monkeypatch.setattr(web, "LEAVE_SECONDS", 0.5)
    request = HEAD.replace(b"GET", b"POST") + b"Content-Length: 900000\r\n\r\n"
    assert heard(place, request, *[b"x" * 20_000] * 6).count(b"HTTP/1.1 200") == 1


def test_head_that_grows_for_ever_is_hung_up_on(place: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "HEAD_SECONDS", 60)
    assert heard(place, HEAD, *[b"X-Long: " + b"y" * 20_000 + b"\r\n"] * 4) == b""


def test_quick_and_short_heads_are_not_counted_together(place: tuple[str, int]) -> None:
    request = HEAD + b"X-Long: " + b"y" * 20_000 + b"\r\n\r\n"
    answer = heard(place, *[request] * 5, HEAD + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200") == 6


def test_what_is_no_http_is_refused(place: tuple[str, int]) -> None:
    assert heard(place, b"\x16\x03\x01\x02\x00hello\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_two_processes_may_listen_on_one_port() -> None:
    with closing(listen("127.0.0.1", 0)) as first, closing(listen("127.0.0.1", first.getsockname()[1])) as second:
        assert first.getsockname() == second.getsockname()
