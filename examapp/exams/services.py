"""Create an exam on a regulation profile, and its tests."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.exams.models import Exam, ExamTest
from examapp.regulations.profile import load_profile


@dataclass(frozen=True)
class TestPlan:
    """Size, time and pass share of a test, as the profile or the Council sets them."""

    questions: int
    minutes: int
    #: a fraction as text, e.g. "1/2"
    pass_share: str

    __test__ = False


def create_exam(
    session: Session, code: str, name: str, *, profile_id: str, number_width: int = 4, actor: Actor, now: datetime
) -> Exam:
    """Create an exam that pins the profile's present text; raise Conflict when the code is taken."""
    if session.scalar(select(Exam.id).where(Exam.code == code)):
        raise Conflict("exam_code_taken", N_("Mã kỳ thi “%(code)s” đã có. Chọn mã khác."), code=code)
    profile = load_profile(profile_id)
    exam = Exam(
        code=code,
        name=name,
        profile_id=profile_id,
        profile_text=profile.text,
        profile_digest=profile.digest,
        number_width=number_width,
        created_by=actor.id,
    )
    session.add(exam)
    session.flush()  # tests and the audit scope name its id
    details = {"code": code, "profile": profile_id, "profile_digest": profile.digest.hex()}
    record(session, f"exam:{exam.id}", "exams.exam_created", f"exam:{exam.id}", details, actor=actor, now=now)
    return exam


def add_exam_test(
    session: Session, exam: Exam, subject: Subject, code: str, name: str, *, plan: TestPlan, actor: Actor, now: datetime
) -> ExamTest:
    """Add a test of `subject` to the exam; raise Conflict when its code is taken."""
    if any(test.code == code for test in exam.tests):
        raise Conflict("test_code_taken", N_("Kỳ thi đã có bài thi mã “%(code)s”."), code=code)
    test = ExamTest(
        exam_id=exam.id,
        subject_id=subject.id,
        code=code,
        name=name,
        questions=plan.questions,
        minutes=plan.minutes,
        pass_share=plan.pass_share,
        position=len(exam.tests),
    )
    exam.tests.append(test)
    session.flush()  # the audit event names its id
    details = {"code": code, "questions": plan.questions, "minutes": plan.minutes, "pass_share": plan.pass_share}
    record(session, f"exam:{exam.id}", "exams.test_added", f"exam_test:{test.id}", details, actor=actor, now=now)
    return test
