"""Wrong codes of paper and keys: each is in the sitting's log without what was typed, and the next try waits."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.cast import CHAIR
from tests.functional.exam_day import At, Day
from tests.pages import Browser, Page


@dataclass(frozen=True)
class Door:
    """A compartment of a sitting and the form that opens it."""

    at: At
    deed: str
    field: str
    confirm: str
    action: str
    done: str

    def try_code(self, browser: Browser, day: Day, code: str, status: int) -> Page:
        page = browser.open(day.path(self.at))
        return browser.submit(
            page, day.path(self.at, self.deed), status=status, **{self.field: code, self.confirm: "y"}
        )

    def right(self, day: Day) -> str:
        frozen = day.built.frozen[self.at]
        return frozen.paper_code if self.field == "paper_code" else frozen.key_code


PAPER = Door(At.VALUED, "/mo-de", "paper_code", "confirm_open", "codes.paper_refused", "Đã mở đề.")
KEYS = Door(At.SEALED, "/dap-an", "key_code", "confirm_keys", "codes.key_refused", "Đã mở đáp án")


@pytest.mark.parametrize("door", [PAPER, KEYS], ids=["paper", "keys"])
def test_each_is_in_the_log_without_the_code(day: Day, door: Door) -> None:
    browser = day.browser(CHAIR)
    other = day.built.frozen[At.FROZEN].paper_code
    typo = door.right(day)[:-1] + ("0" if door.right(day)[-1] != "0" else "1")
    for code in (other, typo):
        door.try_code(browser, day, code, 422)
    events = [details for action, details in day.events(door.at) if action == door.action]
    assert ['"problem":"code_wrong"' in events[0], '"problem":"code_typo"' in events[1]] == [True, True]
    for code in (other, typo):
        assert not [details for details in events if code in details or code.replace("-", "") in details]
    assert door.done in door.try_code(browser, day, door.right(day), 200).text
    assert len([action for action, _ in day.events(door.at) if action == door.action]) == 2


@pytest.mark.parametrize("door", [PAPER, KEYS], ids=["paper", "keys"])
def test_after_three_even_the_right_code_waits_a_little(day: Day, door: Door) -> None:
    browser = day.browser(CHAIR)
    other = day.built.frozen[At.FROZEN].paper_code
    for _ in range(3):
        door.try_code(browser, day, other, 422)
    page = door.try_code(browser, day, door.right(day), 409)
    assert "Đã nhập sai mã nhiều lần. Chờ 2 giây" in page.text
    assert len([action for action, _ in day.events(door.at) if action == door.action]) == 3, "that was no guess"
    day.clock.advance(2)
    door.try_code(browser, day, other, 422)
    day.clock.advance(3)
    assert "Chờ 1 giây" in door.try_code(browser, day, door.right(day), 409).text
    day.clock.advance(1)
    assert door.done in door.try_code(browser, day, door.right(day), 200).text


def test_what_is_long_ago_and_what_was_another_door_do_not_count(day: Day) -> None:
    browser = day.browser(CHAIR)
    for _ in range(3):
        KEYS.try_code(browser, day, day.built.frozen[At.FROZEN].paper_code, 422)
    assert PAPER.done in PAPER.try_code(browser, day, PAPER.right(day), 200).text
    day.clock.advance(timedelta(minutes=10).total_seconds())
    assert KEYS.done in KEYS.try_code(browser, day, KEYS.right(day), 200).text
