"""The start page of whoever is signed in."""

from flask import Blueprint, g

from examapp.access.permissions import Permission
from examapp.core.db import db
from examapp.home.queries import home_of
from examapp.web.guards import requires
from examapp.web.pages import render

bp = Blueprint("home", __name__)


@bp.get("/")
@requires(Permission.ACCOUNT_HOME_OPEN)
def show_home() -> str:
    """Show the start page."""
    return render("home/show_home.html", home=home_of(db.session(), g.actor, g.now))
