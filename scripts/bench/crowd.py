"""Many pages that do one thing in the same second, over connections of their own, each timed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from scripts.bench.stock import Seat

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Crowd:
    """How long each request took, in milliseconds, sorted, and how many were not answered with 200."""

    times: Sequence[float]
    failed: int

    def percentile(self, share: float) -> float:
        """Return the time within which so many were answered."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * share))]


def post_at_once(port: int, seats: Sequence[Seat], path: str, body: Callable[[int], str], *, connected: bool) -> Crowd:
    """Post from every seat at the same moment; `connected`: the pages' connections are open already."""
    return asyncio.run(_post_at_once(port, seats, path, body, connected))


async def _post_at_once(
    port: int, seats: Sequence[Seat], path: str, body: Callable[[int], str], connected: bool
) -> Crowd:
    connections = [await _connect(port) for _ in seats] if connected else [None] * len(seats)
    requests = [_request(seat, path, body(number)) for number, seat in enumerate(seats)]
    start = perf_counter()

    async def one(request: bytes, connection: Connection | None) -> tuple[bool, float]:
        good = await _exchange(request, connection or await _connect(port))
        return good, (perf_counter() - start) * 1000

    waiting: list[Awaitable[tuple[bool, float]]] = [
        one(request, connection) for request, connection in zip(requests, connections, strict=True)
    ]
    found = await asyncio.gather(*waiting)
    return Crowd(sorted(time for _, time in found), sum(not good for good, _ in found))


async def _connect(port: int) -> Connection:
    return await asyncio.open_connection("127.0.0.1", port)


async def _exchange(request: bytes, connection: Connection) -> bool:
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.startswith(b"HTTP/1.1 200")


def _request(seat: Seat, path: str, body: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {seat.cookies}\r\nContent-Type: application/json\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()
