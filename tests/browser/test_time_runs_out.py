"""The deadline passes: with the network, while it is cut, and with the network away for longer than the grace."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from examapp.answerlog.rules import TOLERANCE
from tests.browser.arrange import Sitting, eventually
from tests.browser.exam_page import ExamPage, enter
from tests.browser.walk import Walk

#: enough for everything that has to happen before the deadline, however slow the machine
AMPLE = 240
#: `pass_time(seconds)` moves the timer that never goes back, which is how the page knows the time
TIMER = """(() => {
    const real = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => real() + ahead;
    globalThis.pass_time = (seconds) => { ahead += 1000 * seconds; };
})()"""
CARRY_ON = re.compile("cứ làm bài tiếp")


def shorten(sitting: Sitting, number: str, room: ExamPage) -> None:
    """Let the attempt end in a few minutes; the page hears of it with its next save."""
    sitting.move(number, closes_at=datetime.now(UTC) + timedelta(seconds=AMPLE))
    room.choose(8)
    expect(room.page.locator(".timer__val")).to_have_text(re.compile(r"^0[0-3]:\d\d$"))
    expect(room.page.locator(".timer--late")).to_be_visible()


def time_is_over(page: Page) -> None:
    """Wait until the page has locked itself at the deadline."""
    expect(page.get_by_role("heading", name="Hết giờ")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)


def cut_at_the_end(machine: BrowserContext, sitting: Sitting, number: str) -> tuple[ExamPage, datetime]:
    """Let the deadline pass with two answers that were made in time and have no way to the server."""
    machine.add_init_script(TIMER)
    room = enter(machine, number, sitting.codes[number])
    room.choose(1)
    shorten(sitting, number, room)
    room.all_on_server()
    machine.set_offline(True)
    room.choose(2)
    room.choose(3, right=False)
    closes_at = datetime.now(UTC)
    sitting.move(number, closes_at=closes_at)
    room.page.evaluate(f"pass_time({AMPLE})")
    time_is_over(room.page)
    return room, closes_at


def test_with_the_network_everything_is_on_the_server(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(candidates=1)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    shorten(sitting, number, room)
    room.choose(2)
    room.all_on_server()
    sitting.move(number, closes_at=datetime.now(UTC) + timedelta(seconds=3))
    room.page.reload()
    time_is_over(room.page)
    expect(room.page.get_by_text("Mọi câu anh/chị đã trả lời đều ở trên máy chủ.")).to_be_visible()
    # nobody presses anything: the server closes and seals, the council marks, the result appears
    sitting.move(number, grace_seconds=0)
    eventually(lambda: sitting.roots == ["R1"], "the server seals by itself", seconds=60)
    assert sitting.attempt(number).closed_by == "deadline"
    sitting.seal_and_mark()
    expect(room.page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible(timeout=40_000)
    expect(room.page.locator(".res__big")).to_contain_text("3/8")
    assert sitting.final_answers(number) == room.chosen


def test_while_the_network_is_cut(machine: BrowserContext, make_sitting, walk: Walk) -> None:
    sitting = make_sitting(candidates=1)
    number = next(iter(sitting.codes))
    room, closes_at = cut_at_the_end(machine, sitting, number)
    expect(room.page.get_by_text("2 câu còn ở máy này, chưa lên máy chủ.")).to_be_visible()
    expect(room.page.get_by_text(re.compile(r"vẫn được tính nếu lên máy chủ trước \d\d:\d\d:\d\d"))).to_be_visible()
    expect(room.page.get_by_role("alert").filter(has_text="Mất kết nối; máy đang tự nối lại.")).to_be_visible()
    expect(room.page.get_by_text(CARRY_ON)).to_have_count(0)  # there is nothing to carry on with
    walk.look(room.page, "14b-het-gio-mat-mang")
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
    walk.end()


def test_an_outage_longer_than_the_grace(machine: BrowserContext, make_sitting) -> None:
    # the second candidate still writes: a sitting that nothing holds up is sealed at once, and its log takes no rows
    sitting = make_sitting(candidates=2)
    number = next(iter(sitting.codes))
    room, closes_at = cut_at_the_end(machine, sitting, number)
    page = room.page
    page.evaluate("pass_time(600)")
    expect(page.get_by_text(re.compile(r"Đã quá hạn nhận bài \(\d\d:\d\d:\d\d\)"))).to_be_visible()
    expect(page.get_by_text("vẫn được tính")).to_have_count(0)
    past = closes_at - timedelta(minutes=10)
    sitting.move(number, closes_at=past, grace_seconds=0)
    machine.set_offline(False)
    expect(page.get_by_text("2 câu đến sau giờ thu bài nên chưa được tính.")).to_be_visible(timeout=40_000)
    assert [save.item for save in sitting.saves(number) if save.fenced] == [1, 2]


def test_who_has_more_minutes_is_told_so_before_the_start(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(starts_in=3600, minutes=60)
    number, code = next(iter(sitting.codes.items()))
    sitting.move(number, extra_minutes=20)
    page = enter(machine, number, code).page
    expect(page.get_by_text("Anh/chị được làm thêm 20 phút.")).to_be_visible()
    expect(page.get_by_text("Không rời phòng trong suốt 80 phút làm bài.")).to_be_visible()
    expect(page.get_by_text("kết thúc cùng lúc")).to_have_count(0)


def test_in_the_waiting_room_nobody_is_told_to_carry_on(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting(starts_in=3600)
    number, code = next(iter(sitting.codes.items()))
    page = enter(machine, number, code).page
    expect(page.get_by_role("heading", name="Đề thi đã tải xong, còn niêm phong")).to_be_visible()
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    machine.set_offline(True)
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="Mất kết nối; máy đang tự nối lại.")).to_be_visible()
    expect(page.get_by_text(CARRY_ON)).to_have_count(0)
