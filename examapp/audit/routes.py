"""The log as people read it, take it away and have it checked. No event is ever written by hand here.

Readers of the whole log see all of it; the council of one exam sees the logs of its exam and of the exam's sittings.
"""

from collections.abc import Collection, Mapping

from flask import Blueprint, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import Reach, reach_of
from examapp.access.scopes import SITE
from examapp.audit import queries, services
from examapp.audit.forms import Asked, asked_format, shown_filter
from examapp.audit.queries.lines import changes_of, event_line, things_in
from examapp.audit.queries.stored import stored_event
from examapp.audit.rules import GROUPS, actions_of, kind_of
from examapp.core.db import db
from examapp.core.files import Content
from examapp.core.jobs import latest_job
from examapp.integrity.chain import SYSTEM_SCOPE, is_genuine
from examapp.web.downloads import download
from examapp.web.filters import moment
from examapp.web.guards import check, may, requires
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("audit", __name__, url_prefix="/nhat-ky")


@bp.get("/")
@requires(Permission.EXAM_AUDIT_READ, somewhere=True)
def list_events() -> str:
    """Show a page of what is looked for, newest first."""
    asked, logs = Asked.from_values(request.args), _logs()
    wanted = _wanted(asked, logs)
    before, after = (queries.Key.from_text(request.args.get(name)) for name in ("before", "after"))
    page = queries.page_of_events(db.session(), wanted, before=before, after=after)
    things = {one for row in page.rows for one in (row.event.subject, *things_in(row.details))}
    names = _names(things | set(logs))
    return render(
        "audit/list_events.html",
        asked=asked,
        logs=_choices(logs, names),
        groups=GROUPS,
        page=page,
        rows=[event_line(row.event, row.details, names, moment) for row in page.rows],
        names=names,
        kind_of=kind_of,
    )


@bp.get("/<scope>/<int:event_no>")
@requires(Permission.EXAM_AUDIT_READ)
def show_event(scope: str, event_no: int) -> str:
    """Show one event with what was before and after, and what proves it."""
    _check_log(scope)
    event = queries.find_event(db.session(), scope, event_no)
    details = queries.find_details(db.session(), event)
    names = _names({event.subject, scope} | things_in(details.details if details else None))
    return render(
        "audit/show_event.html",
        line=event_line(event, None, names, moment),
        scope_kind=kind_of(scope),
        scope_name=names.get(scope, ""),
        changes=None if details is None else changes_of(details.details, moment, names),
        genuine=is_genuine(stored_event(event, details), site().keys.audit_key),
        last=queries.last_number(db.session(), scope),
    )


@bp.post("/xuat")
@requires(Permission.EXAM_AUDIT_READ, somewhere=True)
def export_events() -> Response:
    """Send what is filtered as a file, or have the worker make a long one."""
    asked = Asked.from_values(request.form)
    made = services.export_now_or_later(
        db.session(),
        _wanted(asked, _logs()),
        asked_format(request.form.get("kind")),
        shown_filter(asked),
        actor=g.actor,
        now=g.now,
        keys=site().keys,
    )
    if isinstance(made, Content):
        return download(made.data, made.name, made.media_type)
    return done(_("Máy chủ đang lập tệp. Tệp hiện ở đây khi xong."), "jobs.show_job", job_id=made)


@bp.get("/kiem-tra")
@requires(Permission.SITE_AUDIT_READ)
def show_check() -> str:
    """Show what the last check of every chain found, and how to check without this server."""
    last = services.last_check(db.session())
    found = (last.result or {}).get("broken", []) if last else []
    return render(
        "audit/show_check.html",
        last=last,
        job=latest_job(db.session(), services.CHECK_CHAINS, SYSTEM_SCOPE),
        found=found,
        names=_names({one["scope"] for one in found}),
        kind_of=kind_of,
    )


@bp.post("/kiem-tra")
@requires(Permission.SITE_AUDIT_READ)
def ask_for_check() -> Response:
    """Have every chain checked."""
    services.ask_for_check(db.session(), actor=g.actor, now=g.now)
    return done(_("Máy chủ bắt đầu kiểm tra mọi nhật ký."), "audit.show_check")


def _names(subjects: Collection[str]) -> Mapping[str, str]:
    return site().hooks.name_things(db.session(), subjects)


def _logs() -> list[str]:
    """Return the logs this person may read and that exist, the system's first."""
    kept = [row.scope for row in queries.list_scopes(db.session())]
    if may(Permission.SITE_AUDIT_READ):
        return kept
    mine = set(site().hooks.logs_of_exams(db.session(), reach_of(g.actor, Permission.EXAM_AUDIT_READ)))
    return [scope for scope in kept if scope in mine]


def _choices(logs: Collection[str], names: Mapping[str, str]) -> list[tuple[str, str | None, str]]:
    """Return the logs to choose from, each with its kind and name: the system's, then each exam with its sittings."""
    known = [(scope, kind_of(scope), names.get(scope) or scope.partition(":")[2] or scope) for scope in logs]
    return sorted(known, key=lambda one: (one[0] != SYSTEM_SCOPE, one[2]))


def _wanted(asked: Asked, logs: Collection[str]) -> queries.EventFilter:
    """Return the filter within the logs this person may read; raise NotFound for a log that is none of them."""
    if asked.scope and asked.scope not in logs:
        raise NotFound
    find_things = site().hooks.find_things
    wanted = queries.EventFilter(
        scopes=_with_sittings(asked.scope) if asked.scope else None,
        actors=queries.actor_names(db.session(), asked.who) if asked.who else None,
        actions=actions_of(asked.group),
        text=asked.text,
        things=frozenset(find_things(db.session(), asked.text)) if asked.text else frozenset(),
        since=asked.first_moment(),
        until=asked.end(),
    )
    return wanted if may(Permission.SITE_AUDIT_READ) else wanted.within(frozenset(logs))


def _with_sittings(scope: str) -> frozenset[str]:
    """Return a log; for an exam's those of its sittings, too."""
    where = site().hooks.scope_of_name(db.session(), scope)
    if not scope.startswith("exam:") or where is None or where.id is None:
        return frozenset({scope})
    return frozenset(site().hooks.logs_of_exams(db.session(), Reach(False, frozenset({where.id}))))


def _check_log(scope: str) -> None:
    """Check that this person may read the log; one that belongs to no exam is for readers of the whole log."""
    if not scope.startswith(("exam:", "sitting:")):
        check(SITE, permission=Permission.SITE_AUDIT_READ)
    check(site().hooks.scope_of_name(db.session(), scope) or SITE)
