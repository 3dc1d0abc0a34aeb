"""A candidate list is looked at before anything of it is in the exam: problems in their cells, numbers before they
are given.
"""

import io

import pytest

from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.factories import workbook
from tests.functional.candidates.arrange import HEADER, PEOPLE, at, empty_exam, filled_exam, stored, upload, uploads
from tests.functional.exam_day import Day
from tests.pages import Page

GOOD = workbook([HEADER, *PEOPLE])
WITHOUT_NUMBERS = workbook([["STT", "Họ và tên"], [1, "Trần Văn Bình"], [2, "Đỗ Thị Ánh"], [3, "Lê Văn An"]])


def cells(page: Page, kind: str) -> list[str]:
    return [cell.text for cell in page.all("td") if kind in cell.attributes.get("class", "").split()]


def rows(page: Page) -> list[str]:
    """Return the rows of the list as a reader reads them."""
    return [" ".join(row.text.split()) for row in page.all("tr") if row.attributes.get("id", "").startswith("dong-")]


@pytest.mark.parametrize("person", [SITE_SECRETARY, SITE_CHAIR], ids=lambda one: one.username)
def test_every_row_is_shown_and_nothing_is_stored_yet(day: Day, person) -> None:
    exam = empty_exam(day)
    page = upload(day.browser(person), exam, GOOD)
    assert page.heading == "Xem trước danh sách thí sinh"
    assert "ds.xlsx · 2 dòng" in page.text
    assert "0001số báo danh đầu0002số báo danh cuối" in page.text
    assert "Trần Văn Bình" in page.text
    assert "Nhập 2 thí sinh" in page.text
    assert stored(day, exam) == []
    assert uploads(day) == 1


def test_each_problem_has_a_number_that_stands_in_the_very_cell(day: Day) -> None:
    exam = empty_exam(day)
    data = workbook([HEADER, PEOPLE[0], ["0001", "", "mai", "nhiều"], ["0004", "Lê Ví Dụ", None, None]])
    page = upload(day.browser(SITE_SECRETARY), exam, data)
    assert "5chỗ phải sửa" in page.text
    assert "Dòng 3, cột “Số báo danh”: số 0001 đã có ở dòng 2." in page.text
    assert "Dòng 4, cột “Số báo danh”: ghi “0004” nhưng số kế tiếp phải là 0002." in page.text
    assert cells(page, "bad") == ["00011", "2", "mai3", "nhiều4", "00045"] or len(cells(page, "bad")) == 5
    assert "#loi-1" in page.links()
    assert "#dong-3" in page.links()
    assert not [form for form in page.forms() if form.action == at(exam, "nhap/dua-vao")]
    assert stored(day, exam) == []


def test_a_number_read_otherwise_than_written_is_a_warning_and_no_hindrance(day: Day) -> None:
    exam = empty_exam(day)
    page = upload(day.browser(SITE_SECRETARY), exam, workbook([HEADER, [247, "Lê Ví Dụ", None, None]]))
    assert "Dòng 2, cột “Số báo danh”: ghi “247”, đọc thành 0247." in page.text
    assert cells(page, "warned") == ["2471"]
    assert "Nhập 1 thí sinh" in page.text


def test_hundreds_of_problems_do_not_fill_the_page(day: Day) -> None:
    exam = empty_exam(day)
    data = workbook([HEADER, *([f"{n:04d}", "", None, None] for n in range(1, 251))])
    page = upload(day.browser(SITE_SECRETARY), exam, data)
    assert "250chỗ phải sửa" in page.text
    assert "Còn 150 chỗ nữa" in page.text
    assert len(rows(page)) == 100


