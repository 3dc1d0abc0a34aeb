"""The pages of blueprints: those of an exam, the matrix with the bank's stock beside it, and the lock."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.scopes import subject_scope
from examapp.bank.models import Level
from examapp.core.clock import LOCAL_ZONE
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, ServiceError
from examapp.core.files import PDF
from examapp.core.i18n import N_
from examapp.exams.models import ExamTest
from examapp.exams.queries import find_exam, find_exam_test
from examapp.papers import queries, services
from examapp.papers.documents import blueprint_pdf
from examapp.papers.forms import LockForm, MatrixForm
from examapp.papers.rules import LEVEL_NAMES, Place, field_name, in_proportion, matrix_of, read_count
from examapp.web.downloads import download
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

bp = Blueprint("papers", __name__)

Page = str | Response | tuple[str, int]

NOT_A_COUNT = N_("Mỗi ô ghi một số nguyên từ 0 đến 999; ô để trống là không rút câu nào.")


@bp.get("/ky-thi/<uuid:exam_id>/ma-tran")
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def list_blueprints(exam_id: UUID) -> Page:
    """List the exam's tests with the state of their blueprints."""
    exam = load(find_exam, exam_id)
    return render("papers/list_blueprints.html", exam=exam, lines=queries.blueprints_of(db.session(), exam_id))


@bp.get("/ma-tran/<uuid:exam_test_id>")
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def edit_blueprint(exam_test_id: UUID) -> Page:
    """Show the matrix: to be filled in as a draft, to be read once it is locked."""
    test = load(find_exam_test, exam_test_id)
    return _matrix_page(test, _stored(test))


@bp.post("/ma-tran/<uuid:exam_test_id>/ban-in")
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def take_blueprint(exam_test_id: UUID) -> Response:
    """Send the stored matrix as a paper to sign; of a draft it says so."""
    test = load(find_exam_test, exam_test_id)
    blueprint = services.take_blueprint(db.session(), test, actor=g.actor, now=g.now)
    matrix = matrix_of(queries.topics_of(db.session(), test.subject_id), _stored(test), {}, Fraction(0))
    day = g.now.astimezone(LOCAL_ZONE).date()
    return download(
        blueprint_pdf(test, matrix, blueprint.digest, day), f"ma-tran-{test.exam.code}-{test.code}.pdf", PDF
    )


@bp.post("/ma-tran/<uuid:exam_test_id>")
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def save_blueprint(exam_test_id: UUID) -> Page:
    """Save the draft, or only show it when another button was pressed; nothing that was typed is lost.

    The button that leads to the lock saves first: what it would lock is what stands on the page.
    """
    test, form = load(find_exam_test, exam_test_id), MatrixForm()
    if request.form.get("deed") in ("fill", "look"):
        return _unsaved_page(test)
    typed = _typed(test)
    if not form.validate_on_submit() or _slips(typed):
        return _matrix_page(test, typed, refusal=translate(NOT_A_COUNT)), 422
    lock = request.form.get("deed") == "lock"
    if lock and set(_counts(typed)) == set(_counts(_stored(test))):
        return redirect(url_for("papers.lock_blueprint", exam_test_id=exam_test_id))
    try:
        services.set_blueprint(db.session(), test, _counts(typed), seen=form.seen.data or "", actor=g.actor, now=g.now)
    except Conflict as error:
        return _matrix_page(test, typed, refusal=told(error), beside=_stored(test)), 409
    except Invalid as error:
        return _matrix_page(test, typed, refusal=told(error)), 422
    following = "papers.lock_blueprint" if lock else "papers.edit_blueprint"
    return done(translate(N_("Đã lưu dự thảo ma trận.")), following, exam_test_id=exam_test_id)


@bp.post("/ma-tran/<uuid:exam_test_id>/xem")
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def check_blueprint(exam_test_id: UUID) -> Page:
    """Show what was typed beside the stock, and save nothing: the page's script asks while somebody types."""
    return _unsaved_page(load(find_exam_test, exam_test_id))


@bp.route("/ma-tran/<uuid:exam_test_id>/khoa", methods=["GET", "POST"])
@requires(Permission.EXAM_BLUEPRINT_LOCK)
def lock_blueprint(exam_test_id: UUID) -> Page:
    """Say what the lock makes impossible, and lock the blueprint."""
    test = load(find_exam_test, exam_test_id)
    form = LockForm(seen=services.draft_mark(queries.blueprint_of(db.session(), test.id)))
    refusal: ServiceError | None = None
    if form.validate_on_submit():
        try:
            services.lock_blueprint(db.session(), test, seen=form.seen.data or "", actor=g.actor, now=g.now)
            note = translate(N_("Đã khóa ma trận. Ca thi của bài thi này đóng gói được."))
            return done(note, "papers.edit_blueprint", exam_test_id=exam_test_id)
        except (Conflict, Invalid) as error:
            refusal = error
    return _lock_page(test, form, refusal), _status(refusal)


