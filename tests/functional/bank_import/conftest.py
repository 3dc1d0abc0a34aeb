"""Two subjects, an author of each, and the pages of imports as these people use them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.services import create_account, open_session
from examapp.audit.models import AuditEvent
from examapp.bank.models import Import, ImportRow, Question, Subject
from examapp.bank.services import create_subject
from examapp.core.db import db
from examapp.core.files import StoredFile
from examapp.core.worker import Worker
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from tests.cast import PASSWORD
from tests.conftest import Clock, CommittedDatabase
from tests.factories import workbook
from tests.pages import Browser, Page

#: headers as councils write them: recognised, and not those of the template
HEADERS = ["Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Phương án D", "Đáp án", "Chủ đề", "Mức độ"]
GOOD = ["Thủ đô của Việt Nam?", "Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "A", "Địa lý", "Nhận biết"]
SUM = ["2 + 2 bằng bao nhiêu?", "3", "4", "5", "6", "B", "Toán", "Vận dụng"]
NO_KEY = ["Thiếu đáp án?", "Có", "Không", "", "", "", "Toán", "Nhận biết"]
BEYOND = ["Đáp án ngoài?", "Một", "Hai", "Ba", "Bốn", "E", "Toán", "Nhận biết"]


def sheet(*rows: list[str], headers: list[str] = HEADERS) -> bytes:
    """Return a workbook with these rows under our usual headers."""
    return workbook([headers, *rows])


@dataclass
class Desk:
    """What a test holds: the subject, browsers of people, and what is stored."""

    app: Flask
    session: Session
    keys: NodeKeys
    clock: Clock
    database: CommittedDatabase
    subject: Subject
    other: Subject

    def browser(
        self, role: Role = Role.AUTHOR, subject: Subject | None = None, *, name: str = "", everywhere: bool = False
    ) -> Browser:
        """Return the browser of somebody with a role in one subject, or for the whole site as every chair."""
        site = everywhere or role is Role.COUNCIL_CHAIR
        scope = RoleGrant(role, "site", None) if site else RoleGrant(role, "subject", (subject or self.subject).id)
        username = name or f"{role.value.replace('_', '.')}.{(subject or self.subject).code.lower()}"
        account = create_account(
            self.session, username, "Người Thử", PASSWORD, grants=[scope], actor=SYSTEM, now=self.clock.now()
        )
        client = self.app.test_client()
        client.set_cookie("khaothi-staff", b64u(open_session(self.session, account, now=self.clock.now())))
        self.session.commit()
        return Browser(client)

    @property
    def upload_path(self) -> str:
        """Return the address where a file for the subject is sent up."""
        return f"/ngan-hang/{self.subject.id}/nhap"

    def send(self, browser: Browser, data: bytes, name: str = "de.xlsx", *, status: int = 200) -> Page:
        """Choose a file, send it up, and return the page it leads to."""
        page = browser.open(self.upload_path)
        return browser.submit(page, self.upload_path, status=status, file=(io.BytesIO(data), name))

    def read(self, browser: Browser, data: bytes, name: str = "de.xlsx") -> Page:
        """Send a file up, agree to the columns when they are asked for, and return its preview."""
        page = self.send(browser, data, name)
        if page.heading == "Ghép cột":
            page = browser.submit(page, self.path("/ghep-cot"))
        assert page.heading == "Xem trước khi nhập", page.heading
        return page

    def newest(self) -> Import:
        """Return the newest import as it is stored now."""
        self.session.commit()
        return self.session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()

    def path(self, rest: str = "") -> str:
        """Return the address of the newest import's page, or of a deed on it."""
        return f"/ngan-hang/nhap/{self.newest().id}{rest}"

    def row(self, number: int) -> ImportRow:
        """Return a row of the newest import as it is stored now."""
        return self.session.get_one(ImportRow, (self.newest().id, number), populate_existing=True)

    def counts(self) -> tuple[int, int, int, int]:
        """Return the newest import's counts: total, accepted, warned, refused."""
        batch = self.newest()
        self.session.refresh(batch)
        return batch.rows_total, batch.rows_accepted, batch.rows_warned, batch.rows_refused

    def stored(self) -> dict[str, int]:
        """Return how much of everything there is: what a refusal must leave as it was."""
        self.session.commit()
        tables = (Import, ImportRow, Question, StoredFile, AuditEvent)
        return {one.__tablename__: self.session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

    def actions(self) -> list[str]:
        """Return the deeds on the newest import, oldest first."""
        batch = self.newest()
        query = select(AuditEvent.action).where(AuditEvent.subject == f"import:{batch.id}")
        return list(self.session.scalars(query.order_by(AuditEvent.number)))

    def do_jobs(self) -> None:
        """Have the worker empty the queue."""
        Worker(self.database.url, self.keys, self.clock).run(wait=False)

    def post(self, browser: Browser, path: str, **values: object) -> TestResponse:
        """Send a deed with a forgery token, from whatever page."""
        token = browser.open("/").html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        return browser.client.post(path, data={"csrf_token": token, **values})

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the statements of the application inside the block."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def desk(app: Flask, stored: Session, keys: NodeKeys, clock: Clock, committed_db: CommittedDatabase) -> Desk:
    """Return the desk of an author of one subject, another subject beside it."""
    subject = create_subject(stored, "KTC", "Kiến thức chung", actor=SYSTEM, now=clock.now())
    other = create_subject(stored, "TA", "Tiếng Anh", actor=SYSTEM, now=clock.now())
    stored.commit()
    return Desk(app, stored, keys, clock, committed_db, subject, other)


@pytest.fixture
def author(desk: Desk) -> Browser:
    """Return the browser of the subject's author."""
    return desk.browser()
