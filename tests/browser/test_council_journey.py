"""The council's whole way on its pages: from an empty bank to the posted list, which a candidate then looks up.

Each stretch of the way is a function; with `--screenshots FOLDER` it leaves the pictures of the guides behind.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from examapp.access.roles import Role
from examapp.candidates.models import Candidate
from examapp.core.clock import LOCAL_ZONE
from examapp.integrity.admission import admission_code
from examapp.sittings.models import Sitting as SittingRow
from tests.browser.arrange import CHAIR, Server, Sitting
from tests.browser.exam_page import enter
from tests.cast import Person
from tests.factories import question_lines, workbook

SECRETARY = Person("van.phong.thi", "Võ Văn Phòng", Role.SECRETARY, site=True)
CODE = "KT27"
NAMES = ["Trần Thị Ánh", "Lê Văn Ân", "Nguyễn Thị Bình", "Đỗ Văn Đức", "Phạm Thị Ý"]


@dataclass
class Guide:
    """Takes the pictures of the guides, when asked."""

    folder: Path | None

    def picture(self, page: Page, name: str, *, of: str = "") -> None:
        """Keep the page as it is in the window, or one part of it."""
        if self.folder:
            page.wait_for_load_state("networkidle")
            path = self.folder / f"{name}.png"
            if of:
                page.locator(of).screenshot(path=path)
            else:
                page.screenshot(path=path)


@pytest.fixture
def guide(request: pytest.FixtureRequest) -> Guide:
    """Return where the pictures go."""
    folder = request.config.getoption("--screenshots")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Guide(Path(folder) if folder else None)


def test_from_an_empty_bank_to_the_posted_list(
    desk_of: Callable[[Person], BrowserContext],
    new_machine: Callable[[], BrowserContext],
    server: Server,
    guide: Guide,
    tmp_path: Path,
) -> None:
    page = desk_of(SECRETARY).new_page()
    _fill_the_bank(page, guide, tmp_path)
    _make_the_exam(page, guide)
    _lock_the_blueprint(page, guide)
    _bring_in_candidates(page, guide, tmp_path)
    sitting = _make_the_sitting(page, guide, server)
    _print_the_slips(page, guide)
    chair = desk_of(CHAIR).new_page()
    key_code = _freeze_and_open(chair, sitting, guide)
    receipt = _sit(sitting, new_machine())
    _seal_and_mark(chair, sitting, key_code, guide)
    _make_and_post_the_list(chair, guide)
    _look_up(new_machine().new_page(), sitting, receipt, guide)


def _fill_the_bank(page: Page, guide: Guide, folder: Path) -> None:
    page.goto("/ngan-hang/")
    page.get_by_role("link", name="Lập môn").first.click()
    page.get_by_label("Tên môn").fill("Kiến thức chung 2027")
    page.get_by_label("Mã môn").fill("KTC27")
    page.get_by_role("button", name="Lập môn").click()
    file = folder / "cau-hoi.jsonl"
    file.write_bytes(question_lines(200, prefix="KTC27"))
    page.get_by_role("link", name="Nhập từ tệp").last.click()
    page.get_by_label("Tệp câu hỏi").set_input_files(file)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.get_by_role("heading", name="Xem trước khi nhập")).to_be_visible()
    guide.picture(page, "thu-ky-01-nhap-cau-hoi")
    page.get_by_role("link", name="Nhập 200 câu hợp lệ").click()
    page.get_by_role("button", name="Nhập 200 câu").click()
    expect(page.get_by_role("heading", name="Tệp đã nhập vào ngân hàng")).to_be_visible()


def _make_the_exam(page: Page, guide: Guide) -> None:
    page.goto("/ky-thi/")
    page.get_by_role("link", name="Lập kỳ thi").first.click()
    page.get_by_label("Tên kỳ thi").fill("Kỳ thi tuyển dụng công chức năm 2027")
    page.get_by_label("Mã kỳ thi").fill(CODE)
    page.get_by_role("button", name="Lập kỳ thi").click()
    page.get_by_role("link", name="Thêm bài thi").first.click()
    page.get_by_label("Môn", exact=True).select_option(label="KTC27 – Kiến thức chung 2027")
    # the regulation's numbers are filled in: 60 questions in 60 minutes, passed with half of them
    page.get_by_role("button", name="Thêm bài thi").click()
    expect(page.get_by_role("row", name=re.compile("Kiến thức chung 2027"))).to_be_visible()
    guide.picture(page, "thu-ky-02-ky-thi")


def _lock_the_blueprint(page: Page, guide: Guide) -> None:
    page.get_by_role("link", name="Ma trận", exact=True).click()
    page.get_by_role("button", name="Điền theo kho").click()
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text("Đã lưu dự thảo ma trận.")).to_be_visible()
    # the live check answers while somebody types, and saves nothing
    field = page.locator(".mx input").first
    typed = field.input_value()
    field.fill("99")
    expect(page.locator(".mx td.gap")).to_have_count(1)
    field.fill(typed)
    expect(page.locator(".mx td.gap")).to_have_count(0)
    guide.picture(page, "thu-ky-03-ma-tran")
    page.get_by_role("button", name="Khóa ma trận").click()
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Khóa ma trận").click()
    expect(page.get_by_text("Đã khóa ma trận.")).to_be_visible()


def _bring_in_candidates(page: Page, guide: Guide, folder: Path) -> None:
    page.get_by_role("link", name="Thí sinh", exact=True).click()
    page.get_by_role("link", name="Nhập danh sách").first.click()
    file = folder / "thi-sinh.xlsx"
    rows = [["STT", "Họ và tên", "Ngày sinh"], *([n, name, "09/03/1998"] for n, name in enumerate(NAMES, 1))]
    file.write_bytes(workbook(rows, above=[["HỘI ĐỒNG TUYỂN DỤNG"]]))
    page.get_by_label("Tệp", exact=False).first.set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    # numbers go by given name: Ánh and Ân before Bình, Đức, Ý
    expect(page.get_by_role("row", name=re.compile("0001.*Trần Thị Ánh"))).to_be_visible()
    guide.picture(page, "thu-ky-04-thi-sinh")
    page.get_by_role("button", name="Nhập 5 thí sinh").click()
    expect(page.get_by_role("row", name=re.compile("0005.*Phạm Thị Ý"))).to_be_visible()


def _make_the_sitting(page: Page, guide: Guide, server: Server) -> Sitting:
    page.get_by_role("link", name="Ca thi, phòng thi").click()
    page.get_by_role("link", name="Lập ca thi").first.click()
    page.get_by_label("Mã ca thi").fill("CA1")
    now = datetime.now(UTC).astimezone(LOCAL_ZONE)
    page.get_by_label("Mở đề từ").fill((now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Giờ bắt đầu làm bài").fill((now + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Mã phòng, phòng thứ 1").fill("P01")
    page.get_by_label("Tên phòng, phòng thứ 1").fill("Phòng 01")
    page.get_by_label("Số chỗ, phòng thứ 1").fill("3")
    page.get_by_role("button", name="Thêm phòng").click()
    page.get_by_role("button", name=re.compile("Xem cách xếp")).last.click()
    expect(page.get_by_role("heading", name="Cách xếp chỗ, chưa lập")).to_be_visible()
    guide.picture(page, "thu-ky-05-ca-thi")
    page.get_by_role("button", name="Lập ca thi và xếp 5 thí sinh").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CA1")
    with server.session() as session:
        row = session.scalars(select(SittingRow).order_by(SittingRow.id.desc()).limit(1)).one()
        exam = row.exam_test.exam
        assert exam.code == CODE
        people = session.scalars(select(Candidate).where(Candidate.exam_id == exam.id).order_by(Candidate.number))
        key = server.keys.slip_key
        codes = {one.number: admission_code(key, exam.id.bytes, one.number, one.code_issue) for one in people}
        return Sitting(server, row.id, codes)


def _print_the_slips(page: Page, guide: Guide) -> None:
    page.goto("/ky-thi/")
    page.get_by_role("link", name="Kỳ thi tuyển dụng công chức năm 2027").click()
    page.get_by_role("link", name="Thí sinh", exact=True).click()
    page.get_by_role("link", name=re.compile("phiếu báo", re.IGNORECASE)).first.click()
    page.get_by_role("button", name="Lập tệp phiếu").click()
    expect(page.get_by_role("link", name="Tải phiếu")).to_be_visible(timeout=30_000)
    guide.picture(page, "thu-ky-06-phieu-bao")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải phiếu").click()
    path = waiting.value.path()
    assert path.read_bytes().startswith(b"%PDF")


def _freeze_and_open(page: Page, sitting: Sitting, guide: Guide) -> str:
    """Freeze, record the public value, open; return the code of the keys."""
    page.goto(sitting.path)
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Đóng gói và hiện hai mã").click()
    paper, key = (
        page.locator("section", has_text=name).locator(".hash").inner_text() for name in ("“Đề thi”", "“Đáp án”")
    )
    page.get_by_role("link", name="Đã chép xong hai mã").click()
    guide.picture(page, "thu-ky-07-ca-thi-da-dong-goi")
    for label in ("Số rút công khai", "Nhập lại số rút công khai"):
        page.get_by_label(label, exact=True).fill("20711834")
    page.get_by_label("Hai thí sinh chứng kiến").fill("Trần Thị Ánh, Lê Văn Ân")
    page.get_by_label("Tôi hiểu: số rút không sửa được").check()
    page.get_by_role("button", name="Ghi số rút công khai").click()
    page.get_by_label("Mã mở đề").fill(paper)
    page.get_by_label("Tôi hiểu: đề đã mở").check()
    page.get_by_role("button", name="Mở đề").click()
    expect(page.get_by_role("row", name="Trần Thị Ánh")).to_be_visible(timeout=30_000)
    return key


def _sit(sitting: Sitting, machine: BrowserContext) -> str:
    """Let the first candidate answer 31 of 60, all but the last one rightly; return the code of the receipt."""
    sitting.begin()
    number = next(iter(sitting.codes))
    room = enter(machine, number, sitting.codes[number])
    room.at_question(1)
    for question in range(1, 32):
        room.choose(question, right=question <= 30)
    room.all_on_server()
    return room.submit()


def _seal_and_mark(page: Page, sitting: Sitting, key_code: str, guide: Guide) -> None:
    past = datetime.now(UTC) - timedelta(minutes=1)
    for number in list(sitting.codes)[1:]:
        sitting.move(number, starts_at=past - timedelta(hours=1), closes_at=past, grace_seconds=0)
    for _ in range(20):  # the server seals by itself
        page.goto(sitting.path)
        if page.get_by_label("Mã đáp án").count():
            break
        page.wait_for_timeout(500)
    # this test has moved the times past the package, and the page says so: no part of a guide
    guide.picture(page, "thu-ky-08-mo-dap-an", of="section:has(> .panel__h h2#buoc)")
    page.get_by_label("Mã đáp án").fill(key_code)
    page.get_by_label("Tôi hiểu: mở đáp án").check()
    page.get_by_role("button", name="Mở đáp án và chấm").click()
    expect(page.get_by_text("Đã mở đáp án và chấm 5 bài.")).to_be_visible()


def _make_and_post_the_list(page: Page, guide: Guide) -> None:
    page.get_by_role("link", name="Danh sách kết quả").click()
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Lập danh sách kết quả").click()
    expect(page.get_by_text("Danh sách lập lúc")).to_be_visible()
    guide.picture(page, "thu-ky-09-ket-qua")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Thông báo (PDF)").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Công bố").click()
    page.get_by_label("Tôi hiểu").check()
    page.get_by_role("button", name="Công bố danh sách").click()
    expect(page.get_by_text("Đã công bố danh sách.")).to_be_visible()
    guide.picture(page, "thu-ky-10-cong-bo")


def _look_up(page: Page, sitting: Sitting, receipt: str, guide: Guide) -> None:
    """Look up as the candidate, then as anybody."""
    number, code = next(iter(sitting.codes.items()))
    page.goto("/tra-cuu/")
    page.get_by_label("Số báo danh").fill(number)
    page.get_by_label("Mã dự thi").fill(code.lower())
    page.get_by_label("Mã biên nhận").fill(receipt)
    page.get_by_role("button", name="Xem kết quả").click()
    expect(page.get_by_text("30/60")).to_be_visible()
    expect(page.get_by_text("Bài làm khớp biên nhận")).to_be_visible()
    guide.picture(page, "thi-sinh-05-tra-cuu")
    page.get_by_role("link", name="Danh sách công bố").click()
    page.get_by_role("link", name=re.compile("năm 2027")).click()
    expect(page.get_by_role("row", name=re.compile(f"{number}.*30.60.*Đạt"))).to_be_visible()
    expect(page.get_by_text("Trần Thị Ánh")).to_have_count(0)
    page.get_by_role("link", name="Kiểm tra việc rút đề").click()
    page.get_by_role("link", name=re.compile("năm 2027")).click()
    page.get_by_role("textbox", name="Số báo danh").fill(number)
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Khớp", exact=True)).to_be_visible()
    guide.picture(page, "thi-sinh-06-rut-de")
