"""The administrator's pages: accounts, their roles, passwords and sessions."""

from uuid import UUID

from flask import Blueprint, g, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from examapp.access.actor import RoleGrant
from examapp.access.permissions import Permission
from examapp.access.roles import ROLE_NAMES, Role
from examapp.accounts import services
from examapp.accounts.forms import CreateAccountForm, GrantRoleForm, ResetPasswordForm
from examapp.accounts.models import Account, RoleAssignment
from examapp.accounts.queries import active_assignments, find_account, live_sessions
from examapp.accounts.queries import list_accounts as find_accounts
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotFound
from examapp.core.i18n import N_
from examapp.web.forms import ConfirmForm
from examapp.web.guards import load, requires
from examapp.web.language import told
from examapp.web.pages import done, render
from examapp.web.site import site

bp = Blueprint("accounts_admin", __name__, url_prefix="/tai-khoan")

Page = str | Response | tuple[str, int]

_STATES = {"open": False, "disabled": True}


@bp.get("")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def list_accounts() -> Page:
    """List the accounts by given name, those that were asked for."""
    wanted, state = request.args.get("q", "").replace("\0", "").strip()[:100], request.args.get("state", "")
    number = request.args.get("page", 1, type=int)
    page = find_accounts(db.session(), wanted, disabled=_STATES.get(state), number=number)
    return render(
        "accounts_admin/list_accounts.html",
        page=page.with_rows([(account, active_assignments(account)) for account in page.rows]),
        wanted=wanted,
        state=state,
        role_names=ROLE_NAMES,
        scope_names=_scope_names(),
    )


@bp.route("/moi", methods=["GET", "POST"])
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
                note = _(
                    "Đã lập tài khoản %(name)s. Giao tên đăng nhập và mật khẩu lần đầu cho người ấy.",
                    name=account.username,
                )
                return done(note, "accounts_admin.show_account", account_id=account.id)
            except (Invalid, Conflict) as error:
                form.fail("password" if error.code.endswith("password") else "username", told(error))
    return render("accounts_admin/create_account.html", form=form), status


@bp.get("/<uuid:account_id>")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def show_account(account_id: UUID) -> Page:
    """Show one account with its roles and its open sessions."""
    return _account_page(account_id, GrantRoleForm(), ResetPasswordForm())


@bp.post("/<uuid:account_id>/vai-tro")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def grant_role(account_id: UUID) -> Page:
    """Give a role for the whole site, one exam or one subject."""
    form = GrantRoleForm()
    form.offer(site().hooks.grant_scopes(db.session()))
    if form.validate_on_submit():
        kind, _colon, thing = (form.scope.data or "").partition(":")
        grant = RoleGrant(Role(form.role.data), kind, UUID(thing) if thing else None)
        try:
            services.grant_role(db.session(), load(find_account, account_id), grant, actor=g.actor, now=g.now)
            return done(_("Đã giao vai trò."), "accounts_admin.show_account", account_id=account_id)
        except Invalid as error:
            form.fail("scope", told(error))
    return _account_page(account_id, form, ResetPasswordForm()), 422


@bp.route("/<uuid:account_id>/vai-tro/<uuid:assignment_id>/thu-hoi", methods=["GET", "POST"])
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def revoke_role(account_id: UUID, assignment_id: UUID) -> Page:
    """Say what taking a role back means, and take it back."""
    account = load(find_account, account_id)
    assignment, form = _assignment(account, assignment_id), ConfirmForm()
    if not form.validate_on_submit():
        names = {"role": ROLE_NAMES[assignment.role], "scope_names": _scope_names()}
        return render("accounts_admin/revoke_role.html", account=account, assignment=assignment, form=form, **names)
    services.revoke_role(db.session(), assignment, actor=g.actor, now=g.now)
    return done(_("Đã thu hồi vai trò."), "accounts_admin.show_account", account_id=account_id)


@bp.post("/<uuid:account_id>/mat-khau")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def reset_password(account_id: UUID) -> Page:
    """Set a password that must be changed at the next sign-in."""
    form = ResetPasswordForm()
    if form.validate_on_submit():
        try:
            account = load(find_account, account_id)
            services.reset_password(db.session(), account, form.password.data or "", actor=g.actor, now=g.now)
            return done(_("Đã đặt mật khẩu tạm."), "accounts_admin.show_account", account_id=account_id)
        except Invalid as error:
            form.fail("password", told(error))
    return _account_page(account_id, GrantRoleForm(), form), 422


@bp.post("/<uuid:account_id>/dang-xuat")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def sign_out_everywhere(account_id: UUID) -> Page:
    """End every session of an account; its owner signs in again."""
    account = load(find_account, account_id)
    keep = g.live_session.session.token_digest if account.id == g.actor.id else b""
    ended = services.end_sessions(db.session(), account, keep=keep, actor=g.actor, now=g.now)
    note = ngettext("Đã đăng xuất %(num)s phiên.", "Đã đăng xuất %(num)s phiên.", ended)
    return done(note, "accounts_admin.show_account", account_id=account_id)


@bp.route("/<uuid:account_id>/khoa", methods=["GET", "POST"])
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def disable_account(account_id: UUID) -> Page:
    """Say what closing an account means, and close it: its sessions end at once."""
    account, form = load(find_account, account_id), ConfirmForm()
    if not form.validate_on_submit():
        sessions = live_sessions(db.session(), account.id, g.now)
        return render("accounts_admin/disable_account.html", account=account, form=form, sessions=sessions)
    services.disable_account(db.session(), account, actor=g.actor, now=g.now)
    return done(_("Đã khóa tài khoản."), "accounts_admin.show_account", account_id=account_id)


@bp.post("/<uuid:account_id>/mo-khoa")
@requires(Permission.SITE_ACCOUNTS_MANAGE)
def enable_account(account_id: UUID) -> Page:
    """Open a closed account again."""
    services.enable_account(db.session(), load(find_account, account_id), actor=g.actor, now=g.now)
    return done(_("Đã mở khóa tài khoản."), "accounts_admin.show_account", account_id=account_id)


def _create(form: CreateAccountForm) -> Account:
    grants = [RoleGrant(Role(form.role.data), "site", None)] if form.role.data else []
    return services.create_account(
        db.session(),
        form.username.data or "",
        form.display_name.data or "",
        form.password.data or "",
        grants=grants,
        must_change_password=True,
        actor=g.actor,
        now=g.now,
    )


def _account_page(account_id: UUID, role_form: GrantRoleForm, password_form: ResetPasswordForm) -> str:
    account = load(find_account, account_id)
    role_form.offer(site().hooks.grant_scopes(db.session()))
    return render(
        "accounts_admin/show_account.html",
        account=account,
        roles=active_assignments(account),
        role_names=ROLE_NAMES,
        scope_names=_scope_names(),
        sessions=live_sessions(db.session(), account.id, g.now),
        role_form=role_form,
        password_form=password_form,
    )


def _scope_names() -> dict[UUID | None, str]:
    """Return what people call the exams and subjects for which roles are held."""
    return {scope.id: scope.label for scope in site().hooks.grant_scopes(db.session())}


def _assignment(account: Account, assignment_id: UUID) -> RoleAssignment:
    for assignment in account.assignments:
        if assignment.id == assignment_id:
            return assignment
    raise NotFound("not_found", N_("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ."))
