"""A sitting in a real database with the fast path in front of nothing, driven as the candidate's page drives it."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.orm import Session

from examapp.answerlog.endpoint import HotPath, hot_path
from examapp.answerlog.log import LogRow, stored_rows
from examapp.answerlog.release import wrap_release_key
from examapp.answerlog.token import Token, cookie_names, issue, issue_machine
from examapp.bank.models import Subject
from examapp.core.asgi import Message, Receive, Scope, Send, send_whole
from examapp.core.clock import to_millis
from examapp.core.db import engine_for
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Sitting, SittingMode, SittingState
from tests.conftest import NOW, Clock, CommittedDatabase, _database

T = TypeVar("T")

MINUTES = 60
GRACE = 120
ITEMS = 10
START = NOW
DEADLINE = START + timedelta(minutes=MINUTES)


def paper_key(attempt: UUID) -> bytes:
    """Return the invented paper key of an attempt."""
    return attempt.bytes * 2


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Return the error code, or `ok`."""
        return self.body.get("code", "ok")


@dataclass
class Page:
    """One candidate's browser."""

    room: "Room"
    attempt: UUID
    machine: UUID
    lease: int = 1
    sent: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def token(self, **changes: Any) -> str:
        """Return the page's token, with changes."""
        now = self.room.clock.now()
        fields = {
            "sitting": self.room.sitting,
            "attempt": self.attempt,
            "machine": self.machine,
            "lease": self.lease,
            "rehearsal": False,
            "issued": now,
            "expires": now + timedelta(hours=2),
        }
        return issue(self.room.keys, Token(**(fields | changes)))

    def cookies(self, **changes: Any) -> str:
        """Return the Cookie header."""
        names = cookie_names(False)
        machine = issue_machine(self.room.keys, self.machine)
        return f"{names.attempt}={self.token(**changes)}; {names.machine}={machine}"

    def row(self, seq: int, item: int, response: Any, kind: int = 1) -> list[Any]:
        """Return a row made now."""
        return [seq, kind, item, response, to_millis(self.room.clock.now())]

    def send(self, *rows: list[Any], **changes: Any) -> Answer:
        """Send rows as they are."""
        return self.room.post("/thi/api/saves", {"saves": list(rows)}, self.cookies(**changes), self.headers)

    def answer(self, item: int, response: Any) -> Answer:
        """Send the next answer."""
        self.sent += 1
        return self.send(self.row(self.sent, item, response))

    def submit(self) -> Answer:
        """Send the submission."""
        self.sent += 1
        return self.send(self.row(self.sent, -1, None, kind=3))

    def key(self) -> Answer:
        """Ask for the paper's key."""
        return self.room.post("/thi/api/key", {}, self.cookies(), self.headers)

    def log(self) -> list[LogRow]:
        """Return what is stored."""
        with Session(self.room.database.engine) as session:
            return stored_rows(session, self.attempt)

    def kept(self) -> list[tuple[int, int, Any, bool, bool]]:
        """Return (seq, item, response, late, fenced) of the stored rows."""
        return [(row.seq, row.item, row.response, row.late, row.fenced) for row in self.log()]


