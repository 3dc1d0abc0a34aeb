"""A test is removed after a question, while nothing was built on it; the draft of its blueprint goes with it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict
from examapp.exams.models import ExamTest
from examapp.exams.services import TestPlan, add_exam_test, remove_exam_test
from examapp.integrity.keys import NodeKeys
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Person
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once, make_line
from tests.functional.exam_day import Day
from tests.functional.exams.arrange import added, events, needs_token, refuses
from tests.functional.exams.test_edit_test import draft_of, drafted

DEED = "exams.test_removed"


def path(test: ExamTest) -> str:
    return f"/ky-thi/bai-thi/{test.id}/xoa"


def count_tests(day: Day) -> int | None:
    day.session.commit()
    return day.session.scalar(select(func.count()).where(ExamTest.exam_id == day.built.line.exam.id))


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_asks_and_works_and_takes_the_draft_along(day: Day, person: Person) -> None:
    test, browser = added(day), day.browser(person)
    removed = test.id
    drafted(day, test)
    page = browser.open(path(test))
    assert "dự thảo ma trận của bài thi mất theo" in page.text
    page = browser.submit(page, path(test))
    assert "Đã xóa bài thi." in page.text
    assert count_tests(day) == 1
    assert draft_of(day, removed) is None
    [(action, details)] = events(day, DEED)
    assert (action, details["code"], details["questions"]) == (DEED, "V2", 60)


def test_twice_is_told_that_it_is_gone(day: Day) -> None:
    test, browser = added(day), day.browser(SECRETARY)
    page = browser.open(path(test))
    browser.submit(page, path(test))
    browser.submit(page, path(test), status=404)
    assert len(events(day, DEED)) == 1


def test_what_others_were_built_on_stays(day: Day) -> None:
    test, free, browser = day.built.line.test, added(day), day.browser(SECRETARY)
    page = browser.open(path(test))
    assert "Bài thi không xóa được nữa" in page.text
    assert not [form for form in page.forms() if form.action == path(test)]
    answer = browser.client.post(path(test), data=browser.open(path(free)).form(path(free)).fields)
    assert answer.status_code == 409
    assert "đã có ma trận khóa" in answer.get_data(as_text=True)
    assert count_tests(day) == 2


def test_nobody_else_may(day: Day) -> None:
    test = added(day)
    refuses(day, path(test), {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404}, lambda: count_tests(day))


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    needs_token(day, SECRETARY, path(added(day)))
    assert count_tests(day) == 2


def test_of_two_who_remove_it_at_once_the_second_is_told(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        line = make_line(session, NOW)
        plan = TestPlan(60, 60, "1/2")
        test_id = add_exam_test(session, line.exam, line.subject, "V2", "Thêm", plan=plan, actor=SYSTEM, now=NOW).id

    def remove(session: Session) -> None:
        remove_exam_test(session, session.get_one(ExamTest, test_id), actor=SYSTEM, now=NOW)

    raised = at_once(committed_db.engine, keys, remove, remove)
    assert isinstance(raised, Conflict)
    assert raised.code == "test_gone"
