"""What the web server hands us (ASGI 3), and the two things every answer needs: a bounded body, one reply.

A body is awaited on the event loop, so a client that sends it byte by byte costs a little memory and no thread; it has
so many seconds, and never more bytes than were announced.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class SlowBody(Exception):
    """The body did not arrive in its time."""


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return the headers by their lower-case names; what came several times is joined as HTTP says (RFC 9110 §5.3)."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if len(headers) != len(scope["headers"]):
        headers.clear()
        for name, value in scope["headers"]:
            joint = b"; " if name == b"cookie" else b", "
            headers[name] = headers[name] + joint + value if name in headers else value
    return headers


async def read_body(receive: Receive, length: int, seconds: float) -> bytes:
    """Return the body in one piece; raise SlowBody. See `read_into`."""
    parts: list[bytes] = []
    await read_into(parts.append, receive, length, seconds)
    return b"".join(parts)


async def read_into(write: Callable[[bytes], object], receive: Receive, length: int, seconds: float) -> int:
    """Hand every piece of a body to `write` and return how long it was; raise SlowBody after so many seconds.

    Reading ends behind the announced `length`: what is longer has broken its word, what is shorter was cut off.
    """
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                part = message.get("body", b"")
                write(part)
                size += len(part)
                if size > length or not message.get("more_body", False):
                    return size
    except TimeoutError:
        raise SlowBody from None


async def send_whole(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
    """Send a reply whose body is known, with its length where one is due: the connection stays open for the next."""
    if status not in (204, 304) and all(name != b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
