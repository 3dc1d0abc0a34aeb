"""The deadline passes: with the network, and while it is cut."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from examapp.answerlog.rules import TOLERANCE
from tests.browser.arrange import Sitting, eventually
from tests.browser.exam_page import ExamPage, enter


def shorten(sitting: Sitting, number: str, room: ExamPage, seconds: float) -> datetime:
    """Let the attempt end in so many seconds; the page hears of it with its next save."""
    closes_at = datetime.now(UTC) + timedelta(seconds=seconds)
    sitting.move(number, closes_at=closes_at)
    room.choose(8)
    expect(room.page.locator(".timer__val")).to_have_text(re.compile(r"^00:\d\d$"))
    return closes_at


def time_is_over(page: Page) -> None:
    """Wait until the page has locked itself at the deadline."""
    expect(page.get_by_role("heading", name="Hết giờ")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)


def test_with_the_network_everything_is_on_the_server(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(candidates=1)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    shorten(sitting, number, room, 6)
    expect(room.page.locator(".timer--late")).to_be_visible()
    room.choose(2)
    time_is_over(room.page)
    expect(room.page.get_by_text("Mọi câu anh/chị đã trả lời đều ở trên máy chủ.")).to_be_visible()
    # nobody presses anything: the server closes and seals, the council marks, the result appears
    sitting.move(number, grace_seconds=0)
    eventually(lambda: sitting.roots == ["R1"], "the server seals by itself", seconds=30)
    assert sitting.attempt(number).closed_by == "deadline"
    sitting.seal_and_mark()
    expect(room.page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible(timeout=40_000)
    expect(room.page.locator(".res__big")).to_contain_text("3/8")
    assert sitting.final_answers(number) == room.chosen


def test_while_the_network_is_cut(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(candidates=1)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    closes_at = shorten(sitting, number, room, 9)
    room.all_on_server()
    machine.set_offline(True)
    room.choose(2)
    room.choose(3, right=False)
    time_is_over(room.page)
    expect(room.page.get_by_text("2 câu còn ở máy này, chưa lên máy chủ.")).to_be_visible()
    # past the tolerance for saves in flight: from here on only a real outage counts
    time.sleep(max(0.0, (closes_at + TOLERANCE - datetime.now(UTC)).total_seconds() + 0.5))
    assert sitting.final_answers(number).keys() == {0, 7}
    machine.set_offline(False)
    expect(room.page.get_by_text("Mọi câu anh/chị đã trả lời đều ở trên máy chủ.")).to_be_visible(timeout=40_000)

    by_item = {save.item: save for save in sitting.saves(number)}
    assert {item for item, save in by_item.items() if save.late} == {1, 2}
    assert not any(save.fenced for save in by_item.values())
    sitting.seal_and_mark()
    assert sitting.final_answers(number) == room.chosen
    assert sitting.attempt(number).correct == len(room.right) == 3
