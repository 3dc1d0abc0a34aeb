"""The result list of a sitting, for staff."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.i18n import N_
from examapp.results.forms import MakeListForm
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.services import make_result_list, read_result_list
from examapp.sittings.models import Sitting
from examapp.sittings.queries import find_sitting
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render

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
    make_result_list(db.session(), sitting, actor=g.actor, now=g.now)
    return done(translate(N_("Đã lập danh sách kết quả.")), "results.show_list", sitting_id=sitting_id)


def _page(sitting: Sitting, form: MakeListForm) -> str:
    made = result_list_of(db.session(), sitting.id)
    rows = read_result_list(made) if made else marked_rows(db.session(), sitting.id, sitting.exam_test.pass_share)
    return render("results/show_list.html", sitting=sitting, made=made, rows=rows, form=form)
