"""One exam with a sitting at every step of its day, built once per run; each test goes on from there and is undone.

The application runs on the test's own connection inside a savepoint: its commits and rollbacks are real to every
request, and nothing of them is left for the next test. `day` is the fixture; it hands out browsers, pages of
candidates and what is in the database.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_bytes
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.access.actor import SYSTEM
from examapp.access.roles import Role
from examapp.answerlog.token import issue_machine
from examapp.app import create_app
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.clock import to_millis
from examapp.core.db import db
from examapp.delivery.models import AnswerSave, Attempt
from examapp.delivery.rules import right_options
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.delivery.services.sign_in import Machine, open_attempt, take_lease
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import open_compartment
from examapp.settings import Settings
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.queries import opened_package, package_content
from examapp.sittings.services import Schedule, create_sitting, record_public_value
from question_bank.assembly.draw import draw_paper
from tests import cast
from tests.cast import Cast, Person
from tests.conftest import NOW, Clock, CommittedDatabase
from tests.factories import Line, make_line, open_line
from tests.pages import Browser, Page, check_page

PEOPLE = [one for one in vars(cast).values() if isinstance(one, Person)]
#: chairs the other exam of the database
NEIGHBOUR = Person("chu.tich.ban", "Mai Chủ Tịch Bạn", Role.COUNCIL_CHAIR)
PUBLIC_VALUE = "20711834"
WITNESSES = "Lê Thị Một, Trần Văn Hai"


class At(StrEnum):
    """The sittings of the database, named by the step at which each stands; the value is the sitting's code."""

    #: candidates 0004 to 0006
    DRAFT = "CA1"
    FROZEN = "CA2"
    #: frozen, and the public value is recorded
    VALUED = "CA3"
    #: opened and drawn: candidates 0001 to 0003
    READY = "CA4"
    SEALED = "CA5"
    MARKED = "CA6"
    #: opened and drawn: candidates 0004 to 0006
    REHEARSAL = "THU"
    #: of another exam, opened and drawn: candidate 9001
    ELSEWHERE = "CA9"


#: which of the exam's candidates sit where, by their place in the list
_SEATED = {At.READY: (0, 3), At.REHEARSAL: (3, 6), At.FROZEN: (6, 8), At.VALUED: (8, 10), At.SEALED: (10, 13)}
_SEATED[At.MARKED] = (13, 16)


@dataclass
class Built:
    """What every test finds: the application, the exam, the sittings and the codes of their packages."""

    app: Flask
    database: CommittedDatabase
    clock: Clock
    keys: NodeKeys
    line: Line
    sittings: dict[At, UUID] = field(default_factory=dict)
    frozen: dict[At, Frozen] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


class CandidatePage:
    """One candidate's browser: the sign-in page, then the calls of the page's script."""

    def __init__(self, day: "Day") -> None:
        self.day = day
        self.client = day.built.app.test_client()
        self.browser = Browser(self.client)

    def sign_in(self, number: str, code: str | None = None) -> TestResponse:
        """Send number and code (the one of the slip) and return the bare answer."""
        page = self.browser.open("/thi/dang-nhap")
        values = {"number": number, "code": code or self.day.built.codes[number]}
        return self.browser.post(page, "/thi/dang-nhap", **values)

    def use_machine(self, machine: UUID) -> None:
        """Sit down at a machine that this node knows."""
        self.client.set_cookie("khaothi-machine", issue_machine(self.day.keys, machine))

    def get(self, path: str, **headers: str) -> TestResponse:
        """Fetch from the page's API."""
        return self.client.get(f"/thi/api/{path}", headers=headers)

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        """Send JSON to the page's API as the page's own fetch does."""
        sent = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"} | headers
        return self.client.post(f"/thi/api/{path}", data=json.dumps({} if body is None else body), headers=sent)

    def lease(self, writer: int = 1) -> TestResponse:
        """Ask to be the attempt's writer."""
        return self.post("lease", {"writer_id": b64u(bytes([writer]) * 16)})


