"""Sending a file up: kept and read at once when it is ours, else its columns are asked for first."""

from examapp.access.roles import Role
from examapp.bank.models import ImportState
from question_bank.formats import xlsx
from tests.factories import question_lines
from tests.functional.bank_import.conftest import GOOD, SUM, Desk, sheet
from tests.pages import Browser


def test_a_foreign_workbook_is_kept_and_its_columns_are_asked_for(desk: Desk, author: Browser) -> None:
    page = author.open(desk.upload_path)
    assert page.heading == "Nhập câu hỏi từ tệp"
    assert "Tệp Word, Excel, CSV, JSON, Moodle XML, GIFT, Aiken hoặc QTI, nặng nhất 32 MB." in page.text
    page = desk.send(author, sheet(GOOD, SUM), "đề số 1.xlsx")
    assert page.heading == "Ghép cột"
    batch = desk.newest()
    assert (batch.state, batch.file_name, batch.rows_total) == (ImportState.UPLOADED, "đề số 1.xlsx", 0)
    assert desk.actions() == ["bank.import_uploaded"]
    assert desk.stored()["stored_files"] == 1
    assert author.open(desk.path()).heading == "Ghép cột", "whoever comes back goes on where it was left"


def test_the_template_and_the_native_form_are_read_at_once(desk: Desk, author: Browser) -> None:
    page = desk.send(author, question_lines(3), "de.jsonl")
    assert page.heading == "Xem trước khi nhập"
    assert "Đã đọc xong tệp. Chưa câu nào vào ngân hàng." in page.text
    assert desk.path("/ghep-cot") in page.links(), "the columns can still be looked at"
    template = author.client.get("/ngan-hang/nhap/tep-mau.xlsx")
    assert template.status_code == 200
    assert "mau-cau-hoi.xlsx" in template.headers["Content-Disposition"]
    page = desk.send(author, template.data, "mau.xlsx")
    assert "Tệp không có dòng câu hỏi nào" in page.text
    assert xlsx.read(template.data, "mau.xlsx").rows_total == 0


def test_without_a_file_it_says_so(desk: Desk, author: Browser) -> None:
    page = author.submit(author.open(desk.upload_path), desk.upload_path, status=422)
    assert "Chọn tệp câu hỏi rồi bấm “Tải lên”." in page.text


def test_a_colleague_may_and_a_stranger_finds_nothing(desk: Desk) -> None:
    assert desk.browser(name="soan.hai").open(desk.upload_path).heading == "Nhập câu hỏi từ tệp"
    stranger = desk.browser(subject=desk.other)
    stranger.open(desk.upload_path, status=404)
    assert desk.post(stranger, desk.upload_path).status_code == 404
    chair = desk.browser(Role.COUNCIL_CHAIR)
    chair.open(desk.upload_path, status=403)
    assert desk.post(chair, desk.upload_path).status_code == 403


def test_without_its_token_or_by_another_method_nothing_is_kept(desk: Desk, author: Browser) -> None:
    before = desk.stored()
    assert author.client.post(desk.upload_path, data={"csrf_token": "made-up"}).status_code == 400
    assert author.client.put(desk.upload_path, data={"a": "b"}).status_code == 405
    assert desk.stored() == before


def test_the_same_file_twice_is_two_imports_and_the_bank_has_its_questions_once(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(2), "de.jsonl")
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    page = desk.send(author, question_lines(2), "de.jsonl")
    assert desk.counts() == (2, 0, 0, 2)
    assert "Ngân hàng đã có câu này, mã CH-000." in page.text or "ngân hàng đã có câu này, mã CH-000." in page.text
    assert desk.stored()["questions"] == 2