def test_without_a_column_of_numbers_they_are_given_and_shown_before(day: Day) -> None:
    exam = empty_exam(day)
    browser = day.browser(SITE_SECRETARY)
    page = upload(browser, exam, WITHOUT_NUMBERS)
    assert "Tệp không có cột số báo danh: máy chủ đánh số" in page.text
    assert rows(page) == ["Dòng 40001Lê Văn An", "Dòng 30002Đỗ Thị Ánh", "Dòng 20003Trần Văn Bình"]
    again = browser.submit(page, at(exam, "nhap/dua-vao"), deed="renumber", start="101", order="file")
    assert rows(again) == ["Dòng 20101Trần Văn Bình", "Dòng 30102Đỗ Thị Ánh", "Dòng 40103Lê Văn An"]
    kept = again.form(at(exam, "nhap/dua-vao"))
    assert kept.fields["start"] == "101"


@pytest.mark.parametrize("query", ["start=9999", "start=-1", "start=x&order=size", "start=&page=y", "start=99999999"])
def test_a_start_that_makes_no_sense_is_told_or_taken_as_usual(day: Day, query: str) -> None:
    exam = empty_exam(day)
    browser = day.browser(SITE_SECRETARY)
    page = upload(browser, exam, WITHOUT_NUMBERS)
    file = page.form(at(exam, "nhap/dua-vao")).fields["file"]
    again = browser.open(at(exam, f"nhap/xem?file={file}&{query}"))
    assert "vượt quá 4 chữ số" in again.text or len(rows(again)) == 3


def test_a_column_that_is_not_read_is_named(day: Day) -> None:
    page = upload(day.browser(SITE_SECRETARY), empty_exam(day), workbook([["Số báo dang", "Họ tên"], ["0001", "A B"]]))
    assert "Cột không đọc: Số báo dang" in page.text


def test_a_long_list_is_previewed_in_pages(day: Day) -> None:
    exam = empty_exam(day)
    browser = day.browser(SITE_SECRETARY)
    page = upload(browser, exam, workbook([HEADER, *([f"{n:04d}", "Lê Ví Dụ", None, None] for n in range(1, 121))]))
    assert len(rows(page)) == 50
    last = browser.open(next(link for link in page.links() if "page=3" in link))
    assert rows(last)[-1].startswith("Dòng 1210120")


def test_whoever_has_candidates_is_told_what_a_new_list_does(day: Day) -> None:
    exam = filled_exam(day)
    assert "Kỳ thi đã có 2 thí sinh" in day.browser(SITE_SECRETARY).open(at(exam, "nhap")).text
    seated = day.browser(SECRETARY).open(at(day.built.line.exam.id, "nhap"))
    assert "Đã có thí sinh được xếp chỗ nên không thay cả danh sách được" in seated.text


def test_no_file_is_told_at_the_field(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(at(exam, "nhap")), at(exam, "nhap"), status=422)
    assert "Chọn tệp danh sách thí sinh" in page.text
    assert uploads(day) == 0


def test_an_upload_of_somebody_else_or_of_nobody_is_not_shown(day: Day) -> None:
    exam = empty_exam(day)
    page = upload(day.browser(SITE_SECRETARY), exam, GOOD)
    file = page.form(at(exam, "nhap/dua-vao")).fields["file"]
    for wrong in (file, "0190f7c0-0000-7000-8000-0000000000aa", "x", ""):
        other = day.browser(SITE_CHAIR).open(at(exam, f"nhap/xem?file={wrong}"))
        assert other.heading == "Thí sinh của kỳ thi KT27"
        assert "Danh sách tải lên không còn ở đây" in other.text


def test_who_may_not(day: Day) -> None:
    exam_id = day.built.line.exam.id
    day.browser(INVIGILATOR).open(at(exam_id, "nhap"), status=403)
    day.browser(STRANGER).open(at(exam_id, "nhap"), status=404)
    client = day.browser(CHAIR).client
    without_token = client.post(at(exam_id, "nhap"), data={"file": (io.BytesIO(GOOD), "ds.xlsx")})
    assert without_token.status_code == 400
    assert uploads(day) == 0
