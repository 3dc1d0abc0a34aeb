"""Name, birth date and extra minutes of one candidate: corrected with before and after in the log."""

import pytest

from tests.cast import ADMINISTRATOR, CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.functional.candidates.arrange import at, events, filled_exam, person, stored
from tests.functional.exam_day import Day, csrf_token
from tests.pages import Page

NEW = {"full_name": "Đỗ Thị Ánh Tuyết", "birth_date": "10/3/1998", "extra_minutes": "20", "reason": "khuyết tật tay"}


def address(day: Day, exam, number: str = "0001") -> str:
    return at(exam, str(person(day, exam, number).id))


def invalid(page: Page) -> list[str]:
    return [one.attributes["name"] for one in page.all("input") if one.attributes.get("aria-invalid")]


@pytest.mark.parametrize("who", [SITE_SECRETARY, SITE_CHAIR], ids=lambda one: one.username)
def test_it_works_and_the_log_says_what_was_before(day: Day, who) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(who)
    page = browser.submit(browser.open(path), path, **NEW)
    assert page.heading == "0001 – Đỗ Thị Ánh Tuyết"
    assert "Đã lưu." in page.text
    assert str(stored(day, exam)[0]) == "('0001', 'Đỗ Thị Ánh Tuyết', datetime.date(1998, 3, 10), 20)"
    assert events(day, exam)[-1] == (
        "candidates.corrected",
        {
            "number": "0001",
            "name": {"before": "Đỗ Thị Ánh", "after": "Đỗ Thị Ánh Tuyết"},
            "birth_date": {"before": "09/03/1998", "after": "10/03/1998"},
            "extra_minutes": {"before": 0, "after": 20},
            "reason": "khuyết tật tay",
        },
    )
    found = browser.open(at(exam, "?q=anh+tuyet"))
    assert "0001" in found.text, "the keys for searching and sorting follow the name"


def test_nothing_changed_is_no_event(day: Day) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(path), path)
    assert "Không có gì thay đổi" in page.text
    assert len(events(day, exam)) == 1


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"full_name": ""}, "full_name", "Ghi họ và tên của thí sinh."),
        ({"full_name": "0001"}, "full_name", "Họ và tên là chữ"),
        ({"full_name": "x" * 101}, "full_name", "nhiều nhất 100 ký tự"),
        ({"birth_date": "31/02/1998"}, "birth_date", "Ngày sinh ghi theo ngày/tháng/năm"),
        ({"extra_minutes": "601"}, "extra_minutes", "Số nằm ngoài khoảng cho phép."),
        ({"extra_minutes": "nhiều"}, "extra_minutes", "Ghi một số nguyên."),
        ({"reason": ""}, "reason", "Ghi lý do đổi số phút được thêm"),
    ],
)
def test_each_slip_is_told_at_its_field_and_what_was_typed_stays(day: Day, change, field: str, sentence: str) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    values = NEW | change
    page = browser.submit(browser.open(path), path, status=422, **values)
    assert sentence in page.text
    assert invalid(page) == [field]
    typed = page.form(path).fields
    assert {name: typed[name] for name in values} == values
    assert stored(day, exam)[0][1] == "Đỗ Thị Ánh"


def test_of_two_people_the_second_is_told_and_may_save_again(day: Day) -> None:
    exam = filled_exam(day)
    path, first, second = address(day, exam), day.browser(SITE_SECRETARY), day.browser(SITE_CHAIR)
    late = second.open(path)
    first.submit(first.open(path), path, full_name="Đỗ Thị Ánh Hồng")
    page = second.submit(late, path, status=409, **NEW)
    assert "Thí sinh này vừa được người khác sửa" in page.text
    assert "Đỗ Thị Ánh Hồng, sinh 09/03/1998, thêm 0 phút" in page.text
    assert page.form(path).fields["full_name"] == NEW["full_name"], "what was typed is still there"
    assert stored(day, exam)[0][1] == "Đỗ Thị Ánh Hồng"
    second.submit(page, path)
    assert stored(day, exam)[0][1] == "Đỗ Thị Ánh Tuyết"


def test_twice_is_harmless(day: Day) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    page = browser.open(path)
    browser.submit(page, path, **NEW)
    browser.submit(page, path, status=409, **NEW)
    assert len(events(day, exam)) == 2


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("0007", "CA2 đã đóng gói"),
        ("0001", "CA4 không đổi được nữa"),
        ("0009", "CA3 không đổi được nữa"),
    ],
)
def test_a_package_that_holds_the_old_data_is_named(day: Day, number: str, said: str) -> None:
    exam_id = day.built.line.exam.id
    assert said in day.browser(SECRETARY).open(address(day, exam_id, number)).text


def test_a_candidate_of_another_exam_is_not_found_through_this_one(day: Day) -> None:
    exam = filled_exam(day)
    other = person(day, exam, "0001").id
    day.browser(SITE_SECRETARY).open(at(day.built.line.exam.id, str(other)), status=404)


@pytest.mark.parametrize(("who", "status"), [(INVIGILATOR, 403), (ADMINISTRATOR, 403), (STRANGER, 404)])
def test_who_may_not(day: Day, who, status: int) -> None:
    exam_id = day.built.line.exam.id
    path, before = address(day, exam_id), stored(day, exam_id)
    client = day.browser(who).client
    token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
    assert client.get(path).status_code == status
    assert client.post(path, data={"csrf_token": token, **NEW}).status_code == status
    assert day.browser(CHAIR).client.post(path, data=NEW).status_code == 400
    assert stored(day, exam_id) == before
