"""Create an exam on a regulation profile, and its tests; change what nothing depends on yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.scopes import exam_scope
from examapp.accounts.services import end_roles
from examapp.audit.services import record
from examapp.bank.models import Subject
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.exams.conformity import Departure, departures, ruled_tests
from examapp.exams.models import COUNCIL, PLACE, SUPERIOR, Exam, ExamTest
from examapp.exams.queries import progress_of
from examapp.regulations.profile import load_profile, parse_profile
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


@dataclass(frozen=True)
class TestFacts:
    """Everything about a test that its form holds."""

    subject: Subject
    code: str
    name: str
    plan: TestPlan

    __test__ = False


@dataclass(frozen=True)
class Issuer:
    """Who issues the documents of an exam, as their letterhead says it, and where they send the candidates."""

    superior: str = SUPERIOR
    council: str = COUNCIL
    place: str = PLACE
    #: name and address; empty while it is not known
    venue: str = ""


@dataclass(frozen=True)
class ExamTestChanging(Event):
    """A test is about to be changed or removed; whoever has built on it raises Conflict."""

    exam_test_id: str
    #: the test goes, or gets another subject: a draft of its blueprint has no use any more
    drops_draft: bool = False


class PlanAgainstRegulation(Invalid):
    """The plan has other numbers than the law fixes; `departures` says which, and by which clause."""

    def __init__(self, found: Sequence[Departure]) -> None:
        super().__init__("plan_ruled", found[0].message, **found[0].params)
        self.departures = found


def create_exam(
    session: Session,
    code: str,
    name: str,
    *,
    profile_id: str,
    number_width: int = 4,
    issuer: Issuer | None = None,
    actor: Actor,
    now: datetime,
) -> Exam:
    """Create an exam that pins the profile's present text; raise Conflict when the code is taken.

    Raises Invalid without code or name, for a profile that does not exist and for numbers that are not 3 to 8 digits
    wide.
    """
    code, name = _named(code, name)
    issuer = _issuer(issuer or Issuer())
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
        superior=issuer.superior,
        council=issuer.council,
        place=issuer.place,
        venue=issuer.venue,
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

    Raises Invalid without code or name and for an impossible plan. The regulation is not asked: people add tests with
    `add_lawful_test`.
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
        position=1 + max((one.position for one in exam.tests), default=-1),
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


def add_lawful_test(session: Session, exam: Exam, facts: TestFacts, *, actor: Actor, now: datetime) -> ExamTest:
    """Add a test as the exam's own regulation allows.

    Raises PlanAgainstRegulation for other numbers than the law fixes, and what `add_exam_test` raises.
    """
    _check_plan(facts.plan)
    _check_regulation(exam, facts.plan)
    hold(session, facts.subject)
    hold(session, exam)  # two tests added at once would take one place
    return add_exam_test(session, exam, facts.subject, facts.code, facts.name, plan=facts.plan, actor=actor, now=now)


def edit_exam(session: Session, exam: Exam, name: str, issuer: Issuer, *, actor: Actor, now: datetime) -> bool:
    """Change the name and who issues the documents; say whether anything changed. Raise Invalid for an empty field.

    The code and the regulation never change; a package that was frozen before keeps the name it was frozen with.
    """
    hold(session, exam)
    name = _named(exam.code, name)[1]
    issuer = _issuer(issuer)
    before = _issue(exam)
    exam.name, exam.superior, exam.council = name, issuer.superior, issuer.council
    exam.place, exam.venue = issuer.place, issuer.venue
    changed = _differences(before, _issue(exam))
    if changed:
        record(session, f"exam:{exam.id}", "exams.exam_changed", f"exam:{exam.id}", changed, actor=actor, now=now)
    return bool(changed)


def delete_exam(session: Session, exam: Exam, *, actor: Actor, now: datetime) -> None:
    """Delete an exam that was begun by mistake, and end the roles given in it; its log stays.

    Raises Conflict when it has a test or a candidate.
    """
    hold(session, exam)
    message = N_(
        "Kỳ thi đã có bài thi hoặc thí sinh nên không xóa được. "
        "Bài thi chưa dùng thì xóa trước; đã có thí sinh thì giữ lại."
    )
    used = Conflict("exam_used", message)
    if exam.tests or progress_of(session, exam.id).candidates:
        raise used
    scope, details = f"exam:{exam.id}", {"code": exam.code, "exam": exam.name}
    try:
        with session.begin_nested():
            session.execute(delete(Exam).where(Exam.id == exam.id))
    except IntegrityError as error:  # the database knows everything that stands to the right of exams
        raise used from error
    end_roles(session, exam_scope(exam.id), actor=actor, now=now)
    record(session, scope, "exams.exam_deleted", scope, details, actor=actor, now=now)


def edit_exam_test(session: Session, test: ExamTest, facts: TestFacts, *, actor: Actor, now: datetime) -> ExamTest:
    """Change a test on which nothing was built yet; another subject ends the draft of its blueprint.

    Raises Conflict when its code is taken, or when its blueprint is locked or a sitting was made of it, and Invalid as
    `add_lawful_test` does.
    """
    _check_plan(facts.plan)
    code, name = _named(facts.code, facts.name)
    hold(session, facts.subject)
    _hold(session, test)
    if facts.plan != TestPlan(test.questions, test.minutes, test.pass_share):
        _check_regulation(test.exam, facts.plan)
    publish(session, ExamTestChanging(str(test.id), drops_draft=facts.subject.id != test.subject_id))
    before = _plain(session, test)
    try:
        with session.begin_nested():
            test.subject_id, test.code, test.name = facts.subject.id, code, name
            test.questions, test.minutes, test.pass_share = (
                facts.plan.questions,
                facts.plan.minutes,
                facts.plan.pass_share,
            )
    except IntegrityError as error:
        raise Conflict("test_code_taken", N_("Kỳ thi đã có bài thi mã “%(code)s”."), code=code) from error
    details = _differences(before, _plain(session, test))
    if details:
        scope, subject = f"exam:{test.exam_id}", f"exam_test:{test.id}"
        record(session, scope, "exams.test_changed", subject, details, actor=actor, now=now)
    return test


def remove_exam_test(session: Session, test: ExamTest, *, actor: Actor, now: datetime) -> None:
    """Remove a test on which nothing was built yet, with the draft of its blueprint.

    Raises Conflict when its blueprint is locked, a sitting was made of it or anything else refers to it.
    """
    _hold(session, test)
    publish(session, ExamTestChanging(str(test.id), drops_draft=True))
    exam, subject = test.exam, f"exam_test:{test.id}"
    details, scope = _plain(session, test), f"exam:{exam.id}"
    try:
        with session.begin_nested():
            session.delete(test)
    except IntegrityError as error:
        raise Conflict("test_used", N_("Bài thi đã có nội dung khác dùng đến nên không xóa được.")) from error
    session.expire(exam, ["tests"])
    record(session, scope, "exams.test_removed", subject, details, actor=actor, now=now)


def why_fixed(session: Session, test: ExamTest) -> Conflict | None:
    """Return why the test can be neither changed nor removed any more, None while it can."""
    try:
        publish(session, ExamTestChanging(str(test.id)))
    except Conflict as error:
        return error
    return None


def _hold(session: Session, test: ExamTest) -> None:
    """Keep everybody else from the test until the deed is done; raise Conflict when somebody has just removed it."""
    try:
        hold(session, test)
    except NotFound as error:
        raise Conflict("test_gone", N_("Bài thi này vừa được người khác xóa.")) from error


def _issue(exam: Exam) -> dict[str, object]:
    return {
        "exam": exam.name,
        "superior": exam.superior,
        "council": exam.council,
        "issued_in": exam.place,
        "venue": exam.venue,
    }


def _plain(session: Session, test: ExamTest) -> dict[str, object]:
    plan = {"questions": test.questions, "minutes": test.minutes, "pass_share": test.pass_share}
    return {"code": test.code, "test": test.name, "subject": session.get_one(Subject, test.subject_id).code, **plan}


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Return what changed, each with its value before and after."""
    return {key: {"before": before[key], "after": value} for key, value in after.items() if value != before[key]}


