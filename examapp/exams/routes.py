"""The pages of exams: their list, one exam with its tests, and the regulation it pins."""

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.bank.models import Subject
from examapp.core.clock import LOCAL_ZONE
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.exams import queries, services
from examapp.exams.conformity import departures, ruled_tests
from examapp.exams.forms import CreateExamForm, ExamForm, ExamTestForm
from examapp.exams.models import Exam, ExamTest
from examapp.exams.rules import profile_chapters
from examapp.regulations.profile import load_profile, parse_profile, profile_ids
from examapp.regulations.rounds import QualifyingTest
from examapp.web.forms import ConfirmForm
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

bp = Blueprint("exams", __name__, url_prefix="/ky-thi")

Page = str | Response | tuple[str, int]
Made = TypeVar("Made")

#: what a refusal is about: the field it is shown under
_FIELDS = {
    "exam_code_taken": "code",
    "number_width": "number_width",
    "profile_unknown": "profile",
    "issuer_unnamed": "council",
    "test_code_taken": "code",
    "plan_size": "questions",
    "pass_share_form": "pass_share",
}


@bp.get("/")
@requires(Permission.EXAM_EXAM_SEE, somewhere=True)
def list_exams() -> Page:
    """List the exams this person has business with, newest first."""
    number = request.args.get("page", 1, type=int)
    page = queries.list_exams(db.session(), reach_of(g.actor, Permission.EXAM_EXAM_SEE), number)
    states = queries.states_of(db.session(), [exam.id for exam, _ in page.rows])
    return render("exams/list_exams.html", page=page, profiles=_shipped_names(), states=states)


@bp.route("/tao", methods=["GET", "POST"])
@requires(Permission.SITE_EXAMS_CREATE)
def create_exam() -> Page:
    """Create an exam on a regulation."""
    issuer = services.Issuer()
    form = CreateExamForm(superior=issuer.superior, council=issuer.council, place=issuer.place, number_width=4)
    form.offer(list(_shipped_names().items()))

    def deed() -> Exam:
        return services.create_exam(
            db.session(),
            form.code.data or "",
            form.name.data or "",
            profile_id=form.profile.data or "",
            number_width=form.number_width.data or 0,
            issuer=_issuer(form),
            actor=g.actor,
            now=g.now,
        )

    exam = _submitted(form, deed)
    if exam is None:
        return render("exams/create_exam.html", form=form), 200 if request.method == "GET" else 422
    note = translate(N_("Đã lập kỳ thi. Thêm bài thi để tiếp tục."))
    return done(note, "exams.show_exam", exam_id=exam.id)


@bp.get("/<uuid:exam_id>")
@requires(Permission.EXAM_EXAM_SEE)
def show_exam(exam_id: UUID) -> Page:
    """Show the exam's tests, what its regulation says of them, and what is to be done next."""
    exam = load(queries.find_exam, exam_id)
    profile = parse_profile(exam.profile_text)
    ruled = ruled_tests(profile)
    tests = [
        (test, subject, departures(ruled, test.questions, test.minutes, Fraction(test.pass_share)))
        for test, subject in queries.tests_with_subjects(db.session(), exam.id)
    ]
    return render(
        "exams/show_exam.html",
        exam=exam,
        profile=profile,
        rulings=ruled,
        tests=tests,
        progress=queries.progress_of(db.session(), exam.id),
        state=queries.states_of(db.session(), [exam.id])[exam.id],
    )


