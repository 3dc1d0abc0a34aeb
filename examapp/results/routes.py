"""The result list of a sitting, for staff."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.clock import LOCAL_ZONE
from examapp.core.db import db
from examapp.core.i18n import N_
from examapp.core.paging import page_of_rows
from examapp.exams.queries import find_exam
from examapp.results.forms import MakeListForm, TakeExportForm
from examapp.results.models import ResultList
from examapp.results.queries import exam_results, marked_rows, result_list_of
from examapp.results.rules import ResultRow, in_order, matching, tally
from examapp.results.services.exports import take_list
from examapp.results.services.lists import (
    ResultsDiffer,
    altered_numbers,
    check_marked,
    findings_message,
    list_fault,
    make_result_list,
    read_result_list,
    record_differing_results,
)
from examapp.sittings.models import Sitting
from examapp.sittings.queries import find_sitting
from examapp.web.afterwards import do_afterwards
from examapp.web.downloads import download
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("results", __name__)

#: rows on one page of a list
PAGE_SIZE = 100


@bp.get("/ky-thi/<uuid:exam_id>/ket-qua")
@requires(Permission.EXAM_RESULTS_SEE)
def list_exam_results(exam_id: UUID) -> str:
    """List the exam's sittings with how far their results are."""
    exam = load(find_exam, exam_id)
    page = exam_results(db.session(), exam_id, request.args.get("page", 1, type=int))
    return render("results/list_exam_results.html", exam=exam, page=page)


@bp.get("/ca-thi/<uuid:sitting_id>/ket-qua")
@requires(Permission.EXAM_RESULTS_SEE)
def show_list(sitting_id: UUID) -> str:
    """Show the sitting's results: the list as it was made, or what it would be."""
    return _page(load(find_sitting, sitting_id), MakeListForm())


@bp.post("/ca-thi/<uuid:sitting_id>/ket-qua")
@requires(Permission.EXAM_RESULTS_PUBLISH)
def make_list(sitting_id: UUID) -> Response | tuple[str, int]:
    """Fix the result list with its digest; there is no way back, so it is confirmed."""
    sitting = load(find_sitting, sitting_id)
    form = MakeListForm()
    if not form.validate_on_submit():
        return _page(sitting, form), 422
    try:
        make_result_list(db.session(), sitting, actor=g.actor, now=g.now)
    except ResultsDiffer as error:
        refused, actor, now = error, g.actor, g.now
        do_afterwards(lambda session: record_differing_results(session, refused, actor=actor, now=now))
        raise
    return done(translate(N_("Đã lập danh sách kết quả.")), "results.show_list", sitting_id=sitting_id)


@bp.post("/ca-thi/<uuid:sitting_id>/ket-qua/tep")
@requires(Permission.EXAM_RESULTS_SEE)
def take_export(sitting_id: UUID) -> Response:
    """Hand out the list as a file, or have it made when it is long; a deed, because the log says who took it."""
    sitting = load(find_sitting, sitting_id)
    wanted = TakeExportForm().wanted(_today())
    taken = take_list(db.session(), sitting, wanted, keys=site().keys, actor=g.actor, now=g.now)
    if isinstance(taken, int):
        return done(translate(N_("Danh sách dài nên tệp được lập ở chế độ chạy nền.")), "jobs.show_job", job_id=taken)
    return download(taken.data, taken.name, taken.media_type)


def _page(sitting: Sitting, form: MakeListForm) -> str:
    session = db.session()
    made = result_list_of(session, sitting.id)
    fault = list_fault(session, sitting, made, site().keys)
    rows = _readable(made) if made else marked_rows(session, sitting.id, sitting.exam_test.pass_share)
    wanted, number = request.args.get("q", "").strip()[:100], request.args.get("page", 1, type=int)
    return render(
        "results/show_list.html",
        sitting=sitting,
        made=made,
        counts=tally(rows),
        rooms=in_order(row.room for row in rows if row.room),
        today=_today(),
        wanted=wanted,
        page=page_of_rows(matching(rows, wanted), number, PAGE_SIZE),
        form=form,
        fault=fault,
        altered=altered_numbers(session, sitting, rows) if made and fault else [],
        findings=check_marked(session, sitting, site().keys) if rows and not made else None,
        findings_message=findings_message,
    )


def _today() -> date:
    now: datetime = g.now
    return now.astimezone(LOCAL_ZONE).date()


def _readable(made: ResultList) -> list[ResultRow]:
    """Return the rows of the list; none when somebody has left no list in it."""
    try:
        rows = read_result_list(made)
    except (ValueError, TypeError):
        return []
    return rows if all(isinstance(row.number, str) for row in rows) else []
