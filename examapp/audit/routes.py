"""The log as people read it. It is never written here."""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound

from examapp.access.permissions import Permission
from examapp.audit.queries import list_events as find_events
from examapp.audit.queries import list_scopes
from examapp.core.db import db
from examapp.integrity.chain import SYSTEM_SCOPE
from examapp.web.guards import requires
from examapp.web.pages import render

bp = Blueprint("audit", __name__, url_prefix="/nhat-ky")


@bp.get("/")
@requires(Permission.SITE_AUDIT_READ)
def list_events() -> str:
    """Show a page of one chain, newest first."""
    scopes = list_scopes(db.session())
    scope = request.args.get("scope", SYSTEM_SCOPE)
    if scopes and scope not in {row.scope for row in scopes}:
        raise NotFound
    rows = find_events(db.session(), scope, before=request.args.get("before", type=int))
    last = rows[-1].event.number if rows else 1
    return render("audit/list_events.html", scopes=scopes, scope=scope, rows=rows, older=last if last > 1 else None)
