"""Sign-in, sessions, accounts and their roles."""

import math
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import ANONYMOUS, Actor, RoleGrant
from examapp.access.roles import ROLE_SCOPES, Role
from examapp.accounts import rules
from examapp.accounts.machines import known_machine
from examapp.accounts.models import Account, RoleAssignment, ScopeType, SignInCounter, StaffSession
from examapp.accounts.queries import (
    LiveSession,
    active_assignments,
    actor_of,
    find_account_by_username,
    find_tries,
    token_digest,
)
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.core.errors import Conflict, Invalid, NotAllowed
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold, name_sort_key
from examapp.integrity.canonical import MAC
from examapp.integrity.keys import NodeKeys

TOKEN_BYTES = 32
#: OWASP's first choice for argon2id (46 MiB, one pass, one lane): the library's four lanes would take both cores of an
#: exam node for every guess of a stranger
HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
#: sign-ins that may check a password at the same time in one process. More would take memory and request threads from
#: the candidates' saves, and anybody on the network can send them: the rest is told at once to try again
_CHECKS = BoundedSemaphore(2)
_CHECK_WAIT_SECONDS = 0.2


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from: the address, and the cookie of the machine (see `examapp.accounts.machines`)."""

    address: str = ""
    machine_cookie: str | None = None


def sign_in(
    session: Session,
    username: str,
    password: str,
    *,
    origin: Origin = Origin(),
    keys: NodeKeys,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[Account, bytes]:
    """Return the account and the token of its new session.

    Raise Conflict `busy` when too many try at once, nothing checked and nothing counted. Otherwise raise
    NotAllowed with the same sentence, after the same work, whether the name exists or not; the caller then has
    `record_failed_sign_in` done after the rollback. Tries made in the same instant may each see the count before the
    others: a burst gets as many guesses as the server has threads, once, and the name is locked after it.
    """
    folded = rules.folded_username(username)
    account = find_account_by_username(session, folded)
    place, strangers = _digests(folded, account, origin, keys)
    tries, of_all = find_tries(session, place), find_tries(session, strangers) if strangers else None
    if not _CHECKS.acquire(timeout=_CHECK_WAIT_SECONDS):
        raise Conflict("busy", N_("Có quá nhiều người đăng nhập cùng lúc. Chờ vài giây rồi thử lại."))
    try:
        no_account = _hash_of_nothing()  # made in either case, or the first stranger after a start would take longer
        right = _password_is(account.password_hash if account else no_account, password)
    finally:
        _CHECKS.release()
    if rules.is_locked(tries, now):
        raise _refusal(tries, now)
    if rules.is_locked(of_all, now):
        raise _refusal_of_strangers(of_all, now)
    if account is None or account.disabled_at is not None or not right:
        raise _refusal(rules.after_failure(tries, now), now)
    # What strangers tried elsewhere stays counted: a member of staff who signs in must not give them new guesses.
    session.execute(delete(SignInCounter).where(SignInCounter.name_digest == place))
    if HASHER.check_needs_rehash(account.password_hash):
        account.password_hash = HASHER.hash(password)
    record(session, SYSTEM_SCOPE, "account.signed_in", account.username, {}, actor=actor_of(account), now=now)
    return account, open_session(session, account, now=now, random_bytes=random_bytes)


def record_failed_sign_in(session: Session, username: str, *, origin: Origin, keys: NodeKeys, now: datetime) -> None:
    """Count a wrong password for this name and write the event; done after the rollback of the refused request.

    The event names an account only when there is one: what people type into the name field is sometimes their password.
    """
    folded = rules.folded_username(username)
    account = find_account_by_username(session, folded)
    place, strangers = _digests(folded, account, origin, keys)
    # Two wrong tries at once: the second waits here for the first to end and counts on from it.
    own = name_digest(folded, keys)
    session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(own[:8], "big", signed=True))))
    tries, of_all = find_tries(session, place), find_tries(session, strangers) if strangers else None
    if not rules.is_locked(tries, now) and not rules.is_locked(of_all, now):
        _count(session, place, rules.after_failure(tries, now))
        if strangers:
            _count(session, strangers, rules.after_strangers_failure(of_all, now))
    _forget_old_counters(session, now)
    locked = rules.is_locked(find_tries(session, place), now) or rules.is_locked(of_all, now)
    details = {"address": origin.address, "locked": locked}
    subject = account.username if account else "unknown"
    record(session, SYSTEM_SCOPE, "account.sign_in_failed", subject, details, actor=ANONYMOUS, now=now)


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
    _refuse(rules.username_problem(folded))
    _refuse(rules.password_problem(password, folded))
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
    """Take a role back; it stays in the table as history. Nobody takes the administrator's role from himself."""
    if assignment.revoked_at is not None:
        return
    if assignment.account_id == actor.id and assignment.role == Role.ADMINISTRATOR:
        raise Conflict("own_role", N_("Không tự bỏ vai trò quản trị của mình. Nhờ một quản trị khác làm việc này."))
    assignment.revoked_at = now
    subject = assignment.account.username
    record(session, SYSTEM_SCOPE, "role.revoked", subject, _role_details(assignment), actor=actor, now=now)


def change_password(session: Session, live: LiveSession, *, current: str, new: str, now: datetime) -> None:
    """Set the own password and end every other session of the account. Raise Invalid for a wrong or weak one."""
    account = live.account
    if not _password_is(account.password_hash, current):
        raise Invalid("wrong_current", N_("Mật khẩu hiện tại chưa đúng."))
    _refuse(rules.password_problem(new, account.username))
    if new == current:
        raise Invalid("same_password", N_("Mật khẩu mới phải khác mật khẩu hiện tại."))
    account.password_hash = HASHER.hash(new)
    account.must_change_password = False
    _end_sessions(session, account, now=now, keep=live.session.token_digest)
    record(session, SYSTEM_SCOPE, "account.password_changed", account.username, {}, actor=live.actor, now=now)


