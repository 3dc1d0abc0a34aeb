"""A candidate moves to another machine: asked why, the old page writes no more, nothing stored is lost."""

import pytest
from sqlalchemy import select

from examapp.delivery.models import AttemptEvent
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECOND_INVIGILATOR, SECRETARY, STRANGER, Person
from tests.functional.exam_day import At, Day
from tests.pages import Browser, Page

REASON = "Màn hình máy 01 tắt"


def address(day: Day, number: str, at: At = At.READY) -> str:
    """Return the address of the transfer of this candidate's attempt under a sitting."""
    return day.path(at, f"/chuyen-may/{day.attempt(number).id}")


def transfer(browser: Browser, path: str, reason: str = REASON, status: int = 200) -> Page:
    return browser.submit(browser.open(path), path, status=status, reason=reason)


@pytest.mark.parametrize("person", [INVIGILATOR, SECOND_INVIGILATOR, COORDINATOR], ids=lambda one: one.username)
def test_it_frees_the_attempt_and_the_candidate_goes_on_elsewhere(day: Day, person: Person) -> None:
    old, new = day.candidate("0001"), day.candidate()
    assert old.lease(1).json["lease"] == 1
    assert new.sign_in("0001").status_code == 409
    browser = day.browser(person)
    link = address(day, "0001")
    assert link in browser.open(day.path(At.READY)).links()
    page = browser.open(link)
    assert page.heading == "Chuyển máy cho số báo danh 0001"
    assert "Các câu đã ở máy chủ vẫn nguyên" in page.text
    page = browser.submit(page, link, reason=REASON)
    assert "Đã tách số báo danh 0001 khỏi máy cũ." in page.text
    assert new.sign_in("0001").status_code == 303
    answer = new.lease(2)
    assert (answer.status_code, answer.json["lease"]) == (200, 2)
    answer = old.lease(1)
    assert (answer.status_code, answer.json["code"]) == (409, "lease")
    history = day.session.scalars(
        select(AttemptEvent).where(AttemptEvent.attempt_id == day.attempt("0001").id).order_by(AttemptEvent.number)
    ).all()
    assert [event.kind for event in history] == ["signed_in", "transferred", "signed_in"]
    assert (history[1].actor, history[1].details["reason"]) == (person.name, REASON)
    action, details = day.events(At.READY)[-1]
    assert action == "delivery.attempt_transferred"
    assert REASON in details


def test_a_page_that_never_opened_can_be_freed_too(day: Day) -> None:
    assert day.candidate("0001")
    browser = day.browser(INVIGILATOR)
    assert address(day, "0001") in browser.open(day.path(At.READY)).links()
    transfer(browser, address(day, "0001"))
    assert day.candidate("0001").lease().json["lease"] == 1


def test_a_reason_is_needed(day: Day) -> None:
    day.candidate("0001").lease()
    machine = day.attempt("0001").machine_id
    browser = day.browser(INVIGILATOR)
    for reason in ("", "   ", "a" * 301):
        page = transfer(browser, address(day, "0001"), reason, status=422)
        assert page.all("input")[-1].attributes["aria-invalid"] == "true"
    assert day.attempt("0001").machine_id == machine


def test_twice_is_told_and_changes_nothing(day: Day) -> None:
    day.candidate("0001").lease()
    browser = day.browser(INVIGILATOR)
    page = browser.open(address(day, "0001"))
    browser.submit(page, address(day, "0001"), reason=REASON)
    lease = day.attempt("0001").lease
    again = browser.submit(page, address(day, "0001"), status=409, reason=REASON)
    assert "Thí sinh chưa vào thi ở máy nào" in again.text
    assert day.attempt("0001").lease == lease
    assert address(day, "0001") not in browser.open(day.path(At.READY)).links()


def test_a_closed_attempt_stays_where_it_is(day: Day) -> None:
    browser = day.browser(INVIGILATOR)
    page = transfer(browser, address(day, "0011", At.SEALED), status=409)
    assert "Bài đã nộp hoặc đã thu nên không chuyển máy được." in page.text


def test_an_attempt_of_another_sitting_is_not_found_here(day: Day) -> None:
    browser = day.browser(INVIGILATOR)
    day.candidate("9001").lease()
    machine = day.attempt("9001").machine_id
    for number in ("9001", "0004"):
        path = address(day, number)
        browser.open(path, status=404)
        token = browser.open(day.path(At.READY)).forms()[0].fields["csrf_token"]
        assert browser.client.post(path, data={"csrf_token": token, "reason": REASON}).status_code == 404
    assert day.attempt("9001").machine_id == machine


def test_nobody_else_may(day: Day) -> None:
    day.candidate("0001").lease()
    path = address(day, "0001")
    for person, status in ((CHAIR, 403), (SECRETARY, 403), (STRANGER, 404)):
        day.browser(person).open(path, status=status)
        day.refuses(At.READY, person, path.removeprefix(day.path(At.READY)), status, reason=REASON)
    assert day.candidate().browser.open(path).heading == "Đăng nhập"
    assert day.browser(INVIGILATOR).client.post(path, data={"reason": REASON}).status_code == 400
    assert day.attempt("0001").machine_id is not None
