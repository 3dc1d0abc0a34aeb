"""Two machines: the second is refused until an invigilator frees the attempt; the first is told and changes nothing."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.arrange import INVIGILATOR
from tests.browser.exam_page import enter, sign_in


def test_without_a_transfer_the_second_machine_is_refused(
    machine: BrowserContext, other_machine: BrowserContext, make_sitting
) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    first = enter(machine, number, code)
    first.choose(1)
    page = other_machine.new_page()
    sign_in(page, number, code)
    expect(page.get_by_role("alert")).to_contain_text(
        "Bài này đang mở ở máy khác. Giơ tay báo giám thị để được chuyển máy"
    )
    first.choose(2)
    first.all_on_server()
    assert sitting.final_answers(number) == first.chosen
    assert sitting.events(number) == ["signed_in"]


def test_a_transfer_moves_the_work_and_fences_the_old_page(
    machine: BrowserContext, other_machine: BrowserContext, desk_of, make_sitting
) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    old = enter(machine, number, code)
    for question in (1, 2, 3):
        old.choose(question)
    old.all_on_server()
    machine.set_offline(True)

    desk = desk_of(INVIGILATOR).new_page()
    desk.goto(sitting.path)
    desk.get_by_role("row", name=number).get_by_role("link", name="Chuyển máy").click()
    desk.get_by_role("button", name="Chuyển máy").click()
    expect(desk.get_by_text("Ghi lý do chuyển máy")).to_be_visible()
    desk.get_by_label("Lý do chuyển máy").fill("Bàn phím hỏng")
    desk.get_by_role("button", name="Chuyển máy").click()
    expect(desk.get_by_text(f"Đã tách số báo danh {number} khỏi máy cũ")).to_be_visible()

    # the new machine sees what the server has, and goes on
    new = enter(other_machine, number, code)
    new.at_question(1)
    expect(new.page.locator(".pal__head")).to_contain_text("Đã trả lời 3/8")
    new.chosen.update(old.chosen)
    new.choose(1, right=False)
    new.choose(5)
    new.all_on_server()

    # the old page still answers without network; when it comes back it is told, and nothing is overridden
    old.choose(2, right=False)
    old.choose(6)
    machine.set_offline(False)
    expect(old.page.get_by_role("heading", name="Bài này vừa được mở ở máy khác")).to_be_visible(timeout=40_000)
    expect(old.page.get_by_text("Máy này không lưu thêm được nữa")).to_be_visible()
    new.choose(7)
    new.submit()
    assert sitting.final_answers(number) == new.chosen
    # what the old page sent is kept, apart from what counts
    assert [save.item for save in sitting.saves(number) if save.fenced] == [1, 5]
    assert sitting.events(number)[:3] == ["signed_in", "transferred", "signed_in"]

    desk.goto(sitting.path)
    expect(desk.get_by_role("row", name=number)).to_contain_text("2 lượt không tính")
    expect(desk.get_by_role("row", name=number)).to_contain_text("Đã nộp")
