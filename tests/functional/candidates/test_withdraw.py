"""A candidate withdraws, and the withdrawal is taken back; the number is kept either way."""

import pytest

from tests.cast import CHAIR, INVIGILATOR, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.functional.candidates.arrange import at, events, filled_exam, person
from tests.functional.exam_day import Day, csrf_token

REASON = "đơn xin rút ngày 12/11/2026"


def paths(day: Day, exam) -> tuple[str, str, str]:
    page = at(exam, str(person(day, exam, "0001").id))
    return page, f"{page}/rut-ten", f"{page}/khoi-phuc"


@pytest.mark.parametrize("who", [SITE_SECRETARY, SITE_CHAIR], ids=lambda one: one.username)
def test_it_works_and_can_be_taken_back(day: Day, who) -> None:
    exam = filled_exam(day)
    page_path, out, back = paths(day, exam)
    browser = day.browser(who)
    page = browser.submit(browser.open(page_path), out, why=REASON)
    assert "Đã ghi thí sinh rút tên" in page.text
    assert person(day, exam, "0001").withdrawn_at == day.clock.now()
    assert "1đã rút tên" in browser.open(at(exam)).text
    page = browser.submit(page, back)
    assert "Đã khôi phục" in page.text
    assert person(day, exam, "0001").withdrawn_at is None
    assert events(day, exam)[1:] == [
        ("candidates.withdrawn", {"number": "0001", "reason": REASON}),
        ("candidates.restored", {"number": "0001"}),
    ]


def test_without_a_reason_nothing_happens(day: Day) -> None:
    exam = filled_exam(day)
    page_path, out, _ = paths(day, exam)
    browser = day.browser(SITE_SECRETARY)
    page = browser.submit(browser.open(page_path), out, status=422)
    assert "Ghi lý do rút tên" in page.text
    assert person(day, exam, "0001").withdrawn_at is None


def test_twice_is_harmless_and_the_second_is_told(day: Day) -> None:
    exam = filled_exam(day)
    page_path, out, back = paths(day, exam)
    browser = day.browser(SITE_SECRETARY)
    before = browser.open(page_path)
    after = browser.submit(before, out, why=REASON)
    page = browser.submit(before, out, status=409, why=REASON)
    assert "đã được ghi là rút tên" in page.text
    browser.submit(after, back)
    page = browser.submit(after, back, status=409)
    assert "đang dự thi, không có gì để khôi phục" in page.text
    assert len(events(day, exam)) == 3


def test_who_may_not(day: Day) -> None:
    _, out, back = paths(day, day.built.line.exam.id)
    for who, status in ((INVIGILATOR, 403), (STRANGER, 404)):
        client = day.browser(who).client
        token = csrf_token(client.get("/mat-khau").get_data(as_text=True))
        for path in (out, back):
            assert client.post(path, data={"csrf_token": token, "why": REASON}).status_code == status
            assert client.get(path).status_code == 405
    assert day.browser(CHAIR).client.post(out, data={"why": REASON}).status_code == 400
    assert person(day, day.built.line.exam.id, "0001").withdrawn_at is None
