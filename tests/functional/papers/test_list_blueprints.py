"""The tests of an exam with the state of their blueprints."""

from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_SECRETARY, STRANGER
from tests.functional.exam_day import NEIGHBOUR, Day
from tests.functional.exams.arrange import added
from tests.functional.exams.test_edit_test import drafted


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/ma-tran"


def test_it_says_how_far_each_is_and_who_locked(day: Day) -> None:
    drafted(day, added(day))
    added(day, "V3")
    for person in (CHAIR, SECRETARY, SITE_SECRETARY):
        page = day.browser(person).open(path(day))
        for wanted in ("8/8", "Đã khóa", "08:00, 24/11/2026", "3/60", "Dự thảo", "0/60", "Chưa lập"):
            assert wanted in page.text, wanted


def test_nobody_else_sees_it(day: Day) -> None:
    for person in (INVIGILATOR, COORDINATOR):
        day.browser(person).open(path(day), status=403)
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(path(day), status=404)


def test_it_is_only_looked_at(day: Day) -> None:
    assert day.browser(CHAIR).client.delete(path(day)).status_code == 405


def test_it_costs_the_same_for_many_tests(day: Day) -> None:
    browser, counts = day.browser(CHAIR), []
    for number in range(60):
        drafted(day, added(day, f"T{number}"))
        if number in (2, 59):
            with day.statements() as seen:
                browser.open(path(day))
            counts.append(len(seen))
    assert counts[0] == counts[1]
