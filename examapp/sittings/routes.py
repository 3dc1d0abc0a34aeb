"""The staff's list of sittings, and the page that moves one. The page of one sitting is `delivery`'s: it shows the live
list.
"""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.core.clock import LOCAL_ZONE
from examapp.core.db import db
from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.sittings import queries
from examapp.sittings.forms import RescheduleForm
from examapp.sittings.models import Sitting
from examapp.sittings.services import Schedule, reschedule_sitting
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

#: the other routes files of this feature add their views to it
bp = Blueprint("sittings", __name__)


@bp.get("/ca-thi/")
@requires(Permission.EXAM_EXAM_SEE, somewhere=True)
def list_sittings() -> str:
    """List the sittings of the exams this person has business with."""
    rows = queries.list_sittings(db.session(), reach_of(g.actor, Permission.EXAM_EXAM_SEE))
    return render("sittings/list_sittings.html", rows=rows)


@bp.route("/ca-thi/<uuid:sitting_id>/doi-gio", methods=["GET", "POST"])
@requires(Permission.EXAM_EXAM_MANAGE)
def reschedule(sitting_id: UUID) -> str | Response | tuple[str, int]:
    """Ask for the new moments and why, and move the sitting."""
    sitting = load(queries.find_sitting, sitting_id)
    form = RescheduleForm(opens_at=_typed(sitting.opens_at), starts_at=_typed(sitting.starts_at))
    if not form.validate_on_submit():
        return _reschedule_page(sitting, form), 200 if request.method == "GET" else 422
    schedule = Schedule(moment_of(form.opens_at.data), moment_of(form.starts_at.data))
    reason = form.reason.data or ""
    try:
        again = reschedule_sitting(db.session(), sitting, schedule, reason=reason, actor=g.actor, now=g.now)
    except Invalid as error:
        form.fail("reason" if error.code == "reason_missing" else "starts_at", told(error))
        return _reschedule_page(sitting, form), 422
    message = N_("Đã dời giờ. Hai mã cũ hết hiệu lực: đóng gói lại ca thi.") if again else N_("Đã dời giờ ca thi.")
    return done(translate(message), "delivery_staff.show_sitting", sitting_id=sitting_id)


def _reschedule_page(sitting: Sitting, form: RescheduleForm) -> str:
    package = queries.active_package(db.session(), sitting.id)
    return render("sittings/reschedule.html", sitting=sitting, package=package, form=form)


def _typed(moment: datetime) -> datetime:
    """Return a moment as the city's clock shows it, the form a date field works with."""
    return moment.astimezone(LOCAL_ZONE).replace(tzinfo=None)


def moment_of(typed: datetime) -> datetime:
    """Return the moment that somebody typed by the city's clock."""
    return typed.replace(tzinfo=LOCAL_ZONE)
