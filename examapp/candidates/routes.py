"""Pages of an exam's candidates: the list, a list brought in from a file, one candidate, the slips to print."""

from uuid import UUID

from flask import Blueprint, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.candidates import queries
from examapp.candidates.forms import (
    AppendForm,
    CorrectForm,
    ImportForm,
    NumberingForm,
    ReissueForm,
    SlipsForm,
    UploadForm,
    WithdrawForm,
)
from examapp.candidates.models import Candidate
from examapp.candidates.queries import Only, Search, Sort
from examapp.candidates.rules import cell_text, marked_cells, numbered
from examapp.candidates.services import editing, importing, slips
from examapp.candidates.services.importing import ListPreview
from examapp.candidates.services.reading import template_file
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, ServiceError
from examapp.core.files import Content, StoredFile, find_own_file
from examapp.core.i18n import N_
from examapp.core.jobs import latest_own_job
from examapp.core.paging import PAGE_SIZE, page_of_rows
from examapp.exams.models import Exam
from examapp.exams.queries import find_exam
from examapp.web.guards import load, requires
from examapp.web.language import told, translate
from examapp.web.limits import accepts_files
from examapp.web.pages import done, render

bp = Blueprint("candidates", __name__, url_prefix="/ky-thi/<uuid:exam_id>/thi-sinh")

Page = str | Response | tuple[str, int]
#: so many problems are drawn at once; whoever has more mends these first
_MOST_PROBLEMS = 100
#: the field that a service's refusal belongs to
_FIELDS = {
    "name_wrong": "full_name",
    "birth_date_wrong": "birth_date",
    "minutes_wrong": "extra_minutes",
    "reason_missing": "reason",
}

# --- the list -------------------------------------------------------------------------------------------------------


@bp.get("/")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def list_candidates(exam_id: UUID) -> Page:
    """List the candidates of the exam, searched and sorted as asked."""
    exam, session, search = load(find_exam, exam_id), db.session(), _search()
    page = queries.search_candidates(session, exam.id, search)
    return render(
        "candidates/list_candidates.html",
        exam=exam,
        page=page,
        search=search,
        places=queries.places_of(session, [candidate.id for candidate in page.rows]),
        figures=queries.candidate_figures(session, exam.id),
    )


def _search() -> Search:
    """Return what the address asks for; what makes no sense there is what is usual."""
    sort, only = request.args.get("sort"), request.args.get("only")
    return Search(
        words=request.args.get("q", "").replace("\0", "")[:100].strip(),
        sort=Sort(sort) if sort in {one.value for one in Sort} else Sort.NUMBER,
        only=Only(only) if only in {one.value for one in Only} else Only.ALL,
        page=request.args.get("page", 1, type=int),
    )


# --- a list from a file ---------------------------------------------------------------------------------------------


@bp.get("/tep-mau")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def take_template(exam_id: UUID) -> Response:
    """Send an example of a list, with every column that is read."""
    exam = load(find_exam, exam_id)
    content = template_file(exam.number_width)
    response = make_response(content.data)
    response.mimetype = content.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{content.name}"'
    return response


@bp.route("/nhap", methods=["GET", "POST"])
@requires(Permission.EXAM_CANDIDATES_MANAGE)
@accepts_files
def upload_list(exam_id: UUID) -> Page:
    """Take a workbook, keep it for its owner, and go on to its preview; nothing of it is in the exam yet."""
    exam, form = load(find_exam, exam_id), UploadForm()
    if request.method == "GET":
        return _upload_page(exam, form)
    if not form.validate_on_submit() or not form.file.data:
        form.fail("file", _("Chọn tệp danh sách thí sinh rồi bấm “Xem trước”."))
        return _upload_page(exam, form), 422
    content = Content(form.file.data.read(), form.file.data.filename or "danh-sach.xlsx")
    try:
        stored = importing.keep_upload(db.session(), content, actor=g.actor, now=g.now)
    except Invalid as error:
        form.fail("file", told(error))
        return _upload_page(exam, form), 422
    return redirect(url_for("candidates.preview_list", exam_id=exam.id, file=stored.id), 303)


