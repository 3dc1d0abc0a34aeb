"""Sign-in and sign-out, the own password and the own sessions; the administrator's pages are in `routes_admin.py`."""

from datetime import datetime, timedelta

from flask import Blueprint, Request, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.accounts import services
from examapp.accounts.forms import ChangePasswordForm, SignInForm
from examapp.accounts.machines import remember_account
from examapp.accounts.queries import LiveSession, find_live_session, live_sessions
from examapp.accounts.rules import SESSION_LENGTH
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotAllowed
from examapp.integrity.canonical import b64u, b64u_decode
from examapp.integrity.errors import IntegrityError
from examapp.web.afterwards import do_afterwards
from examapp.web.cookies import forget_cookie, read_cookie, set_cookie
from examapp.web.guards import public, requires
from examapp.web.language import told
from examapp.web.pages import done, render
from examapp.web.session import is_local_path
from examapp.web.site import SignedIn, site

bp = Blueprint("accounts", __name__)

COOKIE = "khaothi-staff"
MACHINE_COOKIE = "khaothi-staff-machine"
_MACHINE_KNOWN = timedelta(days=365)
Page = str | Response | tuple[str, int]

# --- who is signed in -----------------------------------------------------------------------------------------------


def find_signed_in(db_session: Session, from_request: Request, now: datetime) -> SignedIn | None:
    """Return who sent this request, by the session token in its cookie; lent to the web layer in `wiring.py`."""
    value = read_cookie(COOKIE)
    if not value:
        return None
    try:
        token = b64u_decode(value)
    except IntegrityError:
        return None
    live = find_live_session(db_session, token, now)
    if live is None:
        return None
    digest = live.session.token_digest
    g.live_session = live
    do_afterwards(lambda after: services.mark_seen(after, digest, now=now))
    return SignedIn(live.actor, live.account.must_change_password, live.account.username)


@bp.get("/dang-nhap")
@public
def sign_in() -> Page:
    """Show the sign-in page to anybody."""
    if g.signed_in:
        return redirect(_target())
    return render("accounts/sign_in.html", form=SignInForm(), target=_target(), refusal=None)


@bp.post("/dang-nhap")
@public
def open_session() -> Page:
    """Sign in, or say how many tries are left."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render("accounts/sign_in.html", form=form, target=_target(), refusal=None), 422
    username, keys, now = form.username.data or "", site().keys, g.now
    origin = services.Origin(request.remote_addr or "", read_cookie(MACHINE_COOKIE))
    try:
        account, token = services.sign_in(
            db.session(), username, form.password.data or "", origin=origin, keys=keys, now=now
        )
    except Conflict as busy:
        return render("accounts/sign_in.html", form=form, target=_target(), refusal=told(busy)), 429
    except NotAllowed as refusal:
        do_afterwards(lambda after: services.record_failed_sign_in(after, username, origin=origin, keys=keys, now=now))
        return render("accounts/sign_in.html", form=form, target=_target(), refusal=told(refusal)), 401
    session.clear()  # a CSRF token from before the sign-in must not be valid after it
    response = redirect(_target(), 303)
    set_cookie(response, COOKIE, b64u(token), max_age=SESSION_LENGTH, samesite="Lax")
    known = remember_account(origin.machine_cookie, account.id, keys)
    set_cookie(response, MACHINE_COOKIE, known, max_age=_MACHINE_KNOWN)
    return response


@bp.post("/dang-xuat")
@requires(Permission.ACCOUNT_PASSWORD_CHANGE)
def sign_out() -> Response:
    """End the session on the server, then forget the cookie."""
    services.sign_out(db.session(), _live(), now=g.now)
    session.clear()
    response = done(_("Đã đăng xuất."), "accounts.sign_in")
    forget_cookie(response, COOKIE)
    return response


@bp.route("/mat-khau", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_PASSWORD_CHANGE)
def change_password() -> Page:
    """Change the own password."""
    form = ChangePasswordForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                services.change_password(
                    db.session(), _live(), current=form.current.data or "", new=form.new.data or "", now=g.now
                )
                return done(_("Đã đổi mật khẩu. Các phiên khác của tài khoản đã bị đăng xuất."), "home.show_home")
            except Invalid as error:
                form.fail("current" if error.code == "wrong_current" else "new", told(error))
    others = len(live_sessions(db.session(), g.actor.id, g.now)) - 1
    return render("accounts/change_password.html", form=form, others=others), status


@bp.post("/mat-khau/dang-xuat-noi-khac")
@requires(Permission.ACCOUNT_PASSWORD_CHANGE)
def sign_out_elsewhere() -> Response:
    """End every session of the own account but this one."""
    live = _live()
    keep = live.session.token_digest
    ended = services.end_sessions(db.session(), live.account, keep=keep, actor=g.actor, now=g.now)
    note = ngettext("Đã đăng xuất %(num)s phiên ở máy khác.", "Đã đăng xuất %(num)s phiên ở máy khác.", ended)
    return done(note, "accounts.change_password")


def _live() -> LiveSession:
    live: LiveSession = g.live_session
    return live


def _target() -> str:
    """Return where to go after sign-in: the page that was asked for, when it is one of ours."""
    asked = request.values.get("next")
    return asked if asked and is_local_path(asked) else url_for("home.show_home")
