"""A test is added to an exam as its regulation allows: other numbers than the law fixes are refused."""

import pytest
from sqlalchemy import select

from examapp.exams.models import ExamTest
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER, Person
from tests.functional.exam_day import Day
from tests.functional.exams.arrange import events, left_to_the_council, needs_token, refuses

DEED = "exams.test_added"


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/bai-thi/them"


def new(day: Day, **changes: str) -> dict[str, str]:
    return {"subject": str(day.built.line.subject.id), "code": "V2", "name": "Vòng 1 – đợt bổ sung", **changes}


def codes(day: Day) -> list[str]:
    day.session.commit()
    return sorted(day.session.scalars(select(ExamTest.code).where(ExamTest.exam_id == day.built.line.exam.id)))


@pytest.mark.parametrize("person", [SITE_CHAIR, SITE_SECRETARY], ids=lambda one: one.username)
def test_it_works_with_the_regulations_numbers_filled_in(day: Day, person: Person) -> None:
    browser = day.browser(person)
    page = browser.open(path(day))
    fields = page.form(path(day)).fields
    assert (fields["questions"], fields["minutes"], fields["pass_share"]) == ("60", "60", "1/2")
    assert "Luật ấn định" in page.text
    assert "Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP" in page.text
    page = browser.submit(page, path(day), **new(day))
    assert "Đã thêm bài thi." in page.text
    assert "Đúng quy định" in page.text
    assert codes(day) == ["V1", "V2"]
    plan = {"questions": 60, "minutes": 60, "pass_share": "1/2"}
    assert events(day, DEED)[-1] == (DEED, {"code": "V2", **plan})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "V1"}, "Kỳ thi đã có bài thi mã “V1”."),
        ({"code": " "}, "Kỳ thi và bài thi cần có mã và tên."),
        ({"subject": ""}, "Chọn môn."),
        ({"subject": "0190f7c0-0000-7000-8000-0000000000aa"}, "Chọn một trong các mục có sẵn."),
        ({"questions": "0"}, "Số nằm ngoài khoảng cho phép."),
        ({"questions": "sáu mươi"}, "Ghi một số nguyên."),
        ({"pass_share": "0,5"}, "Mức đạt ghi dạng phân số"),
        ({"pass_share": "3/2"}, "Mức đạt ghi dạng phân số"),
        ({"name": ""}, "Nhập tên bài thi."),
        (
            {"questions": "30"},
            "ấn định 60 câu hỏi (Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP), Hội đồng không đặt số khác.",
        ),
        ({"minutes": "45"}, "Quy định của kỳ thi ấn định 60 phút (Điều 9 khoản 2 điểm a"),
        ({"pass_share": "2/3"}, "Quy định của kỳ thi ấn định đúng từ 50 % số câu (Điều 9 khoản 2 điểm a"),
    ],
)
def test_mistakes_are_named_at_their_field_and_what_was_typed_stays(
    day: Day, change: dict[str, str], sentence: str
) -> None:
    browser, typed = day.browser(SITE_SECRETARY), new(day, **change)
    page = browser.submit(browser.open(path(day)), path(day), status=422, **typed)
    assert sentence in page.text
    assert "Những gì đã ghi vẫn còn." in page.text
    kept = page.form(path(day)).fields
    assert all(kept[name] == value for name, value in typed.items() if name != "subject")
    assert codes(day) == ["V1"]


def test_all_numbers_that_the_law_fixes_are_named_together(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    typed = new(day, questions="30", minutes="45", pass_share="2/3")
    page = browser.submit(browser.open(path(day)), path(day), status=422, **typed)
    assert page.text.count("Quy định của kỳ thi ấn định") == 3


def test_what_the_law_leaves_to_the_council_may_differ_and_is_marked(day: Day) -> None:
    left_to_the_council(day, "minutes", "60")
    browser = day.browser(SITE_SECRETARY)
    page = browser.open(path(day))
    assert "Hội đồng quyết định" in page.text
    page = browser.submit(page, path(day), **new(day, minutes="75"))
    assert "Đã thêm bài thi." in page.text
    assert "Hội đồng quyết địnhquy định: 60 phút" in page.text


def test_a_share_is_a_share_however_it_is_written(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    assert "Đúng quy định" in browser.submit(browser.open(path(day)), path(day), **new(day, pass_share=" 5 / 10 ")).text


def test_twice_makes_one(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    page = browser.open(path(day))
    browser.submit(page, path(day), **new(day))
    assert "Kỳ thi đã có bài thi mã “V2”." in browser.submit(page, path(day), status=422, **new(day)).text
    assert codes(day) == ["V1", "V2"]


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_a_role_in_the_exam_opens_no_bank(day: Day, person: Person) -> None:
    browser = day.browser(person)
    page = browser.open(path(day))
    assert "Chỉ có những môn mà anh/chị được xem ngân hàng câu hỏi." in page.text
    assert str(day.built.line.subject.id) not in page.html
    sent = {**page.form(path(day)).fields, **new(day)}
    answer = browser.client.post(path(day), data=sent)
    assert answer.status_code == 422
    assert "Chọn một trong các mục có sẵn." in answer.text
    assert codes(day) == ["V1"]


def test_nobody_else_may(day: Day) -> None:
    refuses(day, path(day), {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404}, lambda: codes(day))


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    needs_token(day, SITE_SECRETARY, path(day))
    assert codes(day) == ["V1"]
