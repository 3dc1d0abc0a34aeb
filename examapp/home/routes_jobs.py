"""Background jobs and files of whoever is signed in; a keeper of jobs sees everybody's jobs, never their files."""

from uuid import UUID

from flask import Blueprint, g, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.core.errors import NotFound
from examapp.core.files import StoredFile, find_own_file, read_file
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress
from examapp.home import background
from examapp.web.downloads import download
from examapp.web.guards import may, requires
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("jobs", __name__, url_prefix="/viec")

#: how many files stand beside the list of jobs
_FEW = 10


@bp.get("/")
@requires(Permission.ACCOUNT_JOBS_SEE)
def list_jobs() -> str:
    """Show one's own jobs and newest files; to a keeper of jobs everybody's."""
    everybody = may(Permission.SITE_JOBS_MANAGE) and request.args.get("whose") != "mine"
    state = request.args.get("state", "")
    owner = None if everybody else g.actor.id
    page = background.list_jobs(db.session(), owner, state, request.args.get("page", 1, type=int))
    rows = background.rows_of(db.session(), page.rows, g.actor, site().hooks.name_things, g.now)
    return render(
        "jobs/list_jobs.html",
        page=page.with_rows(rows),
        open=any(not one.state.has_ended for one in page.rows),
        everybody=everybody,
        state=state if state in background.STATES else "",
        states=background.STATES,
        files=background.list_files(db.session(), g.actor.id, g.now, size=_FEW),
    )


@bp.get("/<int:job_id>")
@requires(Permission.ACCOUNT_JOBS_SEE)
def show_job(job_id: int) -> str:
    """Show one job, redrawn until it has ended."""
    rows = background.rows_of(db.session(), [_job(job_id)], g.actor, site().hooks.name_things, g.now)
    return render("jobs/show_job.html", row=rows[0])


@bp.post("/<int:job_id>/dung")
@requires(Permission.ACCOUNT_JOBS_SEE)
def stop_job(job_id: int) -> Response:
    """Take a job out of the queue, or ask it to stop."""
    job = _job(job_id)
    taken_out = background.stop_for(db.session(), job, actor=g.actor, now=g.now)
    note = (
        _("Đã dừng việc này trước khi máy chủ bắt đầu.")
        if taken_out
        else _("Đã yêu cầu dừng. Việc sẽ dừng trong giây lát.")
    )
    return done(note, "jobs.show_job", job_id=job.job_id)


@bp.post("/<int:job_id>/lam-lai")
@requires(Permission.ACCOUNT_JOBS_SEE)
def repeat_job(job_id: int) -> Response:
    """Have a job that failed or was stopped done again, as a new one."""
    job = _job(job_id)
    number = background.repeat_for(db.session(), job, site().hooks.scope_of_name, actor=g.actor, now=g.now)
    return done(_("Đã xếp hàng làm lại thành việc này."), "jobs.show_job", job_id=number)


@bp.get("/tep")
@requires(Permission.ACCOUNT_FILES_TAKE)
def list_files() -> str:
    """Show one's own files."""
    page = background.list_files(db.session(), g.actor.id, g.now, request.args.get("page", 1, type=int))
    return render("jobs/list_files.html", page=page)


@bp.get("/tep/<uuid:file_id>")
@requires(Permission.ACCOUNT_FILES_TAKE)
def take_file(file_id: UUID) -> Response:
    """Send a file to its owner."""
    stored = _file(file_id)
    background.check_takes(db.session(), stored, site().hooks.scope_of_name, actor=g.actor)
    return download(read_file(db.session(), stored), stored.name, stored.media_type)


@bp.post("/tep/<uuid:file_id>/xoa")
@requires(Permission.ACCOUNT_FILES_TAKE)
def delete_file(file_id: UUID) -> Response:
    """Delete one's own file."""
    stored = _file(file_id)
    name = stored.name
    background.delete_file(db.session(), stored, actor=g.actor, now=g.now)
    return done(_("Đã xóa tệp “%(name)s”. Cần thì làm lại từ trang đã lập tệp.", name=name), "jobs.list_files")


def _job(job_id: int) -> JobProgress:
    """Return a job of whoever is signed in, or any to a keeper; everybody else learns nothing of it."""
    found = background.find_job_for(db.session(), job_id, g.actor)
    if found is None:
        raise NotFound("job_unknown", N_("Không tìm thấy việc này trong các việc anh/chị đã yêu cầu."))
    return found


def _file(file_id: UUID) -> StoredFile:
    stored = find_own_file(db.session(), file_id, g.actor.id)
    if stored is None or stored.expires_at <= g.now:
        message = N_("Không có tệp này, hoặc tệp đã hết hạn và được xóa. Làm lại tệp từ trang đã lập nó.")
        raise NotFound("file_gone", message)
    return stored