class Day:
    """What one test holds: browsers, the clock, and a session to look with (`commit` it to see what is new)."""

    def __init__(self, built: Built, connection: Connection, session: Session) -> None:
        self.built = built
        self.connection = connection
        self.session = session
        self.keys = built.keys
        self.clock = built.clock

    def path(self, at: At, rest: str = "") -> str:
        """Return the address of a sitting's page, or of a deed on it."""
        return f"/ca-thi/{self.built.sittings[at]}{rest}"

    def browser(self, person: Person) -> Browser:
        """Return a browser in which the person has just signed in."""
        client = self.built.app.test_client()
        client.set_cookie("khaothi-staff", self.token(person))
        return Browser(client)

    def token(self, person: Person) -> str:
        """Return the cookie of a new session of this person."""
        token = Cast(self.session, self.clock.now()).token(person)
        self.session.commit()
        return b64u(token)

    def candidate(self, number: str | None = None) -> CandidatePage:
        """Return a candidate's browser on a machine of its own, signed in when a number is given."""
        page = CandidatePage(self)
        if number is not None:
            assert page.sign_in(number).status_code == 303
        return page

    def sitting(self, at: At) -> Sitting:
        """Return the sitting as it is stored now."""
        self.session.commit()
        return self.session.get_one(Sitting, self.built.sittings[at])

    def attempt(self, number: str) -> Attempt:
        """Return the candidate's newest attempt as it is stored now."""
        self.session.commit()
        query = select(Attempt).where(Attempt.candidate_number == number).order_by(Attempt.try_number.desc())
        return self.session.scalars(query).first() or pytest.fail(f"no attempt of {number}")

    def events(self, at: At) -> list[tuple[str, str]]:
        """Return (action, details) of the sitting's own chain, oldest first."""
        self.session.commit()
        return [
            (action, details)
            for action, details in self.session.execute(
                select(AuditEvent.action, AuditDetails.details)
                .join(
                    AuditDetails,
                    (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number),
                )
                .where(AuditEvent.scope == f"sitting:{self.built.sittings[at]}")
                .order_by(AuditEvent.number)
            )
        ]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the statements that reach the database inside the block."""
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "SAVEPOINT" not in statement:  # of the test's own arrangement
                seen.append(statement)

        event.listen(self.connection, "before_cursor_execute", note)
        yield seen
        event.remove(self.connection, "before_cursor_execute", note)

    def refuses(self, at: At, person: Person, deed: str, status: int, **values: Any) -> None:
        """Assert that this person's deed is refused and the sitting stays as it is."""
        before = self.sitting(at).state
        client = self.browser(person).client
        page = Browser(client).open("/")
        answer = client.post(self.path(at, deed), data={"csrf_token": csrf_token(page.html), **values})
        assert answer.status_code == status, answer.get_data(as_text=True)[-800:]
        assert self.sitting(at).state is before


def csrf_token(html: str) -> str:
    """Return the forgery token of a page."""
    return html.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]


def checked(answer: TestResponse, status: int) -> Page:
    """Return the page of a bare answer, every check made."""
    assert answer.status_code == status, answer.get_data(as_text=True)[-800:]
    page = Page(answer)
    check_page(page)
    return page


