"""The machine's own clock is an hour wrong: start, countdown and saving follow the server's."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.exam_page import enter

#: shifts what scripts read as the time of day; the monotonic timer stays as it is, as on a real machine
SHIFT = """(() => {
    const shift = %d, Real = Date;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + shift); }
        static now() { return Real.now() + shift; }
    };
})()"""


@pytest.mark.parametrize("hours", [1, -1])
def test_an_hour_off_changes_nothing(machine: BrowserContext, make_sitting, hours: int) -> None:
    machine.add_init_script(SHIFT % (hours * 3_600_000))
    sitting = make_sitting(starts_in=3600, minutes=30)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    page = room.page
    expect(page.locator(".count__val")).to_have_text(re.compile(r"^(60:00|59:\d\d)$"))
    expect(page.get_by_text("Đồng hồ máy này lệch 60 phút; giờ thi tính theo máy chủ")).to_be_visible()

    sitting.begin(after=5)
    page.reload()
    room.at_question(1)
    # an hour would show: half an hour from now the paper is over
    late = (datetime.now(UTC) - sitting.attempt(number).starts_at).total_seconds()
    assert 0 <= late < 60
    expect(page.locator(".timer__val")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))
    room.choose(1)
    room.all_on_server()
    shown = page.locator(".save time").inner_text()
    seconds = (datetime.now(UTC) + timedelta(hours=7)).strftime("%H:%M")
    assert shown.startswith(seconds[:3])  # the server's hour, in Vietnam's time
    page.reload()  # the only time the machine's own clock is asked: how long the page was away
    room.at_question(1)
    expect(page.locator(".timer__val")).to_have_text(re.compile(r"^2[89]:\d\d$"))
    room.choose(2)
    room.all_on_server()
    machine.set_offline(True)
    room.choose(3)
    machine.set_offline(False)
    room.submit()

    saves = sitting.saves(number)
    assert sitting.final_answers(number) == room.chosen
    assert not any(save.late or save.fenced for save in saves)
    for save in saves:
        assert abs(save.client_ms / 1000 - save.received_at.timestamp()) < 60