def _status(refusal: ServiceError | None) -> int:
    if refusal is None:
        return 200 if request.method == "GET" else 422
    return 409 if isinstance(refusal, Conflict) else 422


def _lock_page(test: ExamTest, form: LockForm, refusal: ServiceError | None) -> str:
    if refusal:
        form.seen.data = services.draft_mark(queries.blueprint_of(db.session(), test.id))  # the page shows this draft
        form.confirm.data = False
    return render("papers/lock_blueprint.html", **_shown(test, _stored(test)), form=form, refusal=refusal)


def _unsaved_page(test: ExamTest) -> str:
    """Draw what was typed, or what the stock proposes, without saving it."""
    typed = _typed(test)
    if request.form.get("deed") == "fill":
        stock = queries.count_stock(db.session(), test.subject_id)
        dealt = in_proportion(stock, list(typed), test.questions)
        typed = {place: str(dealt[place]) if place in dealt else "" for place in typed}
    refusal = translate(NOT_A_COUNT) if _slips(typed) else None
    return _matrix_page(test, typed, refusal=refusal)


def _matrix_page(
    test: ExamTest,
    typed: Mapping[Place, str],
    *,
    refusal: str | None = None,
    beside: Mapping[Place, str] | None = None,
) -> str:
    """Draw what was typed, or what is locked; `beside` is the draft that somebody else has saved, to compare with."""
    form, shown = MatrixForm(), _shown(test, typed)
    if shown["blueprint"] and shown["blueprint"].locked_at and shown["unsaved"]:
        shown = _shown(test, _stored(test))
    if request.method == "GET" or beside is not None:
        # only whoever is shown the stored draft has seen it
        form.seen.data = services.draft_mark(shown["blueprint"])
    saved = {field_name(place): text or "0" for place, text in (beside or {}).items() if text != typed.get(place)}
    return render("papers/edit_blueprint.html", **shown, form=form, refusal=refusal, saved=saved)


def _shown(test: ExamTest, typed: Mapping[Place, str]) -> dict[str, Any]:
    """Return what both pages of a blueprint show: the matrix beside the stock, and what stands in the way."""
    session = db.session()
    blueprint, stored = queries.blueprint_of(session, test.id), _counts(_stored(test))
    ratio, counts = services.bank_ratio(test), _counts(typed)
    problems = services.blueprint_problems(session, test, counts)
    stock = queries.count_stock(session, test.subject_id)
    return {
        "test": test,
        "exam": test.exam,
        "bank": subject_scope(test.subject_id),
        "blueprint": blueprint,
        "locked_by": queries.locked_by(session, blueprint),
        "saved_by": queries.last_saved(session, test, blueprint),
        "unsaved": counts != stored,
        "matrix": matrix_of(queries.topics_of(session, test.subject_id), typed, stock, ratio),
        "levels": list(LEVEL_NAMES.values()),
        "ratio": ratio,
        # those of single cells are told from the matrix, with the way to the cell
        "problems": [one for one in problems if one.code not in ("cell_short", "cell_near")],
        "feasible": not any(one.severity == "error" for one in problems),
    }


def _places(test: ExamTest) -> list[Place]:
    return [(topic.id, level) for topic in queries.topics_of(db.session(), test.subject_id) for level in Level]


def _typed(test: ExamTest) -> dict[Place, str]:
    return {place: request.form.get(field_name(place), "").strip()[:10] for place in _places(test)}


def _stored(test: ExamTest) -> dict[Place, str]:
    blueprint = queries.blueprint_of(db.session(), test.id)
    held = {(cell.topic_id, cell.level): str(cell.count) for cell in blueprint.cells} if blueprint else {}
    return {place: held.get(place, "") for place in _places(test)}


def _counts(typed: Mapping[Place, str]) -> list[services.CellCount]:
    return [services.CellCount(*place, read_count(text) or 0) for place, text in typed.items()]


def _slips(typed: Mapping[Place, str]) -> list[Place]:
    return [place for place, text in typed.items() if read_count(text) is None]