@dataclass
class Room:
    """The sitting, its database, its clock and the fast path under test."""

    database: CommittedDatabase
    keys: NodeKeys
    clock: Clock
    hot: HotPath
    sitting: UUID
    loop: asyncio.AbstractEventLoop
    #: whether a request's body arrives, and whether the last one was read
    body_comes: bool = True
    body_read: bool = False
    _numbers: int = 0

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something where the fast path runs: on the event loop of the tests, from any thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout=30)

    def page(self, **columns: Any) -> Page:
        """Add an attempt that may write with lease 1, and return its browser."""
        self._numbers += 1
        attempt = new_attempt(self.keys, self.sitting, f"{self._numbers:04d}", **columns)
        page = Page(self, attempt.id, attempt.machine_id or new_id(), attempt.lease)
        with Session(self.database.engine) as session, session.begin():
            session.add(attempt)
        return page

    def post(self, path: str, body: object, cookies: str, headers: dict[str, str] | None = None) -> Answer:
        """Post JSON as the page's own fetch does."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {
            "method": "POST",
            "content-length": str(len(data)),
            "content-type": "application/json",
            "sec-fetch-site": "same-origin",
            "cookie": cookies,
        } | (headers or {})
        return self.run(self._post(path, data, {name: value for name, value in given.items() if value is not None}))

    async def _post(self, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        scope = {"type": "http", "method": headers.pop("method"), "path": path}
        scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
        sent: list[Message] = []
        self.body_read = False

        async def receive() -> Message:
            self.body_read = True
            await asyncio.sleep(0 if self.body_comes else 60)
            return {"type": "http.request", "body": data, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.hot(scope, receive, send)
        start, body = sent
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answer(start["status"], json.loads(body["body"]), found)

    def execute(self, statement: str, *values: object) -> None:
        """Run a statement and commit it."""
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            connection.execute(statement, values)  # type: ignore[call-overload]

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(self.database.url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[call-overload]


def new_attempt(keys: NodeKeys, sitting: UUID, number: str, **columns: Any) -> Attempt:
    """Return an attempt under way since START, with changes."""
    attempt_id = new_id()
    key = paper_key(attempt_id)
    fields: dict[str, Any] = {
        "id": attempt_id,
        "sitting_id": sitting,
        "candidate_number": number,
        "full_name": "Nguyễn Văn Ví Dụ",
        "code_hmac": bytes(32),
        "core_digest": bytes(32),
        "sealed_paper": b"sealed",
        "paper_digest": bytes(32),
        "sealed_digest": bytes(32),
        "release_key": wrap_release_key(keys, key, sitting=sitting, attempt=attempt_id, random_bytes=bytes),
        "blind": attempt_id.bytes * 2,
        "items": ITEMS,
        "lease": 1,
        "machine_id": new_id(),
        "starts_at": START,
        "minutes": MINUTES,
        "closes_at": DEADLINE,
        "grace_seconds": GRACE,
        "rehearsal": False,
    }
    return Attempt(**(fields | columns))


def new_sitting(session: Session, starts_at: datetime) -> UUID:
    """Add a sitting with everything above it."""
    code = token_hex(6)
    subject = Subject(code=code, name="Kiến thức chung", search_text="kien thuc chung")
    exam = Exam(code=code, name="Kỳ thi ví dụ", profile_id="cc-2025", profile_text="", profile_digest=bytes(32))
    session.add_all([subject, exam])
    session.flush()
    test = ExamTest(
        exam=exam, subject_id=subject.id, code="KTC", name="Kiến thức chung", questions=ITEMS, minutes=MINUTES,
        pass_share="1/2",
    )  # fmt: skip
    sitting = Sitting(
        exam_test=test, code="CA1", mode=SittingMode.PROGRAMMED, opens_at=starts_at, starts_at=starts_at,
        state=SittingState.READY, grace_seconds=GRACE,
    )  # fmt: skip
    session.add(sitting)
    session.flush()
    return sitting.id


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    """Stand in for the rest of the application."""
    await send_whole(send, 404, [], b'{"code": "passed_on"}')


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Return an event loop that runs in a thread, as the web server's does beside the pages."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    asyncio.run_coroutine_threadsafe(loop.shutdown_default_executor(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(scope="session")
def answer_db(database_server: str, template_database: str) -> Iterator[CommittedDatabase]:
    """Return one database for all tests of the answer log: each adds a sitting of its own and looks at nothing else."""
    with _database(database_server, template_database) as url:
        engine = engine_for(url)
        yield CommittedDatabase(url, engine)
        engine.dispose()


@pytest.fixture
def room(answer_db: CommittedDatabase, keys: NodeKeys, loop: asyncio.AbstractEventLoop) -> Iterator[Room]:
    """Return a sitting that began a minute ago."""
    clock = Clock(START + timedelta(minutes=1))
    with Session(answer_db.engine) as session, session.begin():
        sitting = new_sitting(session, START)
    hot = hot_path(nothing_here, dsn=answer_db.url, keys=keys, clock=clock, secure_cookies=False)
    # Requests in a test come faster than a page may send them.
    hot.limiter.wait_ms = lambda attempt: 0  # type: ignore[method-assign]
    yield Room(answer_db, keys, clock, hot, sitting, loop)
    hot.close()


@pytest.fixture
def page(room: Room) -> Page:
    """Return one candidate's browser."""
    return room.page()
