"""The page of one sitting: where it stands, the form of its next step, who is writing, and every deed of its day.

A refused deed draws the same page again with the sentence on top; nothing typed elsewhere on it is lost.
"""

import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.audit.codes import CodeRefused, record_refused_code
from examapp.core.db import db
from examapp.core.errors import Invalid, ServiceError
from examapp.core.i18n import N_
from examapp.core.paging import page_of_rows
from examapp.delivery.forms import KeyCodeForm, LiveSearch, SealForm
from examapp.delivery.models import RootKind
from examapp.delivery.queries import live_list, result_roots, voided_numbers
from examapp.delivery.rules import count_live, narrow_live, start_margin
from examapp.delivery.services.draw import draw_again as restart_draw
from examapp.delivery.services.draw import draw_progress
from examapp.delivery.services.mark import open_keys_and_mark
from examapp.delivery.services.seal import seal_sitting
from examapp.delivery.services.sealed import sealed_findings
from examapp.sittings.forms import FIRST_FREEZE, FreezeForm, OpenForm, PublicValueForm
from examapp.sittings.freeze import freeze_sitting
from examapp.sittings.models import Sitting, SittingMode, SittingState
from examapp.sittings.queries import active_package, count_seats, deeds_of, find_sitting, line_of_steps, opening_of
from examapp.sittings.services import open_paper, record_public_value
from examapp.web.afterwards import do_afterwards
from examapp.web.forms import PageForm
from examapp.web.guards import load, may, requires
from examapp.web.handlers import STATUS
from examapp.web.language import told, translate
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("delivery_staff", __name__, url_prefix="/ca-thi")

Answer = str | Response | tuple[str, int]
_PAGE = "delivery_staff.show_sitting"
#: candidates of the live list on one page: more than a room has
_LIVE_ROWS = 100


@bp.get("/<uuid:sitting_id>")
@requires(Permission.EXAM_SITTING_WATCH)
def show_sitting(sitting_id: UUID) -> str:
    """Show one sitting: its steps, the form of the next step, and the live list."""
    return _page(load(find_sitting, sitting_id))


@bp.post("/<uuid:sitting_id>/dong-goi")
@requires(Permission.EXAM_SITTING_FREEZE)
def freeze(sitting_id: UUID) -> Answer:
    """Freeze the sitting and show its two codes this once."""
    sitting = load(find_sitting, sitting_id)
    form = FreezeForm()
    try:
        _checked(form)
        # sharing questions between sittings is the chair's to answer for, and only the chair opens
        reason = (form.shared_pool_reason.data or "") if may(Permission.EXAM_SITTING_OPEN, sitting) else ""
        frozen = freeze_sitting(
            db.session(),
            sitting,
            keys=site().keys,
            random_bytes=secrets.token_bytes,
            replaces=form.seen,
            shared_pool_reason=reason,
            actor=g.actor,
            now=g.now,
        )
    except ServiceError as error:
        form.confirm.data = False  # what was confirmed is no longer what the page shows
        return _refused(sitting_id, error, freeze=form)
    return render("delivery_staff/freeze.html", sitting=sitting, frozen=frozen)


