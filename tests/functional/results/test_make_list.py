"""The result list is made once, with its digest, and is then what was fixed."""

from sqlalchemy import func, select, text

from examapp.results.models import ResultList
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import At, Day, csrf_token

DEED = "/ket-qua"


def lists(day: Day) -> int:
    day.session.commit()
    return day.session.scalar(select(func.count()).select_from(ResultList)) or 0


def test_it_works_and_shows_the_digest(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, DEED)
    page = browser.submit(browser.open(path), path, confirm="y")
    assert "Đã lập danh sách kết quả." in page.text
    made = day.session.scalars(select(ResultList)).one()
    assert f"Mã danh sách: {made.digest.hex()[:20]}" in page.text
    assert "Danh sách lập lúc 08:00, 24/11/2026" in page.text
    assert not [form for form in page.forms() if form.action == path and form.method == "post"]
    action, details = day.events(At.MARKED)[-1]
    assert action == "results.list_made"
    assert made.digest.hex() in details


def test_twice_is_told_and_makes_no_second_list(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, DEED)
    page = browser.open(path)
    browser.submit(page, path, confirm="y")
    again = browser.submit(page, path, status=409, confirm="y")
    assert "Danh sách kết quả của ca thi này đã được lập." in again.text
    assert lists(day) == 1


def test_without_the_confirmation_nothing_is_made(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, DEED)
    page = browser.submit(browser.open(path), path, status=422)
    assert "Đánh dấu ô này để xác nhận" in page.text
    assert lists(day) == 0


def test_neither_before_the_marks_nor_for_a_rehearsal(day: Day) -> None:
    for at in (At.READY, At.SEALED, At.REHEARSAL):
        day.refuses(at, CHAIR, DEED, 409, confirm="y")
    assert lists(day) == 0


def test_only_the_chair_may(day: Day) -> None:
    for person in (SECRETARY, INVIGILATOR, COORDINATOR):
        day.refuses(At.MARKED, person, DEED, 403)
    day.refuses(At.MARKED, STRANGER, DEED, 404)
    browser = day.browser(CHAIR)
    assert browser.client.post(day.path(At.MARKED, DEED), data={"other": "1"}).status_code == 400
    token = csrf_token(browser.open("/").html)
    assert browser.client.put(day.path(At.MARKED, DEED), data={"csrf_token": token}).status_code == 405
    assert lists(day) == 0


def test_a_mark_changed_in_the_database_makes_no_list_and_is_told(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, DEED)
    page = browser.open(path)
    day.session.execute(text("UPDATE attempts SET correct = 7 WHERE candidate_number = '0015'"))
    day.session.commit()
    refused = browser.submit(page, path, status=409, confirm="y")
    assert "của số báo danh 0015 không khớp gốc R2" in refused.text
    assert lists(day) == 0
    assert day.events(At.MARKED)[-1] == ("results.list_refused", '{"numbers":["0015"],"roots_hold":true}')
    shown = browser.open(path)
    assert "của số báo danh 0015 không khớp gốc R2" in shown.text
    assert not [form for form in shown.forms() if form.action == path and form.method == "post"]
