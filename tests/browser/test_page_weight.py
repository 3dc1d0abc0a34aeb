"""A room of machines opens the page in the same minute: a first visit stays small."""

import gzip
import io
import logging
import time
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext

from tests.browser.arrange import Server
from tests.browser.exam_page import enter, sign_in

BUDGET = 100_000

#: `--log-cli-level=INFO` shows what was measured
logger = logging.getLogger(__name__)


def test_a_cold_load_stays_within_the_budget(machine: BrowserContext, server: Server, make_sitting) -> None:
    sitting = make_sitting(questions=60)
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    tool = machine.new_cdp_session(page)
    tool.send("Network.enable")
    address: dict[str, str] = {}
    weight: dict[str, int] = defaultdict(int)
    tool.on("Network.requestWillBeSent", lambda event: address.update({event["requestId"]: event["request"]["url"]}))

    def count(event: dict) -> None:
        weight[urlsplit(address[event["requestId"]]).path] += int(event["encodedDataLength"])

    tool.on("Network.loadingFinished", count)
    sign_in(page, number, code)
    page.wait_for_url("**/thi/")
    page.get_by_role("heading", name="Câu 1 trong 60 câu").wait_for()
    page.evaluate("() => document.fonts.ready.then(() => {})")
    until = time.monotonic() + 20
    while missing := asked_for(address.values()) - weight.keys():  # the tool reports a body only after it was read
        assert time.monotonic() < until, missing
        page.wait_for_timeout(50)

    # the service worker asks for itself and for the shell once more; the rest it finds in the browser's cache
    worker = sum(_size(server, path) for path in ("/thi/sw.js", "/thi/"))
    sealed = weight.pop("/thi/api/sealed")
    talk = sum(size for path, size in weight.items() if path.startswith("/thi/api/"))
    page_bytes = sum(weight.values()) - talk + worker
    listing = "\n".join(f"{size:>7} {path}" for path, size in sorted(weight.items(), key=lambda entry: -entry[1]))
    logger.info("page %s B, sealed paper of 60 questions %s B, API %s B\n%s", page_bytes, sealed, talk, listing)
    assert page_bytes <= BUDGET, listing
    assert any(path.endswith(".woff2") for path in weight), "fonts were counted"
    assert 2_000 < sealed < 200_000


def asked_for(addresses: Iterable[str]) -> set[str]:
    """Return the paths of what the page must have before it is counted: all its files, and the paper."""
    paths = {urlsplit(address).path for address in addresses}
    return {"/thi/api/sealed"} | {path for path in paths if path.startswith("/static/")}


def test_what_can_be_compressed_is(server: Server) -> None:
    """Keeps the measurement honest where a proxy or a test client might differ: sizes on the wire are of gzip."""
    reply = urlopen(Request(f"{server.url}/thi/dang-nhap", headers={"Accept-Encoding": "gzip"}))
    body = reply.read()
    page = gzip.GzipFile(fileobj=io.BytesIO(body)).read() if reply.headers["Content-Encoding"] == "gzip" else body
    names = [part.split('"')[0] for part in page.decode().split("/static/dist/")[1:]]
    assert any(name.endswith(".css") for name in names)
    for name in names:
        if name.endswith((".css", ".js")):
            asset = urlopen(Request(f"{server.url}/static/dist/{name}", headers={"Accept-Encoding": "gzip"}))
            assert asset.headers["Content-Encoding"] == "gzip", name
            assert "immutable" in asset.headers["Cache-Control"], name


def _size(server: Server, path: str) -> int:
    return len(urlopen(Request(server.url + path, headers={"Accept-Encoding": "gzip"})).read()) + 400


def test_a_second_visit_costs_almost_nothing(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.at_question(1)
    tool = machine.new_cdp_session(room.page)
    tool.send("Network.enable")
    sizes: list[int] = []
    tool.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    room.page.reload()
    room.at_question(1)
    assert sum(sizes) < 15_000
