"""A subject with one topic, its author, and questions as these are written on the pages."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.bank.models import Level, Question, QuestionStatus, QuestionVersion, Topic
from examapp.bank.services import add_topic
from examapp.bank.services.editing import Written, create_question
from question_bank.questions import SingleChoice
from tests.functional.bank_import.conftest import Desk, author, desk  # noqa: F401 - fixtures
from tests.functional.exam_day import checked
from tests.pages import Browser, Form, Page

STEM = "Thủ đô của Việt Nam là thành phố nào?"
OPTIONS = ("Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ")
TYPED = {"stem": STEM, **{f"option_{name}": text for name, text in zip("abcd", OPTIONS, strict=True)}, "key": "a"}


@dataclass
class Bench:
    """What a test holds: the desk of the subject, its topic, and a way to what is stored."""

    desk: Desk
    topic: Topic

    @property
    def new_path(self) -> str:
        """Return the address where a question of the subject is written."""
        return f"/ngan-hang/{self.desk.subject.id}/soan"

    @property
    def typed(self) -> dict[str, str]:
        """Return a whole form of a sound question."""
        return {**TYPED, "topic": str(self.topic.id), "level": "recall", "deed": "save"}

    def make(self, stem: str = STEM, status: QuestionStatus = QuestionStatus.APPROVED, code: str = "") -> Question:
        """Put a question into the bank, and return it."""
        written = Written(SingleChoice(stem, OPTIONS, 0), self.topic.id, Level.RECALL, status=status)
        question = create_question(
            self.desk.session, self.desk.subject, written, code, actor=SYSTEM, now=self.desk.clock.now()
        )
        self.desk.session.commit()
        return question

    def path(self, question: Question, rest: str = "") -> str:
        """Return the address of a question's page, or of a page below it."""
        return f"/ngan-hang/cau-hoi/{question.id}{rest}"

    def edit(self, browser: Browser, question: Question, *, answer: int = 200, **values: str) -> Page:
        """Open the question, type something else, save, and return the page that follows."""
        page = browser.open(self.path(question, "/sua"))
        return self.send(browser, page, answer=answer, **{"deed": "save", **values})

    def write(self, browser: Browser, *, answer: int = 200, **values: str) -> Page:
        """Write a new question and return the page that follows."""
        return self.send(browser, browser.open(self.new_path), answer=answer, **{**self.typed, **values})

    def send(self, browser: Browser, page: Page, *, answer: int = 200, **values: str) -> Page:
        """Send the form of a page on which a question is written, and return the page that follows."""
        response = browser.post(page, self.form(page).action.partition("?")[0], **values)
        if response.status_code == 303:
            response = browser.client.get(response.location)
        return checked(response, answer)

    def form(self, page: Page) -> Form:
        """Return the form in which a question is written."""
        return next(form for form in page.forms() if "stem" in form.names)

    def post(self, browser: Browser, path: str, **values: str) -> TestResponse:
        """Send a form from whatever page."""
        return self.desk.post(browser, path, **values)

    def questions(self) -> list[Question]:
        """Return the questions as they are stored now, oldest first."""
        self.desk.session.commit()
        query = select(Question).order_by(Question.id).execution_options(populate_existing=True)
        return list(self.desk.session.scalars(query))

    def versions(self, question: Question) -> list[QuestionVersion]:
        """Return the versions of a question, oldest first."""
        self.desk.session.commit()
        query = select(QuestionVersion).where(QuestionVersion.question_id == question.id)
        return list(self.desk.session.scalars(query.order_by(QuestionVersion.number)))

    def content(self, question: Question) -> dict[str, Any]:
        """Return what the newest version says to candidates."""
        found: dict[str, Any] = json.loads(self.versions(question)[-1].content)
        return found

    def key(self, question: Question) -> int:
        """Return the right option of the newest version."""
        return int(json.loads(self.versions(question)[-1].answer_key)["option"])

    def deeds(self, question_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """Return the deeds on a question with their details, oldest first."""
        self.desk.session.commit()
        rows = self.desk.session.execute(
            select(AuditEvent.action, AuditDetails.details)
            .join(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
            .where(AuditEvent.subject == f"question:{question_id}")
            .order_by(AuditEvent.number)
        )
        return [(action, json.loads(details)) for action, details in rows]

    def events(self) -> int:
        """Return how many deeds the log holds, denied accesses left out."""
        self.desk.session.commit()
        query = select(func.count()).select_from(AuditEvent).where(AuditEvent.action != "access.denied")
        return self.desk.session.scalar(query) or 0


@pytest.fixture
def bench(desk: Desk) -> Bench:  # noqa: F811 - the fixture
    """Return the bench of a subject with one topic."""
    topic = add_topic(desk.session, desk.subject, "Địa lý", actor=SYSTEM, now=desk.clock.now())
    desk.session.commit()
    return Bench(desk, topic)