def _upload_page(exam: Exam, form: UploadForm) -> str:
    session = db.session()
    figures, seated = queries.candidate_figures(session, exam.id), queries.count_seated(session, exam.id)
    return render("candidates/upload_list.html", exam=exam, form=form, figures=figures, seated=seated)


@bp.get("/nhap/xem")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def preview_list(exam_id: UUID) -> Page:
    """Show an uploaded list as it would be imported, or every problem in its very cell."""
    exam = load(find_exam, exam_id)
    stored = _own_upload(request.args.get("file", ""))
    if stored is None:
        return _upload_gone(exam)
    form = NumberingForm(request.args, meta={"csrf": False})  # it only asks
    form.validate()
    return _preview_page(exam, stored, form)


@bp.post("/nhap/dua-vao")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def import_list(exam_id: UUID) -> Page:
    """Import the list that was previewed, whole, or show it numbered otherwise when that button was pressed."""
    exam, form = load(find_exam, exam_id), ImportForm()
    stored = _own_upload(form.file.data or "")
    if stored is None:
        return _upload_gone(exam)
    if request.form.get("deed") == "renumber":
        start, order = request.form.get("start", ""), request.form.get("order", "")
        address = url_for("candidates.preview_list", exam_id=exam.id, file=stored.id, start=start, order=order)
        return redirect(address, 303)
    if not form.validate_on_submit():
        return _preview_page(exam, stored, form), 422
    numbering = form.numbering()
    seen = {"digest": form.digest.data or "", "replaces": form.replaces.data or ""}
    try:
        if seen["replaces"] and not form.confirm.data:
            raise Invalid("not_confirmed", N_("Đánh dấu ô xác nhận thay danh sách cũ, rồi bấm lại."))
        added = importing.import_list(db.session(), exam, stored, numbering=numbering, **seen, actor=g.actor, now=g.now)
    except (Conflict, Invalid) as error:
        return _preview_page(exam, stored, form, refusal=error), 409 if isinstance(error, Conflict) else 422
    return done(
        ngettext("Đã nhập %(num)s thí sinh.", "Đã nhập %(num)s thí sinh.", len(added)),
        "candidates.list_candidates",
        exam_id=exam.id,
    )


def _own_upload(text: str) -> StoredFile | None:
    """Return the upload of this person that an address or a form names."""
    try:
        return find_own_file(db.session(), UUID(text), g.actor.id)
    except ValueError:
        return None


def _upload_gone(exam: Exam) -> Response:
    note = _("Danh sách tải lên không còn ở đây: đã được nhập, hoặc đã quá một ngày. Xem danh sách dưới đây.")
    return done(note, "candidates.list_candidates", tone="warn", exam_id=exam.id)


def _preview_page(
    exam: Exam,
    stored: StoredFile,
    asked: NumberingForm,
    refusal: ServiceError | None = None,
) -> str:
    """Draw the preview; `refusal` is why the list was not imported just now."""
    session, numbering = db.session(), asked.numbering()
    preview: ListPreview | None = None
    try:
        preview = importing.preview_list(session, exam, stored, numbering)
    except Invalid as error:
        refusal = error
    digest, replaces = preview.digest if preview else "", queries.list_stamp(session, exam.id)
    form = ImportForm(formdata=None, file=str(stored.id), digest=digest, replaces=replaces)
    form.show(asked)
    findings = numbered(preview.checked)[:_MOST_PROBLEMS] if preview else []
    problems = bool(preview and preview.checked.problems)
    wanted = {finding.problem.row for finding in findings}
    rows = [row for row in preview.rows if not problems or row["row"] in wanted] if preview else []
    return render(
        "candidates/preview_list.html",
        exam=exam,
        stored=stored,
        preview=preview,
        page=page_of_rows(rows, request.args.get("page", 1, type=int), _MOST_PROBLEMS if problems else PAGE_SIZE),
        findings=findings,
        marks=marked_cells(findings),
        cell_text=cell_text,
        form=form,
        args={"exam_id": exam.id, "file": stored.id, "start": numbering.first, "order": numbering.order.value},
        refusal=refusal,
        figures=queries.candidate_figures(session, exam.id),
        seated=queries.count_seated(session, exam.id),
    )


