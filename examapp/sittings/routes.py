"""The staff's list of sittings, and the deeds before the start: freeze, public value, opening.

The page of one sitting, with its live list, is `delivery`'s: a page lives with the right-most data it shows.
"""

import secrets
from uuid import UUID

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.core.db import db
from examapp.sittings.forms import FreezeForm, OpenForm, PublicValueForm
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import SittingMode
from examapp.sittings.queries import find_sitting
from examapp.sittings.queries import list_sittings as sittings_visible_to
from examapp.sittings.services import open_paper, record_public_value
from examapp.web.cookies import is_loopback_http
from examapp.web.guards import load, requires
from examapp.web.language import translate
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("sittings", __name__, url_prefix="/ca-thi")

_PAGE = "delivery_staff.show_sitting"


@bp.get("/")
@requires(Permission.EXAM_EXAM_SEE, somewhere=True)
def list_sittings() -> str:
    """List the sittings of the exams this person has business with."""
    rows = sittings_visible_to(db.session(), reach_of(g.actor, Permission.EXAM_EXAM_SEE))
    return render("sittings/list_sittings.html", rows=rows)


@bp.post("/<uuid:sitting_id>/dong-goi")
@requires(Permission.EXAM_SITTING_FREEZE)
def freeze(sitting_id: UUID) -> str | Response:
    """Freeze the sitting and show its two codes this once."""
    sitting = load(find_sitting, sitting_id)
    form = FreezeForm()
    if not form.validate_on_submit():
        return done(_first_error(form), _PAGE, tone="bad", sitting_id=sitting_id)
    frozen = freeze_sitting(
        db.session(), sitting, keys=site().keys, random_bytes=secrets.token_bytes, actor=g.actor, now=g.now
    )
    return render("sittings/freeze.html", sitting=sitting, frozen=frozen)


@bp.post("/<uuid:sitting_id>/so-rut")
@requires(Permission.EXAM_SITTING_OPEN)
def fix_public_value(sitting_id: UUID) -> Response:
    """Record the public value before any code is entered."""
    sitting = load(find_sitting, sitting_id)
    form = PublicValueForm()
    if not form.validate_on_submit():
        return done(_first_error(form), _PAGE, tone="bad", sitting_id=sitting_id)
    record_public_value(
        db.session(),
        sitting,
        form.public_value.data or "",
        form.repeated.data or "",
        witness_names=form.witness_names.data or "",
        actor=g.actor,
        now=g.now,
    )
    note = translate("Đã ghi số rút công khai %(value)s. Số này không sửa được nữa.", value=form.public_value.data)
    return done(note, _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/mo-de")
@requires(Permission.EXAM_SITTING_OPEN)
def open_sitting(sitting_id: UUID) -> Response:
    """Open the paper with its code; the draw follows as a job."""
    sitting = load(find_sitting, sitting_id)
    form = OpenForm()
    if not form.validate_on_submit():
        return done(_first_error(form), _PAGE, tone="bad", sitting_id=sitting_id)
    open_paper(
        db.session(),
        sitting,
        form.paper_code.data or "",
        key_code=(form.key_code.data or "") if sitting.mode is SittingMode.REHEARSAL else None,
        secure_transport=request.is_secure or is_loopback_http(),
        keys=site().keys,
        actor=g.actor,
        now=g.now,
    )
    return done(translate("Đã mở đề. Máy chủ đang rút đề cho từng thí sinh."), _PAGE, sitting_id=sitting_id)


def _first_error(form: FreezeForm | PublicValueForm | OpenForm) -> str:
    return translate(next(message for messages in form.errors.values() for message in messages))
