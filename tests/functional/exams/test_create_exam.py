"""An exam is made on a regulation, whose text it keeps."""

import pytest
from sqlalchemy import func, select

from examapp.exams.models import Exam
from tests.cast import AUTHOR, CHAIR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER, Person
from tests.functional.exam_day import Day
from tests.functional.exams.arrange import needs_token, refuses

PATH = "/ky-thi/tao"
NEW = {
    "name": "Kỳ thi tuyển dụng công chức năm 2027",
    "code": "KT2027",
    "profile": "cc-2025",
    "number_width": "5",
    "superior": "Ủy ban nhân dân Thành phố Hồ Chí Minh",
    "council": "Hội đồng tuyển dụng công chức năm 2027",
    "place": "Thành phố Hồ Chí Minh",
}


def exams(day: Day) -> int:
    day.session.commit()
    return day.session.scalar(select(func.count()).select_from(Exam)) or 0


def test_it_works_and_leads_to_the_exam(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(PATH), PATH, **NEW)
    assert page.heading == NEW["name"]
    assert "Đã lập kỳ thi." in page.text
    assert "Kỳ thi chưa có bài thi" in page.text
    made = day.session.scalars(select(Exam).where(Exam.code == "KT2027")).one()
    assert (made.number_width, made.council) == (5, NEW["council"])
    assert "Nghị định 170/2025/NĐ-CP" in made.profile_text


def test_the_form_is_filled_in_with_the_citys_letterhead(day: Day) -> None:
    fields = day.browser(SITE_CHAIR).open(PATH).form(PATH).fields
    assert fields["superior"] == NEW["superior"]
    assert fields["place"] == NEW["place"]
    assert fields["number_width"] == "4"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": ""}, "Nhập mã kỳ thi."),
        ({"code": "KT26"}, "Mã kỳ thi “KT26” đã có. Chọn mã khác."),
        ({"name": " \t"}, "Kỳ thi và bài thi cần có mã và tên."),
        ({"number_width": "9"}, "Số nằm ngoài khoảng cho phép."),
        ({"number_width": "bốn"}, "Ghi một số nguyên."),
        ({"profile": "cc-1999"}, "Chọn một trong các mục có sẵn."),
        ({"council": "   "}, "Văn bản cần có cơ quan chủ quản, cơ quan ban hành và địa danh."),
        ({"place": ""}, "Nhập địa danh."),
    ],
)
def test_mistakes_are_named_and_what_was_typed_stays(day: Day, change: dict[str, str], sentence: str) -> None:
    before = exams(day)
    if "KT26" in change.values():
        change = {"code": day.built.line.exam.code}
        sentence = sentence.replace("KT26", day.built.line.exam.code)
    browser = day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(PATH), PATH, status=422, **{**NEW, **change})
    assert sentence in page.text
    kept = page.form(PATH).fields
    assert all(kept[name] == value for name, value in {**NEW, **change}.items() if name not in ("profile", *change))
    assert exams(day) == before


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, AUTHOR, STRANGER])
def test_whoever_has_one_exam_only_makes_no_other(day: Day, person: Person) -> None:
    refuses(day, PATH, {person: 403}, lambda: exams(day))


def test_twice_makes_one(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    page = browser.open(PATH)
    browser.submit(page, PATH, **NEW)
    again = browser.submit(page, PATH, status=422, **NEW)
    assert "Mã kỳ thi “KT2027” đã có." in again.text


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    before = exams(day)
    needs_token(day, SITE_SECRETARY, PATH)
    assert exams(day) == before
