"""A whole sitting without a mouse; the visible focus is always on something that can be used."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.arrange import eventually
from tests.browser.exam_page import ExamPage
from tests.browser.walk import Walk

FOCUSED = """() => {
    const at = document.activeElement;
    return !at || at === document.body ? "" : at.textContent.trim() || at.getAttribute("aria-label") || "";
}"""


def tab_to(page: Page, words: str, presses: int = 40) -> None:
    """Press Tab until the focus is on what says `words`, as somebody without a mouse does."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"Tab does not reach “{words}”")


def enter_by_keyboard(page: Page, number: str, code: str) -> ExamPage:
    """Sign in without touching the mouse; the page's own focus leads the way."""
    page.goto("/thi/dang-nhap")
    expect(page.get_by_label("Số báo danh")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Mã dự thi")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    room = ExamPage(page)
    room.at_question(1)
    expect(page.locator(".q__no")).to_be_focused()
    return room


def test_a_sitting_by_keyboard_only(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    keys = page.keyboard
    room = enter_by_keyboard(page, number, code)

    keys.press("c")  # letters answer while the focus is in the question
    expect(page.get_by_role("radio").nth(2)).to_be_checked()
    keys.press("f")
    expect(room.cell(1)).to_have_class(re.compile("pc--flag"))
    keys.press("Alt+n")
    room.at_question(2)
    expect(page.locator(".q__no")).to_be_focused()

    tab_to(page, "Đánh dấu xem lại")  # the radio buttons are real ones
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_role("radio").nth(0)).to_be_checked()
    keys.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    eventually(lambda: sitting.final_answers(number).get(1) == 1, "the second choice is on the server")
    tab_to(page, "Bỏ chọn")
    keys.press("Enter")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Bỏ chọn")).to_be_focused()

    tab_to(page, "Câu 3: chưa trả lời")  # the palette is a list of links
    keys.press("Enter")
    room.at_question(3)
    keys.press("d")
    expect(page.get_by_role("radio").nth(3)).to_be_checked()

    tab_to(page, "Tắt phím tắt")  # single keys can be turned off (WCAG 2.1.4), then they do nothing
    keys.press("Enter")
    page.locator(".q__no").focus()
    keys.press("a")
    expect(page.get_by_role("radio").nth(3)).to_be_checked()
    tab_to(page, "Bật phím tắt")
    keys.press("Enter")

    page.locator(".q__no").focus()
    for question in range(4, 9):
        keys.press("Alt+n")
        room.at_question(question)
    keys.press("b")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    keys.press("Alt+p")
    room.at_question(7)
    keys.press("Alt+n")
    room.at_question(8)
    keys.press("Alt+n")
    expect(page.get_by_role("heading", name="Kiểm tra trước khi nộp bài")).to_be_focused()
    tab_to(page, "Nộp bài, kết thúc thi")
    keys.press("Enter")
    room.receipt()
    expect(page.locator("main")).to_be_focused()
    assert sitting.final_answers(number) == {0: 2, 2: 3, 7: 1}
    sitting.seal_and_mark()
    page.reload()
    expect(page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible()


def test_keys_act_only_inside_the_question(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    room = enter_by_keyboard(page, number, code)
    page.locator('.pal__grid a[href="#cau-4"]').focus()
    page.keyboard.press("a")
    page.keyboard.press("Control+a")
    page.locator(".q__no").focus()
    page.keyboard.press("b")
    room.chosen[0] = 1
    room.all_on_server()
    assert sitting.final_answers(number) == {0: 1}


def test_clearing_a_choice_keeps_the_focus(machine: BrowserContext, make_sitting, walk: Walk) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    keys = page.keyboard
    enter_by_keyboard(page, number, code)
    clear = page.get_by_role("button", name="Bỏ chọn")
    keys.press("b")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect(clear).to_be_enabled()
    tab_to(page, "Bỏ chọn")
    keys.press("Enter")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.locator("#notes")).to_have_text("Câu 1: đã bỏ chọn.")
    expect(clear).to_have_attribute("aria-disabled", "true")
    expect(clear).to_be_focused()
    walk.look(page, "04b-bo-chon")
    expect(clear).to_be_focused()
    keys.press("Enter")  # nothing is left to clear
    keys.press("c")  # and the letters still answer
    expect(page.get_by_role("radio").nth(2)).to_be_checked()
    expect(clear).to_be_enabled()
    keys.press("Enter")
    expect(clear).to_have_attribute("aria-disabled", "true")
    keys.press("Tab")  # once the focus is elsewhere, nobody meets a button that does nothing
    expect(clear).to_have_js_property("disabled", True)
    eventually(lambda: len(sitting.saves(number)) == 4, "two choices, each cleared once")
    assert sitting.final_answers(number) == {}
    walk.end()


def test_the_check_before_submitting_keeps_the_focus(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    page = machine.new_page()
    room = enter_by_keyboard(page, number, code)
    machine.set_offline(True)
    room.choose(1)
    room.choose(2)
    room.open_summary()
    tab_to(page, "Câu 3: chưa trả lời")
    machine.set_offline(False)
    expect(page.get_by_role("heading", name="câu mới ở máy này")).to_have_count(0)  # everything was drawn anew
    expect(page.locator(".jump a", has_text="Câu 3")).to_be_focused()
    page.get_by_role("link", name="Quay lại làm tiếp").click()
    machine.set_offline(True)
    room.choose(4)
    room.open_summary()
    tab_to(page, "Câu 4: mới lưu trên máy này")
    machine.set_offline(False)
    expect(page.get_by_role("heading", name="câu mới ở máy này")).to_have_count(0)
    expect(page.get_by_role("heading", name="Kiểm tra trước khi nộp bài")).to_be_focused()  # its link is gone
