"""The sittings of one exam: the list, a new sitting with its rooms, and taking one back."""

from uuid import UUID

from flask import g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.exams.models import Exam, ExamTest
from examapp.exams.queries import find_exam
from examapp.sittings import queries, services
from examapp.sittings.forms_rooms import ALL, CallOffForm, DeleteForm, RoomRows, SittingForm
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.routes import bp, moment_of
from examapp.sittings.rules import Dealing, RoomPlan
from examapp.sittings.services import Schedule, SittingPlan
from examapp.web.forms import SelectChoice
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

__all__ = ["bp"]

Answer = str | Response | tuple[str, int]
_EXAM = "/ky-thi/<uuid:exam_id>/ca-thi"
_SITTING = "/ca-thi/<uuid:sitting_id>"
_EVERYBODY = N_("Mọi thí sinh chưa rút tên và chưa có chỗ ở ca chính thức khác của bài thi")


@bp.get(f"{_EXAM}/")
@requires(Permission.EXAM_EXAM_SEE)
def list_exam_sittings(exam_id: UUID) -> str:
    """List the exam's sittings, or say what is needed before there can be one."""
    exam = load(find_exam, exam_id)
    page = queries.exam_sittings(db.session(), exam.id, request.args.get("page", 1, type=int))
    ready = queries.readiness(db.session(), exam.id)
    return render("sittings/list_exam_sittings.html", exam=exam, page=page, ready=ready)


# --- a new sitting --------------------------------------------------------------------------------------------------