@bp.post("/<uuid:sitting_id>/so-rut")
@requires(Permission.EXAM_SITTING_OPEN)
def fix_public_value(sitting_id: UUID) -> Answer:
    """Record the public value before any code is entered."""
    sitting = load(find_sitting, sitting_id)
    form = PublicValueForm()
    try:
        _checked(form)
        opening = record_public_value(
            db.session(),
            sitting,
            form.public_value.data or "",
            form.repeated.data or "",
            witness_names=form.witness_names.data or "",
            actor=g.actor,
            now=g.now,
        )
    except ServiceError as error:
        return _refused(sitting_id, error, public_value=form)
    message = N_("Đã ghi số rút công khai %(value)s. Số này không sửa được nữa.")
    return done(translate(message, value=opening.public_value), _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/mo-de")
@requires(Permission.EXAM_SITTING_OPEN)
def open_sitting(sitting_id: UUID) -> Answer:
    """Open the paper with its code; the draw follows as a job."""
    sitting = load(find_sitting, sitting_id)
    form = OpenForm()
    try:
        _checked(form)
        open_paper(
            db.session(),
            sitting,
            form.paper_code.data or "",
            key_code=(form.key_code.data or "") if sitting.mode is SittingMode.REHEARSAL else None,
            secure_transport=site().settings.may_open_programmed,
            keys=site().keys,
            actor=g.actor,
            now=g.now,
        )
    except ServiceError as error:
        return _refused(sitting_id, error, open=form)
    return done(translate(N_("Đã mở đề. Máy chủ đang rút đề cho từng thí sinh.")), _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/rut-lai")
@requires(Permission.EXAM_SITTING_OPEN)
def draw_again(sitting_id: UUID) -> Answer:
    """Start the draw again after it has failed."""
    load(find_sitting, sitting_id)
    try:
        restart_draw(db.session(), sitting_id, actor=g.actor, now=g.now)
    except ServiceError as error:
        return _refused(sitting_id, error)
    return done(translate(N_("Máy chủ đang rút đề lại.")), _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/niem-phong")
@requires(Permission.EXAM_SITTING_SEAL)
def seal(sitting_id: UUID) -> Answer:
    """Close what nobody submitted and fix root R1."""
    load(find_sitting, sitting_id)
    form = SealForm()
    try:
        _checked(form)
        root = seal_sitting(db.session(), sitting_id, keys=site().keys, actor=g.actor, now=g.now)
    except ServiceError as error:
        return _refused(sitting_id, error, seal=form)
    note = ngettext(
        "Đã niêm phong %(num)s bài làm. In gốc R1 trước khi mở đáp án.",
        "Đã niêm phong %(num)s bài làm. In gốc R1 trước khi mở đáp án.",
        root.leaves,
    )
    return done(note, _PAGE, sitting_id=sitting_id)


@bp.post("/<uuid:sitting_id>/dap-an")
@requires(Permission.EXAM_KEYS_OPEN)
def open_keys(sitting_id: UUID) -> Answer:
    """Open the keys after R1 and mark every attempt."""
    load(find_sitting, sitting_id)
    form = KeyCodeForm()
    try:
        _checked(form)
        code = form.key_code.data or ""
        root = open_keys_and_mark(db.session(), sitting_id, code, keys=site().keys, actor=g.actor, now=g.now)
    except ServiceError as error:
        return _refused(sitting_id, error, key_code=form)
    note = ngettext(
        "Đã mở đáp án và chấm %(num)s bài. Thí sinh xem được kết quả trên máy.",
        "Đã mở đáp án và chấm %(num)s bài. Thí sinh xem được kết quả trên máy.",
        root.leaves - len(voided_numbers(db.session(), sitting_id)),
    )
    return done(note, _PAGE, sitting_id=sitting_id)


def _checked(form: PageForm) -> None:
    """Raise Invalid with the form's first sentence when it is not filled in."""
    if not form.validate_on_submit():
        raise Invalid("form", next(str(message) for messages in form.errors.values() for message in messages))


def _refused(sitting_id: UUID, error: ServiceError, **form: PageForm) -> tuple[str, int]:
    """Draw the page again as it is in the database, the refusal on top and at its field; the boundary rolls back.

    A wrong code of a compartment is recorded after the rollback: it must stay in the log.
    """
    db.session.rollback()
    if isinstance(error, CodeRefused):
        actor, now = g.actor, g.now
        do_afterwards(lambda session: record_refused_code(session, error, actor=actor, now=now))
    sitting = load(find_sitting, sitting_id)
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    return _page(sitting, refusal=told(error), **form), status


def _page(sitting: Sitting, refusal: str | None = None, **form: PageForm) -> str:
    session = db.session()
    package = active_package(session, sitting.id)
    roots = result_roots(session, sitting.id)
    is_sealed = sitting.mode is SittingMode.PROGRAMMED and sitting.state in (SittingState.SEALED, SittingState.MARKED)
    deeds = deeds_of(session, sitting, site().keys)
    return render(
        "delivery_staff/show_sitting.html",
        sitting=sitting,
        seated=count_seats(session, sitting.id),
        package=package,
        opening=opening_of(session, package.id) if package else None,
        roots=roots,
        r1=roots.get(RootKind.ANSWERS),
        sealed=sealed_findings(session, sitting.id, site().keys) if is_sealed else None,
        steps=line_of_steps(sitting, deeds),
        deeds=deeds,
        drawing=draw_progress(session, sitting.id) if sitting.state is SittingState.OPENING else None,
        now=g.now,
        margin=start_margin(sitting.starts_at, sitting.exam_test.minutes, g.now),
        refusal=refusal,
        forms=_forms(form, first_freeze=package is None),
        **_live(sitting),
    )


def _forms(sent: Mapping[str, PageForm], *, first_freeze: bool) -> dict[str, PageForm]:
    """Return the forms of the next step, empty but for the one sent: that is not for the others."""
    forms: dict[str, PageForm] = {
        "freeze": FreezeForm(formdata=None),
        "public_value": PublicValueForm(formdata=None),
        "open": OpenForm(formdata=None),
        "draw": PageForm(formdata=None),
        "seal": SealForm(formdata=None),
        "key_code": KeyCodeForm(formdata=None),
        **sent,
    }
    if first_freeze:
        forms["freeze"]["confirm"].label.text = FIRST_FREEZE
    return forms


def _live(sitting: Sitting) -> dict[str, Any]:
    """Return the live list as the address narrows it, and the numbers of everybody in the sitting."""
    everybody = live_list(db.session(), sitting.id, g.now)
    # a rehearsal begins for each at the sign-in
    heard_from = sitting.starts_at if sitting.mode is SittingMode.PROGRAMMED else sitting.opens_at
    search = LiveSearch.of(request.args)
    found = narrow_live(everybody, search.room, search.place, g.now, heard_from)
    return {
        "everybody": len(everybody),
        "counts": count_live(everybody, g.now, heard_from),
        "live": page_of_rows(found, search.page, _LIVE_ROWS),
        "search": search,
        "rooms": sorted({row.room for row in everybody if row.room}),
    }
