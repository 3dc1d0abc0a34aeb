"""A real server process, a real database and a real Chromium for the journeys of the candidates and of the staff.

One server serves the whole run; every test makes a sitting of its own, by the services, and moves its moments instead of
the clock. Without Chromium these tests are skipped in one line, or fail when REQUIRE_BROWSER is set (as in CI).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.db import engine_for, unit_of_work
from examapp.core.schema import load_models
from examapp.delivery.models import Attempt, AnswerSave
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.integrity.keys import NodeKeys
from examapp.settings import load_settings
from examapp.sittings.models import SittingMode
from tests.factories import make_line, open_line

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


@dataclass
class Server:
    """The running product: its address, and its database for arranging and looking."""

    url: str
    process: "subprocess.Popen[bytes]"
    engine: Engine
    keys: NodeKeys
    made: int = 0

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session whose work is committed."""
        with unit_of_work(self.engine, self.keys) as session:
            yield session


@dataclass(frozen=True)
class Sitting:
    """A sitting made for one test, with what the people in it hold in their hands."""

    server: Server
    id: UUID
    #: candidate number -> admission code
    codes: dict[str, str]
    key_code: str

    def attempt(self, number: str) -> Attempt:
        """Return the candidate's newest attempt as it is now."""
        with Session(self.server.engine, expire_on_commit=False) as session:
            query = select(Attempt).where(Attempt.sitting_id == self.id, Attempt.candidate_number == number)
            return session.scalars(query.order_by(Attempt.try_number.desc())).first()  # type: ignore[return-value]

    def saves(self, number: str) -> list[AnswerSave]:
        """Return the candidate's log in its order."""
        with Session(self.server.engine, expire_on_commit=False) as session:
            query = select(AnswerSave).where(AnswerSave.attempt_id == self.attempt(number).id)
            return list(session.scalars(query.order_by(AnswerSave.lease, AnswerSave.seq)))

    def final_answers(self, number: str) -> dict[int, str]:
        """Return item -> response text, the last counted answer of each."""
        counted = [save for save in self.saves(number) if save.kind == 1 and not save.fenced]
        last = {save.item: save.response for save in counted}
        return {item: response for item, response in last.items() if response != "null"}

    def move(self, number: str, **moments: datetime) -> None:
        """Change the moments of the candidate's attempt."""
        with self.server.session() as session:
            attempt = session.get_one(Attempt, self.attempt(number).id)
            for name, moment in moments.items():
                setattr(attempt, name, moment)

    def seal_and_mark(self) -> None:
        """Seal and mark, as the council does after the end."""
        end = datetime.now(UTC) + timedelta(hours=3)
        with self.server.session() as session:
            if not session.info.get("sealed"):
                seal_sitting(session, self.id, keys=self.server.keys, actor=SYSTEM, now=end)
        with self.server.session() as session:
            open_keys_and_mark(session, self.id, self.key_code, keys=self.server.keys, actor=SYSTEM, now=end)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start `examapp serve` with its own database; stop it at the end."""
    _require_browser()
    load_models()
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
def make_sitting(server: Server):
    """Return a function that makes an opened sitting; moments are relative to now, in seconds."""

    def make(
        *,
        starts_in: float = -1,
        minutes: int = 60,
        candidates: int = 2,
        mode: SittingMode = SittingMode.PROGRAMMED,
    ) -> Sitting:
        now = datetime.now(UTC)
        starts_at = now + timedelta(seconds=starts_in)
        # the council opened a quarter of an hour before
        opened_at = starts_at - timedelta(minutes=15) if mode is SittingMode.PROGRAMMED else now
        server.made += 1
        with server.session() as session:
            line = make_line(
                session,
                opened_at,
                candidates=candidates,
                mode=mode,
                minutes=minutes,
                starts_in=starts_at - opened_at,
                code=f"T{server.made:03d}",
                first_number=1 + 100 * server.made,
            )
            opened = open_line(session, line, server.keys, opened_at, random_bytes=token_bytes)
            codes = {person.number: line.code_of(server.keys, person.number) for person in line.candidates}
            return Sitting(server, line.sitting.id, codes, opened.frozen.key_code)

    return make


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start the browser's driver."""
    _require_browser()
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start one Chromium for contexts that need not survive a crash."""
    chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture
def machine(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Return a fresh exam machine: its own cookies and stores."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1366, "height": 768}, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def other_machine(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Return a second exam machine."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1366, "height": 768}, locale="vi-VN")
    yield context
    context.close()


def enter(machine: BrowserContext, number: str, code: str) -> Page:
    """Sign a candidate in and return the page of the exam room."""
    page = machine.new_page()
    page.goto("/thi/dang-nhap")
    page.get_by_label("Số báo danh").fill(number)
    page.get_by_label("Mã dự thi").fill(code)
    page.get_by_role("button", name="Vào phòng thi").click()
    page.wait_for_url("**/thi/")
    return page


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
            urlopen(f"{url}/thi/", timeout=5)  # noqa: S310 - our own server
            return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("examapp serve did not answer in time")


__all__ = ["HOW_TO_GET_CHROMIUM", "Server", "Sitting", "enter"]
