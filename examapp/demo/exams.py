"""The demonstration's exams: each with its own candidates' codes, so that number and code lead to one sitting only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.bank.models import Level
from examapp.candidates.models import Candidate
from examapp.candidates.services import add_candidates
from examapp.demo.bank import GENERAL, find_subject, read_subjects
from examapp.demo.people import candidate_rows
from examapp.exams.models import Exam, ExamTest
from examapp.exams.services import Issuer, TestPlan, add_exam_test, create_exam
from examapp.papers.queries import topics_of
from examapp.papers.services import CellCount, lock_blueprint, set_blueprint
from examapp.regulations.profile import load_profile

PROFILE = "cc-2025"
VENUE = "Trường Ví Dụ, số 1 đường Ví Dụ, Thành phố Hồ Chí Minh"


@dataclass(frozen=True)
class DemoExam:
    """An exam of the demonstration."""

    code: str
    name: str


REHEARSAL = DemoExam("KT-DEMO-THU", "Kỳ thi ví dụ: thi thử")
PROGRAMMED = DemoExam("KT-DEMO", "Kỳ thi ví dụ: bắt đầu theo giờ")
FINISHED = DemoExam("KT-DEMO-XONG", "Kỳ thi ví dụ: đã có kết quả")
CHAIRS_OWN = DemoExam("KT-DEMO-SAU", "Kỳ thi ví dụ: Chủ tịch tự mở đề")

#: questions of a cell by level; every topic has 8, 7, 6 and 4 of them in the bank: 3 times as many, as for a whole test
PER_LEVEL = {Level.RECALL: 2, Level.UNDERSTANDING: 2, Level.APPLICATION: 2, Level.HIGH_APPLICATION: 1}
#: 60 is 4 more than 8 x 7: these topics give one more easy question each, 3 of 8, which a cell may
ONE_MORE = ("HTCT", "QLNN", "QNVD", "TDKL")


def find_or_make_exam(session: Session, wanted: DemoExam, *, actor: Actor, now: datetime) -> ExamTest:
    """Return the exam's test, made with candidates and locked blueprint when it is not there yet."""
    first = select(ExamTest).join(Exam).where(Exam.code == wanted.code).order_by(ExamTest.position, ExamTest.code)
    present = session.scalars(first.limit(1)).first()
    if present is not None:
        return present
    exam = create_exam(
        session, wanted.code, wanted.name, profile_id=PROFILE, issuer=Issuer(venue=VENUE), actor=actor, now=now
    )
    test = _add_test(session, exam, 1, actor=actor, now=now)
    add_candidates(session, exam, candidate_rows(), actor=actor, now=now)
    return test


def further_test(session: Session, test: ExamTest, *, actor: Actor, now: datetime) -> ExamTest:
    """Add one more test like this one to its exam."""
    return _add_test(session, test.exam, 1 + len(test.exam.tests), actor=actor, now=now)


def _add_test(session: Session, exam: Exam, number: int, *, actor: Actor, now: datetime) -> ExamTest:
    law = load_profile(PROFILE).rounds["round_1"].tests["general"]
    share = f"{law.pass_share.numerator}/{law.pass_share.denominator}"
    test = add_exam_test(
        session,
        exam,
        find_subject(session, GENERAL),
        f"V{number}",
        f"Vòng {number} – {law.name}",
        plan=TestPlan(questions=law.questions, minutes=law.minutes, pass_share=share),
        actor=actor,
        now=now,
    )
    set_blueprint(session, test, _cells(session, test), actor=actor, now=now)
    lock_blueprint(session, test, actor=actor, now=now)
    return test


def candidates_of(session: Session, test: ExamTest) -> list[Candidate]:
    """Return the candidates of the test's exam by number."""
    return list(session.scalars(select(Candidate).where(Candidate.exam_id == test.exam_id).order_by(Candidate.number)))


def _cells(session: Session, test: ExamTest) -> list[CellCount]:
    # whoever tries the product may have added topics since
    own = next(subject.topics for subject in read_subjects() if subject.code == GENERAL)
    return [
        CellCount(topic.id, level, count + (level is Level.RECALL and topic.code in ONE_MORE))
        for topic in topics_of(session, test.subject_id)
        if topic.code in own
        for level, count in PER_LEVEL.items()
    ]
