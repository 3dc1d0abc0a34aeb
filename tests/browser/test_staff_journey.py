"""The council's day on its own pages: freeze, public value, open, watch, seal, open the keys, make the list."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.arrange import CHAIR, INVIGILATOR, Server, Sitting
from tests.browser.exam_page import enter
from tests.cast import PASSWORD, Cast

STEPS = ["Chuẩn bị", "Đóng gói", "Mở đề", "Thi", "Niêm phong", "Chấm"]


def stands_at(page: Page, step: str) -> None:
    """Check which step of the sitting is the current one."""
    expect(page.locator('.step-bar [aria-current="step"]')).to_contain_text(step)


def refused(page: Page, sentence: str) -> None:
    """Check that the page says why nothing happened."""
    expect(page.get_by_role("alert")).to_contain_text(sentence)


def test_from_a_draft_to_the_result_list(
    machine: BrowserContext, desk_of: Callable, new_machine: Callable, server: Server, make_sitting
) -> None:
    sitting: Sitting = make_sitting(opened=False, starts_in=600)
    number, code = next(iter(sitting.codes.items()))
    with server.session() as session:
        Cast(session, datetime.now(UTC)).account(CHAIR)
    page = machine.new_page()
    page.goto(sitting.path)  # who is not signed in comes back here after the sign-in
    page.get_by_label("Tên đăng nhập").fill(CHAIR.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(server.url + sitting.path)
    stands_at(page, "Chuẩn bị")

    # freeze: a confirmation, then two codes shown once
    page.get_by_role("button", name="Đóng gói và hiện hai mã").click()
    refused(page, "Đánh dấu ô này để xác nhận")
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Đóng gói và hiện hai mã").click()
    paper_code, key_code = (page.locator("section", has_text=name).locator(".hash").inner_text() for name in _ENVELOPES)
    assert paper_code != key_code
    # two persons keep the envelopes: no printed sheet shows both codes
    page.emulate_media(media="print")
    for name in _ENVELOPES:
        sheet = page.locator("section", has_text=name)
        assert sheet.evaluate("(one) => getComputedStyle(one).breakAfter") == "page"
        expect(sheet).to_contain_text("lần đóng gói 1")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Đã chép xong hai mã").click()
    stands_at(page, "Mở đề")
    expect(page.get_by_text(key_code)).to_have_count(0)

    _record_public_value(page)
    _open(page, paper_code, key_code)
    stands_at(page, "Thi")
    expect(page.get_by_role("row", name=number)).to_contain_text("Chưa vào")

    _sit(sitting, number, code, new_machine(), desk_of(INVIGILATOR).new_page())

    # the other candidate never came; the sealing waits for the deadline and then takes everything in
    page.goto(sitting.path)
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Niêm phong").click()
    refused(page, "Chưa niêm phong được: 1 thí sinh chưa vào còn vào được")
    absent = list(sitting.codes)[1]
    past = datetime.now(UTC) - timedelta(minutes=1)
    sitting.move(absent, starts_at=past - timedelta(hours=1), closes_at=past, grace_seconds=0)
    page.goto(sitting.path)  # the server may have sealed by itself in this moment: that is its duty
    if page.get_by_role("button", name="Niêm phong").count():
        page.get_by_label("Tôi hiểu").check()
        page.get_by_role("button", name="Niêm phong").click()
        page.goto(sitting.path)
    stands_at(page, "Chấm")
    expect(page.get_by_role("row", name=absent)).to_contain_text("Vắng")
    expect(page.get_by_role("heading", name="Gốc bài làm R1")).to_be_visible()

    _open_keys(page, sitting, paper_code, key_code)
    expect(page.locator(".step-bar .done")).to_have_count(len(STEPS))  # a finished step is not the current one
    expect(page.locator('.step-bar [aria-current="step"]')).to_have_count(0)
    expect(page.get_by_role("row", name=number)).to_contain_text("đúng 5")
    page.get_by_role("link", name="Danh sách kết quả").click()
    expect(page.get_by_role("row", name=number)).to_contain_text("5/8")
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Lập danh sách kết quả").click()
    expect(page.get_by_text("Danh sách lập lúc")).to_be_visible()
    expect(page.get_by_role("button", name="Lập danh sách kết quả")).to_have_count(0)
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile("/dang-nhap"))
    page.goto(sitting.path)
    expect(page).to_have_url(re.compile("/dang-nhap"))


_ENVELOPES = ("Phong bì “Đề thi”", "Phong bì “Đáp án”")


def _record_public_value(page: Page) -> None:
    """Type the eight digits, first wrongly; the second time they stand."""
    for repeated in ("20711843", "20711834"):
        page.get_by_label("Số rút công khai", exact=True).fill("20711834")
        page.get_by_label("Nhập lại số rút công khai").fill(repeated)
        page.get_by_label("Hai thí sinh chứng kiến").fill("Lê Thị Ví Dụ, Trần Văn Ví Dụ")
        page.get_by_label("Tôi hiểu: số rút không sửa được").check()
        page.get_by_role("button", name="Ghi số rút công khai").click()
        if repeated != "20711834":
            refused(page, "Hai lần nhập số rút công khai khác nhau")
    expect(page.get_by_text("Đã ghi số rút công khai 20711834")).to_be_visible()


def _open(page: Page, paper_code: str, wrong_code: str) -> None:
    """Open the paper, first with the other envelope's code; the worker draws and the page goes on by itself."""
    page.get_by_label("Mã mở đề").fill(wrong_code)
    page.get_by_label("Tôi hiểu: đề đã mở").check()
    page.get_by_role("button", name="Mở đề").click()
    expect(page.get_by_role("alert")).to_be_visible()
    stands_at(page, "Mở đề")
    page.get_by_label("Mã mở đề").fill(paper_code)
    page.get_by_role("button", name="Mở đề").click()
    expect(page.get_by_text("Đã mở đề. Máy chủ đang rút đề cho từng thí sinh.")).to_be_visible()
    expect(page.get_by_role("row", name="Nguyễn Văn Ví Dụ 0")).to_be_visible(timeout=30_000)
    page.reload()


