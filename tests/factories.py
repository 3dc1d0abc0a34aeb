"""Make the things tests need, through the services that make them for real; names and texts are invented."""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count as counting
from secrets import token_bytes
from threading import Thread
from typing import TypeVar
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Level, Subject, Topic
from examapp.bank.services import create_subject
from examapp.candidates.models import Candidate
from examapp.candidates.services import add_candidates, read_candidate_rows
from examapp.delivery.services.prepare import prepare_attempts
from examapp.exams.models import Exam, ExamTest
from examapp.exams.services import TestPlan, add_exam_test, create_exam
from examapp.integrity.admission import admission_code
from examapp.integrity.keys import NodeKeys
from examapp.papers.services import CellCount, lock_blueprint, set_blueprint
from examapp.sittings.freeze import Frozen, freeze_sitting
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.queries import active_package
from examapp.sittings.services import Schedule, create_sitting, open_paper, record_public_value

Built = TypeVar("Built")

TOPICS = ("HIEN", "DAO")
LEVELS = (Level.RECALL, Level.APPLICATION)


def question_lines(count: int = 40, prefix: str = "CH") -> bytes:
    """Return a native file of `count` questions over two topics and two levels; the right option varies."""
    lines = [
        {
            "code": f"{prefix}-{index:03d}",
            "kind": "single_choice",
            "topic": TOPICS[index % 2],
            "level": LEVELS[index // 2 % 2].value,
            "stem": f"Câu hỏi ví dụ số {index}: số nào lớn nhất?",
            "options": [f"{index}{letter}" for letter in "1234"],
            "key": "ABCD"[index % 4],
        }
        for index in range(count)
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def workbook(rows: Sequence[Sequence[object]], above: Sequence[Sequence[object]] = ()) -> bytes:
    """Return an .xlsx of one sheet with these rows, `above` before them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*above, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return the workbook with one part more, or one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return out.getvalue()


def candidate_workbook(count: int = 3, first: int = 1) -> bytes:
    """Return a candidate list as councils send it: number, name, birth date."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Số báo danh", "Họ và tên", "Ngày sinh"])
    for index in range(count):
        sheet.append([f"{first + index:04d}", f"Nguyễn Văn Ví Dụ {index}", "09/03/1998"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Line:
    """A sitting ready to be frozen, with everything under it."""

    subject: Subject
    exam: Exam
    test: ExamTest
    candidates: list[Candidate]
    sitting: Sitting

    def code_of(self, keys: NodeKeys, number: str) -> str:
        """Return the admission code on the candidate's slip."""
        person = next(person for person in self.candidates if person.number == number)
        return admission_code(keys.slip_key, self.exam.id.bytes, number, person.code_issue)


@dataclass
class Opened:
    """An opened sitting: attempts exist and wait for the start."""

    line: Line
    frozen: Frozen


def make_line(
    session: Session,
    now: datetime,
    *,
    candidates: int = 3,
    mode: SittingMode = SittingMode.PROGRAMMED,
    minutes: int = 60,
    starts_in: timedelta = timedelta(minutes=15),
    code: str = "KT26",
    first_number: int = 1,
    actor: Actor = SYSTEM,
    lines: bytes | None = None,
    per_cell: int = 2,
    seated: slice = slice(None),
) -> Line:
    """Make subject, questions, exam, test of 8 questions, candidates, locked blueprint and a sitting.

    `lines` replaces the questions; `per_cell` is how many of each of the four cells a paper has; `seated` says who of
    the candidates sits in the sitting, so that the others may sit in another one.
    """
    subject = create_subject(session, f"M{code}", "Kiến thức chung", actor=actor, now=now)
    questions = lines or question_lines(prefix=code)
    batch = preview_import(session, subject, questions, file_name="vi_du.jsonl", actor=actor, now=now)
    apply_import(session, batch, actor=actor, now=now)
    exam = create_exam(session, code, "Kỳ thi ví dụ", profile_id="cc-2025", actor=actor, now=now)
    plan = TestPlan(questions=4 * per_cell, minutes=minutes, pass_share="1/2")
    test = add_exam_test(session, exam, subject, "V1", "Vòng 1 – Kiến thức chung", plan=plan, actor=actor, now=now)
    topics = session.scalars(select(Topic).where(Topic.subject_id == subject.id)).all()
    cells = [CellCount(topic.id, level, per_cell) for topic in topics for level in LEVELS]
    set_blueprint(session, test, cells, actor=actor, now=now)
    lock_blueprint(session, test, actor=actor, now=now)
    people = add_candidates(
        session, exam, read_candidate_rows(candidate_workbook(candidates, first_number)), actor=actor, now=now
    )
    sitting = create_sitting(
        session,
        test,
        "CA1",
        mode=mode,
        schedule=Schedule(now, now + starts_in),
        rooms=[("01", "Phòng 01", people[seated])],
        actor=actor,
        now=now,
    )
    return Line(subject, exam, test, people, sitting)


def open_line(
    session: Session, line: Line, keys: NodeKeys, now: datetime, *, random_bytes: Callable[[int], bytes] = token_bytes
) -> Opened:
    """Freeze, record the public value, open and draw."""
    frozen = freeze_sitting(
        session,
        line.sitting,
        keys=keys,
        random_bytes=random_bytes,
        shared_pool_reason="ca ví dụ",
        actor=SYSTEM,
        now=now,
    )
    record_public_value(session, line.sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
    key_code = frozen.key_code if line.sitting.mode is SittingMode.REHEARSAL else None
    open_paper(
        session,
        line.sitting,
        frozen.paper_code,
        key_code=key_code,
        secure_transport=True,
        keys=keys,
        actor=SYSTEM,
        now=now,
    )
    session.flush()  # the draw reads the opening
    prepare_attempts(session, line.sitting.id, keys=keys, random_bytes=random_bytes, now=now)
    return Opened(line, frozen)


def seen_package(session: Session, sitting: Sitting) -> UUID | None:
    """Return what whoever looks at the sitting's page now names when he freezes: the package in force."""
    package = active_package(session, sitting.id)
    return package.id if package else None


def seeded_bytes(seed: int) -> Callable[[int], bytes]:
    """Return a source of bytes that look random and are the same in every run."""
    blocks = counting()

    def draw(size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += hashlib.sha256(f"{seed}/{next(blocks)}".encode()).digest()
        return data[:size]

    return draw


def at_once(
    engine: Engine, keys: NodeKeys, first: Callable[[Session], object], second: Callable[[Session], object]
) -> Exception | None:
    """Do `first`, let `second` run into it on another connection, commit the first; return what the second raised."""
    raised: list[Exception] = []

    def run_second() -> None:
        try:
            with Session(engine, info={"keys": keys}) as session, session.begin():
                second(session)
        except Exception as error:
            raised.append(error)

    with Session(engine, info={"keys": keys}) as session, session.begin():
        first(session)
        session.flush()
        thread = Thread(target=run_second)
        thread.start()
        until_waiting(engine, thread)
    thread.join()
    return raised[0] if raised else None


def until_waiting(engine: Engine, thread: Thread) -> None:
    """Return when another connection of the database waits for a lock, or has already ended."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    until = time.monotonic() + 10
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while thread.is_alive() and not connection.scalar(waiting) and time.monotonic() < until:
            time.sleep(0.01)


@contextmanager
def built_once(engine: Engine, keys: NodeKeys, build: Callable[[Session], Built]) -> Iterator[tuple[Connection, Built]]:
    """Build something in a transaction that is undone at the end, for many tests that each go on from there."""
    with engine.connect() as connection:
        outer = connection.begin()
        with going_on(connection, keys, keep=True) as session:
            built = build(session)
        yield connection, built
        outer.rollback()


@contextmanager
def going_on(connection: Connection, keys: NodeKeys, *, keep: bool = False) -> Iterator[Session]:
    """Give a session on what was built; what it does is undone unless `keep`."""
    savepoint = connection.begin_nested()
    with Session(connection, join_transaction_mode="create_savepoint", info={"keys": keys}) as session:
        yield session
        if keep:
            session.commit()
    if keep:
        savepoint.commit()
    else:
        savepoint.rollback()
