"""Sign-in and sign-out, the own password, and the administrator's pages of accounts."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, Request, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from examapp.access.actor import RoleGrant
from examapp.access.permissions import Permission
from examapp.access.roles import ROLE_NAMES, Role
from examapp.accounts import services
from examapp.accounts.forms import (
    ChangePasswordForm,
    CreateAccountForm,
    GrantRoleForm,
    ResetPasswordForm,
    SignInForm,
)
from examapp.accounts.machines import remember_account
from examapp.accounts.models import Account, RoleAssignment
from examapp.accounts.queries import LiveSession, active_assignments, find_account, find_live_session
from examapp.accounts.queries import list_accounts as find_accounts
from examapp.accounts.rules import SESSION_LENGTH
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotAllowed, NotFound
from examapp.core.i18n import N_
from examapp.integrity.canonical import b64u, b64u_decode
from examapp.integrity.errors import IntegrityError
from examapp.web.afterwards import do_afterwards
from examapp.web.cookies import forget_cookie, read_cookie, set_cookie
from examapp.web.guards import load, public, requires
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
    return render("accounts/change_password.html", form=form), status


# --- the administrator's pages --------------------------------------------------------------------------------------


@bp.get("/tai-khoan")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def list_accounts() -> Page:
    """List every account by given name."""
    rows = [(account, active_assignments(account)) for account in find_accounts(db.session())]
    return render("accounts/list_accounts.html", rows=rows, role_names=ROLE_NAMES)


@bp.route("/tai-khoan/moi", methods=["GET", "POST"])
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def create_account() -> Page:
    """Create an account whose owner must change the password first."""
    form = CreateAccountForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate_on_submit():
            try:
                account = _create(form)
                return done(_("Đã lập tài khoản %(name)s.", name=account), "accounts.list_accounts")
            except (Invalid, Conflict) as error:
                form.fail("password" if error.code.endswith("password") else "username", told(error))
    return render("accounts/create_account.html", form=form), status


@bp.get("/tai-khoan/<uuid:account_id>")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def show_account(account_id: UUID) -> Page:
    """Show one account with its roles."""
    return _account_page(account_id, GrantRoleForm(), ResetPasswordForm())


@bp.post("/tai-khoan/<uuid:account_id>/vai-tro")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def grant_role(account_id: UUID) -> Page:
    """Give a role for the whole site."""
    form = GrantRoleForm()
    if not form.validate_on_submit():
        return _account_page(account_id, form, ResetPasswordForm()), 422
    grant = RoleGrant(Role(form.role.data), "site", None)
    services.grant_role(db.session(), load(find_account, account_id), grant, actor=g.actor, now=g.now)
    return done(_("Đã giao vai trò."), "accounts.show_account", account_id=account_id)


@bp.post("/tai-khoan/<uuid:account_id>/vai-tro/<uuid:assignment_id>/thu-hoi")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def revoke_role(account_id: UUID, assignment_id: UUID) -> Page:
    """Take a role back."""
    account = load(find_account, account_id)
    services.revoke_role(db.session(), _assignment(account, assignment_id), actor=g.actor, now=g.now)
    return done(_("Đã thu hồi vai trò."), "accounts.show_account", account_id=account_id)


@bp.post("/tai-khoan/<uuid:account_id>/mat-khau")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def reset_password(account_id: UUID) -> Page:
    """Set a password that must be changed at the next sign-in."""
    form = ResetPasswordForm()
    if form.validate_on_submit():
        try:
            account = load(find_account, account_id)
            services.reset_password(db.session(), account, form.password.data or "", actor=g.actor, now=g.now)
            return done(_("Đã đặt mật khẩu tạm."), "accounts.show_account", account_id=account_id)
        except Invalid as error:
            form.fail("password", told(error))
    return _account_page(account_id, GrantRoleForm(), form), 422


@bp.post("/tai-khoan/<uuid:account_id>/khoa")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def disable_account(account_id: UUID) -> Page:
    """Close an account and end its sessions."""
    services.disable_account(db.session(), load(find_account, account_id), actor=g.actor, now=g.now)
    return done(_("Đã khóa tài khoản."), "accounts.show_account", account_id=account_id)


@bp.post("/tai-khoan/<uuid:account_id>/mo-khoa")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def enable_account(account_id: UUID) -> Page:
    """Open a closed account again."""
    services.enable_account(db.session(), load(find_account, account_id), actor=g.actor, now=g.now)
    return done(_("Đã mở khóa tài khoản."), "accounts.show_account", account_id=account_id)


def _create(form: CreateAccountForm) -> str:
    grants = [RoleGrant(Role(form.role.data), "site", None)] if form.role.data else []
    account = services.create_account(
        db.session(),
        form.username.data or "",
        form.display_name.data or "",
        form.password.data or "",
        grants=grants,
        must_change_password=True,
        actor=g.actor,
        now=g.now,
    )
    return account.username


def _account_page(account_id: UUID, role_form: GrantRoleForm, password_form: ResetPasswordForm) -> str:
    account = load(find_account, account_id)
    return render(
        "accounts/show_account.html",
        account=account,
        roles=active_assignments(account),
        role_names=ROLE_NAMES,
        role_form=role_form,
        password_form=password_form,
    )


def _assignment(account: Account, assignment_id: UUID) -> RoleAssignment:
    for assignment in account.assignments:
        if assignment.id == assignment_id:
            return assignment
    raise NotFound("not_found", N_("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ."))


def _live() -> LiveSession:
    live: LiveSession = g.live_session
    return live


def _target() -> str:
    """Return where to go after sign-in: the page that was asked for, when it is one of ours."""
    asked = request.values.get("next")
    return asked if asked and is_local_path(asked) else url_for("home.show_home")
