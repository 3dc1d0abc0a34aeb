"""The chair voids an attempt: asked why and to confirm, told what stays, seen on the list and in the results."""

import pytest
from sqlalchemy import select

from examapp.delivery.models import AttemptEvent
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Browser, Page

REASON = "Log khác gốc R1, biên bản số 3"


def address(day: Day, number: str, at: At = At.SEALED) -> str:
    return day.path(at, f"/huy-bai/{day.attempt(number).id}")


def void(browser: Browser, path: str, status: int = 200, **values: str) -> Page:
    return browser.submit(browser.open(path), path, status=status, **({"reason": REASON, "confirm": "y"} | values))


def test_it_is_listed_as_voided_and_the_others_are_marked(day: Day) -> None:
    browser = day.browser(CHAIR)
    link = address(day, "0011")
    assert link in browser.open(day.path(At.SEALED)).links()
    page = browser.open(link)
    assert page.heading == "Hủy bài của số báo danh 0011"
    assert "Câu trả lời đã lưu, gốc R1 và nhật ký giữ nguyên" in page.text
    page = browser.submit(page, link, reason=REASON, confirm="y")
    assert "Đã hủy bài của số báo danh 0011." in page.text
    assert "Hủy bài" in page.text
    assert link not in page.links()
    event = day.session.scalars(
        select(AttemptEvent).where(AttemptEvent.attempt_id == day.attempt("0011").id, AttemptEvent.kind == "voided")
    ).one()
    assert (event.actor, event.details["reason"]) == (CHAIR.name, REASON)
    action, details = day.events(At.SEALED)[-1]
    assert action == "delivery.attempt_voided"
    assert REASON in details

    code = day.built.frozen[At.SEALED].key_code
    page = browser.submit(page, day.path(At.SEALED, "/dap-an"), key_code=code, confirm_keys="y")
    assert "Đã mở đáp án và chấm 2 bài." in page.text
    assert [day.attempt(number).correct for number in ("0011", "0012", "0013")] == [None, 3, 0]
    results = browser.open(day.path(At.SEALED, "/ket-qua"))
    assert "1hủy bài" in results.text
    assert "Hủy bài" in results.text
    made = browser.submit(results, day.path(At.SEALED, "/ket-qua"), confirm="y")
    assert "Hủy bài" in made.text


def test_while_candidates_write_the_page_is_stopped(day: Day) -> None:
    candidate = day.candidate("0001")
    candidate.lease()
    void(day.browser(CHAIR), address(day, "0001", At.READY))
    state = candidate.get("state").json
    assert (state["phase"], state["closed_by"]) == ("closed", "voided")
    assert day.candidate().sign_in("0001").status_code == 409


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": ""}, "Ghi lý do hủy bài"),
        ({"reason": "   "}, "Ghi lý do hủy bài"),
        ({"reason": "a" * 301}, "Nội dung dài quá mức cho phép."),
    ],
)
def test_a_reason_is_needed(day: Day, values: dict[str, str], sentence: str) -> None:
    page = void(day.browser(CHAIR), address(day, "0011"), status=422, **values)
    assert sentence in page.text
    assert day.attempt("0011").voided_at is None


def test_it_must_be_confirmed(day: Day) -> None:
    browser, path = day.browser(CHAIR), address(day, "0011")
    page = browser.submit(browser.open(path), path, status=422, reason=REASON)
    assert "Đánh dấu ô này để xác nhận, rồi bấm lại." in page.text
    assert day.attempt("0011").voided_at is None


def test_twice_and_too_late_are_told(day: Day) -> None:
    browser, path = day.browser(CHAIR), address(day, "0011")
    void(browser, path)
    assert "Bài làm này đã bị hủy." in void(browser, path, status=409).text
    late = address(day, "0014", At.MARKED)
    assert late not in browser.open(day.path(At.MARKED)).links()
    assert "Ca thi đã chấm, gốc R2 đã có" in void(browser, late, status=409).text


def test_nobody_else_may(day: Day) -> None:
    path = address(day, "0011")
    for person, status in ((SECRETARY, 403), (INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        day.browser(person).open(path, status=status)
        deed = path.removeprefix(day.path(At.SEALED))
        day.refuses(At.SEALED, person, deed, status, reason=REASON, confirm="y")
    assert path not in day.browser(SECRETARY).open(day.path(At.SEALED)).links()
    day.browser(CHAIR).open(address(day, "9001"), status=404)
    assert day.attempt("0011").voided_at is None
