"""Fill a migrated database with attempts that wait for answers, without the features that make them for real."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.release import wrap_release_key
from examapp.answerlog.token import Token, cookie_names, issue, issue_machine
from examapp.bank.models import Subject
from examapp.core.db import engine_for
from examapp.core.ids import new_id
from examapp.delivery.models import Attempt
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Sitting, SittingMode, SittingState

ITEMS = 60


@dataclass(frozen=True)
class Seat:
    """One candidate's browser: what it sends with every request."""

    sitting: UUID
    attempt: UUID
    cookies: str


def fill(url: str, keys: NodeKeys, count: int, *, code: str, paper: int = 64) -> list[Seat]:
    """Add a sitting under way with `count` attempts and return their browsers."""
    now = datetime.now(UTC)
    engine = engine_for(url)
    with Session(engine) as session, session.begin():
        sitting = _sitting(session, now, code)
        seats = []
        for index in range(count):
            attempt, machine = new_id(), new_id()
            session.add(_attempt(keys, sitting, attempt, number=f"{index:06d}", now=now, paper=paper))
            token = Token(sitting, attempt, machine, 1, False, now, now + timedelta(hours=8))
            names = cookie_names(False)
            cookies = f"{names.attempt}={issue(keys, token)}; {names.machine}={issue_machine(keys, machine)}"
            seats.append(Seat(sitting, attempt, cookies))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE attempts")
    engine.dispose()
    return seats


def _sitting(session: Session, now: datetime, code: str) -> UUID:
    subject = Subject(code=code, name=code, search_text=code)
    exam = Exam(code=code, name=code, profile_id="cc-2025", profile_text="", profile_digest=bytes(32), number_width=6)
    session.add_all([subject, exam])
    session.flush()
    test = ExamTest(
        exam=exam, subject_id=subject.id, code=code, name=code, questions=ITEMS, minutes=480, pass_share="1/2"
    )
    sitting = Sitting(
        exam_test=test, code=code, mode=SittingMode.PROGRAMMED, opens_at=now, starts_at=now, state=SittingState.READY
    )
    session.add(sitting)
    session.flush()
    return sitting.id


def _attempt(keys: NodeKeys, sitting: UUID, attempt: UUID, *, number: str, now: datetime, paper: int) -> Attempt:
    key = token_bytes(32)
    return Attempt(
        id=attempt,
        sitting_id=sitting,
        candidate_number=number,
        full_name=number,
        code_hmac=bytes(32),
        core_digest=bytes(32),
        sealed_paper=token_bytes(paper),
        paper_digest=bytes(32),
        sealed_digest=bytes(32),
        release_key=wrap_release_key(keys, key, sitting=sitting, attempt=attempt, random_bytes=token_bytes),
        blind=token_bytes(32),
        items=ITEMS,
        lease=1,
        starts_at=now,
        minutes=480,
        closes_at=now + timedelta(hours=8),
        grace_seconds=120,
        rehearsal=False,
    )