def reset_password(session: Session, account: Account, new: str, *, actor: Actor, now: datetime) -> None:
    """Set a password that must be changed at the next sign-in; end the sessions. Raise Invalid for a weak one."""
    _refuse(rules.password_problem(new, account.username))
    account.password_hash = HASHER.hash(new)
    account.must_change_password = True
    _end_sessions(session, account, now=now)
    record(session, SYSTEM_SCOPE, "account.password_reset", account.username, {}, actor=actor, now=now)


def disable_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Close an account and end its sessions; doing it twice is harmless. Nobody closes the own account."""
    if account.id == actor.id:
        raise Conflict("own_account", N_("Không tự khóa tài khoản của mình. Nhờ một quản trị khác làm việc này."))
    if account.disabled_at is None:
        account.disabled_at = now
        _end_sessions(session, account, now=now)
        record(session, SYSTEM_SCOPE, "account.disabled", account.username, {}, actor=actor, now=now)


def end_sessions(session: Session, account: Account, *, keep: bytes = b"", actor: Actor, now: datetime) -> int:
    """Sign the account out everywhere, but for the session with the digest `keep`; return how many sessions ended."""
    ended = _end_sessions(session, account, now=now, keep=keep)
    record(session, SYSTEM_SCOPE, "account.signed_out", account.username, {"sessions": ended}, actor=actor, now=now)
    return ended


def enable_account(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """Open a closed account again; its old sessions stay ended."""
    if account.disabled_at is not None:
        account.disabled_at = None
        record(session, SYSTEM_SCOPE, "account.enabled", account.username, {}, actor=actor, now=now)


def name_digest(folded: str, keys: NodeKeys) -> bytes:
    """Return the key under which all strangers' wrong passwords for a name are counted."""
    return MAC(keys.sign_in_name_key, "khaothi/sign-in-name/v1", unicodedata.normalize("NFC", folded))


def place_digest(folded: str, place: bytes, keys: NodeKeys) -> bytes:
    """Return the key under which wrong passwords for a name from one machine or address are counted."""
    return MAC(keys.sign_in_place_key, "khaothi/sign-in-place/v1", unicodedata.normalize("NFC", folded), place)


def _digests(folded: str, account: Account | None, origin: Origin, keys: NodeKeys) -> tuple[bytes, bytes | None]:
    """Return the keys of the two counts: the place's, and all strangers' unless the account is known at the place."""
    machine = known_machine(origin.machine_cookie, account.id, keys) if account else None
    if machine is not None:
        return place_digest(folded, machine, keys), None
    return place_digest(folded, _network(origin.address).encode(), keys), name_digest(folded, keys)


def _network(address: str) -> str:
    """Return the address that counts as one: whoever has one address of IPv6 has all of its last 64 bits."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address


def _count(session: Session, digest: bytes, counted: rules.Tries) -> None:
    values = {
        "failed_count": counted.failed,
        "last_failed_at": counted.last_failed_at,
        "locked_until": counted.locked_until,
    }
    session.execute(
        insert(SignInCounter)
        .values(name_digest=digest, **values)
        .on_conflict_do_update(index_elements=["name_digest"], set_=values)
    )


def _refusal(tries: rules.Tries | None, now: datetime) -> NotAllowed:
    if tries is not None and tries.locked_until is not None:
        return NotAllowed(
            "locked",
            N_("Sai mật khẩu 5 lần liền nên tên đăng nhập này đang bị khóa. Thử lại sau %(minutes)s phút."),
            minutes=_minutes(tries.locked_until - now),
        )
    failed = tries.failed if tries else 0
    left = rules.tries_left(tries)
    return NotAllowed(
        "wrong_password",
        N_("Sai tên đăng nhập hoặc mật khẩu. Còn %(left)s lần thử trước khi khóa %(minutes)s phút."),
        left=left,
        minutes=_minutes(rules.lock_length(failed + left)),
    )


def _refusal_of_strangers(tries: rules.Tries | None, now: datetime) -> NotAllowed:
    until = tries.locked_until if tries and tries.locked_until else now
    message = N_(
        "Tên đăng nhập này bị nhập sai mật khẩu quá nhiều lần từ nhiều máy. Thử lại sau %(minutes)s phút, "
        "hoặc dùng máy mà anh/chị đã từng đăng nhập."
    )
    return NotAllowed("locked_for_strangers", message, minutes=_minutes(until - now))


def _minutes(length: timedelta) -> int:
    return max(1, math.ceil(length / timedelta(minutes=1)))


def _refuse(problem: rules.Refusal | None) -> None:
    if problem:
        raise Invalid(problem.code, problem.message)


@cache
def _hash_of_nothing() -> str:
    return HASHER.hash(secrets.token_hex(TOKEN_BYTES))


def _password_is(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _forget_old_counters(session: Session, now: datetime) -> None:
    """Delete counts that no longer count, a few at a time, so that made-up names do not fill the table."""
    old = (
        select(SignInCounter.name_digest)
        .where(SignInCounter.last_failed_at < now - rules.FORGOTTEN_AFTER)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        delete(SignInCounter).where(SignInCounter.name_digest.in_(old)).execution_options(synchronize_session=False)
    )


def _end_sessions(session: Session, account: Account, *, now: datetime, keep: bytes = b"") -> int:
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


def _role_details(assignment: RoleAssignment) -> dict[str, object]:
    return {
        "role": assignment.role.value,
        "scope_type": assignment.scope_type.value,
        "scope_id": str(assignment.scope_id) if assignment.scope_id else None,
    }
