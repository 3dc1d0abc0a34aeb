"""Files that are no list, or a spoilt one: a clear answer with place and advice, and nothing changed."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from tests.cast import SITE_SECRETARY
from tests.factories import workbook
from tests.functional.candidates.arrange import HEADER, PEOPLE, at, empty_exam, stored, upload, upload_large, uploads
from tests.functional.exam_day import Day

GOOD = workbook([HEADER, *PEOPLE])


def with_macros(data: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


def with_long_cell(letters: int) -> bytes:
    """Return a list with a name that no spreadsheet program would let anybody write."""
    out = io.BytesIO()
    short = workbook([HEADER, ["0001", "AAAA", None, None]])
    with zipfile.ZipFile(io.BytesIO(short)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"AAAA", b"A" * letters))
    return out.getvalue()


def with_formulas() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADER, ["0001", "=A1", "=TODAY()", None], ["0002", "Lê Ví Dụ", None, "=10+5"]):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        pytest.param(b"", "ds.xlsx", ["Tệp rỗng"], id="empty file"),
        pytest.param(GOOD[: len(GOOD) // 2], "ds.xlsx", ["Không đọc được danh sách"], id="truncated"),
        pytest.param(with_macros(GOOD), "ds.xlsm", ["Không đọc được danh sách", "macro"], id="macros"),
        pytest.param(b"%PDF-1.7\n%", "ds.pdf", ["Không đọc được danh sách"], id="a PDF"),
        pytest.param("0001;Nguyễn Văn A".encode(), "ds.csv", ["Không đọc được danh sách"], id="text"),
        pytest.param(workbook([]), "ds.xlsx", ["Dòng tiêu đề cần có cột “Họ và tên”"], id="no cell"),
        pytest.param(
            workbook([["SBD", "Số báo danh", "Họ tên"], ["0001", "0001", "A B"]]),
            "ds.xlsx",
            ["dòng 1", "hai cột cùng tên"],
            id="two columns of numbers",
        ),
    ],
)
def test_a_file_that_is_no_list_is_told_at_the_field(day: Day, data: bytes, name: str, said: list[str]) -> None:
    exam = empty_exam(day)
    page = upload(day.browser(SITE_SECRETARY), exam, data, name=name, status=422)
    assert page.heading == "Nhập danh sách thí sinh"
    for words in said:
        assert words in page.text
    assert (stored(day, exam), uploads(day)) == ([], 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(workbook([HEADER]), ["Tệp không có thí sinh nào"], id="empty list"),
        pytest.param(
            workbook([HEADER, ["0001", "A B", None, None], ["0001", "C D", None, None]]),
            ["Dòng 3, cột “Số báo danh”: số 0001 đã có ở dòng 2."],
            id="a number twice",
        ),
        pytest.param(
            workbook([HEADER, ["0001", "A B", None, None], ["0003", "C D", None, None]]),
            ["Dòng 3, cột “Số báo danh”: ghi “0003” nhưng số kế tiếp phải là 0002."],
            id="a gap",
        ),
        pytest.param(with_long_cell(1_000_000), ["Dòng 2, cột “Họ và tên”: ghi “AAAA"], id="a cell of 1 MB"),
        pytest.param(
            with_formulas(),
            ["Dòng 2, cột “Họ và tên”", "Dòng 2, cột “Ngày sinh”", "Dòng 3, cột “Thêm phút”"],
            id="formulas never computed",
        ),
    ],
)
def test_a_spoilt_list_is_shown_with_its_places_and_cannot_be_imported(day: Day, data: bytes, said: list[str]) -> None:
    exam = empty_exam(day)
    page = upload(day.browser(SITE_SECRETARY), exam, data)
    for words in said:
        assert words in page.text
    assert len(page.html) < 60_000, "a hostile cell does not fill the page"
    assert not [form for form in page.forms() if form.action == at(exam, "nhap/dua-vao")]
    assert stored(day, exam) == []


@pytest.mark.parametrize(
    ("size", "status", "said"),
    [(20_000_001, 422, "Tệp lớn hơn 20 MB"), (50_000_000, 413, "Chia thành nhiều tệp")],
)
def test_a_file_that_is_too_large_is_refused(day: Day, size: int, status: int, said: str) -> None:
    exam = empty_exam(day)
    page = upload_large(day.browser(SITE_SECRETARY), exam, size)
    assert page.response.status_code == status
    assert said in page.text
    assert (stored(day, exam), uploads(day)) == ([], 0)


def test_a_name_that_looks_like_a_page_stays_a_name(day: Day) -> None:
    exam = empty_exam(day)
    hostile = workbook([HEADER, ["0001", "<script>alert(1)</script> & Ánh", None, None]])
    page = upload(day.browser(SITE_SECRETARY), exam, hostile, name="../../<b>ds</b>.xlsx")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html
