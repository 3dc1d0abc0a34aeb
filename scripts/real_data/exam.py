"""An exam over whatever the bank holds now: blueprint from the stock, sitting in a few seconds, list at the end."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.models import Level, Subject
from examapp.candidates.services import add_candidates
from examapp.core.clock import SystemClock
from examapp.core.db import unit_of_work
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.demo.people import candidate_rows
from examapp.exams.models import ExamTest
from examapp.exams.services import TestPlan, add_exam_test, create_exam
from examapp.integrity.admission import admission_code
from examapp.papers.queries import count_stock, topics_of
from examapp.papers.services import CellCount, lock_blueprint, set_blueprint
from examapp.results.rules import ResultRow
from examapp.results.services.lists import make_result_list, read_result_list
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.services import Schedule, create_sitting, open_paper, record_public_value
from scripts.real_data.files import SUBJECT
from scripts.real_data.installation import Installation

QUESTIONS, MINUTES = 60, 10
STARTS_IN = timedelta(seconds=25)
RATIO = 3
_WAIT_SECONDS = 60
_LEVELS = list(Level)


@dataclass(frozen=True)
class Exam:
    """A sitting that waits for its start, everybody's admission code and the code of its keys."""

    sitting_id: UUID
    starts_at: datetime
    key_code: str
    codes: Mapping[str, str]


def prepare_exam(place: Installation, *, candidates: int) -> Exam | None:
    """Freeze, record the public value and open; return None, with a sentence, when the stock is too small."""
    now = SystemClock().now()
    with unit_of_work(place.engine, place.keys) as session:
        subject = session.scalars(select(Subject).where(Subject.code == SUBJECT)).one()
        stock = count_stock(session, subject.id)
        if sum(stock.values()) < RATIO * QUESTIONS:
            print(f"\nChỉ có {sum(stock.values())} câu; bài {QUESTIONS} câu cần {RATIO * QUESTIONS} câu.")
            return None
        exam = create_exam(session, "THU-TE", "Thử trên câu hỏi thực tế", profile_id="cc-2025", actor=SYSTEM, now=now)
        plan = TestPlan(questions=QUESTIONS, minutes=MINUTES, pass_share="1/2")
        test = add_exam_test(session, exam, subject, "V1", "Bài thi thử", plan=plan, actor=SYSTEM, now=now)
        _lock_cells(session, test, share_out(stock, QUESTIONS), now)
        people = add_candidates(session, exam, candidate_rows()[:candidates], actor=SYSTEM, now=now)
        sitting = create_sitting(
            session,
            test,
            "CA1",
            mode=SittingMode.PROGRAMMED,
            schedule=Schedule(now, now + STARTS_IN),
            rooms=[("P01", "Phòng 01", people)],
            actor=SYSTEM,
            now=now,
        )
        key_code = _open(session, place, sitting, now)
        slip = place.keys.slip_key
        codes = {one.number: admission_code(slip, exam.id.bytes, one.number, one.code_issue) for one in people}
        ready = Exam(sitting.id, sitting.starts_at, key_code, codes)
    wait_for(place, ready, "ready")
    return ready


def share_out(stock: Mapping[tuple[UUID, Level], int], total: int) -> dict[tuple[UUID, Level], int]:
    """Return how many of `total` questions each cell gives, in proportion to its stock (largest remainders)."""
    shares = {cell: Fraction(total * count, sum(stock.values())) for cell, count in stock.items()}
    given = {cell: int(share) for cell, share in shares.items()}
    by_remainder = sorted(shares, key=lambda cell: (given[cell] - shares[cell], str(cell)))
    for cell in by_remainder[: total - sum(given.values())]:
        given[cell] += 1
    return given


def wait_for(place: Installation, exam: Exam, state: str) -> None:
    """Wait until the server's worker has brought the sitting to a state."""
    end = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < end:
        with Session(place.engine) as session:
            if session.get_one(Sitting, exam.sitting_id).state.value == state:
                return
        time.sleep(0.2)
    raise SystemExit(f"Ca thi không đến được bước “{state}” trong {_WAIT_SECONDS} giây.")


def close_exam(place: Installation, exam: Exam) -> list[ResultRow]:
    """Open the keys of the sealed sitting, mark it, and return its result list."""
    now = SystemClock().now()
    with unit_of_work(place.engine, place.keys) as session:
        open_keys_and_mark(session, exam.sitting_id, exam.key_code, keys=place.keys, actor=SYSTEM, now=now)
    with unit_of_work(place.engine, place.keys) as session:
        sitting = session.get_one(Sitting, exam.sitting_id)
        return read_result_list(make_result_list(session, sitting, actor=SYSTEM, now=now))


def _lock_cells(session: Session, test: ExamTest, given: Mapping[tuple[UUID, Level], int], now: datetime) -> None:
    names = {topic.id: topic.name for topic in topics_of(session, test.subject_id)}
    cells = [CellCount(topic_id, level, count) for (topic_id, level), count in given.items() if count]
    set_blueprint(session, test, cells, actor=SYSTEM, now=now)
    lock_blueprint(session, test, actor=SYSTEM, now=now)
    print(f"\nMa trận {sum(cell.count for cell in cells)} câu, lập tự động theo kho câu hỏi:")
    for cell in sorted(cells, key=lambda cell: (names[cell.topic_id], _LEVELS.index(cell.level))):
        print(f"    {names[cell.topic_id]:<44}{cell.level.value:<20}{cell.count:>4}")


def _open(session: Session, place: Installation, sitting: Sitting, now: datetime) -> str:
    frozen = freeze_sitting(session, sitting, keys=place.keys, random_bytes=token_bytes, actor=SYSTEM, now=now)
    record_public_value(session, sitting, "20711834", "20711834", witness_names="A, B", actor=SYSTEM, now=now)
    session.flush()
    open_paper(session, sitting, frozen.paper_code, secure_transport=True, keys=place.keys, actor=SYSTEM, now=now)
    return frozen.key_code
