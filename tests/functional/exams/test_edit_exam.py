"""Name and letterhead of an exam may be changed; its code and its regulation never."""

from examapp.exams.models import Exam
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import NEIGHBOUR, Day
from tests.functional.exams.arrange import events, needs_token, refuses


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/sua"


def test_it_works_and_is_in_the_log(day: Day) -> None:
    browser = day.browser(SECRETARY)
    page = browser.submit(browser.open(path(day)), path(day), council="Hội đồng thi  tuyển")
    assert "Đã lưu kỳ thi." in page.text
    assert "Hội đồng thi tuyển" in page.text
    change = {"before": "Hội đồng tuyển dụng công chức", "after": "Hội đồng thi tuyển"}
    assert events(day, "exams.exam_changed") == [("exams.exam_changed", {"council": change})]


def test_the_venue_may_wait_and_then_stands_on_the_page(day: Day) -> None:
    browser = day.browser(SECRETARY)
    assert "Địa điểm thiChưa ghi" in browser.open(path(day).removesuffix("/sua")).text
    page = browser.submit(browser.open(path(day)), path(day), venue=" Trường Ví Dụ,  1 đường Ví Dụ ")
    assert "Địa điểm thiTrường Ví Dụ, 1 đường Ví Dụ" in page.text
    change = {"before": "", "after": "Trường Ví Dụ, 1 đường Ví Dụ"}
    assert events(day, "exams.exam_changed") == [("exams.exam_changed", {"venue": change})]


def test_saving_nothing_new_is_said(day: Day) -> None:
    browser = day.browser(CHAIR)
    page = browser.open(path(day))
    assert "Không có gì thay đổi." in browser.submit(page, path(day)).text


def test_an_empty_line_is_named(day: Day) -> None:
    browser = day.browser(SECRETARY)
    assert "Nhập tên Hội đồng." in browser.submit(browser.open(path(day)), path(day), status=422, council="").text


def council(day: Day) -> str:
    day.session.commit()
    return day.session.get_one(Exam, day.built.line.exam.id, populate_existing=True).council


def test_only_whoever_manages_the_exam_may(day: Day) -> None:
    refuses(day, path(day), {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404, NEIGHBOUR: 404}, lambda: council(day))


def test_the_regulation_never_changes(day: Day) -> None:
    exam = day.session.get_one(Exam, day.built.line.exam.id)
    before = (exam.code, exam.profile_id, exam.profile_text, exam.profile_digest, exam.number_width)
    browser = day.browser(SECRETARY)
    fields = browser.open(path(day)).form(path(day)).fields
    more = {"code": "KHAC", "profile": "khac", "profile_id": "khac", "number_width": "8", "name": "Tên mới"}
    assert browser.client.post(path(day), data={**fields, **more}).status_code == 303
    day.session.commit()
    day.session.refresh(exam)
    assert exam.name == "Tên mới"
    assert (exam.code, exam.profile_id, exam.profile_text, exam.profile_digest, exam.number_width) == before


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    needs_token(day, SECRETARY, path(day))
