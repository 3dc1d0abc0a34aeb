"""Sessions of staff: opened at the sign-in, kept while they are used, ended by whoever may end them."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.accounts import rules
from examapp.accounts.models import Account, StaffSession
from examapp.accounts.queries import LiveSession, token_digest
from examapp.audit.services import SYSTEM_SCOPE, record

TOKEN_BYTES = 32


def open_session(
    session: Session,
    account: Account,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> bytes:
    """Return the token of a new session; only its digest is kept."""
    token = random_bytes(TOKEN_BYTES)
    session.add(
        StaffSession(
            token_digest=token_digest(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            expires_at=now + rules.SESSION_LENGTH,
        )
    )
    return token


def sign_out(session: Session, live: LiveSession, *, now: datetime) -> None:
    """End the session for good; its token opens nothing any more, wherever a copy of it is."""
    live.session.revoked_at = now
    record(session, SYSTEM_SCOPE, "account.signed_out", live.account.username, {}, actor=live.actor, now=now)


def mark_seen(session: Session, digest: bytes, *, now: datetime) -> None:
    """Move the last-seen mark, at most once a minute, so that an hour of idleness ends the session."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_digest == digest, StaffSession.seen_at <= now - rules.SEEN_EVERY)
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end_sessions(session: Session, account: Account, *, keep: bytes = b"", actor: Actor, now: datetime) -> int:
    """Sign the account out everywhere, but for the session with the digest `keep`; return how many sessions ended."""
    ended = revoke_sessions(session, account, now=now, keep=keep)
    record(session, SYSTEM_SCOPE, "account.signed_out", account.username, {"sessions": ended}, actor=actor, now=now)
    return ended


def revoke_sessions(session: Session, account: Account, *, now: datetime, keep: bytes = b"") -> int:
    """End the account's sessions and return how many of them could still have opened a page."""
    open_ones = select(StaffSession).where(
        StaffSession.account_id == account.id,
        StaffSession.revoked_at.is_(None),
        StaffSession.token_digest != keep,
    )
    alive = 0
    for one in session.scalars(open_ones.with_for_update(of=StaffSession)):
        alive += rules.is_alive(expires_at=one.expires_at, seen_at=one.seen_at, revoked_at=None, now=now)
        one.revoked_at = now
    return alive
