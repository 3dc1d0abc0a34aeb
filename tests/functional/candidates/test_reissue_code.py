"""A new admission code: the old slip dies with the next freeze, and never where the package can no longer change."""

import pytest

from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.functional.candidates.arrange import at, events, filled_exam, person
from tests.functional.exam_day import Day, csrf_token

REASON = "thí sinh báo mất phiếu"


def address(day: Day, exam, number: str = "0001") -> str:
    return at(exam, f"{person(day, exam, number).id}/cap-lai-ma")


@pytest.mark.parametrize("who", [SITE_SECRETARY, SITE_CHAIR], ids=lambda one: one.username)
def test_it_works_and_the_log_never_holds_a_code(day: Day, who) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(who)
    page = browser.open(path)
    assert "Phiếu đã in không còn dùng được" in page.text
    page = browser.submit(page, path, reason=REASON)
    assert "Đã cấp mã mới." in page.text
    assert "Mã được cấp lần 2" in page.text
    assert person(day, exam, "0001").code_issue == 2
    assert events(day, exam)[-1] == ("candidates.code_reissued", {"number": "0001", "issue": 2, "reason": REASON})


def test_twice_makes_one_new_code(day: Day) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    page = browser.open(path)
    browser.submit(page, path, reason=REASON)
    again = browser.submit(page, path, status=409, reason=REASON)
    assert "vừa được cấp lại" in again.text
    assert person(day, exam, "0001").code_issue == 2


def test_without_a_reason_nothing_happens(day: Day) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(path), path, status=422)
    assert "Ghi lý do cấp lại mã" in page.text
    assert person(day, exam, "0001").code_issue == 1


@pytest.mark.parametrize("forged", ["", "x", "-1", "99999999999", "０"])
def test_a_page_without_the_issue_it_saw_makes_no_code(day: Day, forged: str) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    browser.submit(browser.open(path), path, status=409, reason=REASON, seen_issue=forged)
    assert person(day, exam, "0001").code_issue == 1


def test_before_a_freeze_it_is_said_that_another_one_is_needed(day: Day) -> None:
    exam_id = day.built.line.exam.id
    path, browser = address(day, exam_id, "0007"), day.browser(SECRETARY)
    page = browser.open(path)
    assert "CA2 đã đóng gói" in page.text
    assert "chỉ vào ca thi khi đóng gói lại" in page.text
    browser.submit(page, path, reason=REASON)
    assert person(day, exam_id, "0007").code_issue == 2


@pytest.mark.parametrize(("number", "sitting"), [("0001", "CA4"), ("0009", "CA3")])
def test_where_the_package_is_fixed_a_new_code_would_open_nothing(day: Day, number: str, sitting: str) -> None:
    exam_id = day.built.line.exam.id
    path, browser = address(day, exam_id, number), day.browser(SECRETARY)
    page = browser.submit(browser.open(path), path, status=409, reason=REASON)
    assert f"{sitting} không đổi được nữa: mã mới không vào được ca ấy" in page.text
    assert person(day, exam_id, number).code_issue == 1


@pytest.mark.parametrize("number", ["0004", "0011"])
def test_a_rehearsal_or_a_sitting_that_is_over_is_no_hindrance(day: Day, number: str) -> None:
    exam_id = day.built.line.exam.id
    path, browser = address(day, exam_id, number), day.browser(SECRETARY)
    browser.submit(browser.open(path), path, reason=REASON)
    assert person(day, exam_id, number).code_issue == 2


def test_whoever_has_withdrawn_gets_no_code(day: Day) -> None:
    exam = filled_exam(day)
    path, browser = address(day, exam), day.browser(SITE_SECRETARY)
    page = browser.open(path)
    person(day, exam, "0001").withdrawn_at = day.clock.now()
    day.session.commit()
    assert "rút tên" in browser.submit(page, path, status=409, reason=REASON).text
    assert person(day, exam, "0001").code_issue == 1


def test_who_may_not(day: Day) -> None:
    exam_id = day.built.line.exam.id
    path = address(day, exam_id)
    for who, status in ((INVIGILATOR, 403), (STRANGER, 404)):
        client = day.browser(who).client
        token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
        assert client.get(path).status_code == status
        values = {"csrf_token": token, "reason": REASON, "seen_issue": "1"}
        assert client.post(path, data=values).status_code == status
    assert day.browser(CHAIR).client.post(path, data={"reason": REASON}).status_code == 400
    assert person(day, exam_id, "0001").code_issue == 1
