"""The promise of the whole product: the network is cut, the browser dies, and every answer is in the log."""

import os
import signal
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.arrange import Server, Sitting, eventually
from tests.browser.conftest import CHROMIUM_FLAGS, WIDE, find_chromium
from tests.browser.exam_page import ExamPage, enter

TOTAL = 60


def open_machine(playwright: Playwright, profile: Path, server: Server, *, offline: bool = False) -> BrowserContext:
    """Start a browser of its own that keeps cookies and stores in `profile`."""
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=find_chromium(),
        args=CHROMIUM_FLAGS,
        base_url=server.url,
        viewport=WIDE,
        locale="vi-VN",
        offline=offline,
    )


def processes_of(profile: Path) -> list[int]:
    """Return the browser processes that were started with this profile."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:  # it has just ended
            continue
        if f"--user-data-dir={profile}".encode() in words:
            found.append(int(entry.name))
    return found


def kill_browser(profile: Path) -> None:
    """Kill the browser with everything it started, as a power cut does."""
    started = processes_of(profile)
    assert started, "the browser runs"
    for process in started:
        os.kill(process, signal.SIGKILL)
    eventually(lambda: not processes_of(profile), "the browser is dead")


def cookies_on_disk(profile: Path) -> bool:
    """Tell whether the browser has written the attempt's cookie; it does so within half a minute."""
    files = [path for path in profile.rglob("Cookies*") if path.is_file()]
    return any(b"khaothi-attempt" in path.read_bytes() for path in files)


def test_sixty_answers_through_a_cut_and_a_crash(
    playwright: Playwright, server: Server, make_sitting, tmp_path: Path
) -> None:
    sitting: Sitting = make_sitting(questions=TOTAL)
    number, code = next(iter(sitting.codes.items()))
    context = open_machine(playwright, tmp_path, server)
    room = enter(context, number, code)
    for question in range(1, 21):
        room.choose(question, right=question % 3 != 0)
    room.all_on_server()
    assert sitting.final_answers(number) == room.chosen

    context.set_offline(True)
    for question in range(21, 41):
        room.choose(question, right=question % 3 != 0)
    room.choose(5, right=False)  # and two of the first twenty are changed
    room.choose(6, right=True)
    expect(room.page.get_by_role("alert").filter(has_text="mất kết nối, cứ làm bài tiếp")).to_be_visible()
    expect(room.page.locator(".save")).to_contain_text("22 câu chờ gửi lên máy chủ")
    eventually(lambda: cookies_on_disk(tmp_path), "the browser has written its cookies", seconds=45)
    assert len(sitting.final_answers(number)) == 20

    kill_browser(tmp_path)
    context = open_machine(playwright, tmp_path, server, offline=True)
    page = context.new_page()
    page.goto("/thi/")  # the service worker has the shell, this machine has the paper and its key
    again = ExamPage(page, room.chosen, room.right)
    again.at_question(1)
    expect(page.locator(".pal__head")).to_contain_text(f"Đã trả lời 40/{TOTAL}")
    expect(page.locator(".pal__grid a.pc--local")).to_have_count(22)
    for question, display in ((1, room.chosen[0]), (40, room.chosen[39])):
        again.go_to(question)
        expect(page.get_by_role("radio").nth(display)).to_be_checked()
    again.choose(41)  # still no network

    context.set_offline(False)
    again.all_on_server(seconds=40)
    assert sitting.final_answers(number) == room.chosen
    for question in range(42, TOTAL + 1):
        again.choose(question, right=question % 3 != 0)
    again.submit()
    context.close()

    assert len(room.chosen) == TOTAL
    assert sitting.final_answers(number) == room.chosen
    assert [save.seq for save in sitting.saves(number)] == list(range(1, 64))  # 60 + 2 changed + submission
    assert {save.lease for save in sitting.saves(number)} == {1}
    assert not any(save.late or save.fenced for save in sitting.saves(number))
    sitting.seal_and_mark()
    assert sitting.attempt(number).correct == len(room.right)
    assert 0 < len(room.right) < TOTAL