# --- one candidate --------------------------------------------------------------------------------------------------


@bp.route("/them", methods=["GET", "POST"])
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def append_candidate(exam_id: UUID) -> Page:
    """Add one candidate after the last."""
    exam, form = load(find_exam, exam_id), AppendForm()
    figures = queries.candidate_figures(db.session(), exam.id)
    page: dict[str, object] = {"exam": exam, "form": form, "figures": figures}
    seen, form.after.data = form.after.data or "", figures.last or ""
    if not form.validate_on_submit():
        return render("candidates/append_candidate.html", **page), 200 if request.method == "GET" else 422
    try:
        added = editing.append_candidate(db.session(), exam, form.personal(), seen=seen, actor=g.actor, now=g.now)
    except Conflict as error:
        return render("candidates/append_candidate.html", **page, refusal=error), 409
    except Invalid as error:
        form.fail(_FIELDS[error.code], told(error))
        return render("candidates/append_candidate.html", **page), 422
    note = _("Đã thêm thí sinh %(name)s, số báo danh %(number)s.", name=added.full_name, number=added.number)
    return done(note, "candidates.show_candidate", exam_id=exam.id, candidate_id=added.id)


@bp.get("/<uuid:candidate_id>")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def show_candidate(exam_id: UUID, candidate_id: UUID) -> Page:
    """Show one candidate, and what can be done for them."""
    candidate, form = load(queries.find_candidate, exam_id, candidate_id), CorrectForm(formdata=None)
    form.show(candidate)
    return _candidate_page(candidate, form)


@bp.post("/<uuid:candidate_id>")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def correct_candidate(exam_id: UUID, candidate_id: UUID) -> Page:
    """Correct name, birth date or extra minutes."""
    candidate, form = load(queries.find_candidate, exam_id, candidate_id), CorrectForm()
    if not form.validate_on_submit():
        return _candidate_page(candidate, form), 422
    given, seen, reason = form.personal(), form.seen.data or "", form.reason.data or ""
    try:
        changed = editing.correct_candidate(
            db.session(), candidate, given, seen=seen, reason=reason, actor=g.actor, now=g.now
        )
    except Conflict as error:
        form.seen.data = candidate.stamp
        return _candidate_page(candidate, form, refusal=error), 409
    except Invalid as error:
        form.fail(_FIELDS[error.code], told(error))
        return _candidate_page(candidate, form), 422
    note = N_("Đã lưu.") if changed else N_("Không có gì thay đổi nên không lưu gì.")
    return _back(candidate, translate(note))


@bp.post("/<uuid:candidate_id>/rut-ten")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def withdraw_candidate(exam_id: UUID, candidate_id: UUID) -> Page:
    """Take a candidate out of the exam; the same page takes it back."""
    candidate, form = load(queries.find_candidate, exam_id, candidate_id), WithdrawForm()
    if not form.validate_on_submit():
        return _candidate_page(candidate, withdraw=form), 422
    try:
        editing.withdraw_candidate(db.session(), candidate, form.why.data or "", actor=g.actor, now=g.now)
    except Conflict as error:
        return _candidate_page(candidate, refusal=error), 409
    return _back(candidate, _("Đã ghi thí sinh rút tên. Nếu nhầm, bấm “Khôi phục” bên dưới."))


@bp.post("/<uuid:candidate_id>/khoi-phuc")
@requires(Permission.EXAM_CANDIDATES_MANAGE)
def restore_candidate(exam_id: UUID, candidate_id: UUID) -> Page:
    """Take a withdrawal back."""
    candidate = load(queries.find_candidate, exam_id, candidate_id)
    try:
        editing.restore_candidate(db.session(), candidate, actor=g.actor, now=g.now)
    except Conflict as error:
        return _candidate_page(candidate, refusal=error), 409
    return _back(candidate, _("Đã khôi phục: thí sinh dự thi với số báo danh cũ."))


