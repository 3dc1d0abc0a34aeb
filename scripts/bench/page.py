"""The candidate's page in a real Chromium: question 1 from what the machine has kept, first visits over a slow line.

The line is Chromium's own emulation: every request waits a round trip and all share the bandwidth. It leaves out the
handshakes of a new connection, and what the service worker fetches after the page stands.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.bench.figures import finish, show
from scripts.bench.line import MINUTES, Person, start_sitting
from scripts.bench.processes import family
from scripts.bench.stage import PRODUCT, Stage, stage
from scripts.find_chromium import HOW, find_chromium

ROUNDS = 5
KEPT_MS = 1_000
COLD_MS = 5_000
#: 400 ms there and back, 400 kbit/s each way (in bytes a second)
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]

FORM, WAITING, QUESTION = "#number", ".count__val", ".q__text"
#: resolves with the milliseconds from the start of the navigation to the frame that shows what is looked for
SEEN = """(selector) => new Promise((resolve) => {
    const look = () => {
        if (!document.querySelector(selector)?.checkVisibility()) requestAnimationFrame(look);
        else requestAnimationFrame(() => resolve(performance.now()));
    };
    look();
})"""
KEPT = "async () => Boolean(navigator.serviceWorker.controller) && (await caches.keys()).length === 1"


def main() -> None:
    """Measure and print; without Chromium say so and end well."""
    chromium = find_chromium()
    if chromium is None:
        print(f"no Chromium: the page was not measured. {HOW}")
        sys.exit(0)
    with stage(PRODUCT) as on, sync_playwright() as driver:
        people = iter(start_sitting(on.url, on.keys, 3 * ROUNDS, datetime.now(UTC) + timedelta(minutes=10)).people)
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        form = [_cold(on, browser, "/thi/dang-nhap", FORM, []) for _ in range(ROUNDS)]
        waiting = [_cold(on, browser, "/thi/", WAITING, _cookies(on, browser, next(people))) for _ in range(ROUNDS)]
        _begin(on)
        question = [_cold(on, browser, "/thi/", QUESTION, _cookies(on, browser, next(people))) for _ in range(ROUNDS)]
        cut, silent = _kept(on, browser, next(people))
        browser.close()
    show("question 1 from this machine, cable out, worst", max(cut), "ms", at_most=KEPT_MS)
    show("question 1 from this machine, server silent, worst", max(silent), "ms", at_most=KEPT_MS)
    show("400 ms and 400 kbit/s, cold: sign-in, worst", max(form), "ms", at_most=COLD_MS)
    show("400 ms and 400 kbit/s, cold: waiting room, worst", max(waiting), "ms", at_most=COLD_MS)
    show("400 ms and 400 kbit/s, cold: question 1, worst", max(question), "ms", at_most=COLD_MS)
    finish()


def _cold(on: Stage, browser: Browser, path: str, selector: str, cookies: list[dict[str, object]]) -> float:
    """Return how long a machine that has never been here takes over the slow line."""
    with _machine(on, browser) as machine:
        machine.add_cookies(cookies)  # type: ignore[arg-type]
        page = machine.new_page()
        tool = machine.new_cdp_session(page)
        tool.send("Network.enable")
        tool.send("Network.emulateNetworkConditions", SLOW_LINE)
        page.goto(path, wait_until="commit", timeout=60_000)
        return _seen(page, selector)


def _kept(on: Stage, browser: Browser, person: Person) -> tuple[list[float], list[float]]:
    """Return how long a machine that has shell and paper takes, without network and before a server that is silent."""
    with _machine(on, browser) as machine:
        page = machine.new_page()
        _sign_in(page, person)
        _seen(page, QUESTION)
        while not page.evaluate(KEPT):
            page.wait_for_timeout(50)
        page.close()
        machine.set_offline(True)
        cut = [_opened(machine) for _ in range(ROUNDS)]
        machine.set_offline(False)
        with _silence(on):
            silent = [_opened(machine) for _ in range(ROUNDS)]
    return cut, silent


def _opened(machine: BrowserContext) -> float:
    page = machine.new_page()
    page.goto("/thi/", wait_until="commit")
    took = _seen(page, QUESTION)
    page.close()
    return took


def _seen(page: Page, selector: str) -> float:
    took: float = page.evaluate(SEEN, selector)
    return took


def _cookies(on: Stage, browser: Browser, person: Person) -> list[dict[str, object]]:
    """Return the cookies of somebody who has just signed in; without script the exam room does not begin its work."""
    with _machine(on, browser, script=False) as machine:
        page = machine.new_page()
        _sign_in(page, person)
        page.wait_for_url("**/thi/")
        return [dict(cookie) for cookie in machine.cookies()]


def _sign_in(page: Page, person: Person) -> None:
    page.goto("/thi/dang-nhap")
    page.get_by_label("Số báo danh").fill(person.number)
    page.get_by_label("Mã dự thi").fill(person.code)
    page.get_by_role("button", name="Vào phòng thi").click()


@contextmanager
def _machine(on: Stage, browser: Browser, *, script: bool = True) -> Iterator[BrowserContext]:
    machine = browser.new_context(
        base_url=on.address, viewport={"width": 1366, "height": 768}, locale="vi-VN", java_script_enabled=script
    )
    try:
        yield machine
    finally:
        machine.close()


@contextmanager
def _silence(on: Stage) -> Iterator[None]:
    """Stop the server without closing anything: packets go in and nothing comes back."""
    stopped = [pid for server in on.servers for pid in family(server)]
    for process in stopped:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            os.kill(process, signal.SIGCONT)


def _begin(on: Stage) -> None:
    """Let the sitting begin now, for everybody in it."""
    with psycopg.connect(on.url) as connection:
        connection.execute(
            "UPDATE attempts SET starts_at = now(), closes_at = now() + make_interval(mins => %s)", (MINUTES,)
        )


if __name__ == "__main__":
    main()
