"""Two subjects with a few questions, and people who may write in one, only look, or know nothing of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.queries import find_account_by_username
from examapp.accounts.services import create_account, open_session
from examapp.audit.models import AuditEvent
from examapp.bank.models import Question, QuestionStatus, Subject, Topic
from examapp.bank.services import add_topic, create_subject
from examapp.integrity.canonical import b64u
from tests.bank import add_questions, chosen
from tests.cast import PASSWORD
from tests.functional.exam_day import Day, csrf_token
from tests.pages import Browser, Page

STEMS = {
    "KTC-01": "Theo Luật Cán bộ, công chức, ai quyết định biên chế?",
    "KTC-02": "Nghị định 138/2020/NĐ-CP quy định việc gì?",
    "KTC-03": "Đại biểu Quốc hội có quyền chất vấn ai?",
}


class Bank:
    """What a test holds: the subjects, and browsers of people."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.session, now = day.session, day.clock.now()
        self.subject = create_subject(self.session, "KTC", "Kiến thức mẫu", actor=SYSTEM, now=now)
        add_questions(self.session, self.subject, STEMS, now=now)
        self.topic = self.session.scalars(select(Topic).where(Topic.subject_id == self.subject.id)).one()
        self.empty_topic = add_topic(self.session, self.subject, "Công vụ", actor=SYSTEM, now=now)
        self.other = create_subject(self.session, "TA", "Tiếng Anh mẫu", actor=SYSTEM, now=now)
        add_questions(self.session, self.other, {"TA-01": "Luật nào, bằng tiếng Anh?"}, now=now)
        self.session.commit()

    def path(self, rest: str = "", subject: Subject | None = None, **query: str) -> str:
        """Return the address of a page of the subject."""
        return f"/ngan-hang/{(subject or self.subject).id}{rest}" + (f"?{urlencode(query)}" if query else "")

    @property
    def author(self) -> Browser:
        """Return the browser of somebody who writes in this subject and in no other."""
        return self.browser("soan.ktc", Role.AUTHOR, self.subject)

    @property
    def stranger(self) -> Browser:
        """Return the browser of somebody who writes in the other subject."""
        return self.browser("soan.ta", Role.AUTHOR, self.other)

    @property
    def reader(self) -> Browser:
        """Return the browser of somebody who sees every subject and writes in none."""
        return self.browser("xem", Role.COUNCIL_CHAIR)

    def browser(self, username: str, role: Role, subject: Subject | None = None) -> Browser:
        """Return the browser of somebody with this role, in one subject or everywhere."""
        grant = RoleGrant(role, "subject", subject.id) if subject else RoleGrant(role, "site", None)
        now = self.day.clock.now()
        account = find_account_by_username(self.session, username) or create_account(
            self.session, username, f"Người {username}", PASSWORD, grants=[grant], actor=SYSTEM, now=now
        )
        client = self.day.built.app.test_client()
        client.set_cookie("khaothi-staff", b64u(open_session(self.session, account, now=now)))
        self.session.commit()
        return Browser(client)

    def boxes(self, *codes: str) -> list[str]:
        """Return what the ticked boxes of these questions say."""
        return [str(one) for one in chosen(self.session, codes)]

    def post(self, browser: Browser, path: str, values: Mapping[str, Any]) -> TestResponse:
        """Send a deed as a form of a page would."""
        token = csrf_token(browser.open("/").html)
        return browser.client.post(path, data={"csrf_token": token, **values})

    def states(self) -> dict[str, QuestionStatus]:
        """Return where the subject's questions stand."""
        self.session.commit()
        query = select(Question.code, Question.status).where(Question.subject_id == self.subject.id)
        return {code: status for code, status in self.session.execute(query.order_by(Question.code))}  # noqa: C416

    def topic_names(self) -> list[str]:
        """Return the subject's topics in their order."""
        self.session.commit()
        query = select(Topic.name).where(Topic.subject_id == self.subject.id).order_by(Topic.position)
        return list(self.session.scalars(query))

    def actions(self) -> list[str]:
        """Return the deeds on this subject that are in the log, oldest first."""
        self.session.commit()
        query = select(AuditEvent.action).where(AuditEvent.subject == f"subject:{self.subject.id}")
        return list(self.session.scalars(query.order_by(AuditEvent.number)))

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Assert that what is done inside leaves questions, topics and log as they were."""
        before = self.states(), self.topic_names(), self.actions(), self.versions()
        yield
        assert (self.states(), self.topic_names(), self.actions(), self.versions()) == before

    def versions(self) -> int:
        """Return how many versions the subject's questions have."""
        self.session.commit()
        query = select(Question).where(Question.subject_id == self.subject.id)
        self.session.expire_all()
        return sum(len(question.versions) for question in self.session.scalars(query))


def codes_of(page: Page) -> list[str]:
    """Return the codes that a list shows."""
    return [one.text for one in page.all("span") if one.attributes.get("class") == "code"]


def topic_of(bank: Bank, code: str) -> UUID:
    """Return the topic of the question's newest version."""
    bank.session.expire_all()
    question = bank.session.scalars(select(Question).where(Question.code == code)).one()
    return question.versions[-1].topic_id


@pytest.fixture
def bank(day: Day) -> Bank:
    """Return the bank of one test; everything done to it is undone."""
    return Bank(day)