@bp.route("/<uuid:exam_id>/sua", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def edit_exam(exam_id: UUID) -> Page:
    """Change the name and the letterhead."""
    exam = load(queries.find_exam, exam_id)
    form = ExamForm(obj=exam)

    def deed() -> bool:
        return services.edit_exam(db.session(), exam, form.name.data or "", _issuer(form), actor=g.actor, now=g.now)

    changed = _submitted(form, deed)
    if changed is None:
        return render("exams/edit_exam.html", exam=exam, form=form), 200 if request.method == "GET" else 422
    note = N_("Đã lưu kỳ thi.") if changed else N_("Không có gì thay đổi.")
    return done(translate(note), "exams.show_exam", exam_id=exam_id)


@bp.route("/<uuid:exam_id>/xoa", methods=["GET", "POST"])
@requires(Permission.SITE_EXAMS_CREATE)
def delete_exam(exam_id: UUID) -> Page:
    """Ask, and delete an exam that holds nothing yet."""
    exam = load(queries.find_exam, exam_id, permission=Permission.EXAM_EXAM_SEE)
    form, refusal = ConfirmForm(), None
    code = exam.code
    if form.validate_on_submit():
        try:
            services.delete_exam(db.session(), exam, actor=g.actor, now=g.now)
            return done(translate(N_("Đã xóa kỳ thi %(code)s."), code=code), "exams.list_exams")
        except Conflict as error:
            refusal = error
    page = render("exams/delete_exam.html", exam=exam, form=form, refusal=refusal)
    return page, 200 if request.method == "GET" else 409 if refusal else 422


@bp.get("/<uuid:exam_id>/quy-dinh")
@requires(Permission.EXAM_EXAM_SEE)
def show_profile(exam_id: UUID) -> Page:
    """Show the pinned regulation as a table, each number with its clause."""
    exam = load(queries.find_exam, exam_id)
    profile = parse_profile(exam.profile_text)
    shipped = load_profile(exam.profile_id).digest if exam.profile_id in profile_ids() else None
    today = g.now.astimezone(LOCAL_ZONE).date()
    return render(
        "exams/show_profile.html",
        exam=exam,
        profile=profile,
        chapters=profile_chapters(profile, today),
        today=today,
        shipped=shipped,
    )


@bp.route("/<uuid:exam_id>/bai-thi/them", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def add_test(exam_id: UUID) -> Page:
    """Add a test, filled in as the regulation's first test has it."""
    exam = load(queries.find_exam, exam_id)
    ruled = ruled_tests(parse_profile(exam.profile_text))
    form = ExamTestForm(**_as_ruled(ruled[0], len(exam.tests) + 1) if ruled else {})
    form.offer(_subjects())

    def deed() -> ExamTest:
        return services.add_lawful_test(db.session(), exam, _facts(form), actor=g.actor, now=g.now)

    if _submitted(form, deed) is None:
        page = render("exams/add_test.html", exam=exam, form=form, rulings=ruled)
        return page, 200 if request.method == "GET" else 422
    note = translate(N_("Đã thêm bài thi. Việc tiếp theo: lập ma trận đề."))
    return done(note, "exams.show_exam", exam_id=exam_id)


@bp.route("/bai-thi/<uuid:exam_test_id>/sua", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def edit_test(exam_test_id: UUID) -> Page:
    """Change a test on which nothing was built yet."""
    test = load(queries.find_exam_test, exam_test_id)
    form = ExamTestForm(obj=test, subject=str(test.subject_id))
    form.offer(_subjects(test.subject_id))
    fixed = services.why_fixed(db.session(), test)

    def deed() -> ExamTest:
        return services.edit_exam_test(db.session(), test, _facts(form), actor=g.actor, now=g.now)

    if fixed or _submitted(form, deed) is None:
        ruled = ruled_tests(parse_profile(test.exam.profile_text))
        page = render("exams/edit_test.html", exam=test.exam, test=test, form=form, rulings=ruled, fixed=fixed)
        return page, 200 if request.method == "GET" else 409 if fixed else 422
    return done(translate(N_("Đã lưu bài thi.")), "exams.show_exam", exam_id=test.exam_id)


@bp.route("/bai-thi/<uuid:exam_test_id>/xoa", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def remove_test(exam_test_id: UUID) -> Page:
    """Ask, and remove a test on which nothing was built yet."""
    test, form = load(queries.find_exam_test, exam_test_id), ConfirmForm()
    exam_id, fixed = test.exam_id, services.why_fixed(db.session(), test)
    if fixed or not form.validate_on_submit():
        page = render("exams/remove_test.html", exam=test.exam, test=test, form=form, fixed=fixed)
        return page, 200 if request.method == "GET" else 409 if fixed else 422
    services.remove_exam_test(db.session(), test, actor=g.actor, now=g.now)
    return done(translate(N_("Đã xóa bài thi.")), "exams.show_exam", exam_id=exam_id)


def _submitted(form: ExamForm | ExamTestForm, deed: Callable[[], Made]) -> Made | None:
    """Do the deed of a form that was sent and is in shape; put its refusal under the field it is about."""
    if not form.validate_on_submit():
        return None
    try:
        return deed()
    except services.PlanAgainstRegulation as error:
        for one in error.departures:
            form.fail(one.part, told(one))
    except (Invalid, Conflict) as error:
        form.fail(_FIELDS.get(error.code, "name"), told(error))
    return None


def _subjects(present: UUID | None = None) -> list[tuple[UUID, str]]:
    return queries.subjects_to_choose(db.session(), reach_of(g.actor, Permission.SUBJECT_BANK_SEE), present)


def _shipped_names() -> dict[str, str]:
    return {one: load_profile(one).name for one in profile_ids()}


def _issuer(form: ExamForm) -> services.Issuer:
    return services.Issuer(
        form.superior.data or "", form.council.data or "", form.place.data or "", form.venue.data or ""
    )


def _facts(form: ExamTestForm) -> services.TestFacts:
    subject = db.session().get_one(Subject, UUID(form.subject.data))
    share = "/".join(part.strip() for part in (form.pass_share.data or "").split("/"))
    plan = services.TestPlan(form.questions.data or 0, form.minutes.data or 0, share)
    return services.TestFacts(subject, form.code.data or "", form.name.data or "", plan)


def _as_ruled(test: QualifyingTest, number: int) -> dict[str, object]:
    return {
        "code": f"V{number}",
        # a further test of the same size is about something else: whoever adds it names it
        "name": f"Vòng 1 – {test.name}" if number == 1 else "",
        "questions": test.questions,
        "minutes": test.minutes,
        "pass_share": f"{test.pass_share.numerator}/{test.pass_share.denominator}",
    }
