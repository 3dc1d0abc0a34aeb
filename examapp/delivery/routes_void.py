"""The page on which the council's chair voids one attempt."""

from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.delivery.forms import VoidForm
from examapp.delivery.models import Attempt
from examapp.delivery.queries import find_attempt
from examapp.delivery.services.void import void_attempt
from examapp.sittings.queries import find_sitting
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

bp = Blueprint("delivery_void", __name__, url_prefix="/ca-thi")


@bp.route("/<uuid:sitting_id>/huy-bai/<uuid:attempt_id>", methods=["GET", "POST"])
@requires(Permission.EXAM_ATTEMPT_VOID)
def void(sitting_id: UUID, attempt_id: UUID) -> str | Response | tuple[str, int]:
    """Ask why and void an attempt; there is no way back, so the page says what stays and what does not."""
    sitting = load(find_sitting, sitting_id)
    attempt = find_attempt(db.session(), sitting.id, attempt_id)
    form = VoidForm()
    if not form.validate_on_submit():
        return _page(sitting, attempt, form), 200 if request.method == "GET" else 422
    try:
        void_attempt(db.session(), attempt.id, reason=form.reason.data or "", actor=g.actor, now=g.now)
    except Invalid as error:
        form.fail("reason", told(error))
        return _page(sitting, attempt, form), 422
    message = N_("Đã hủy bài của số báo danh %(number)s. Bài này không được chấm; nhật ký giữ lý do và gốc R1.")
    return done(
        translate(message, number=attempt.candidate_number), "delivery_staff.show_sitting", sitting_id=sitting_id
    )


def _page(sitting: object, attempt: Attempt, form: VoidForm) -> str:
    return render("delivery_staff/void.html", sitting=sitting, attempt=attempt, form=form)
