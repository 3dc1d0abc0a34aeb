"""The staff's list of sittings. The page of one sitting is `delivery`'s: it shows the live list."""

from flask import Blueprint, g

from examapp.access.permissions import Permission
from examapp.access.policy import reach_of
from examapp.core.db import db
from examapp.sittings import queries
from examapp.web.guards import requires
from examapp.web.pages import render

bp = Blueprint("sittings", __name__, url_prefix="/ca-thi")


@bp.get("/")
@requires(Permission.EXAM_EXAM_SEE, somewhere=True)
def list_sittings() -> str:
    """List the sittings of the exams this person has business with."""
    rows = queries.list_sittings(db.session(), reach_of(g.actor, Permission.EXAM_EXAM_SEE))
    return render("sittings/list_sittings.html", rows=rows)