def _sit(sitting: Sitting, number: str, code: str, machine: BrowserContext, watching: Page) -> None:
    """Let one candidate sit while an invigilator watches the list, which brings itself up to date."""
    sitting.begin()
    room = enter(machine, number, code)
    room.at_question(1)
    watching.goto(sitting.path)
    row = watching.get_by_role("row", name=number)
    expect(row).to_contain_text("Đang làm")
    expect(watching.get_by_role("button", name="Niêm phong")).to_have_count(0)  # not an invigilator's deed
    for question in range(1, 9):
        room.choose(question, right=question <= 5)
    room.all_on_server()
    expect(row).to_contain_text("8/8", timeout=40_000)
    room.submit()
    expect(row).to_contain_text("Đã nộp", timeout=40_000)


def _open_keys(page: Page, sitting: Sitting, wrong_code: str, key_code: str) -> None:
    """Open the keys, first with wrong codes: the page says so and nothing changes."""
    mistyped = key_code[:-1] + ("0" if key_code[-1] != "0" else "1")
    for code in ("", mistyped, wrong_code):
        page.get_by_label("Mã đáp án").fill(code)
        page.get_by_label("Tôi hiểu: mở đáp án").check()
        page.get_by_role("button", name="Mở đáp án và chấm").click()
        # the refusal comes before the notes on the times, which this test has moved past the package
        expect(page.get_by_role("alert").first).to_contain_text(re.compile("[Mm]ã"))
        stands_at(page, "Chấm")
        assert sitting.roots == ["R1"]
        assert sitting.attempt(next(iter(sitting.codes))).correct is None
    page.get_by_label("Mã đáp án").fill(key_code)
    page.get_by_role("button", name="Mở đáp án và chấm").click()
    expect(page.get_by_text("Đã mở đáp án và chấm 2 bài.")).to_be_visible()
    assert sitting.roots == ["R1", "R2"]
