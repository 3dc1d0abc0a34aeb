"""An exam that was begun by mistake is deleted after a question, as long as it holds nothing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.models import RoleAssignment
from examapp.accounts.services import grant_role
from examapp.audit.models import AuditEvent
from examapp.candidates.services import add_candidates
from examapp.core.errors import Conflict, NotFound
from examapp.exams.models import Exam
from examapp.exams.services import create_exam, delete_exam
from examapp.integrity.keys import NodeKeys
from tests.cast import CHAIR, INVIGILATOR, NOBODY, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER, Cast, Person
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once
from tests.functional.exam_day import Day
from tests.functional.exams.arrange import needs_token, refuses


def begun(session: Session, code: str = "NHAM") -> Exam:
    """Return an exam with nothing in it."""
    exam = create_exam(session, code, "Kỳ thi lập nhầm", profile_id="cc-2025", actor=SYSTEM, now=NOW)
    session.commit()
    return exam


def path(exam: Exam) -> str:
    return f"/ky-thi/{exam.id}/xoa"


def codes(day: Day) -> set[str]:
    day.session.commit()
    return set(day.session.scalars(select(Exam.code)))


@pytest.mark.parametrize("person", [SITE_CHAIR, SITE_SECRETARY], ids=lambda one: one.username)
def test_it_asks_and_works_and_roles_end(day: Day, person: Person) -> None:
    exam, browser = begun(day.session), day.browser(person)
    account, scope = Cast(day.session, NOW).account(NOBODY), f"exam:{exam.id}"
    given = grant_role(day.session, account, RoleGrant(Role.INVIGILATOR, "exam", exam.id), actor=SYSTEM, now=NOW)
    day.session.commit()
    given_id, address = given.id, path(exam)
    assert address in browser.open(f"/ky-thi/{exam.id}").links()
    page = browser.open(address)
    assert "Vai trò đã giao trong kỳ thi này hết hiệu lực" in page.text
    page = browser.submit(page, address)
    assert "Đã xóa kỳ thi NHAM." in page.text
    assert "NHAM" not in codes(day)
    day.session.expire_all()
    assert day.session.get_one(RoleAssignment, given_id).revoked_at is not None
    log = day.session.scalars(select(AuditEvent.action).where(AuditEvent.scope == scope).order_by(AuditEvent.number))
    assert log.all() == ["exams.exam_created", "exams.exam_deleted"]
    log = browser.open(f"/nhat-ky/?scope={scope}")
    assert "Xóa kỳ thi" in log.text
    assert "Kỳ thi NHAM" in log.text, "by the code it had"
    assert browser.open(f"/nhat-ky/{scope}/2").heading == "Xóa kỳ thi"


def test_twice_is_told_that_it_is_gone(day: Day) -> None:
    exam, browser = begun(day.session), day.browser(SITE_SECRETARY)
    address = path(exam)
    page = browser.open(address)
    browser.submit(page, address)
    browser.submit(page, address, status=404)


@pytest.mark.parametrize("what", ["test", "candidate"])
def test_what_holds_something_stays(day: Day, what: str) -> None:
    exam, browser = begun(day.session), day.browser(SITE_SECRETARY)
    page = browser.open(path(exam))
    if what == "candidate":
        add_candidates(day.session, exam, [{"number": "0001", "full_name": "Lê Văn An"}], actor=SYSTEM, now=NOW)
        day.session.commit()
    else:
        exam = day.session.merge(day.built.line.exam)
        page = browser.open(path(exam))
    page = browser.submit(page, path(exam), status=409)
    assert "đã có bài thi hoặc thí sinh nên không xóa được" in page.text
    assert exam.code in codes(day)
    assert path(exam) not in browser.open(f"/ky-thi/{exam.id}").links()


def test_nobody_else_may(day: Day) -> None:
    exam = begun(day.session)
    refuses(day, path(exam), dict.fromkeys((CHAIR, SECRETARY, INVIGILATOR, STRANGER), 403), lambda: codes(day))


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    exam = begun(day.session)
    needs_token(day, SITE_SECRETARY, path(exam))
    assert "NHAM" in codes(day)


@pytest.mark.parametrize(("first", "refusal"), [("the end", NotFound), ("a candidate", Conflict)])
def test_the_end_and_a_candidate_at_once(
    committed_db: CommittedDatabase, keys: NodeKeys, first: str, refusal: type[Exception]
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        exam_id = create_exam(session, "NHAM", "Nhầm", profile_id="cc-2025", actor=SYSTEM, now=NOW).id

    def end(session: Session) -> None:
        delete_exam(session, session.get_one(Exam, exam_id), actor=SYSTEM, now=NOW)

    def candidate(session: Session) -> None:
        rows = [{"number": "0001", "full_name": "Lê Văn An"}]
        add_candidates(session, session.get_one(Exam, exam_id), rows, actor=SYSTEM, now=NOW)

    deeds = (end, candidate) if first == "the end" else (candidate, end)
    assert isinstance(at_once(committed_db.engine, keys, *deeds), refusal)
