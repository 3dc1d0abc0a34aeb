"""The log as people read it. It is never written here."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound

from examapp.access.permissions import Permission
from examapp.audit.queries import list_events as find_events
from examapp.audit.queries import list_scopes
from examapp.audit.rules import event_line, kind_of
from examapp.core.db import db
from examapp.integrity.chain import SYSTEM_SCOPE
from examapp.web.filters import moment
from examapp.web.guards import requires
from examapp.web.pages import render
from examapp.web.site import site

bp = Blueprint("audit", __name__, url_prefix="/nhat-ky")


@bp.get("/")
@requires(Permission.SITE_AUDIT_READ)
def list_events() -> str:
    """Show a page of one chain, newest first."""
    scopes = list_scopes(db.session())
    scope = request.args.get("scope", SYSTEM_SCOPE)
    if scopes and scope not in {row.scope for row in scopes}:
        raise NotFound
    found = find_events(db.session(), scope, before=request.args.get("before", type=int))
    names = site().hooks.name_things(db.session(), {row.scope for row in scopes} | {row.event.subject for row in found})
    last = found[-1].event.number if found else 1
    return render(
        "audit/list_events.html",
        scopes=[(row, kind_of(row.scope), names.get(row.scope)) for row in scopes],
        scope=scope,
        rows=[event_line(row.event, row.details, names, moment) for row in found],
        older=last if last > 1 else None,
    )
