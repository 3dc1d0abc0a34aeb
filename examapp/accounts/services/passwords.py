"""Passwords: how they are kept, checked, changed by their owner and set anew by an administrator."""

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.accounts import rules
from examapp.accounts.models import Account
from examapp.accounts.queries import LiveSession
from examapp.accounts.services.sessions import TOKEN_BYTES, revoke_sessions
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.core.errors import Invalid
from examapp.core.i18n import N_

#: OWASP's first choice for argon2id (46 MiB, one pass, one lane): the library's four lanes would take both cores of an
#: exam node for every guess of a stranger
HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)


def change_password(session: Session, live: LiveSession, *, current: str, new: str, now: datetime) -> None:
    """Set the own password and end every other session of the account. Raise Invalid for a wrong or weak one."""
    account = live.account
    if not password_is(account.password_hash, current):
        raise Invalid("wrong_current", N_("Mật khẩu hiện tại chưa đúng."))
    refuse(rules.password_problem(new, account.username))
    if new == current:
        raise Invalid("same_password", N_("Mật khẩu mới phải khác mật khẩu hiện tại."))
    account.password_hash = HASHER.hash(new)
    account.must_change_password = False
    revoke_sessions(session, account, now=now, keep=live.session.token_digest)
    record(session, SYSTEM_SCOPE, "account.password_changed", account.username, {}, actor=live.actor, now=now)


def reset_password(session: Session, account: Account, new: str, *, actor: Actor, now: datetime) -> None:
    """Set a password that must be changed at the next sign-in; end the sessions. Raise Invalid for a weak one."""
    refuse(rules.password_problem(new, account.username))
    account.password_hash = HASHER.hash(new)
    account.must_change_password = True
    revoke_sessions(session, account, now=now)
    record(session, SYSTEM_SCOPE, "account.password_reset", account.username, {}, actor=actor, now=now)


def refuse(problem: rules.Refusal | None) -> None:
    """Raise Invalid when there is a problem."""
    if problem:
        raise Invalid(problem.code, problem.message)


def password_is(password_hash: str, password: str) -> bool:
    """Say whether this is the password of the hash; a damaged hash fits none."""
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def hash_of_nothing() -> str:
    """Return the hash that stands in for an account that is not there: checking it takes as long."""
    return HASHER.hash(secrets.token_hex(TOKEN_BYTES))
