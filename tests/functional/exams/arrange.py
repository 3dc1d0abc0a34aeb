"""What the tests of exams and blueprints start from: a further test on which nothing was built, and the exam's log."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.exams.models import Exam, ExamTest
from examapp.exams.services import TestPlan, add_exam_test
from tests.cast import Person
from tests.conftest import NOW
from tests.functional.exam_day import Day, csrf_token


def added(day: Day, code: str = "V2") -> ExamTest:
    """Return a test of the exam on which nothing was built."""
    line, plan = day.built.line, TestPlan(60, 60, "1/2")
    exam, subject = day.session.merge(line.exam), day.session.merge(line.subject)
    made = add_exam_test(day.session, exam, subject, code, "Bài thi thêm", plan=plan, actor=SYSTEM, now=NOW)
    day.session.commit()
    return made


def left_to_the_council(day: Day, part: str, value: str) -> None:
    """Have the exam's regulation leave one number of the first round's test to the council."""
    exam = day.session.get_one(Exam, day.built.line.exam.id)
    cited = f'{part} = {{ value = {value}, document = "nd-170", article = "Điều 9 khoản 2 điểm a" }}'
    silent = f'{part} = {{ value = {value}, law_silent = true, from = 2026-08-01, note = "Hội đồng quyết định." }}'
    head, general, tail = exam.profile_text.partition("[rounds.round_1.tests.general]")
    assert cited in tail
    exam.profile_text = head + general + tail.replace(cited, silent, 1)
    day.session.commit()


def events(day: Day, *actions: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (action, details) of these deeds in the exam's own log, oldest first."""
    day.session.commit()
    joined = (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    query = select(AuditEvent.action, AuditDetails.details).join(AuditDetails, joined)
    rows = day.session.execute(
        query.where(AuditEvent.scope == f"exam:{day.built.line.exam.id}", AuditEvent.action.in_(actions)).order_by(
            AuditEvent.number
        )
    )
    return [(action, json.loads(details)) for action, details in rows]


def refuses(day: Day, path: str, status_of: dict[Person, int], unchanged: Callable[[], object]) -> None:
    """Assert that the page and the deed are refused to these people, and that nothing changed."""
    before = unchanged()
    for person, status in status_of.items():
        browser = day.browser(person)
        browser.open(path, status=status)
        token = csrf_token(browser.open("/").html)
        assert browser.client.post(path, data={"csrf_token": token}).status_code == status
    assert unchanged() == before


def needs_token(day: Day, person: Person, path: str) -> None:
    """Assert that the deed is refused without the page's own token and by a method it does not have."""
    client = day.browser(person).client
    assert client.post(path, data={"confirm": "y"}).status_code == 400
    assert client.delete(path).status_code == 405
