"""A candidate's page without a browser: numbers its rows, keeps them all, sends what is not acknowledged."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from secrets import randbelow, token_bytes
from time import monotonic, sleep, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.token import Token, cookie_names, issue, issue_machine
from examapp.core.clock import SystemClock
from examapp.core.db import engine_for
from examapp.core.ids import new_id
from examapp.core.schema import load_models
from examapp.settings import Settings
from tests.examapp.answerlog.conftest import new_attempt, new_sitting

ITEMS = 60
_HEADERS = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


@dataclass(eq=False)
class Candidate:
    """One sitting: `rows` is everything made, `ack` how much of it the server has promised to keep."""

    attempt: UUID
    cookies: str
    port: int
    rows: list[list[Any]] = field(default_factory=list)
    ack: int = 0
    receipt: dict[str, Any] | None = None
    unanswered: int = 0
    _connection: HTTPConnection | None = None

    def answer(self) -> None:
        """Answer one to three questions."""
        for _ in range(1 + randbelow(3)):
            self._make(1, randbelow(ITEMS), randbelow(4))

    def submit(self) -> None:
        """Make the submission, the last row."""
        self._make(3, -1, None)

    def _make(self, kind: int, item: int, response: Any) -> None:
        self.rows.append([len(self.rows) + 1, kind, item, response, int(time() * 1000)])

    def send(self) -> None:
        """Send what is not acknowledged, as far as one request goes; nobody may be there."""
        rows = self.rows[self.ack : self.ack + 64]
        try:
            status, body = self._post({"saves": rows})
        except (OSError, HTTPException):
            self.leave()
            self.unanswered += 1
            return
        if status in (429, 503):
            return
        assert status == 200, (status, body)
        assert self.ack <= body["ack"] <= len(self.rows)
        self.ack = body["ack"]
        self.receipt = body.get("receipt", self.receipt)

    def send_everything(self, seconds: float) -> None:
        """Send until everything is acknowledged."""
        ends = monotonic() + seconds
        while self.ack < len(self.rows):
            assert monotonic() < ends, f"{len(self.rows) - self.ack} rows are not acknowledged"
            self.send()
            sleep(0.05)
        self.leave()

    def _post(self, body: object) -> tuple[int, dict[str, Any]]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = _HEADERS | {"Cookie": self.cookies}
        self._connection.request("POST", "/thi/api/saves", json.dumps(body), headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def leave(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def seat(settings: Settings, count: int) -> list[Candidate]:
    """Add a sitting under way to a running server's database and return its candidates."""
    load_models()
    keys, now = settings.keys, SystemClock().now()
    engine = engine_for(settings.database_address)
    names = cookie_names(False)
    candidates = []
    with Session(engine) as session, session.begin():
        sitting = new_sitting(session, now)
        for number in range(count):
            attempt = new_attempt(
                keys, sitting, f"{number:04d}", items=ITEMS, starts_at=now, closes_at=now + timedelta(hours=3),
                blind=token_bytes(32),
            )  # fmt: skip
            session.add(attempt)
            machine = new_id()
            token = Token(sitting, attempt.id, machine, 1, False, now, now + timedelta(hours=4))
            cookies = f"{names.attempt}={issue(keys, token)}; {names.machine}={issue_machine(keys, machine)}"
            candidates.append(Candidate(attempt.id, cookies, settings.port))
    engine.dispose()
    return candidates
