"""The chair posts a result list where the public sees it, and takes it down."""

from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.i18n import N_
from examapp.results.forms import PostForm, TakeDownForm
from examapp.results.queries import result_list_of
from examapp.results.services.posting import post_list, take_down
from examapp.sittings.models import Sitting
from examapp.sittings.queries import find_sitting
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render

bp = Blueprint("posting", __name__, url_prefix="/ca-thi")


@bp.route("/<uuid:sitting_id>/cong-bo", methods=["GET", "POST"])
@requires(Permission.EXAM_RESULTS_PUBLISH)
def post(sitting_id: UUID) -> str | Response | tuple[str, int]:
    """Say what the public will see, and post the list."""
    sitting = load(find_sitting, sitting_id)
    form = PostForm()
    if not form.validate_on_submit():
        return _page(sitting, post_form=form), 200 if request.method == "GET" else 422
    post_list(db.session(), sitting, actor=g.actor, now=g.now)
    return done(translate(N_("Đã công bố danh sách.")), "posting.post", sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/go-cong-bo")
@requires(Permission.EXAM_RESULTS_PUBLISH)
def take_list_down(sitting_id: UUID) -> str | Response | tuple[str, int]:
    """Take the list down, with the reason."""
    sitting = load(find_sitting, sitting_id)
    form = TakeDownForm()
    if not form.validate_on_submit():
        return _page(sitting, down_form=form), 422
    take_down(db.session(), sitting, form.reason.data or "", actor=g.actor, now=g.now)
    return done(translate(N_("Đã gỡ danh sách khỏi trang công khai.")), "posting.post", sitting_id=sitting_id)


def _page(sitting: Sitting, post_form: PostForm | None = None, down_form: TakeDownForm | None = None) -> str:
    return render(
        "posting/post.html",
        sitting=sitting,
        made=result_list_of(db.session(), sitting.id),
        post_form=post_form or PostForm(formdata=None),
        down_form=down_form or TakeDownForm(formdata=None),
    )