@bp.route(f"{_EXAM}/tao", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def create_sitting(exam_id: UUID) -> Answer:
    """Ask for a sitting, show how everybody would be dealt to its rooms, and make it once that was seen."""
    asked = _Asked(load(find_exam, exam_id))
    deed = request.form.get("deed", "")
    if request.method == "GET" or asked.rooms.edited(deed):
        return asked.page()
    plan, dealing = asked.read()
    if plan is None or dealing is None:
        return asked.page(), 422
    if deed != "create":
        return asked.page(dealing, schedule=plan.schedule)
    seen, test = asked.form.seen.data or "", asked.test()
    try:
        made = services.plan_sitting(db.session(), test, plan, seen=seen, actor=g.actor, now=g.now)
    except Conflict as error:
        db.session.rollback()
        asked = _Asked(load(find_exam, exam_id))
        return asked.page(asked.read()[1], told(error)), 409
    message = N_("Đã lập ca thi %(code)s và xếp chỗ cho %(count)s thí sinh.")
    note = translate(message, code=made.code, count=dealing.seated)
    return done(note, "sittings.show_rooms", sitting_id=made.id)


class _Asked:
    """A sitting as the form of one request asks for it."""

    def __init__(self, exam: Exam) -> None:
        self.exam = exam
        self.tests = queries.exam_tests(db.session(), exam.id)
        self.form = SittingForm()
        self.form.exam_test.choices = [SelectChoice(str(one.id), f"{one.code} – {one.name}") for one in self.tests]
        self.form.offer(_EVERYBODY)
        sent = request.method == "POST"
        self.rooms = (
            RoomRows.typed(request.form) if sent else RoomRows.of(queries.rooms_of_latest(db.session(), exam.id))
        )

    def test(self) -> ExamTest:
        """Return the test that was chosen; the form has been checked."""
        return next(test for test in self.tests if str(test.id) == self.form.exam_test.data)

    def read(self) -> tuple[SittingPlan | None, Dealing | None]:
        """Check everything at once and return the plan and its dealing; what is wrong stands at its place."""
        form = self.form
        form.validate_on_submit()
        plans, who = self.rooms.plans(), form.asked(self.exam.number_width)
        test = None if form.exam_test.errors else self.test()
        if test and not form.code.errors and services.code_taken(db.session(), test, form.code.data or ""):
            form.fail("code", translate(N_("Bài thi đã có ca thi mã “%(code)s”."), code=form.code.data))
        mode = None if form.mode.errors else SittingMode(form.mode.data)
        schedule = self._schedule(mode)
        dealing = self._deal(test, mode, plans, who) if test and mode and plans and who else None
        if form.errors or not (mode and schedule and plans and who):
            return None, dealing
        return SittingPlan(form.code.data or "", mode, schedule, plans, who), dealing

    def _schedule(self, mode: SittingMode | None) -> Schedule | None:
        form = self.form
        if form.opens_at.errors or form.starts_at.errors:
            return None
        schedule = Schedule(moment_of(form.opens_at.data), moment_of(form.starts_at.data))
        try:
            services.check_order(schedule)
            services.check_start(mode or SittingMode.REHEARSAL, schedule, now=g.now)
        except Invalid as error:
            form.fail("opens_at" if error.code == "opens_after_start" else "starts_at", told(error))
        return schedule

    def _deal(self, test: ExamTest, mode: SittingMode, plans: list[RoomPlan], who: queries.Who) -> Dealing | None:
        found = queries.seatable(db.session(), test, who, exclusive=mode is SittingMode.PROGRAMMED)
        try:
            return services.deal_whole(plans, found)
        except Invalid as error:
            if error.code == "places_missing":
                self.rooms.error = told(error)
            else:
                self.form.fail("who", told(error))
            return None

    def page(self, dealing: Dealing | None = None, refusal: str = "", *, schedule: Schedule | None = None) -> str:
        """Draw the form as it was typed, with the dealing and the moments that can be confirmed."""
        ready = queries.readiness(db.session(), self.exam.id)
        return render(
            "sittings/create_sitting.html",
            exam=self.exam,
            form=self.form,
            rooms=self.rooms,
            dealing=dealing,
            schedule=schedule,
            refusal=refusal,
            ready=ready,
            everybody=ALL,
        )


# --- taking one back ------------------------------------------------------------------------------------------------


@bp.route(f"{_SITTING}/xoa", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def delete_sitting(sitting_id: UUID) -> Answer:
    """Delete a draft that was never frozen, once that is confirmed."""
    sitting = load(queries.find_sitting, sitting_id)
    exam_id, code, form = sitting.exam_test.exam_id, sitting.code, DeleteForm()
    if not form.validate_on_submit():
        seated = queries.count_seats(db.session(), sitting.id)
        page = render("sittings/delete_sitting.html", sitting=sitting, form=form, seated=seated)
        return page, 200 if request.method == "GET" else 422
    services.delete_draft(db.session(), sitting, actor=g.actor, now=g.now)
    return done(translate(N_("Đã xóa ca thi %(code)s."), code=code), "sittings.list_exam_sittings", exam_id=exam_id)


@bp.route(f"{_SITTING}/huy", methods=["GET", "POST"])
@requires(Permission.EXAM_SITTING_OPEN)
def call_off_sitting(sitting_id: UUID) -> Answer:
    """Say that a sitting is not held, and why; its candidates may then be seated elsewhere."""
    sitting = load(queries.find_sitting, sitting_id)
    form = CallOffForm()
    if not form.validate_on_submit():
        return _call_off_page(sitting, form), 200 if request.method == "GET" else 422
    try:
        services.call_off(db.session(), sitting, form.reason.data or "", actor=g.actor, now=g.now)
    except Invalid as error:
        form.fail("reason", told(error))
        return _call_off_page(sitting, form), 422
    message = N_("Đã hủy ca thi %(code)s. Thí sinh của ca này xếp được vào ca khác.")
    return done(translate(message, code=sitting.code), "delivery_staff.show_sitting", sitting_id=sitting.id)


def _call_off_page(sitting: Sitting, form: CallOffForm) -> str:
    package = queries.active_package(db.session(), sitting.id)
    seated = queries.count_seats(db.session(), sitting.id)
    return render("sittings/call_off_sitting.html", sitting=sitting, form=form, package=package, seated=seated)