@pytest.fixture(scope="session")
def built_day(long_db: CommittedDatabase, keys: NodeKeys, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Build the exam and all its sittings, once."""
    settings = Settings(long_db.url, tmp_path_factory.mktemp("instance"), secret_key="k" * 40, node_root=keys.root)
    clock = Clock()
    app = create_app(settings, clock=clock)
    with Session(long_db.engine, info={"keys": keys}, expire_on_commit=False) as session:
        built = _build(
            session, Built(app, long_db, clock, keys, make_line(session, NOW, candidates=16, seated=slice(3, 6)))
        )
        session.commit()
    yield built
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def day(built_day: Built) -> Iterator[Day]:
    """Return the day of one test; everything it does is undone."""
    built_day.clock.moment = NOW
    with built_day.app.app_context():
        engines: Any = db.engines
    own = engines[None]
    with built_day.database.engine.connect() as connection:
        outer = connection.begin()
        connection.begin_nested()  # a session on a connection with a savepoint commits and rolls back inside of it
        engines[None] = connection
        with Session(connection, info={"keys": built_day.keys}) as session:
            yield Day(built_day, connection, session)
        engines[None] = own
        outer.rollback()


def _build(session: Session, built: Built) -> Built:
    line, keys = built.line, built.keys
    neighbours = make_line(session, NOW, candidates=1, code="KH26", first_number=9001)
    neighbours.sitting.code = At.ELSEWHERE
    built.sittings = {At.DRAFT: line.sitting.id, At.ELSEWHERE: neighbours.sitting.id}
    open_line(session, neighbours, keys, NOW)
    for at, (first, last) in _SEATED.items():
        _seat(session, built, at, first, last)
    people = Cast(session, NOW, line.exam.id)
    for person in PEOPLE:
        people.account(person)
    Cast(session, NOW, neighbours.exam.id).account(NEIGHBOUR)
    built.codes = {one.number: line.code_of(keys, one.number) for one in line.candidates}
    built.codes["9001"] = neighbours.code_of(keys, "9001")
    return built


def _seat(session: Session, built: Built, at: At, first: int, last: int) -> None:
    """Make a sitting and bring it to its step; the sealed and the marked one were sat this morning."""
    line, keys = built.line, built.keys
    over = at in (At.SEALED, At.MARKED)
    then = NOW - timedelta(minutes=100) if over else NOW
    sitting = create_sitting(
        session,
        line.test,
        at.value,
        mode=SittingMode.REHEARSAL if at is At.REHEARSAL else SittingMode.PROGRAMMED,
        schedule=Schedule(then, then + timedelta(minutes=15)),
        rooms=[("01", "Phòng 01", line.candidates[first:last])],
        actor=SYSTEM,
        now=then,
    )
    built.sittings[at] = sitting.id
    if at in (At.FROZEN, At.VALUED):
        built.frozen[at] = freeze_sitting(
            session,
            sitting,
            keys=keys,
            random_bytes=token_bytes,
            shared_pool_reason="một ngân hàng cho mọi ca ví dụ",
            actor=SYSTEM,
            now=NOW,
        )
        if at is At.VALUED:
            record_public_value(
                session, sitting, PUBLIC_VALUE, PUBLIC_VALUE, witness_names=WITNESSES, actor=SYSTEM, now=NOW
            )
        return
    built.frozen[at] = open_line(session, replace(line, sitting=sitting), keys, then).frozen
    if over:
        _sit(session, built, at, line.candidates[first].number, right=8, now=then + timedelta(minutes=16))
        _sit(session, built, at, line.candidates[first + 1].number, right=3, now=then + timedelta(minutes=16))
        seal_sitting(session, sitting.id, keys=keys, actor=SYSTEM, now=NOW - timedelta(minutes=10))
    if at is At.MARKED:
        session.flush()  # marking reads root R1
        code = built.frozen[at].key_code
        open_keys_and_mark(session, sitting.id, code, keys=keys, actor=SYSTEM, now=NOW - timedelta(minutes=5))


def _sit(session: Session, built: Built, at: At, number: str, *, right: int, now: datetime) -> None:
    """Sign in and answer everything, the first `right` items rightly; whoever is not sat is absent."""
    machine = Machine(UUID(int=int(number)), "10.0.0.17")
    code = built.line.code_of(built.keys, number)
    attempt = open_attempt(session, number, code, machine=machine, keys=built.keys, random_bytes=token_bytes, now=now)
    session.flush()  # the lease is taken under a lock that reads the attempt again
    take_lease(session, attempt.id, bytes(16), now=now)
    for seq, (item, response) in enumerate(answers(session, built, at, number, right=right), start=1):
        save = {"kind": 1, "item": item, "response": json.dumps(response), "client_ms": to_millis(now) + seq}
        session.add(AnswerSave(attempt_id=attempt.id, lease=1, seq=seq, received_at=now, **save))
    session.flush()  # sealing reads the log with statements of its own


def answers(session: Session, built: Built, at: At, number: str, *, right: int) -> list[tuple[int, int]]:
    """Return (item, response) for the whole paper of a candidate, the first `right` of them right."""
    opened = opened_package(session, built.sittings[at], built.keys)
    content = package_content(session, opened.package_id)
    keys = open_compartment(content, "key", built.frozen[at].key_code).data["keys"]
    drawn = draw_paper(opened.seed, number, opened.spec)
    correct = right_options(drawn, {entry["id"]: entry["right"] for entry in keys})
    return [(item, option if item < right else (option + 1) % 4) for item, option in enumerate(correct)]
