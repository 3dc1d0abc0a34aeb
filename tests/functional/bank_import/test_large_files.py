"""Large files are read and brought in by the worker; the page shows how far it is, and nobody disturbs it.

What counts as large is lowered here, or every test would have to write thousands of questions.
"""

import io

import pytest
from openpyxl import load_workbook

from examapp.bank.imports import jobs
from examapp.bank.models import ImportState
from examapp.core.files import StoredFile
from tests.factories import question_lines
from tests.functional.bank_import.conftest import GOOD, NO_KEY, Desk, sheet
from tests.pages import Browser


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LARGE_BYTES", 100)
    monkeypatch.setattr(jobs, "LARGE_ROWS", 1)


def test_the_worker_reads_and_brings_in(desk: Desk, author: Browser) -> None:
    page = desk.send(author, question_lines(5), "de.jsonl")
    assert page.heading == "Máy chủ đang làm việc với tệp"
    assert "chờ đến lượt" in page.text
    assert desk.newest().state is ImportState.UPLOADED
    assert author.open(desk.path()).heading == "Máy chủ đang làm việc với tệp", "the file's page leads here meanwhile"
    desk.do_jobs()
    page = author.open(desk.path("/viec"))
    assert "Đã xong" in page.text
    assert desk.path() in page.links()
    assert desk.counts() == (5, 5, 0, 0)
    page = author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    assert "Nhập câu hỏi vào ngân hàng" in page.text
    assert desk.stored()["questions"] == 0
    desk.do_jobs()
    assert author.open(desk.path()).heading == "Tệp đã nhập vào ngân hàng"
    assert desk.stored()["questions"] == 5
    assert desk.actions() == ["bank.import_uploaded", "bank.import_previewed", "bank.import_applied"]


def test_columns_are_joined_between_two_jobs(desk: Desk, author: Browser) -> None:
    desk.send(author, sheet(GOOD, NO_KEY))
    desk.do_jobs()
    page = author.open(desk.path())
    assert page.heading == "Ghép cột"
    author.submit(page, desk.path("/ghep-cot"), default_topic="Chung")
    desk.do_jobs()
    assert desk.counts() == (2, 1, 0, 1)
    assert desk.newest().mapping["defaults"] == {"topic": "Chung"}


def test_meanwhile_nobody_changes_anything(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(3), "de.jsonl")
    desk.do_jobs()
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    for rest in ("/dua-vao", "/so-lai", "/bo", "/dong/1"):
        answer = desk.post(author, desk.path(rest), seen="0", key="A")
        assert answer.status_code == 409, rest
        assert "Máy chủ đang làm việc với tệp này." in answer.get_data(as_text=True)
    desk.do_jobs()
    assert desk.stored()["questions"] == 3


def test_an_unreadable_file_ends_the_job_with_the_reason(desk: Desk, author: Browser) -> None:
    desk.send(author, sheet(GOOD)[:3000], "de.xlsx")
    desk.do_jobs()
    page = author.open(desk.path("/viec"))
    assert "Tệp .xlsx bị hỏng hoặc tải chưa hết" in page.text
    assert desk.upload_path in page.links()
    page = author.submit(author.open(desk.path("/bo")), desk.path("/bo"))
    assert "Đã bỏ tệp de.xlsx." in page.text
    stored = desk.stored()
    assert (stored["imports"], stored["stored_files"]) == (0, 0)


def test_a_file_that_is_gone_when_its_turn_comes_is_told(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(3), "de.jsonl")
    desk.session.delete(desk.session.get_one(StoredFile, desk.newest().file_id))
    desk.session.commit()
    desk.do_jobs()
    assert "đã xóa. Tải tệp lên lại." in author.open(desk.path("/viec")).text
    assert desk.newest().state is ImportState.UPLOADED


def test_a_bank_that_changed_meanwhile_ends_the_job_and_is_compared_again(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(3), "nhanh.jsonl")
    fast = desk.path()
    desk.send(author, question_lines(3), "chậm.jsonl")
    slow = desk.path()
    desk.do_jobs()
    for path in (fast, slow):
        author.submit(author.open(f"{path}/dua-vao"), f"{path}/dua-vao")
    desk.do_jobs()
    assert desk.stored()["questions"] == 3
    page = author.open(f"{slow}/viec")
    assert "Ngân hàng đã có thêm câu hỏi từ lúc xem trước" in page.text
    page = author.submit(page, f"{slow}/so-lai")
    assert "đã bỏ 3 dòng trùng" in page.text
    assert desk.counts() == (3, 0, 0, 3)


def test_very_many_refused_rows_are_written_by_the_worker(desk: Desk, author: Browser) -> None:
    desk.send(author, sheet(GOOD, NO_KEY, [*NO_KEY[:1], "Đúng", "Sai", *NO_KEY[3:]]))
    desk.do_jobs()
    author.submit(author.open(desk.path("/ghep-cot")), desk.path("/ghep-cot"))
    desk.do_jobs()
    page = author.open(desk.path())
    assert desk.path("/dong-bi-loai.xlsx") not in page.links()
    assert author.open(desk.path("/dong-bi-loai.xlsx")).heading == "Xem trước khi nhập", "not written while one waits"
    page = author.submit(page, desk.path("/lap-dong-bi-loai"))
    assert "Lập tệp dòng bị loại" in page.text
    assert author.open(desk.path()).heading == "Xem trước khi nhập", "nothing else has to wait for it"
    desk.do_jobs()
    page = author.open(desk.path("/viec"))
    (link,) = [one for one in page.links() if one.startswith("/viec/tep/")]
    cells = load_workbook(io.BytesIO(author.client.get(link).data)).worksheets[0]
    assert [row[1].value for row in cells.iter_rows()] == ["Dòng trong tệp cũ", "3", "4"]
    assert str(cells[2][0].value).startswith("Cột “Đáp án”: chưa có đáp án. Ghi một chữ cái")


def test_a_stranger_does_not_see_the_work(desk: Desk, author: Browser) -> None:
    desk.send(author, question_lines(3), "de.jsonl")
    desk.browser(subject=desk.other).open(desk.path("/viec"), status=404)
    assert desk.post(author, desk.path("/viec")).status_code == 405
    assert desk.post(desk.browser(subject=desk.other, name="la"), desk.path("/lap-dong-bi-loai")).status_code == 404
