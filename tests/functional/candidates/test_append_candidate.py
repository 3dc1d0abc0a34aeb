"""One more candidate, after the last: the next number, and no other."""

import pytest

from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_SECRETARY, STRANGER
from tests.functional.candidates.arrange import at, empty_exam, events, filled_exam, person, stored
from tests.functional.exam_day import Day, csrf_token

VALUES = {"full_name": "Vũ Đến Sau", "birth_date": "01/02/2000", "extra_minutes": "0"}


@pytest.mark.parametrize("who", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_takes_the_next_number(day: Day, who) -> None:
    exam_id, browser = day.built.line.exam.id, day.browser(who)
    page = browser.open(at(exam_id, "them"))
    assert "kế tiếp số 0016" in page.text
    page = browser.submit(page, at(exam_id, "them"), **VALUES)
    assert page.heading == "0017 – Vũ Đến Sau"
    assert stored(day, exam_id)[-1][:2] == ("0017", "Vũ Đến Sau")
    assert events(day, exam_id)[-1] == ("candidates.added", {"number": "0017", "name": "Vũ Đến Sau"})


def test_the_first_one_of_an_exam_has_number_one(day: Day) -> None:
    exam, browser = empty_exam(day), day.browser(SITE_SECRETARY)
    browser.submit(browser.open(at(exam, "them")), at(exam, "them"), full_name="Vũ Đến Sớm")
    assert stored(day, exam) == [("0001", "Vũ Đến Sớm", None, 0)]
    assert person(day, exam, "0001").code_issue == 1


def test_a_number_of_a_withdrawn_candidate_is_not_given_again(day: Day) -> None:
    exam, browser = filled_exam(day), day.browser(SITE_SECRETARY)
    last = person(day, exam, "0002")
    last.withdrawn_at = day.clock.now()
    day.session.commit()
    browser.submit(browser.open(at(exam, "them")), at(exam, "them"), **VALUES)
    assert [row[0] for row in stored(day, exam)] == ["0001", "0002", "0003"]


def test_when_no_number_is_left_it_is_told(day: Day) -> None:
    exam, browser = filled_exam(day, people=[["9999", "Vũ Cuối Cùng", None, None]]), day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(at(exam, "them")), at(exam, "them"), status=409, **VALUES)
    assert "Số báo danh 9999 đã là số cuối cùng" in page.text
    assert len(stored(day, exam)) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"full_name": ""}, "Ghi họ và tên của thí sinh."), ({"birth_date": "mai"}, "Ngày sinh ghi theo ngày/tháng/năm")],
)
def test_each_slip_is_told_and_nothing_is_stored(day: Day, change: dict[str, str], sentence: str) -> None:
    exam, browser = filled_exam(day), day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(at(exam, "them")), at(exam, "them"), status=422, **(VALUES | change))
    assert sentence in page.text
    assert len(stored(day, exam)) == 2


def test_pressed_twice_one_is_added_and_the_second_is_told(day: Day) -> None:
    exam, browser = filled_exam(day), day.browser(SITE_SECRETARY)
    page = browser.open(at(exam, "them"))
    browser.submit(page, at(exam, "them"), **VALUES)
    page = browser.submit(page, at(exam, "them"), status=409, **VALUES)
    assert "số cuối nay là 0003" in page.text
    assert len(stored(day, exam)) == 3
    browser.submit(page, at(exam, "them"), **(VALUES | {"full_name": "Vũ Đến Sau Nữa"}))
    assert [row[1] for row in stored(day, exam)][2:] == ["Vũ Đến Sau", "Vũ Đến Sau Nữa"]


def test_who_may_not(day: Day) -> None:
    exam_id = day.built.line.exam.id
    for who, status in ((INVIGILATOR, 403), (STRANGER, 404)):
        client = day.browser(who).client
        token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
        assert client.post(at(exam_id, "them"), data={"csrf_token": token, **VALUES}).status_code == status
    assert day.browser(CHAIR).client.post(at(exam_id, "them"), data=VALUES).status_code == 400
    assert len(stored(day, exam_id)) == 16