@bp.route("/<uuid:candidate_id>/cap-lai-ma", methods=["GET", "POST"])
@requires(Permission.EXAM_SLIPS_PRINT)
def reissue_code(exam_id: UUID, candidate_id: UUID) -> Page:
    """Say what a new code means, then make it."""
    candidate, form = load(queries.find_candidate, exam_id, candidate_id), ReissueForm()
    if request.method == "GET":
        form.seen_issue.data = str(candidate.code_issue)
        return _reissue_page(candidate, form)
    if not form.validate_on_submit():
        return _reissue_page(candidate, form), 422
    issue, reason = form.issue, form.reason.data or ""
    try:
        editing.reissue_code(db.session(), candidate, seen_issue=issue, reason=reason, actor=g.actor, now=g.now)
    except Conflict as error:
        form.seen_issue.data = str(candidate.code_issue)
        return _reissue_page(candidate, form, error), 409
    return _back(candidate, _("Đã cấp mã mới. In phiếu mới cho thí sinh; phiếu cũ không còn dùng được."))


def _candidate_page(
    candidate: Candidate,
    form: CorrectForm | None = None,
    *,
    withdraw: WithdrawForm | None = None,
    refusal: ServiceError | None = None,
) -> str:
    session = db.session()
    if form is None:
        form = CorrectForm(formdata=None)
        form.show(candidate)
    return render(
        "candidates/show_candidate.html",
        exam=find_exam(session, candidate.exam_id),
        candidate=candidate,
        form=form,
        withdraw=withdraw or WithdrawForm(formdata=None),
        refusal=refusal,
        places=queries.places_of(session, [candidate.id]).get(candidate.id, ()),
    )


def _reissue_page(candidate: Candidate, form: ReissueForm, refusal: ServiceError | None = None) -> str:
    session = db.session()
    return render(
        "candidates/reissue_code.html",
        exam=find_exam(session, candidate.exam_id),
        candidate=candidate,
        form=form,
        refusal=refusal,
        places=queries.places_of(session, [candidate.id]).get(candidate.id, ()),
    )


def _back(candidate: Candidate, note: str) -> Response:
    return done(note, "candidates.show_candidate", exam_id=candidate.exam_id, candidate_id=candidate.id)


# --- slips ----------------------------------------------------------------------------------------------------------


@bp.route("/phieu-bao", methods=["GET", "POST"])
@requires(Permission.EXAM_SLIPS_PRINT)
def print_slips(exam_id: UUID) -> Page:
    """Have the slips of all candidates, or of some, made by a job; the newest of this person's files is offered."""
    exam, session = load(find_exam, exam_id), db.session()
    form = SlipsForm() if request.method == "POST" else SlipsForm(request.args)
    if request.method == "GET":
        return _slips_page(exam, form)
    if not form.validate_on_submit():
        return _slips_page(exam, form), 422
    first, last = form.first.data or "", form.last.data or ""
    try:
        count = slips.order_slips(session, exam, first, last, actor=g.actor, now=g.now)
    except Invalid as error:
        form.fail("last" if error.code == "no_slips" else "first", told(error))
        return _slips_page(exam, form), 422
    note = ngettext(
        "Máy chủ nhận lập %(num)s phiếu. Trang tự cập nhật khi xong.",
        "Máy chủ nhận lập %(num)s phiếu. Trang tự cập nhật khi xong.",
        count,
    )
    return done(note, "candidates.print_slips", tone="info", exam_id=exam.id)


def _slips_page(exam: Exam, form: SlipsForm) -> str:
    session = db.session()
    return render(
        "candidates/print_slips.html",
        exam=exam,
        form=form,
        figures=queries.candidate_figures(session, exam.id),
        job=latest_own_job(session, slips.MAKE_SLIPS, slips.slips_subject(exam), g.actor.id),
    )
