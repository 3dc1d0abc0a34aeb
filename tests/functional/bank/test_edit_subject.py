"""A subject is named otherwise, and deleted after a question while it holds nothing but topics."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.accounts.models import RoleAssignment
from examapp.bank.imports.reading import receive_file
from examapp.bank.models import Subject, Topic
from examapp.bank.services import add_topic, create_subject, delete_subject
from examapp.core.errors import NotFound
from examapp.core.files import Content
from examapp.exams.models import Exam
from examapp.exams.services import TestFacts, TestPlan, add_exam_test, add_lawful_test, create_exam
from examapp.integrity.keys import NodeKeys
from tests.cast import AUTHOR, SITE_SECRETARY
from tests.conftest import NOW, CommittedDatabase
from tests.factories import at_once
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import Day

RENAME, DELETE = "/doi-ten", "/xoa"


def begun(bank: Bank) -> Subject:
    """Return a subject with one topic and no question."""
    subject = create_subject(bank.session, "NHAM", "Môn lập nhầm", actor=SYSTEM, now=NOW)
    add_topic(bank.session, subject, "Chủ đề trống", actor=SYSTEM, now=NOW)
    bank.session.commit()
    return subject


def test_a_subject_is_renamed_and_a_stale_page_is_told(bank: Bank) -> None:
    browser, path = bank.author, bank.path(RENAME)
    assert path in browser.open(bank.path("/chu-de")).links()
    stale = browser.open(path)
    page = browser.submit(browser.open(path), path, name=" Kiến thức  chung ")
    assert "Đã đổi tên thành “Kiến thức chung”." in page.text
    assert page.heading == "Chủ đề – Kiến thức chung"
    assert bank.actions()[-1] == "bank.subject_renamed"
    page = browser.submit(stale, path, status=409, name="Kiến thức khác")
    assert "vừa được người khác đổi tên thành “Kiến thức chung”" in page.text
    assert page.form(path).fields["name"] == "Kiến thức khác"
    assert "Đã đổi tên thành “Kiến thức khác”." in browser.submit(page, path).text, "whoever has read it goes on"
    assert "Tên môn không đổi." in browser.submit(browser.open(path), path).text
    assert bank.actions().count("bank.subject_renamed") == 2


def test_a_file_and_a_test_meet_the_end_of_the_subject(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        exam = create_exam(session, "KT", "Kỳ thi", profile_id="cc-2025", actor=SYSTEM, now=NOW)
        ids = [create_subject(session, code, "Môn", actor=SYSTEM, now=NOW).id for code in ("A", "B")]
        exam_id = exam.id

    def end(subject_id: UUID) -> Callable[[Session], None]:
        return lambda session: delete_subject(session, session.get_one(Subject, subject_id), actor=SYSTEM, now=NOW)

    def upload(session: Session) -> None:
        receive_file(session, session.get_one(Subject, ids[0]), Content(b"x", "a.xlsx"), actor=SYSTEM, now=NOW)

    def test(session: Session) -> None:
        facts = TestFacts(session.get_one(Subject, ids[1]), "V1", "Vòng 1", TestPlan(60, 60, "1/2"))
        add_lawful_test(session, session.get_one(Exam, exam_id), facts, actor=SYSTEM, now=NOW)

    for subject_id, deed in zip(ids, (upload, test), strict=True):
        assert isinstance(at_once(committed_db.engine, keys, end(subject_id), deed), NotFound)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Ghi tên môn."), (" \u200b", "Môn cần có mã và tên."), ("x" * 201, "Nội dung dài quá mức cho phép.")],
)
def test_a_slip_is_named_on_the_form(bank: Bank, name: str, sentence: str) -> None:
    browser, path = bank.author, bank.path(RENAME)
    with bank.unchanged():
        page = browser.submit(browser.open(path), path, status=422, name=name)
    assert sentence in page.text
    assert page.form(path).fields["name"] == name


def test_an_empty_one_is_deleted_with_its_topics_and_roles(bank: Bank, day: Day) -> None:
    subject, browser = begun(bank), day.browser(SITE_SECRETARY)
    subject_id, path = subject.id, bank.path(DELETE, subject)
    bank.browser("soan.nham", AUTHOR.role, subject)
    assert path in browser.open(bank.path("/chu-de", subject)).links()
    page = browser.open(path)
    deed = browser.submit(page, path)
    assert "Đã xóa môn “Môn lập nhầm”." in deed.text
    bank.session.commit()
    assert bank.session.get(Subject, subject_id) is None
    assert bank.session.scalars(select(Topic).where(Topic.subject_id == subject_id)).all() == []
    [given] = bank.session.scalars(select(RoleAssignment).where(RoleAssignment.scope_id == subject_id))
    assert given.revoked_at is not None
    browser.submit(page, path, status=404)


def test_one_with_questions_stays(bank: Bank, day: Day) -> None:
    browser, path = day.browser(SITE_SECRETARY), bank.path(DELETE)
    assert path not in browser.open(bank.path("/chu-de")).links()
    page = browser.open(path)
    with bank.unchanged():
        page = browser.submit(page, path, status=409)
    assert "đã có câu hỏi, lần nhập hoặc bài thi nên không xóa được" in page.text


def test_one_that_an_exam_tests_stays_with_its_topics(bank: Bank, day: Day) -> None:
    subject, browser = begun(bank), day.browser(SITE_SECRETARY)
    exam, plan = bank.session.merge(day.built.line.exam), TestPlan(60, 60, "1/2")
    add_exam_test(bank.session, exam, subject, "V9", "Bài thi của môn", plan=plan, actor=SYSTEM, now=NOW)
    bank.session.commit()
    path = bank.path(DELETE, subject)
    page = browser.submit(browser.open(path), path, status=409)
    assert "đã có câu hỏi, lần nhập hoặc bài thi nên không xóa được" in page.text
    bank.session.commit()
    names = bank.session.scalars(select(Topic.name).where(Topic.subject_id == subject.id))
    assert names.all() == ["Chủ đề trống"]


def test_nobody_else_may(bank: Bank) -> None:
    subject = begun(bank)
    with bank.unchanged():
        for browser, rest, status in (
            (bank.stranger, RENAME, 404),
            (bank.reader, RENAME, 403),
            (bank.author, DELETE, 403),
            (bank.reader, DELETE, 403),
        ):
            browser.open(bank.path(rest), status=status)
            assert bank.post(browser, bank.path(rest), {"name": "Khác"}).status_code == status
    assert bank.session.get(Subject, subject.id) is not None


def test_the_token_is_asked_for(bank: Bank) -> None:
    with bank.unchanged():
        assert bank.author.client.post(bank.path(RENAME), data={"name": "Khác"}).status_code == 400
        assert bank.author.client.get(bank.path(RENAME)).status_code == 200
