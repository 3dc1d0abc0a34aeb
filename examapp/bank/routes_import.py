"""Pages that bring a file of questions into the bank: choose it, join columns, preview, mend rows, bring in, undo."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.bank.forms_import import FIELD_NAMES, ApplyForm, UploadForm, mapping_form, mend_form
from examapp.bank.imports import applying, jobs, listing, mending, refused, undoing
from examapp.bank.imports.listing import ShownProblem
from examapp.bank.imports.reading import FileRefused, Layout, kept_content, receive_file, take_file_in
from examapp.bank.imports.rows import preview_stamp
from examapp.bank.models import Import, ImportRow, ImportRowState, ImportState, Subject
from examapp.core.db import db
from examapp.core.errors import Conflict
from examapp.core.files import XLSX, Content
from examapp.core.paging import page_of
from examapp.web.downloads import download
from examapp.web.forms import ConfirmForm
from examapp.web.guards import load, requires
from examapp.web.language import told
from examapp.web.limits import accepts_files
from examapp.web.pages import done, render
from examapp.web.site import site
from question_bank.formats import FieldMapping, weight, xlsx
from question_bank.formats.mapping import DEFAULT_FIELDS, FIELDS, OPTION_FIELDS
from question_bank.formats.registry import MAPPED

bp = Blueprint("bank_import", __name__, url_prefix="/ngan-hang")

Page = str | Response | tuple[str, int]
_IMPORT = Permission.SUBJECT_QUESTIONS_IMPORT


# --- the list and the file ------------------------------------------------------------------------------------------


@bp.get("/nhap")
@requires(_IMPORT, somewhere=True)
def list_imports() -> str:
    """List the files of the subjects this person may bring questions into."""
    session, reach = db.session(), reach_of(g.actor, _IMPORT)
    subjects = listing.subjects_in(session, reach)
    asked = next((one for one in subjects if str(one.id) == request.args.get("mon")), None)
    page = page_of(
        session, listing.imports_in(reach, asked.id if asked else None), request.args.get("page", 1, type=int)
    )
    return render("bank_import/list_imports.html", page=page, subjects=subjects, asked=asked)


@bp.get("/nhap/tep-mau.xlsx")
@requires(_IMPORT, somewhere=True)
def download_template() -> Response:
    """Send the empty template with its help sheet."""
    return download(xlsx.write().data, "mau-cau-hoi.xlsx", XLSX)


@bp.route("/<uuid:subject_id>/nhap", methods=["GET", "POST"])
@requires(_IMPORT)
@accepts_files
def upload_file(subject_id: UUID) -> Page:
    """Take a file and keep it; read it at once when nobody has to join its columns."""
    subject, form = load(listing.find_subject, subject_id), UploadForm()
    if request.method == "GET":
        return _upload_page(subject, form)
    if not form.validate_on_submit() or not form.file.data:
        form.fail("file", _("Chọn tệp câu hỏi rồi bấm “Tải lên”."))
        return _upload_page(subject, form), 422
    content = Content(form.file.data.read(), form.file.data.filename or "cau-hoi")
    try:
        batch = receive_file(db.session(), subject, content, actor=g.actor, now=g.now)
        return _read(batch, content.data)
    except FileRefused as error:
        words = told(error.problem)
        form.fail("file", words[:1].upper() + words[1:])  # without a row in front of it
        return _upload_page(subject, form, unread=content.name), 422


def _upload_page(subject: Subject, form: UploadForm, unread: str = "") -> str:
    limit = site().settings.max_upload_bytes // (1024 * 1024)
    return render("bank_import/upload_file.html", subject=subject, form=form, limit=limit, unread=unread)


def _read(batch: Import, data: bytes, mapping: FieldMapping | None = None) -> Response:
    """Read the kept file, large ones by the worker, and go where the person has to go on."""
    session = db.session()
    if weight(data) > jobs.LARGE_BYTES:
        jobs.read_later(session, batch, mapping=mapping, actor=g.actor)
        return redirect(url_for("bank_import.watch_import", import_id=batch.id), 303)
    jobs.check_idle(session, batch)
    take_file_in(session, batch, mapping=mapping, actor=g.actor, now=g.now)
    if batch.state is ImportState.UPLOADED:
        return redirect(url_for("bank_import.map_columns", import_id=batch.id), 303)
    return done(_("Đã đọc xong tệp. Chưa câu nào vào ngân hàng."), "bank_import.show_import", import_id=batch.id)


# --- joining columns ------------------------------------------------------------------------------------------------


@bp.route("/nhap/<uuid:import_id>/ghep-cot", methods=["GET", "POST"])
@requires(_IMPORT)
def map_columns(import_id: UUID) -> Page:
    """Ask which column of the file holds which field, and read the file so."""
    batch = load(listing.find_import, import_id)
    layout = Layout.of(batch)
    if layout is None or batch.state in (ImportState.APPLIED, ImportState.UNDONE):
        return redirect(url_for("bank_import.show_import", import_id=batch.id), 303)
    form = mapping_form(layout, FieldMapping.from_json(batch.mapping) if batch.mapping else layout.guessed)
    if not form.validate_on_submit():
        return _mapping_page(batch, layout, form), 200 if request.method == "GET" else 422
    mapping = form.mapping(None if layout.format in MAPPED else layout.guessed.columns)
    if layout.format in MAPPED and not mapping.usable():
        form.fail("column_stem", _("Chọn ít nhất cột của câu hỏi và của các phương án A, B."))
        return _mapping_page(batch, layout, form), 422
    try:
        return _read(batch, kept_content(db.session(), batch), mapping)
    except FileRefused as error:
        form.fail("key_style", told(error))
        return _mapping_page(batch, layout, form), 422


def _mapping_page(batch: Import, layout: Layout, form: Any) -> str:
    session = db.session()
    return render(
        "bank_import/map_columns.html",
        batch=batch,
        layout=layout,
        form=form,
        names=FIELD_NAMES,
        main=("stem", *OPTION_FIELDS[:5], "key", "topic", "level"),
        others=[name for name in FIELDS if name not in ("stem", *OPTION_FIELDS[:5], "key", "topic", "level")],
        defaults=DEFAULT_FIELDS,
        has_columns=layout.format in MAPPED,
        topics=listing.topic_names(session, batch),
        figures=listing.figures_of(session, batch),
    )


# --- the preview ----------------------------------------------------------------------------------------------------


@bp.get("/nhap/<uuid:import_id>")
@requires(_IMPORT)
def show_import(import_id: UUID) -> Page:
    """Show what was read: key figures, numbered problems, and the rows with the very cells marked."""
    batch, session = load(listing.find_import, import_id), db.session()
    if jobs.is_busy(jobs.job_of(session, batch)):
        return redirect(url_for("bank_import.watch_import", import_id=batch.id), 303)
    if batch.state is ImportState.UPLOADED:
        endpoint = "bank_import.map_columns" if batch.layout else "bank_import.watch_import"
        return redirect(url_for(endpoint, import_id=batch.id), 303)
    all_rows = request.args.get("dong") == "tat-ca"
    return render(
        "bank_import/show_import.html",
        batch=batch,
        figures=listing.figures_of(session, batch),
        about_file=listing.problems_about_file(batch),
        shown=listing.rows_page(session, batch, request.args.get("page", 1, type=int), all_rows=all_rows),
        all_rows=all_rows,
        names=FIELD_NAMES,
        large=batch.rows_refused > jobs.LARGE_ROWS,
        sure=ConfirmForm(),
    )


@bp.get("/nhap/<uuid:import_id>/viec")
@requires(_IMPORT)
def watch_import(import_id: UUID) -> str:
    """Show how far the worker is with a large file."""
    batch = load(listing.find_import, import_id)
    job = jobs.job_of(db.session(), batch, writing_too=True)
    return render("bank_import/watch_import.html", batch=batch, job=job, sure=ConfirmForm())


@bp.get("/nhap/<uuid:import_id>/dong-bi-loai.xlsx")
@requires(_IMPORT)
def download_refused(import_id: UUID) -> Response:
    """Send the refused rows with what is wrong in words, to be mended and sent up again."""
    batch = load(listing.find_import, import_id)
    if not 0 < batch.rows_refused <= jobs.LARGE_ROWS:
        return redirect(url_for("bank_import.show_import", import_id=batch.id), 303)
    content = refused.refused_rows_file(db.session(), batch, _in_words)
    return download(content.data, content.name, content.media_type)


@bp.post("/nhap/<uuid:import_id>/lap-dong-bi-loai")
@requires(_IMPORT)
def write_refused(import_id: UUID) -> Response:
    """Have the worker write very many refused rows."""
    batch = load(listing.find_import, import_id)
    jobs.write_refused_later(db.session(), batch, actor=g.actor)
    return redirect(url_for("bank_import.watch_import", import_id=batch.id), 303)


def _in_words(problem: ShownProblem) -> str:
    words = told(problem)
    if problem.column:
        words = f"{_('cột “%(column)s”', column=problem.column)}: {words}"
    advice = f" {_(problem.advice)}" if problem.advice else ""
    return f"{words[:1].upper()}{words[1:]}{advice}"


# --- one row --------------------------------------------------------------------------------------------------------


@bp.route("/nhap/<uuid:import_id>/dong/<int:row>", methods=["GET", "POST"])
@requires(_IMPORT)
def mend_row(import_id: UUID, row: int) -> Page:
    """Mend one row by hand; it is judged as if the file had said so."""
    batch, session = load(listing.find_import, import_id), db.session()
    jobs.check_idle(session, batch)
    found = listing.find_row(session, batch, row)
    form = mend_form(found.values, found.mends)
    open_for_it = batch.state is ImportState.PREVIEWED and listing.is_typed_row(found)
    if not open_for_it or not form.validate_on_submit():
        return _mend_page(batch, found, form), 200 if request.method == "GET" else 422
    try:
        mended = mending.mend_row(
            session, batch, row, form.values(found.values), seen=form.seen_mends, actor=g.actor, now=g.now
        )
    except Conflict as error:
        form.fail("stem", told(error))
        return _mend_page(batch, found, form), 409
    if mended.state is ImportRowState.REFUSED:
        note = _("Đã lưu chỗ sửa, nhưng dòng %(row)s vẫn còn vấn đề.", row=row)
        return done(note, "bank_import.mend_row", tone="warn", import_id=batch.id, row=row)
    note = _("Dòng %(row)s đã đạt và sẽ được nhập.", row=row)
    return done(note, "bank_import.show_import", import_id=batch.id)


def _mend_page(batch: Import, row: ImportRow, form: Any) -> str:
    return render(
        "bank_import/mend_row.html",
        batch=batch,
        row=row,
        form=form,
        problems=listing.shown_problems(row, batch),
        is_typed=listing.is_typed_row(row),
        text=listing.as_read(row),
        topics=listing.topic_names(db.session(), batch),
        options=len(row.values.get("options", [])) if isinstance(row.values.get("options"), list) else 0,
    )


# --- into the bank and out again ------------------------------------------------------------------------------------


@bp.route("/nhap/<uuid:import_id>/dua-vao", methods=["GET", "POST"])
@requires(_IMPORT)
def apply_import(import_id: UUID) -> Page:
    """Say what will be brought in and what not, and do it."""
    batch, session, form = load(listing.find_import, import_id), db.session(), ApplyForm()
    seen, form.seen.data = form.seen.data or "", preview_stamp(session, batch)
    if not batch.rows_accepted or not form.validate_on_submit():
        return _apply_page(batch, form), 200 if request.method == "GET" else 422
    if batch.rows_accepted > jobs.LARGE_ROWS:
        jobs.apply_later(session, batch, seen=seen, actor=g.actor)
        return redirect(url_for("bank_import.watch_import", import_id=batch.id), 303)
    jobs.check_idle(session, batch)
    try:
        made = applying.apply_import(session, batch, seen=seen, actor=g.actor, now=g.now)
    except Conflict as error:
        if error.code != "bank_changed":
            raise
        return _compared(batch)
    note = ngettext("Đã nhập %(num)s câu vào ngân hàng.", "Đã nhập %(num)s câu vào ngân hàng.", made)
    return done(note, "bank_import.show_import", import_id=batch.id)


def _apply_page(batch: Import, form: ApplyForm) -> str:
    session = db.session()
    return render(
        "bank_import/apply_import.html",
        batch=batch,
        figures=listing.figures_of(session, batch),
        waiting=listing.count_waiting(session, batch),
        new_topics=listing.new_topics(session, batch),
        form=form,
    )


@bp.post("/nhap/<uuid:import_id>/so-lai")
@requires(_IMPORT)
def compare_import(import_id: UUID) -> Response:
    """Compare a preview with the bank once more: it may have got some of the questions meanwhile."""
    batch = load(listing.find_import, import_id)
    jobs.check_idle(db.session(), batch)
    return _compared(batch)


def _compared(batch: Import) -> Response:
    found = applying.compare_again(db.session(), batch, actor=g.actor, now=g.now)
    note = ngettext(
        "Ngân hàng có thêm câu từ lúc xem trước: đã bỏ %(num)s dòng trùng. Xem lại rồi nhập.",
        "Ngân hàng có thêm câu từ lúc xem trước: đã bỏ %(num)s dòng trùng. Xem lại rồi nhập.",
        found,
    )
    if not found:
        note = _("Không có dòng nào trùng thêm với ngân hàng.")
    return done(note, "bank_import.show_import", tone="warn" if found else "ok", import_id=batch.id)


@bp.route("/nhap/<uuid:import_id>/hoan-tac", methods=["GET", "POST"])
@requires(_IMPORT)
def undo_import(import_id: UUID) -> Page:
    """Say what undoing an import deletes, and do it while nothing is built on its questions."""
    batch, session, form = load(listing.find_import, import_id), db.session(), ConfirmForm()
    if not form.validate_on_submit():
        fault = undoing.undo_fault(session, batch) if batch.state is ImportState.APPLIED else None
        page = render("bank_import/undo_import.html", batch=batch, form=form, fault=fault)
        return page, 200 if request.method == "GET" else 422
    count = undoing.undo_import(session, batch, actor=g.actor, now=g.now)
    note = ngettext(
        "Đã hoàn tác: %(num)s câu không còn trong ngân hàng.",
        "Đã hoàn tác: %(num)s câu không còn trong ngân hàng.",
        count,
    )
    return done(note, "bank_import.show_import", import_id=batch.id)


@bp.route("/nhap/<uuid:import_id>/bo", methods=["GET", "POST"])
@requires(_IMPORT)
def discard_import(import_id: UUID) -> Page:
    """Ask once more, and drop a file that never reached the bank."""
    batch, form = load(listing.find_import, import_id), ConfirmForm()
    jobs.check_idle(db.session(), batch)
    if not form.validate_on_submit():
        page = render("bank_import/discard_import.html", batch=batch, form=form)
        return page, 200 if request.method == "GET" else 422
    name = batch.file_name
    undoing.discard_import(db.session(), batch, actor=g.actor, now=g.now)
    return done(_("Đã bỏ tệp %(name)s.", name=name), "bank_import.list_imports")
