"""Strangers who send slowly, or nothing, hold up nobody, however many; and after a while they are shown the door."""

from select import select
from socket import socket
from time import monotonic, time

import pytest

from tests.faults.candidate import Candidate, seat
from tests.functional.network.conftest import WebServer
from tests.functional.network.strangers import dribbling, head, timed

FORM = "application/x-www-form-urlencoded"
#: idle, the server needs a hundredth of it; a server without a free thread answers after minutes, or never
SOON = 5.0


def save(web: WebServer, candidate: Candidate) -> float:
    """Save one answer and return how long it took."""
    seq = candidate.ack + 1
    row = [seq, 1, 0, 1, int(time() * 1000)]
    status, body, seconds = timed(web, "POST", "/thi/api/saves", candidate.cookies, {"saves": [row]})
    assert status == 200, body
    candidate.ack = seq
    return seconds


def check_everybody_is_served(web: WebServer, candidate: Candidate) -> None:
    """Save, sign in and look at pages; each within the time that a person waits."""
    assert max(save(web, candidate) for _ in range(4)) < SOON
    for path in ("/thi/dang-nhap", "/dang-nhap", "/thi/"):
        status, _, seconds = timed(web, "GET", path)
        assert (status, seconds < SOON) == (200, True), path
    status, _, seconds = timed(web, "POST", "/thi/dang-nhap", body={})
    assert (status, seconds < SOON) == (400, True), "a form without its token is read and refused"


def slow_kinds(insider: Candidate) -> list[bytes]:
    """Return the beginnings of requests whose bodies are read by different parts of the server."""
    return [
        head("/thi/api/saves", 60_000, cookies=insider.cookies),
        head("/thi/api/key", 60_000, cookies=insider.cookies),
        head("/thi/dang-nhap", 10_000, kind=FORM),
        head("/dang-nhap", 1_000_000, kind=FORM),
    ]


#: nothing at all, and half of a head
SILENT = [b"", b"POST /thi/api/saves HTTP/1.1\r\nHost: loc"]


def test_bodies_that_come_byte_by_byte(web: WebServer) -> None:
    honest, insider = seat(web.settings, 2)
    save(web, honest)  # the server's first takes longer: it connects to its database
    kinds, strangers = slow_kinds(insider), 600
    assert strangers > 10 * web.settings.workers * web.settings.threads
    with dribbling(web, [kinds[number % 4] for number in range(strangers)]):
        check_everybody_is_served(web, honest)


def test_connections_on_which_nothing_or_half_a_head_comes(web: WebServer) -> None:
    (honest,) = seat(web.settings, 1)
    with dribbling(web, [SILENT[number % 2] for number in range(1_200)], every=60):
        check_everybody_is_served(web, honest)


def test_large_bodies_that_stop_before_their_end_do_not_fill_the_memory(web: WebServer) -> None:
    (honest,) = seat(web.settings, 1)
    check_everybody_is_served(web, honest)
    before = web.memory_mb()
    most = head("/dang-nhap", 1_000_000, kind=FORM) + b"x" * 400_000
    with dribbling(web, [most] * 300):
        check_everybody_is_served(web, honest)
        assert web.memory_mb() - before < 60


@pytest.mark.faults
def test_the_slow_and_the_silent_are_shown_the_door(web: WebServer) -> None:
    """After 10 seconds for a save, 20 for silence, 20 and one more for each 8 kB for a form; 5 to read the answer."""
    (insider,) = seat(web.settings, 1)
    with dribbling(web, slow_kinds(insider)[:3]) as slow, dribbling(web, SILENT, every=60) as silent:
        saving, asking, form = gone_after([*slow, *silent])[:3]
        assert (10 <= saving < 20, 10 <= asking < 20, 20 <= form < 35) == (True, True, True)


def gone_after(strangers: list[socket]) -> list[float]:
    """Return after how many seconds the server closed each connection; none may be left after 40."""
    began, gone = monotonic(), dict[int, float]()
    while len(gone) < len(strangers):
        assert monotonic() - began < 40, (
            f"after {sorted(gone.values())} still open: {[one.fileno() not in gone for one in strangers]}"
        )
        for one in select([one for one in strangers if one.fileno() not in gone], [], [], 1)[0]:
            try:
                ended = not one.recv(65_536)
            except ConnectionResetError:
                ended = True
            if ended:
                gone[one.fileno()] = monotonic() - began
    return [gone[one.fileno()] for one in strangers]
