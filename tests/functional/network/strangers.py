"""Clients without manners: they connect in hundreds, and send a byte now and then, or nothing at all."""

import asyncio
import http.client
import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from threading import Event, Thread
from time import monotonic

from tests.functional.network.conftest import WebServer


def head(path: str, length: int, *, cookies: str = "", kind: str = "application/json") -> bytes:
    """Return the head of a POST that promises a body."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nContent-Type: {kind}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


@contextmanager
def dribbling(web: WebServer, beginnings: Sequence[bytes], every: float = 0.2) -> Iterator[list[socket.socket]]:
    """Open a connection for each beginning, send it, and one byte more every so many seconds until the block ends."""
    with ExitStack() as open_ones:
        sockets = []
        for beginning in beginnings:
            one = open_ones.enter_context(closing(socket.create_connection(web.place, timeout=10)))
            one.setblocking(False)
            if beginning:
                one.send(beginning)
            sockets.append(one)
        stop = Event()
        thread = Thread(target=_dribble, args=(sockets, stop, every))
        thread.start()
        try:
            yield sockets
        finally:
            stop.set()
            thread.join()


def _dribble(sockets: Sequence[socket.socket], stop: Event, every: float) -> None:
    while not stop.wait(every):
        for one in sockets:
            try:
                one.send(b" ")
            except OSError:
                continue  # closed by the server, or full


def timed(web: WebServer, method: str, path: str, cookies: str = "", body: object = None) -> tuple[int, bytes, float]:
    """Send one honest request over a connection of its own; return status, body and how long it took."""
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": cookies}
    began = monotonic()
    with closing(http.client.HTTPConnection(*web.place, timeout=20)) as connection:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        with connection.getresponse() as reply:
            return reply.status, reply.read(), monotonic() - began


def fire(
    web: WebServer,
    requests: Iterator[bytes],
    answers: list[tuple[int, bytes]],
    *,
    connections: int = 8,
    pipelined: int = 25,
    seconds: float,
) -> None:
    """Send requests as fast as the server takes them, many at once on each connection; add status and body of each.

    Fails when the server has not answered all of them within so many seconds.
    """

    async def one() -> None:
        reader, writer = await asyncio.open_connection(*web.place)
        while batch := list(islice(requests, pipelined)):
            writer.write(b"".join(batch))
            for _ in batch:
                answers.append(await _answer(reader))  # noqa: PERF401 - whoever makes the requests looks at each
        writer.close()
        await writer.wait_closed()

    async def all_of_them() -> None:
        async with asyncio.timeout(seconds):
            await asyncio.gather(*[one() for _ in range(connections)])

    asyncio.run(all_of_them())


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return status and body of the next answer on a connection."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    lengths = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
    assert lengths, "an answer without its length"
    return int(first.split()[1]), await reader.readexactly(lengths[0])
