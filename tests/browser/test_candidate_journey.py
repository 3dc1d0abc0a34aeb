"""The candidate's whole way: sign in, wait, answer, submit, see the result, leave nothing behind."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from examapp.sittings.models import SittingMode
from tests.browser.arrange import Sitting, eventually
from tests.browser.exam_page import ON_SERVER, ExamPage, enter, sign_in

STORES = """async () => ({
    databases: (await indexedDB.databases()).map(({name}) => name),
    caches: await caches.keys(),
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"databases": [], "caches": [], "local": [], "session": [], "workers": 0}


def sees_result(page: Page, correct: int, total: int) -> None:
    """Wait for the result page and check its number."""
    expect(page.get_by_role("heading", name="Kết quả bài thi")).to_be_visible()
    expect(page.locator(".res__big")).to_have_text(f"Số câu đúng: {correct}/{total} câu đúng")


def test_a_programmed_sitting_from_sign_in_to_a_clean_machine(machine: BrowserContext, make_sitting) -> None:
    sitting: Sitting = make_sitting(starts_in=3600)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    page = room.page

    # the waiting room: who, countdown, sealed paper and both probes
    expect(page.get_by_text("Ca thi bắt đầu lúc")).to_be_visible()
    expect(page.locator(".idc__no")).to_have_text(number)
    expect(page.locator(".count__val")).to_have_text(re.compile(r"^(60:00|59:\d\d)$"))
    expect(page.get_by_role("heading", name="Đề thi đã tải xong, còn niêm phong")).to_be_visible()
    expect(page.get_by_text("Máy này giữ được bài làm nếu mất mạng")).to_be_visible()
    expect(page.get_by_text("Đồng hồ máy này khớp máy chủ")).to_be_visible()

    # at the programmed second the paper appears by itself
    sitting.begin(after=5)
    page.reload()
    room.at_question(1)
    assert sitting.attempt(number).starts_at is not None
    room.choose(1)
    room.choose(2, right=False)
    room.choose(2)  # thinks again
    room.choose(3, right=False)
    room.choose(4)
    page.get_by_role("button", name="Bỏ chọn").click()
    expect(page.get_by_role("radio").nth(room.chosen.pop(3))).not_to_be_checked()
    room.right.discard(3)
    page.get_by_role("button", name="Đánh dấu để xem lại").click()
    expect(page.get_by_role("button", name="Bỏ đánh dấu")).to_have_attribute("aria-pressed", "true")
    room.choose(8)
    expect(room.cell(8)).to_have_class(ON_SERVER)
    room.all_on_server()
    expect(page.locator(".save")).to_contain_text("Đã lưu trên máy chủ lúc")

    # the summary names what is open and jumps there; going back loses nothing
    room.open_summary()
    expect(page.get_by_role("heading", name="4 câu chưa trả lời")).to_be_visible()
    expect(page.get_by_role("heading", name="1 câu anh/chị đánh dấu xem lại")).to_be_visible()
    page.locator(".jump a", has_text="5").first.click()
    room.at_question(5)
    room.choose(5)
    receipt = room.submit()
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){4}", receipt)
    expect(page.get_by_text("4/8")).to_have_count(0)
    expect(page.get_by_text("5/8")).to_be_visible()

    # no result before the sitting is sealed and marked
    assert machine.request.get("/thi/api/result").status == 425
    assert sitting.final_answers(number) == room.chosen
    sitting.seal_and_mark()
    page.reload()
    sees_result(page, correct=len(room.right), total=8)
    assert len(room.right) == 4
    expect(page.locator(".rcpt__code")).to_have_text(receipt)
    _leaves_nothing(page, sitting, number)


def test_a_rehearsal_starts_at_sign_in_and_can_be_sat_again(machine: BrowserContext, make_sitting) -> None:
    sitting: Sitting = make_sitting(mode=SittingMode.REHEARSAL, starts_in=600)
    number, code = next(iter(sitting.codes.items()))
    room = enter(machine, number, code)
    room.at_question(1)
    expect(room.page.get_by_text("Kết quả không tính vào kỳ thi.")).to_be_visible()
    for question in range(1, 9):
        room.choose(question, right=question % 2 == 0)
    room.open_summary()
    room.submit_button.click()
    sees_result(room.page, correct=4, total=8)
    _leaves_nothing(room.page, sitting, number)
    expect(room.page.get_by_text("Ca thi kết thúc lúc")).to_have_count(0)
    way = room.page.get_by_role("link", name="Đăng nhập lại để thi thử lần nữa")
    expect(way).to_have_attribute("href", "/thi/dang-nhap")

    # on paper the bar is missing, and the candidate's number must not be; high contrast stays on the screen
    room.page.get_by_role("button", name="Tương phản cao").click()
    colours = "(card) => [getComputedStyle(card).color, getComputedStyle(card).backgroundColor]"
    card = room.page.locator(".res").first
    assert card.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    name = room.page.locator(".print-only", has_text=f"SBD {number}")
    expect(name).to_be_hidden()
    room.page.emulate_media(media="print")
    expect(name).to_be_visible()
    expect(way).to_be_hidden()
    assert card.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    room.page.emulate_media(media="screen")

    # the result may stay open: it holds nothing that would keep another tab from the next try
    again = ExamPage(machine.new_page())
    sign_in(again.page, number, code)
    again.at_question(1)
    expect(again.page.locator(".pal__head")).to_contain_text("Đã trả lời 0/8")
    assert sitting.attempt(number).try_number == 2


def _leaves_nothing(page: Page, sitting: Sitting, number: str) -> None:
    """Check that the page has deleted every store of the origin and that the server knows it."""
    expect(page.get_by_text("máy này đã xóa bài làm")).to_be_visible()
    eventually(lambda: sitting.attempt(number).wiped_at, "the page tells that its stores are deleted")
    assert page.evaluate(STORES) == NOTHING


def test_every_storage_was_in_use_before(machine: BrowserContext, make_sitting: Callable[..., Sitting]) -> None:
    """Keeps the two tests above honest: there is something to delete, and none of it can be read."""
    sitting = make_sitting()
    number, code = next(iter(sitting.codes.items()))
    room: ExamPage = enter(machine, number, code)
    room.choose(1)
    room.page.get_by_role("button", name="Phóng to chữ").first.click()
    expect(room.page.locator("html")).to_have_class(re.compile("big"))
    eventually(lambda: room.page.evaluate(STORES)["caches"], "the service worker keeps the shell")
    stores = room.page.evaluate(STORES)
    assert stores["databases"] == ["khaothi-exam"]
    assert stores["workers"] == 1
    assert stores["local"]
    dump = room.page.evaluate(
        """async () => {
            const database = await new Promise((resolve) => {
                const request = indexedDB.open("khaothi-exam");
                request.onsuccess = () => resolve(request.result);
            });
            const all = [];
            for (const name of database.objectStoreNames) {
                const request = database.transaction(name).objectStore(name).getAll();
                all.push(...await new Promise((resolve) => { request.onsuccess = () => resolve(request.result); }));
            }
            database.close();
            const text = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer
                ? new TextDecoder("latin1").decode(value) : value;
            return all.map((row) => JSON.stringify(row, (_, value) => text(value))).join("\\n");
        }"""
    )
    assert str(sitting.attempt(number).id) in dump
    assert "Câu hỏi" not in dump
    assert "Nguyễn" not in dump
