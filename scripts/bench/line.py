"""A real sitting of 60 questions with its candidates, made, opened and marked by the product's own services."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Level, Topic
from examapp.bank.services import create_subject
from examapp.candidates.services import add_candidates, read_candidate_rows
from examapp.core.db import engine_for, unit_of_work
from examapp.delivery.models import Attempt
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.prepare import prepare_attempts
from examapp.delivery.services.seal import seal_sitting
from examapp.exams.services import TestPlan, add_exam_test, create_exam
from examapp.integrity.admission import admission_code
from examapp.integrity.keys import NodeKeys
from examapp.papers.services import CellCount, lock_blueprint, set_blueprint
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.services import Schedule, create_sitting, open_paper, record_public_value

QUESTIONS = 60
MINUTES = 60
_TOPICS = ("A", "B", "C")
_LEVELS = (Level.RECALL, Level.UNDERSTANDING, Level.APPLICATION, Level.HIGH_APPLICATION)
_PER_CELL = QUESTIONS // (len(_TOPICS) * len(_LEVELS))


@dataclass(frozen=True)
class Person:
    """A candidate with what is printed on the slip."""

    number: str
    code: str


@dataclass(frozen=True)
class RunningSitting:
    """A sitting whose time runs."""

    id: UUID
    people: Sequence[Person]
    key_code: str


def start_sitting(url: str, keys: NodeKeys, count: int, now: datetime) -> RunningSitting:
    """Make everything an hour ago, so that the time of the sitting begins to run now."""
    starts_at, now = now, now - timedelta(hours=1)
    engine = engine_for(url)
    with unit_of_work(engine, keys) as session:
        sitting, people = _sitting(session, keys, count, now=now, starts_at=starts_at)
        frozen = freeze_sitting(
            session,
            sitting,
            keys=keys,
            random_bytes=token_bytes,
            shared_pool_reason="measurement",
            actor=SYSTEM,
            now=now,
        )
        record_public_value(session, sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
        open_paper(
            session, sitting, frozen.paper_code, key_code=None, secure_transport=True, keys=keys, actor=SYSTEM, now=now
        )
        session.flush()  # the draw reads the opening
        prepare_attempts(session, sitting.id, keys=keys, random_bytes=token_bytes, now=now)
        running = RunningSitting(sitting.id, people, frozen.key_code)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    return running


def finish_sitting(url: str, keys: NodeKeys, running: RunningSitting, now: datetime) -> list[int | None]:
    """Seal, open the keys, mark; return the marks. Everybody has submitted."""
    engine = engine_for(url)
    with unit_of_work(engine, keys) as session:
        seal_sitting(session, running.id, keys=keys, actor=SYSTEM, now=now)
    with unit_of_work(engine, keys) as session:
        open_keys_and_mark(session, running.id, running.key_code, keys=keys, actor=SYSTEM, now=now)
        marks = list(session.scalars(select(Attempt.correct).where(Attempt.sitting_id == running.id)))
    engine.dispose()
    return marks


def _sitting(
    session: Session, keys: NodeKeys, count: int, *, now: datetime, starts_at: datetime
) -> tuple[Sitting, list[Person]]:
    subject = create_subject(session, "BENCH", "Kiến thức chung", actor=SYSTEM, now=now)
    batch = preview_import(session, subject, _bank(), file_name="bench.jsonl", actor=SYSTEM, now=now)
    apply_import(session, batch, actor=SYSTEM, now=now)
    exam = create_exam(session, "BENCH", "Kỳ thi đo", profile_id="cc-2025", actor=SYSTEM, now=now)
    plan = TestPlan(questions=QUESTIONS, minutes=MINUTES, pass_share="1/2")
    test = add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=plan, actor=SYSTEM, now=now)
    topics = session.scalars(select(Topic).where(Topic.subject_id == subject.id)).all()
    cells = [CellCount(topic.id, level, _PER_CELL) for topic in topics for level in _LEVELS]
    set_blueprint(session, test, cells, actor=SYSTEM, now=now)
    lock_blueprint(session, test, actor=SYSTEM, now=now)
    added = add_candidates(session, exam, read_candidate_rows(_list(count)), actor=SYSTEM, now=now)
    schedule = Schedule(now, starts_at)
    rooms = [("01", "Phòng 01", added)]
    sitting = create_sitting(
        session, test, "CA1", mode=SittingMode.PROGRAMMED, schedule=schedule, rooms=rooms, actor=SYSTEM, now=now
    )
    people = [
        Person(one.number, admission_code(keys.slip_key, exam.id.bytes, one.number, one.code_issue)) for one in added
    ]
    return sitting, people


def _bank() -> bytes:
    """Return a native file with three times as many questions as a paper has, of usual length."""
    lines = [
        {
            "code": f"D-{topic}-{level}-{index:03d}",
            "kind": "single_choice",
            "topic": topic,
            "level": level.value,
            "stem": f"Câu hỏi {topic}-{level}-{index}: "
            + "theo quy định hiện hành, trường hợp nào sau đây là đúng? " * 3,
            "options": [f"Phương án {letter} của câu {topic}-{level}-{index}, " + "nội dung " * 6 for letter in "mnpq"],
            "key": "ABCD"[index % 4],
        }
        for topic in _TOPICS
        for level in _LEVELS
        for index in range(3 * _PER_CELL)
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()


def _list(count: int) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Số báo danh", "Họ và tên", "Ngày sinh"])
    for index in range(count):
        sheet.append([f"{index + 1:04d}", f"Thí Sinh Số {index + 1}", "09/03/1998"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
