"""Create an exam on a regulation profile, and its tests."""

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.exams.models import Exam, ExamTest
from examapp.regulations.profile import load_profile
from examapp.regulations.reading import ProfileError
from question_bank.questions.text import comparable


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
    """Create an exam that pins the profile's present text; raise Conflict when the code is taken.

    Raises Invalid without code or name, for a profile that does not exist and for numbers that are not 3 to 8 digits
    wide.
    """
    code, name = _named(code, name)
    if not 3 <= number_width <= 8:
        raise Invalid("number_width", N_("Số báo danh có từ 3 đến 8 chữ số."))
    try:
        profile = load_profile(profile_id)
    except ProfileError as error:
        raise Invalid("profile_unknown", error.message, **error.params) from error
    exam = Exam(
        code=code,
        name=name,
        profile_id=profile_id,
        profile_text=profile.text,
        profile_digest=profile.digest,
        number_width=number_width,
        created_by=actor.id,
    )
    try:
        with session.begin_nested():
            session.add(exam)
    except IntegrityError as error:
        raise Conflict("exam_code_taken", N_("Mã kỳ thi “%(code)s” đã có. Chọn mã khác."), code=code) from error
    details = {"code": code, "profile": profile_id, "profile_digest": profile.digest.hex()}
    record(session, f"exam:{exam.id}", "exams.exam_created", f"exam:{exam.id}", details, actor=actor, now=now)
    return exam


def add_exam_test(
    session: Session, exam: Exam, subject: Subject, code: str, name: str, *, plan: TestPlan, actor: Actor, now: datetime
) -> ExamTest:
    """Add a test of `subject` to the exam; raise Conflict when its code is taken.

    Raises Invalid without code or name and for an impossible plan.
    """
    _check_plan(plan)
    code, name = _named(code, name)
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
    try:
        with session.begin_nested():
            session.add(test)
    except IntegrityError as error:
        raise Conflict("test_code_taken", N_("Kỳ thi đã có bài thi mã “%(code)s”."), code=code) from error
    session.expire(exam, ["tests"])
    details = {"code": code, "questions": plan.questions, "minutes": plan.minutes, "pass_share": plan.pass_share}
    record(session, f"exam:{exam.id}", "exams.test_added", f"exam_test:{test.id}", details, actor=actor, now=now)
    return test


def _named(code: str, name: str) -> tuple[str, str]:
    """Return code and name as packages and seals take them: composed letters only, whatever the keyboard made."""
    code, name = comparable(code), comparable(name)
    if not code or not name:
        raise Invalid("unnamed", N_("Kỳ thi và bài thi cần có mã và tên."))
    return code, name


def _check_plan(plan: TestPlan) -> None:
    if not (1 <= plan.questions <= 500 and 1 <= plan.minutes <= 600):
        raise Invalid("plan_size", N_("Bài thi có từ 1 đến 500 câu và từ 1 đến 600 phút."))
    if not re.fullmatch(r"[0-9]{1,3}/[1-9][0-9]{0,2}", plan.pass_share) or not 0 < Fraction(plan.pass_share) <= 1:
        raise Invalid("pass_share_form", N_("Mức đạt ghi dạng phân số lớn hơn 0 và không quá 1, ví dụ 1/2."))
