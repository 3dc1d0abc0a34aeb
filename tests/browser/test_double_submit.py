"""Submitting twice, by whatever way, is submitting once: one row, one receipt."""

import json

from playwright.sync_api import BrowserContext, expect

from tests.browser.arrange import eventually
from tests.browser.exam_page import ExamPage, call_api, enter

NOBODY_WRITES = "async () => (await navigator.locks.query()).held.length === 0"


def submissions(sitting, number: str) -> int:
    return sum(save.kind == 3 for save in sitting.saves(number))


def test_a_double_click_and_a_repeated_request(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.choose(1)
    room.choose(2)
    sent: list[str] = []
    room.page.on("request", lambda asked: sent.append(asked.post_data or "") if "saves" in asked.url else None)
    room.open_summary()
    room.submit_button.dblclick()
    receipt = room.receipt()
    assert submissions(sitting, number) == 1

    # the very same request again, as after a lost reply: the same receipt, to the last byte
    last = next(json.loads(body) for body in reversed(sent) if ",3,-1,null," in body)
    first, second = (call_api(room.page, "saves", last) for _ in range(2))
    assert first["status"] == second["status"] == 200
    assert first["body"]["receipt"] == second["body"]["receipt"]
    assert first["body"]["receipt"]["code"] == receipt
    # an answer after it is refused
    seq = last["saves"][-1][0] + 1
    after = call_api(room.page, "saves", {"saves": [[seq, 1, 0, 0, last["saves"][-1][4]]]})
    assert (after["status"], after["body"]["code"]) == (410, "closed")
    assert submissions(sitting, number) == 1
    assert sitting.final_answers(number) == room.chosen


def test_from_two_pages(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    first = enter(machine, number, code)
    first.choose(1)
    first.all_on_server()
    first.open_summary()
    machine.set_offline(True)
    first.submit_button.click()
    expect(first.page.get_by_role("heading", name="Đang nộp bài")).to_be_visible()

    # another tab takes over with the submission still unsent, and both see the one receipt
    page = machine.new_page()
    page.goto("/thi/")
    page.get_by_role("button", name="Làm bài ở thẻ này").click()
    expect(page.get_by_role("heading", name="Đang nộp bài")).to_be_visible()
    machine.set_offline(False)
    second = ExamPage(page, first.chosen)
    receipt = second.receipt()
    page.close()
    eventually(lambda: first.page.evaluate(NOBODY_WRITES), "the closed tab no longer holds the lock")
    first.page.reload()
    assert first.receipt() == receipt
    assert submissions(sitting, number) == 1
    assert sitting.attempt(number).closed_by == "candidate"
