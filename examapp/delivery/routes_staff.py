"""The page of one sitting on its day: where it stands, who is writing, and the deeds after the start."""

from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.delivery.forms import KeyCodeForm, SealForm, TransferForm
from examapp.delivery.queries import find_attempt, live_list, result_roots
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.delivery.services.transfer import transfer_attempt
from examapp.sittings.forms import FreezeForm, OpenForm, PublicValueForm
from examapp.sittings.models import SittingState
from examapp.sittings.queries import active_package, find_sitting, opening_of
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("delivery_staff", __name__, url_prefix="/ca-thi")

_PAGE = "delivery_staff.show_sitting"


@bp.get("/<uuid:sitting_id>")
@requires(Permission.EXAM_SITTING_WATCH)
def show_sitting(sitting_id: UUID) -> str:
    """Show one sitting: its steps, the form of the next step, and the live list."""
    sitting = load(find_sitting, sitting_id)
    package = active_package(db.session(), sitting.id)
    return render(
        "delivery_staff/show_sitting.html",
        sitting=sitting,
        package=package,
        opening=opening_of(db.session(), package.id) if package else None,
        roots=result_roots(db.session(), sitting.id),
        rows=live_list(db.session(), sitting.id, g.now),
        states=list(SittingState),
        now=g.now,
        forms={
            "freeze": FreezeForm(),
            "public_value": PublicValueForm(),
            "open": OpenForm(),
            "seal": SealForm(),
            "key_code": KeyCodeForm(),
        },
    )


@bp.route("/<uuid:sitting_id>/chuyen-may/<uuid:attempt_id>", methods=["GET", "POST"])
@requires(Permission.EXAM_MACHINE_TRANSFER)
def transfer(sitting_id: UUID, attempt_id: UUID) -> str | Response:
    """Ask why and free an attempt from its machine."""
    sitting = load(find_sitting, sitting_id)
    attempt = find_attempt(db.session(), sitting.id, attempt_id)
    form = TransferForm()
    if not form.validate_on_submit():
        return render("delivery_staff/transfer.html", sitting=sitting, attempt=attempt, form=form)
    transfer_attempt(db.session(), attempt.id, reason=form.reason.data or "", actor=g.actor, now=g.now)
    note = translate(
        "Đã tách số báo danh %(number)s khỏi máy cũ. Thí sinh đăng nhập lại ở máy mới bằng mã dự thi.",
        number=attempt.candidate_number,
    )
    return done(note, _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/niem-phong")
@requires(Permission.EXAM_SITTING_SEAL)
def seal(sitting_id: UUID) -> Response:
    """Close what nobody submitted and fix root R1."""
    sitting = load(find_sitting, sitting_id)
    form = SealForm()
    if not form.validate_on_submit():
        return done(translate(form.confirm.errors[0]), _PAGE, tone="bad", sitting_id=sitting_id)
    root = seal_sitting(db.session(), sitting.id, keys=site().keys, actor=g.actor, now=g.now)
    note = translate("Đã niêm phong %(count)s bài làm. In gốc R1 trước khi mở đáp án.", count=root.leaves)
    return done(note, _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/dap-an")
@requires(Permission.EXAM_KEYS_OPEN)
def open_keys(sitting_id: UUID) -> Response:
    """Open the keys after R1 and mark every attempt."""
    sitting = load(find_sitting, sitting_id)
    form = KeyCodeForm()
    if not form.validate_on_submit():
        return done(translate(form.key_code.errors[0]), _PAGE, tone="bad", sitting_id=sitting_id)
    root = open_keys_and_mark(
        db.session(), sitting.id, form.key_code.data or "", keys=site().keys, actor=g.actor, now=g.now
    )
    note = translate("Đã mở đáp án và chấm %(count)s bài. Thí sinh xem được kết quả trên máy.", count=root.leaves)
    return done(note, _PAGE, sitting_id=sitting_id)
