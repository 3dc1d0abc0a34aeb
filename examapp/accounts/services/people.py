"""Accounts: made, closed and opened again, and the roles they are given."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor, RoleGrant
from examapp.access.roles import ROLE_SCOPES, Role
from examapp.access.scopes import Scope
from examapp.accounts import rules
from examapp.accounts.models import Account, RoleAssignment, ScopeType
from examapp.accounts.queries import active_assignments
from examapp.accounts.services.passwords import HASHER, refuse
from examapp.accounts.services.sessions import revoke_sessions
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold, name_sort_key


def create_account(
    session: Session,
    username: str,
    display_name: str,
    password: str,
    *,
    grants: Iterable[RoleGrant] = (),
    must_change_password: bool = False,
    actor: Actor,
    now: datetime,
) -> Account:
    """Return a new account with these roles. Raise Invalid for a bad name or password, Conflict for a taken name."""
    folded = rules.folded_username(username)
    refuse(rules.username_problem(folded))
    refuse(rules.password_problem(password, folded))
    name = " ".join(unicodedata.normalize("NFC", display_name).split())
    if not name:
        raise Invalid("no_name", N_("Nhập họ và tên."))
    account = Account(
        username=folded,
        display_name=name,
        sort_key=name_sort_key(name),
        search_key=fold(f"{folded} {name}"),
        password_hash=HASHER.hash(password),
        must_change_password=must_change_password,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise Conflict("name_taken", N_("Tên đăng nhập %(name)s đã có người dùng."), name=folded) from error
    record(session, SYSTEM_SCOPE, "account.created", folded, {"name": name}, actor=actor, now=now)
    for grant in sorted(grants, key=lambda grant: (grant.role, str(grant.scope_id))):
        grant_role(session, account, grant, actor=actor, now=now)
    return account


def disable_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Close an account and end its sessions; doing it twice is harmless.

    Raises Conflict for the own account and for the last administrator's.
    """
    if account.id == actor.id:
        raise Conflict("own_account", N_("Không tự khóa tài khoản của mình. Nhờ một quản trị khác làm việc này."))
    if account.disabled_at is None:
        _keep_an_administrator(session, account)
        account.disabled_at = now
        revoke_sessions(session, account, now=now)
        record(session, SYSTEM_SCOPE, "account.disabled", account.username, {}, actor=actor, now=now)


def enable_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again; its old sessions stay ended."""
    if account.disabled_at is not None:
        account.disabled_at = None
        record(session, SYSTEM_SCOPE, "account.enabled", account.username, {}, actor=actor, now=now)


def grant_role(session: Session, account: Account, grant: RoleGrant, *, actor: Actor, now: datetime) -> RoleAssignment:
    """Give a role; a role already held is returned as it is. Raise Invalid for a scope in which it means nothing."""
    # pressed twice at once: the second finds the first one's role
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update(key_share=True))
    session.refresh(account, ["assignments"])
    if grant.scope_type not in ROLE_SCOPES[grant.role]:
        raise Invalid("role_scope", N_("Vai trò này không giao được cho phạm vi đã chọn. Chọn phạm vi khác."))
    scope_type = ScopeType(grant.scope_type)
    for held in active_assignments(account):
        if (held.role, held.scope_type, held.scope_id) == (grant.role, scope_type, grant.scope_id):
            return held
    assignment = RoleAssignment(
        role=grant.role, scope_type=scope_type, scope_id=grant.scope_id, granted_by=actor.id, granted_at=now
    )
    account.assignments.append(assignment)
    session.flush()  # two different roles of one person given at once: the database has the last word
    record(session, SYSTEM_SCOPE, "role.granted", account.username, _role_details(assignment), actor=actor, now=now)
    return assignment


def revoke_role(session: Session, assignment: RoleAssignment, *, actor: Actor, now: datetime) -> None:
    """Take a role back; it stays in the table as history.

    Raises Conflict when an administrator would take that role from himself, or from the last one who has it.
    """
    if assignment.revoked_at is not None:
        return
    if assignment.account_id == actor.id and assignment.role == Role.ADMINISTRATOR:
        raise Conflict("own_role", N_("Không tự bỏ vai trò quản trị của mình. Nhờ một quản trị khác làm việc này."))
    if assignment.role == Role.ADMINISTRATOR:
        _keep_an_administrator(session, assignment.account)
    assignment.revoked_at = now
    subject = assignment.account.username
    record(session, SYSTEM_SCOPE, "role.revoked", subject, _role_details(assignment), actor=actor, now=now)


def end_roles(session: Session, scope: Scope, *, actor: Actor, now: datetime) -> None:
    """Take back every role given in an exam or a subject that comes to its end."""
    given = select(RoleAssignment).where(
        RoleAssignment.scope_type == ScopeType(scope.type),
        RoleAssignment.scope_id == scope.id,
        RoleAssignment.revoked_at.is_(None),
    )
    for assignment in session.scalars(given.order_by(RoleAssignment.id).with_for_update(of=RoleAssignment)):
        revoke_role(session, assignment, actor=actor, now=now)


def _keep_an_administrator(session: Session, leaving: Account) -> None:
    """Raise Conflict when nobody would be left to manage accounts; two who close each other at once wait in line."""
    administrators = (
        select(Account.id)
        .join(RoleAssignment, RoleAssignment.account_id == Account.id)
        .where(
            RoleAssignment.role == Role.ADMINISTRATOR,
            RoleAssignment.revoked_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.id)
        # both rows: after the wait PostgreSQL asks again only about rows that it locks here
        .with_for_update(of=[Account, RoleAssignment], key_share=True)
    )
    if set(session.scalars(administrators)) == {leaving.id}:
        message = N_("Đây là người quản trị cuối cùng còn mở. Giao vai trò quản trị cho một người khác trước.")
        raise Conflict("last_administrator", message)


def _role_details(assignment: RoleAssignment) -> dict[str, object]:
    return {
        "role": assignment.role.value,
        "scope_type": assignment.scope_type.value,
        "scope_id": str(assignment.scope_id) if assignment.scope_id else None,
    }
