"""A previewed list is imported whole: once, exactly as previewed, in the place of the list that was seen."""

from datetime import date

from sqlalchemy import update

from examapp.candidates.models import Candidate
from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.factories import workbook
from tests.functional.candidates.arrange import (
    HEADER,
    PEOPLE,
    at,
    empty_exam,
    events,
    filled_exam,
    person,
    stored,
    upload,
    uploads,
)
from tests.functional.exam_day import Day, csrf_token

GOOD = workbook([HEADER, *PEOPLE])
OTHER = workbook([HEADER, ["0001", "Lê Văn Khác", None, None]])
STORED = [("0001", "Đỗ Thị Ánh", date(1998, 3, 9), 0), ("0002", "Trần Văn Bình", date(2001, 11, 21), 15)]


def test_it_works_and_is_in_the_log(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    page = browser.submit(upload(browser, exam, GOOD), at(exam, "nhap/dua-vao"))
    assert page.heading == "Thí sinh của kỳ thi KT27"
    assert "Đã nhập 2 thí sinh." in page.text
    assert stored(day, exam) == STORED
    assert uploads(day) == 0
    assert events(day, exam) == [
        ("candidates.imported", {"count": 2, "first": "0001", "last": "0002", "warnings": []}),
    ]


def test_numbers_are_given_as_they_were_shown(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    page = upload(browser, exam, workbook([["Họ và tên"], ["Trần Văn Bình"], ["Lê Văn An"]]))
    again = browser.submit(page, at(exam, "nhap/dua-vao"), deed="renumber", start="101")
    assert stored(day, exam) == []
    browser.submit(again, at(exam, "nhap/dua-vao"))
    assert [row[:2] for row in stored(day, exam)] == [("0101", "Lê Văn An"), ("0102", "Trần Văn Bình")]


def test_numbers_that_were_typed_and_not_yet_shown_are_shown_first(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    page = upload(browser, exam, workbook([["Họ và tên"], ["Trần Văn Bình"], ["Lê Văn An"]]))
    typed = {"start": "101", "order": "file"}
    shown = browser.submit(page, at(exam, "nhap/dua-vao"), status=409, **typed)
    assert "Danh sách không còn như bản anh/chị đã xem" in shown.text
    assert "0102" in shown.text
    assert stored(day, exam) == []
    refused = browser.submit(shown, at(exam, "nhap/dua-vao"), status=422, start="một trăm")
    assert refused.form(at(exam, "nhap/dua-vao")).fields["start"] == "một trăm"
    assert stored(day, exam) == []
    browser.submit(shown, at(exam, "nhap/dua-vao"))
    assert [row[:2] for row in stored(day, exam)] == [("0101", "Trần Văn Bình"), ("0102", "Lê Văn An")]


def test_twice_is_harmless(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    preview = upload(browser, exam, GOOD)
    browser.submit(preview, at(exam, "nhap/dua-vao"))
    again = browser.submit(preview, at(exam, "nhap/dua-vao"))
    assert "đã được nhập" in again.text
    assert stored(day, exam) == STORED
    assert len(events(day, exam)) == 1


def test_of_two_people_the_second_is_told_and_keeps_the_upload(day: Day) -> None:
    exam, first, second = empty_exam(day), day.browser(SITE_SECRETARY), day.browser(SITE_CHAIR)
    late = upload(second, exam, OTHER)
    first.submit(upload(first, exam, GOOD), at(exam, "nhap/dua-vao"))
    page = second.submit(late, at(exam, "nhap/dua-vao"), status=409)
    assert "Kỳ thi đã có danh sách thí sinh" in page.text
    assert "Lê Văn Khác" in page.text, "the upload is still there to look at"
    assert stored(day, exam) == STORED
    assert uploads(day) == 1


def test_another_preview_than_the_one_that_was_seen_is_not_imported(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    preview = upload(browser, exam, GOOD)
    page = browser.submit(preview, at(exam, "nhap/dua-vao"), status=409, digest="0" * 64)
    assert "Danh sách không còn như bản anh/chị đã xem" in page.text
    assert stored(day, exam) == []
    browser.submit(page, at(exam, "nhap/dua-vao"))
    assert stored(day, exam) == STORED


def test_a_list_is_replaced_only_when_that_is_confirmed(day: Day) -> None:
    exam, browser = filled_exam(day), day.browser(SITE_SECRETARY)
    preview = upload(browser, exam, OTHER)
    assert "Thay danh sách 2 thí sinh đang có" in preview.text
    page = browser.submit(preview, at(exam, "nhap/dua-vao"), status=422)
    assert "Đánh dấu ô xác nhận thay danh sách cũ" in page.text
    assert stored(day, exam) == STORED
    browser.submit(page, at(exam, "nhap/dua-vao"), confirm="y")
    assert stored(day, exam) == [("0001", "Lê Văn Khác", None, 0)]
    assert person(day, exam, "0001").code_issue == 2, "a slip of the old list opens nothing for the new candidate"
    assert events(day, exam)[-1][1]["replaced"] == 2


def test_a_list_that_somebody_changed_meanwhile_is_not_replaced(day: Day) -> None:
    exam, browser = filled_exam(day), day.browser(SITE_SECRETARY)
    preview = upload(browser, exam, OTHER)
    day.session.execute(update(Candidate).where(Candidate.exam_id == exam.id).values(extra_minutes=45))
    day.session.commit()
    page = browser.submit(preview, at(exam, "nhap/dua-vao"), status=409, confirm="y")
    assert "vừa được người khác sửa hoặc thay" in page.text
    assert [row[3] for row in stored(day, exam)] == [45, 45]


def test_whoever_is_seated_keeps_the_list(day: Day) -> None:
    exam_id, browser = day.built.line.exam.id, day.browser(SECRETARY)
    before = stored(day, exam_id)
    page = upload(browser, exam_id, OTHER)
    assert "Đã có thí sinh được xếp chỗ nên chưa thay danh sách được" in page.text
    form = page.form(at(exam_id, "nhap/dua-vao"))
    answer = browser.client.post(form.action, data={**form.fields, "confirm": "y"})
    assert answer.status_code == 409
    assert "Đã có thí sinh được xếp chỗ trong ca thi nên không thay" in answer.get_data(as_text=True)
    assert stored(day, exam_id) == before


def test_who_may_not(day: Day) -> None:
    exam_id = day.built.line.exam.id
    file = upload(day.browser(SECRETARY), exam_id, OTHER).form(at(exam_id, "nhap/dua-vao")).fields["file"]
    before = stored(day, exam_id)
    for who, status in ((INVIGILATOR, 403), (STRANGER, 404)):
        client = day.browser(who).client
        token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
        answer = client.post(at(exam_id, "nhap/dua-vao"), data={"csrf_token": token, "file": file, "confirm": "y"})
        assert answer.status_code == status
    assert day.browser(CHAIR).client.post(at(exam_id, "nhap/dua-vao"), data={"file": file}).status_code == 400
    assert stored(day, exam_id) == before
