"""A real server process, a real database and a real Chromium for the journeys of the candidates and of the staff.

One server serves the whole run; every test makes a sitting of its own, by the services, and moves its moments instead
of the clock. Without Chromium these tests are skipped in one line, or fail when REQUIRE_BROWSER is set (as in CI).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from examapp.core.db import engine_for
from examapp.core.schema import load_models
from examapp.settings import load_settings
from examapp.sittings.models import SittingMode
from examapp.wiring import connect_events
from tests.browser.arrange import Server, Sitting
from tests.browser.walk import Walk
from tests.cast import Person
from tests.factories import make_line, open_line, question_lines

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
HOW_TO_GET_CHROMIUM = "no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/it"
WIDE = {"width": 1366, "height": 768}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `scripts/take_screenshots.py` ask the walk over all pages for pictures."""
    parser.addoption(
        "--screenshots", metavar="FOLDER", help="write a picture of every page the accessibility tests open"
    )


def find_chromium() -> str | None:
    """Return a Chromium this machine has."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here as a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start `examapp serve` with its own database; stop it at the end."""
    _require_browser()
    load_models()
    connect_events()
    folder = Path(tempfile.mkdtemp(prefix="examapp-"))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "INSTANCE_DIR": str(folder), "PORT": str(port)}
    environ.pop("DATABASE_URL", None)
    process = subprocess.Popen([sys.executable, "-m", "examapp.cli", "serve"], env=environ, cwd=PROJECT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(url, process)
        settings = load_settings({"INSTANCE_DIR": str(folder), "PORT": str(port)})
        engine = engine_for(settings.database_address)
        yield Server(url, process, engine, settings.keys)
        engine.dispose()
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_sitting(server: Server) -> Callable[..., Sitting]:
    """Return a function that makes an opened sitting; moments are relative to now, in seconds.

    `questions` is the length of a paper, a multiple of four; `lines` replaces the generated bank. With `opened=False`
    the sitting stays a draft that may be opened from now on.
    """

    def make(
        *,
        starts_in: float = -1,
        minutes: int = 60,
        candidates: int = 2,
        questions: int = 8,
        lines: bytes | None = None,
        mode: SittingMode = SittingMode.PROGRAMMED,
        opened: bool = True,
    ) -> Sitting:
        now = datetime.now(UTC)
        starts_at = now + timedelta(seconds=starts_in)
        # the council opened a quarter of an hour before
        opens_at = starts_at - timedelta(minutes=15) if opened and mode is SittingMode.PROGRAMMED else now
        server.made += 1
        code = f"T{server.made:03d}"
        with server.session() as session:
            line = make_line(
                session,
                opens_at,
                candidates=candidates,
                mode=mode,
                minutes=minutes,
                starts_in=starts_at - opens_at,
                code=code,
                first_number=1 + 100 * server.made,
                lines=lines or question_lines(max(40, 4 * questions), prefix=code),
                per_cell=questions // 4,
            )
            codes = {person.number: line.code_of(server.keys, person.number) for person in line.candidates}
            if not opened:
                return Sitting(server, line.sitting.id, codes)
            frozen = open_line(session, line, server.keys, opens_at, random_bytes=token_bytes).frozen
            return Sitting(server, line.sitting.id, codes, frozen.paper_code, frozen.key_code)

    return make


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start the browser's driver."""
    _require_browser()
    expect.set_options(timeout=20_000)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start one Chromium for contexts that need not survive a crash."""
    chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def new_machine(browser: Browser, server: Server) -> Iterator[Callable[[], BrowserContext]]:
    """Return a function that gives a fresh machine: its own cookies and stores."""
    contexts: list[BrowserContext] = []

    def make() -> BrowserContext:
        contexts.append(browser.new_context(base_url=server.url, viewport=WIDE, locale="vi-VN"))
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def machine(new_machine: Callable[[], BrowserContext]) -> BrowserContext:
    """Return a fresh exam machine."""
    return new_machine()


@pytest.fixture
def other_machine(new_machine: Callable[[], BrowserContext]) -> BrowserContext:
    """Return a second exam machine."""
    return new_machine()


@pytest.fixture
def desk_of(new_machine: Callable[[], BrowserContext], server: Server) -> Callable[[Person], BrowserContext]:
    """Return a function from a member of staff to a browser in which that person is signed in."""

    def sign_in(person: Person) -> BrowserContext:
        context = new_machine()
        context.add_cookies([{"name": "khaothi-staff", "value": server.staff_cookie(person), "url": server.url}])
        return context

    return sign_in


@pytest.fixture
def walk(request: pytest.FixtureRequest) -> Walk:
    """Return a walk; with pictures when the run asks for them."""
    folder = request.config.getoption("--screenshots")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Walk(Path(folder) if folder else None)


def _require_browser() -> None:
    if find_chromium() is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(HOW_TO_GET_CHROMIUM)
        pytest.skip(HOW_TO_GET_CHROMIUM)


def _wait_until_up(url: str, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"examapp serve ended with code {process.returncode}")
        try:
            urlopen(f"{url}/thi/", timeout=5)
            return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("examapp serve did not answer in time")
