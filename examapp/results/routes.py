"""The result list of a sitting, for staff."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.i18n import N_
from examapp.results.forms import MakeListForm
from examapp.results.models import ResultList
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.rules import ResultRow
from examapp.results.services import (
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
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("results", __name__, url_prefix="/ca-thi")


@bp.get("/<uuid:sitting_id>/ket-qua")
@requires(Permission.EXAM_RESULTS_SEE)
def show_list(sitting_id: UUID) -> str:
    """Show the sitting's results: the list as it was made, or what it would be."""
    return _page(load(find_sitting, sitting_id), MakeListForm())


@bp.post("/<uuid:sitting_id>/ket-qua")
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


def _page(sitting: Sitting, form: MakeListForm) -> str:
    session = db.session()
    made = result_list_of(session, sitting.id)
    fault = list_fault(session, sitting, made, site().keys)
    rows = _readable(made) if made else marked_rows(session, sitting.id, sitting.exam_test.pass_share)
    return render(
        "results/show_list.html",
        sitting=sitting,
        made=made,
        rows=rows,
        form=form,
        fault=fault,
        altered=altered_numbers(session, sitting, rows) if made and fault else [],
        findings=check_marked(session, sitting, site().keys) if rows and not made else None,
        findings_message=findings_message,
    )


def _readable(made: ResultList) -> list[ResultRow]:
    """Return the rows of the list; none when somebody has left no list in it."""
    try:
        rows = read_result_list(made)
    except (ValueError, TypeError):
        return []
    return rows if all(isinstance(row.number, str) for row in rows) else []
