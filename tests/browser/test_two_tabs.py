"""One tab writes. A second one reads a sentence, may take over, and then the first is told."""

from playwright.sync_api import BrowserContext, expect

from tests.browser.exam_page import ExamPage, enter

#: holds the lock until somebody waits for it, as the page before a reload may for a moment
HOLD_A_MOMENT = """async () => {
    const name = "khaothi-exam";
    const waited = async () => (await navigator.locks.query()).pending.some((asked) => asked.name === name);
    await new Promise((held) => navigator.locks.request(name, async () => {
        held();
        while (!(await waited())) await new Promise((next) => setTimeout(next, 10));
    }));
}"""


def test_the_second_tab_takes_over_and_nothing_is_lost(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    first = enter(machine, number, code)
    first.choose(1)
    first.choose(2)

    page = machine.new_page()
    page.goto("/thi/")
    expect(page.get_by_role("heading", name="Bài thi đang mở ở một thẻ khác")).to_be_visible()
    first.choose(3)  # the first tab still writes

    machine.set_offline(True)  # what is only on this machine passes to the other tab as well
    first.choose(4)
    page.get_by_role("button", name="Làm bài ở thẻ này").click()
    second = ExamPage(page, first.chosen, first.right)
    second.at_question(1)
    expect(first.page.get_by_role("heading", name="Bài thi đã chuyển sang thẻ khác")).to_be_visible()
    expect(second.page.locator(".pal__head")).to_contain_text("Đã trả lời 4/8")
    second.choose(1, right=False)
    machine.set_offline(False)
    second.choose(5)
    second.all_on_server()
    second.submit()

    saves = sitting.saves(number)
    assert [save.seq for save in saves] == list(range(1, 8))
    assert {(save.lease, save.fenced) for save in saves} == {(1, False)}
    assert sitting.final_answers(number) == second.chosen


def test_a_page_that_is_just_leaving_is_no_second_tab(machine: BrowserContext, make_sitting) -> None:
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    leaving = machine.new_page()
    leaving.goto("/thi/dang-nhap")
    leaving.evaluate(HOLD_A_MOMENT)
    enter(machine, number, code).at_question(1)
