"""Pages that give questions away: the list without keys, and whole questions with their keys in any format."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.bank import queries, services
from examapp.bank.forms import CopyForm
from examapp.bank.models import Subject
from examapp.bank.routes import asked_search, search_args
from examapp.bank.services import COPY_QUESTIONS, EXPORT_LIST
from examapp.bank.services.exports import MOST_AT_ONCE
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid
from examapp.core.jobs import latest_own_job
from examapp.web.downloads import download
from examapp.web.guards import load, requires
from examapp.web.language import told
from examapp.web.pages import render

bp = Blueprint("bank_export", __name__, url_prefix="/ngan-hang")

Page = str | Response | tuple[str, int]


@bp.route("/<uuid:subject_id>/xuat", methods=["GET", "POST"])
@requires(Permission.SUBJECT_BANK_SEE)
def export_questions(subject_id: UUID) -> Page:
    """Send the list as a workbook; a long one is made by the worker, and this page waits for it."""
    subject, session, search = load(queries.find_subject, subject_id), db.session(), asked_search()
    if request.method == "GET":
        job = latest_own_job(session, EXPORT_LIST, str(subject.id), g.actor.id)
        return render("bank_export/export_questions.html", subject=subject, job=job)
    total = queries.count_questions(session, subject.id, search)
    if total > MOST_AT_ONCE:
        services.order_export(session, subject, search, total=total, actor=g.actor, now=g.now)
        return redirect(url_for("bank_export.export_questions", subject_id=subject.id), 303)
    content = services.take_export(session, subject, search, total=total, actor=g.actor, now=g.now)
    return download(content.data, content.name, content.media_type)


@bp.route("/<uuid:subject_id>/lay-kem-dap-an", methods=["GET", "POST"])
@requires(Permission.SUBJECT_KEYS_TAKE)
def copy_questions(subject_id: UUID) -> Page:
    """Ask for the format and the reason, and have the worker write the questions the list shows with their keys."""
    subject, session, search = load(queries.find_subject, subject_id), db.session(), asked_search()
    form, total = CopyForm(), queries.count_questions(session, subject.id, search)
    if not form.validate_on_submit():
        return _copy_page(subject, form, total), 200 if request.method == "GET" else 422
    chosen, reason = form.file_format.data or "", form.reason.data or ""
    try:
        services.order_copy(
            session, subject, search, file_format=chosen, reason=reason, total=total, actor=g.actor, now=g.now
        )
    except (Conflict, Invalid) as error:
        form.fail("reason" if error.code == "reason_missing" else "file_format", told(error))
        return _copy_page(subject, form, total), 409 if isinstance(error, Conflict) else 422
    where: dict[str, Any] = search_args(search)
    return redirect(url_for("bank_export.copy_questions", subject_id=subject.id, **where), 303)


def _copy_page(subject: Subject, form: CopyForm, total: int) -> str:
    job = latest_own_job(db.session(), COPY_QUESTIONS, str(subject.id), g.actor.id)
    args = search_args(asked_search())
    return render("bank_export/copy_questions.html", subject=subject, form=form, total=total, job=job, args=args)
