"""What a browser test arranges and looks at behind the pages: the running server, its database, one sitting."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.access.roles import Role
from examapp.core.db import unit_of_work
from examapp.core.errors import Conflict
from examapp.delivery.models import AnswerSave, Attempt, AttemptEvent, SittingRoot
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Sitting as SittingRow
from tests.cast import Cast, Person

#: everybody who works on every sitting of these tests; one account each for the whole run
CHAIR = Person("giam.doc", "Lê Giám Đốc", Role.COUNCIL_CHAIR, site=True)
INVIGILATOR = Person("giam.thi.truong", "Hồ Giám Thị", Role.INVIGILATOR, site=True)


@dataclass
class Server:
    """The running product: its address, and its database for arranging and looking."""

    url: str
    process: "subprocess.Popen[bytes]"
    engine: Engine
    keys: NodeKeys
    made: int = 0

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session whose work is committed."""
        with unit_of_work(self.engine, self.keys) as session:
            yield session

    def staff_cookie(self, person: Person) -> str:
        """Return the value of the session cookie of a member of staff who has just signed in."""
        with self.session() as session:
            return b64u(Cast(session, datetime.now(UTC)).token(person))


@dataclass(frozen=True)
class Sitting:
    """A sitting made for one test, with what the people in it hold in their hands."""

    server: Server
    id: UUID
    #: candidate number -> admission code
    codes: dict[str, str]
    paper_code: str = field(repr=False, default="")
    key_code: str = field(repr=False, default="")

    @property
    def path(self) -> str:
        """Return the address of the staff's page of this sitting."""
        return f"/ca-thi/{self.id}"

    def attempt(self, number: str) -> Attempt:
        """Return the candidate's newest attempt as it is now."""
        with Session(self.server.engine, expire_on_commit=False) as session:
            query = select(Attempt).where(Attempt.sitting_id == self.id, Attempt.candidate_number == number)
            return session.scalars(query.order_by(Attempt.try_number.desc())).first()  # type: ignore[return-value]

    def saves(self, number: str) -> list[AnswerSave]:
        """Return the candidate's log in its order."""
        with Session(self.server.engine, expire_on_commit=False) as session:
            query = select(AnswerSave).where(AnswerSave.attempt_id == self.attempt(number).id)
            return list(session.scalars(query.order_by(AnswerSave.lease, AnswerSave.seq)))

    def events(self, number: str) -> list[str]:
        """Return the kinds of what happened to the candidate's attempt, in order."""
        with Session(self.server.engine) as session:
            query = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == self.attempt(number).id)
            return list(session.scalars(query.order_by(AttemptEvent.number)))

    def final_answers(self, number: str) -> dict[int, int]:
        """Return item -> display index, the last counted answer of each; read from the rows, not by the product."""
        last = {save.item: save.response for save in self.saves(number) if save.kind == 1 and not save.fenced}
        return {item: int(response) for item, response in last.items() if response != "null"}

    def move(self, number: str, **moments: datetime) -> None:
        """Change the moments of the candidate's attempt."""
        with self.server.session() as session:
            attempt = session.get_one(Attempt, self.attempt(number).id)
            for name, moment in moments.items():
                setattr(attempt, name, moment)

    def begin(self, *, after: float = 0) -> None:
        """Let the sitting's hour begin now, or in so many seconds, for everybody in it.

        A page that is open learns of it when it is loaded again.
        """
        now = datetime.now(UTC) + timedelta(seconds=after)
        with self.server.session() as session:
            row = session.get_one(SittingRow, self.id)
            # the package in force binds the moments; only whoever owns the tables can have an hour begin earlier
            session.execute(text("ALTER TABLE sittings DISABLE TRIGGER tr_sittings_times_of_the_package"))
            row.opens_at, row.starts_at = min(row.opens_at, now), now
            session.flush()
            session.execute(text("ALTER TABLE sittings ENABLE TRIGGER tr_sittings_times_of_the_package"))
            for attempt in session.scalars(select(Attempt).where(Attempt.sitting_id == self.id)):
                attempt.starts_at, attempt.closes_at = now, now + timedelta(minutes=attempt.minutes)

    def seal(self) -> None:
        """Seal, as the council does after the end; the server may have done it already."""
        end = datetime.now(UTC) + timedelta(hours=3)
        try:
            with self.server.session() as session:
                seal_sitting(session, self.id, keys=self.server.keys, actor=SYSTEM, now=end)
        except Conflict as conflict:
            if conflict.code != "sealed_already":
                raise

    def seal_and_mark(self) -> None:
        """Seal, then open the keys and mark."""
        self.seal()
        with self.server.session() as session:
            now = datetime.now(UTC)
            open_keys_and_mark(session, self.id, self.key_code, keys=self.server.keys, actor=SYSTEM, now=now)

    @property
    def roots(self) -> list[str]:
        """Return the kinds of the roots that exist."""
        with Session(self.server.engine) as session:
            query = select(SittingRoot.kind).where(SittingRoot.sitting_id == self.id)
            return sorted(kind.value for kind in session.scalars(query))


def eventually(holds: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Wait until something outside the page is so: a row of the database, a file of the browser."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.1)
