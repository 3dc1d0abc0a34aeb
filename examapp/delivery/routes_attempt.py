"""The pages of what is done to one attempt for a reason: free it from its machine, void it."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.errors import Invalid
from examapp.core.i18n import N_
from examapp.delivery.forms import TransferForm, VoidForm
from examapp.delivery.models import Attempt
from examapp.delivery.queries import find_attempt
from examapp.delivery.services.transfer import transfer_attempt
from examapp.delivery.services.void import void_attempt
from examapp.sittings.queries import find_sitting
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.pages import done, render

bp = Blueprint("delivery_attempt", __name__, url_prefix="/ca-thi")

Answer = str | Response | tuple[str, int]


class _Deed(NamedTuple):
    """What the page asks in and does; the message tells the candidate's number."""

    template: str
    do: Callable[..., Attempt]
    message: str


_TRANSFER = _Deed(
    "delivery_staff/transfer.html",
    transfer_attempt,
    N_("Đã tách số báo danh %(number)s khỏi máy cũ. Thí sinh đăng nhập lại ở máy mới bằng mã dự thi."),
)
_VOID = _Deed(
    "delivery_staff/void.html",
    void_attempt,
    N_("Đã hủy bài của số báo danh %(number)s. Bài này không được chấm; nhật ký giữ lý do và gốc R1."),
)


@bp.route("/<uuid:sitting_id>/chuyen-may/<uuid:attempt_id>", methods=["GET", "POST"])
@requires(Permission.EXAM_MACHINE_TRANSFER)
def transfer(sitting_id: UUID, attempt_id: UUID) -> Answer:
    """Ask why and free an attempt from its machine."""
    return _ask_why(sitting_id, attempt_id, TransferForm(), _TRANSFER)


@bp.route("/<uuid:sitting_id>/huy-bai/<uuid:attempt_id>", methods=["GET", "POST"])
@requires(Permission.EXAM_ATTEMPT_VOID)
def void(sitting_id: UUID, attempt_id: UUID) -> Answer:
    """Ask why and void an attempt; there is no way back, so the page says what stays and what does not."""
    return _ask_why(sitting_id, attempt_id, VoidForm(), _VOID)


def _ask_why(sitting_id: UUID, attempt_id: UUID, form: TransferForm | VoidForm, deed: _Deed) -> Answer:
    """Show the form, or do the deed with its reason and return to the sitting with the message."""
    sitting = load(find_sitting, sitting_id)
    attempt = find_attempt(db.session(), sitting.id, attempt_id)
    if form.validate_on_submit():
        try:
            deed.do(db.session(), attempt.id, reason=form.reason.data or "", actor=g.actor, now=g.now)
        except Invalid as error:
            form.fail("reason", told(error))
        else:
            message = translate(deed.message, number=attempt.candidate_number)
            return done(message, "delivery_staff.show_sitting", sitting_id=sitting_id)
    page = render(deed.template, sitting=sitting, attempt=attempt, form=form)
    return page, 200 if request.method == "GET" else 422
