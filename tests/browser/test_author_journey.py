"""An author brings in a messy workbook, mends it in the browser and as a file, and finds the questions again."""

import io
from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, expect

from examapp.access.actor import SYSTEM
from examapp.access.roles import Role
from examapp.bank.services import create_subject
from tests.browser.arrange import Server
from tests.cast import Person
from tests.conftest import NOW
from tests.factories import workbook

AUTHOR = Person("soan.de", "Ngô Soạn Đề", Role.AUTHOR, site=True)
HEADER = ["Câu hỏi", "A", "B", "C", "D", "Đáp án", "Chủ đề", "Mức độ"]
_PARTS = (
    "Cơ quan nào ban hành nghị định?|Quốc hội|Chính phủ|Bộ trưởng|Hội đồng nhân dân|B|Văn bản|Nhận biết",
    "Thời hạn giải quyết khiếu nại lần đầu?|30 ngày|45 ngày|60 ngày|90 ngày|E|Khiếu nại|Nhận biết",
    "Tập trung dân chủ là gì?|Thiểu số phục tùng|Cá nhân quyết|Thiểu số phục tùng|Không có|A|Tổ chức|Thông hiểu",
    "Cán bộ là ai?|Người được bầu|Người ký hợp đồng|Người học việc|Người về hưu|A|Tổ chức|Nhận biết",
)
ROWS = [line.split("|") for line in _PARTS]


def test_a_messy_file_is_mended_and_brought_in(
    desk_of: Callable[[Person], BrowserContext], server: Server, tmp_path: Path
) -> None:
    with server.session() as session:
        create_subject(session, "SOAN", "Môn soạn thử", actor=SYSTEM, now=NOW)
    page = desk_of(AUTHOR).new_page()
    file = tmp_path / "cau-hoi.xlsx"
    file.write_bytes(workbook([HEADER, *ROWS], above=[["BỘ CÂU HỎI"]]))
    page.goto("/ngan-hang/")
    page.get_by_role("link", name="Môn soạn thử").click()
    page.get_by_role("link", name="Nhập từ tệp").last.click()
    page.get_by_label("Tệp câu hỏi").set_input_files(file)
    page.get_by_role("button", name="Tải lên").click()
    if page.get_by_role("heading", name="Ghép cột").count():
        page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_role("heading", name="Xem trước khi nhập")).to_be_visible()
    # the numbered problems stand in the very cells
    expect(page.locator("td.bad")).to_have_count(2)
    expect(page.get_by_text("Dòng 4, cột “Đáp án”").first).to_be_visible()

    # one row is mended here
    page.get_by_role("link", name="Sửa tại đây").first.click()
    page.get_by_label("Đáp án").select_option("A")
    page.get_by_role("button", name="Lưu, kiểm tra lại").click()
    expect(page.locator("td.bad")).to_have_count(1)
    expect(page.get_by_role("link", name="Nhập 3 câu hợp lệ")).to_be_visible()

    # the good rows go in, the refused one is taken away, mended and brought again
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải dòng bị loại").click()
    page.get_by_role("link", name="Nhập 3 câu hợp lệ").click()
    page.get_by_role("button", name="Nhập 3 câu").click()
    expect(page.get_by_role("heading", name="Tệp đã nhập vào ngân hàng")).to_be_visible()
    mended = tmp_path / "da-sua.xlsx"
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    sheet = book.active
    third = next(cell.column for cell in sheet[1] if str(cell.value).endswith("C"))
    sheet.cell(2, third).value = "Cấp trên quyết định"
    book.save(mended)
    page.goto("/ngan-hang/")
    page.get_by_role("link", name="Môn soạn thử").click()
    page.get_by_role("link", name="Nhập từ tệp").last.click()
    page.get_by_label("Tệp câu hỏi").set_input_files(mended)
    page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("link", name="Nhập 1 câu hợp lệ").click()
    page.get_by_role("button", name="Nhập 1 câu").click()

    # everything is in the bank and is found without accents
    page.goto("/ngan-hang/")
    page.get_by_role("link", name="Môn soạn thử").click()
    expect(page.get_by_role("row")).to_have_count(1 + len(ROWS))
    page.get_by_label("Tìm câu hỏi").fill("tap trung dan chu")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.locator("mark").first).to_be_visible()
