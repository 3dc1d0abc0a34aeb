"""Find accounts and live sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor, RoleGrant
from examapp.accounts.models import Account, RoleAssignment, SignInCounter, StaffSession
from examapp.accounts.rules import Tries, is_alive
from examapp.core.paging import Page, page_of
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import H


@dataclass(frozen=True)
class LiveSession:
    """A session that still opens pages, with the account behind it."""

    session: StaffSession
    account: Account
    actor: Actor


def token_digest(token: bytes) -> bytes:
    """Return what the database keeps of a session token."""
    return H("khaothi/staff-session/v1", token)


def find_account(session: Session, account_id: UUID) -> Account | None:
    """Return an account by its id."""
    return session.get(Account, account_id)


def find_account_by_username(session: Session, username: str) -> Account | None:
    """Return an account by its folded user name."""
    return session.scalar(select(Account).where(Account.username == username))


def find_tries(session: Session, digest: bytes) -> Tries | None:
    """Return what is known of wrong passwords for a name from one place."""
    counter = session.get(SignInCounter, digest, populate_existing=True)
    return Tries(counter.failed_count, counter.last_failed_at, counter.locked_until) if counter else None


def find_live_session(session: Session, token: bytes, now: datetime) -> LiveSession | None:
    """Return the live session of a token; None for one that ended, or whose account is disabled."""
    found = session.get(StaffSession, token_digest(token))
    if found is None or found.account.disabled_at is not None:
        return None
    if not is_alive(expires_at=found.expires_at, seen_at=found.seen_at, revoked_at=found.revoked_at, now=now):
        return None
    return LiveSession(found, found.account, actor_of(found.account))


def actor_of(account: Account) -> Actor:
    """Return the account as one who acts, with the roles in force."""
    grants = frozenset(RoleGrant(row.role, row.scope_type.value, row.scope_id) for row in active_assignments(account))
    return Actor(id=account.id, name=account.display_name, grants=grants)


def active_assignments(account: Account) -> list[RoleAssignment]:
    """Return the account's roles in force, oldest first."""
    return sorted(
        (row for row in account.assignments if row.revoked_at is None), key=lambda row: (row.granted_at, row.id)
    )


def list_accounts(
    session: Session, wanted: str = "", *, disabled: bool | None = None, number: int = 1
) -> Page[Account]:
    """Return a page of accounts by given name: those whose name holds every word wanted, whatever the accents.

    `disabled` asks for closed accounts only, or for open ones only.
    """
    query = select(Account).order_by(Account.sort_key, Account.username)
    for word in fold(wanted).split():
        query = query.where(Account.search_key.contains(word, autoescape=True))
    if disabled is not None:
        query = query.where(Account.disabled_at.is_not(None) if disabled else Account.disabled_at.is_(None))
    return page_of(session, query, number)


def live_sessions(session: Session, account_id: UUID | None, now: datetime) -> list[StaffSession]:
    """Return the account's sessions that still open pages, the one last seen first."""
    query = select(StaffSession).where(StaffSession.account_id == account_id, StaffSession.revoked_at.is_(None))
    found = session.scalars(query.where(StaffSession.expires_at > now).order_by(StaffSession.seen_at.desc()))
    return [one for one in found if is_alive(expires_at=one.expires_at, seen_at=one.seen_at, revoked_at=None, now=now)]
