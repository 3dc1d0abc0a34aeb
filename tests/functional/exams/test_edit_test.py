"""A test may be changed while nothing was built on it: no locked blueprint, no sitting."""

from uuid import UUID

import pytest
from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.bank.models import Level
from examapp.bank.services import create_subject
from examapp.exams.models import ExamTest
from examapp.papers.models import Blueprint
from examapp.papers.queries import topics_of
from examapp.papers.services import CellCount, set_blueprint
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_SECRETARY, STRANGER, Person
from tests.conftest import NOW
from tests.functional.exam_day import Day
from tests.functional.exams.arrange import added, events, left_to_the_council, needs_token, refuses

DEED = "exams.test_changed"


def path(test: ExamTest) -> str:
    return f"/ky-thi/bai-thi/{test.id}/sua"


def facts(day: Day, test: ExamTest) -> tuple[object, ...]:
    day.session.commit()
    day.session.refresh(test)
    return test.code, test.name, test.subject_id, test.questions, test.minutes, test.pass_share


def drafted(day: Day, test: ExamTest) -> None:
    """Give the test a draft of its blueprint."""
    topic = topics_of(day.session, test.subject_id)[0]
    set_blueprint(day.session, test, [CellCount(topic.id, Level.RECALL, 3)], actor=SYSTEM, now=NOW)
    day.session.commit()


def draft_of(day: Day, exam_test_id: UUID) -> UUID | None:
    """Return the blueprint of the test, if there is one."""
    day.session.commit()
    return day.session.scalar(select(Blueprint.id).where(Blueprint.exam_test_id == exam_test_id))


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_works_and_the_log_says_what_was_before(day: Day, person: Person) -> None:
    test, browser = added(day), day.browser(person)
    page = browser.submit(browser.open(path(test)), path(test), name="Vòng 1 – đợt hai", code="V1B")
    assert "Đã lưu bài thi." in page.text
    assert facts(day, test)[:2] == ("V1B", "Vòng 1 – đợt hai")
    change = {"code": {"before": "V2", "after": "V1B"}, "test": {"before": "Bài thi thêm", "after": "Vòng 1 – đợt hai"}}
    assert events(day, DEED) == [(DEED, change)]


def test_saving_the_same_again_leaves_no_trace(day: Day) -> None:
    test, browser = added(day), day.browser(SECRETARY)
    page = browser.open(path(test))
    browser.submit(page, path(test), name="Tên khác")
    browser.submit(page, path(test), name="Tên khác")
    assert len(events(day, DEED)) == 1


def test_what_the_law_fixes_is_not_changed(day: Day) -> None:
    test, browser = added(day), day.browser(SECRETARY)
    page = browser.submit(browser.open(path(test)), path(test), status=422, minutes="90")
    assert "Quy định của kỳ thi ấn định 60 phút" in page.text
    assert page.form(path(test)).fields["minutes"] == "90"
    assert facts(day, test)[4] == 60
    left_to_the_council(day, "minutes", "60")
    assert "Đã lưu bài thi." in browser.submit(page, path(test), minutes="90").text


def test_a_code_that_another_test_has_is_named(day: Day) -> None:
    test, browser = added(day), day.browser(SECRETARY)
    page = browser.submit(browser.open(path(test)), path(test), status=422, code="V1")
    assert "Kỳ thi đã có bài thi mã “V1”." in page.text
    assert facts(day, test)[0] == "V2"


def test_another_subject_ends_the_draft_of_the_blueprint(day: Day) -> None:
    test, browser = added(day), day.browser(SITE_SECRETARY)
    drafted(day, test)
    other = create_subject(day.session, "TIN", "Tin học", actor=SYSTEM, now=NOW)
    day.session.commit()
    page = browser.open(path(test))
    assert "Đổi môn thì dự thảo ma trận của bài thi bị xóa" in page.text
    browser.submit(page, path(test), name="Tên khác")
    assert draft_of(day, test.id) is not None, "a draft of the same subject stays"
    browser.submit(browser.open(path(test)), path(test), subject=str(other.id))
    assert draft_of(day, test.id) is None
    assert "Môn chưa có chủ đề" in browser.open(f"/ma-tran/{test.id}").text


def test_a_role_in_the_exam_alone_keeps_the_subject_and_chooses_no_other(day: Day) -> None:
    test, browser = added(day), day.browser(SECRETARY)
    other = create_subject(day.session, "TIN", "Tin học", actor=SYSTEM, now=NOW)
    day.session.commit()
    page = browser.open(path(test))
    assert "Tin học" not in page.text
    fields = {**page.form(path(test)).fields, "subject": str(other.id)}
    assert browser.client.post(path(test), data=fields).status_code == 422
    assert "Đã lưu bài thi." in browser.submit(page, path(test), name="Tên khác").text
    assert facts(day, test)[2] == day.built.line.subject.id


def test_what_others_were_built_on_stays(day: Day) -> None:
    test, browser = day.session.merge(day.built.line.test), day.browser(SECRETARY)
    before, free = facts(day, test), added(day)
    page = browser.open(path(test))
    assert "Bài thi đã có ma trận khóa nên không sửa hay xóa được nữa." in page.text
    assert not [form for form in page.forms() if form.action == path(test)]
    fields = browser.open(path(free)).form(path(free)).fields
    answer = browser.client.post(path(test), data={**fields, "code": "V9"})
    assert answer.status_code == 409
    assert facts(day, test) == before


def test_nobody_else_may(day: Day) -> None:
    test = added(day)
    refuses(day, path(test), {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404}, lambda: facts(day, test))


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    needs_token(day, SECRETARY, path(added(day)))
