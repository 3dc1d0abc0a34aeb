"""Sign-in by name and password, and the counting of wrong ones."""

import math
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from threading import BoundedSemaphore

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from examapp.access.actor import ANONYMOUS
from examapp.accounts import rules
from examapp.accounts.machines import known_machine
from examapp.accounts.models import Account, SignInCounter
from examapp.accounts.queries import actor_of, find_account_by_username, find_tries
from examapp.accounts.services.passwords import HASHER, hash_of_nothing, password_is
from examapp.accounts.services.sessions import open_session
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.core.errors import Conflict, NotAllowed
from examapp.core.i18n import N_
from examapp.integrity.canonical import MAC
from examapp.integrity.keys import NodeKeys

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
        no_account = hash_of_nothing()  # made in either case, or the first stranger after a start would take longer
        right = password_is(account.password_hash if account else no_account, password)
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