def _issuer(issuer: Issuer) -> Issuer:
    """Return the letterhead with its spaces mended; raise Invalid when a line of it is empty."""
    told = Issuer(*(" ".join(comparable(text).split()) for text in astuple(issuer)))
    if not (told.superior and told.council and told.place):
        raise Invalid("issuer_unnamed", N_("Văn bản cần có cơ quan chủ quản, cơ quan ban hành và địa danh."))
    return told


def _named(code: str, name: str) -> tuple[str, str]:
    """Return code and name as packages and seals take them: composed letters only, whatever the keyboard made."""
    code, name = comparable(code), comparable(name)
    if not code or not name:
        raise Invalid("unnamed", N_("Kỳ thi và bài thi cần có mã và tên."))
    return code, name


def _check_regulation(exam: Exam, plan: TestPlan) -> None:
    """Raise PlanAgainstRegulation when the exam's own regulation fixes other numbers."""
    ruled = ruled_tests(parse_profile(exam.profile_text))
    found = departures(ruled, plan.questions, plan.minutes, Fraction(plan.pass_share))
    fixed = [one for one in found if not one.is_free]
    if fixed:
        raise PlanAgainstRegulation(fixed)


def _check_plan(plan: TestPlan) -> None:
    if not (1 <= plan.questions <= 500 and 1 <= plan.minutes <= 600):
        raise Invalid("plan_size", N_("Bài thi có từ 1 đến 500 câu và từ 1 đến 600 phút."))
    if not re.fullmatch(r"[0-9]{1,3}/[1-9][0-9]{0,2}", plan.pass_share) or not 0 < Fraction(plan.pass_share) <= 1:
        raise Invalid("pass_share_form", N_("Mức đạt ghi dạng phân số lớn hơn 0 và không quá 1, ví dụ 1/2."))
