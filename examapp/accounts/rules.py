"""Pure rules of sign-in: names, passwords, counting wrong tries, how long a session lives."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from examapp.core.i18n import N_
from examapp.core.vietnamese import fold

MAX_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_LENGTH = timedelta(hours=12)
IDLE_LENGTH = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)
PASSWORD_MIN = 10
#: argon2 hashes any length, but a megabyte of password is somebody's experiment
PASSWORD_MAX = 200
#: a shorter user name is in many a good password by chance
NAME_WORTH_HIDING = 4

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?")


@dataclass(frozen=True)
class Refusal:
    """Why not, as a code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True)
class Tries:
    """What is known of the wrong passwords for one name: how many in a row, when the last one, locked until when."""

    failed: int
    last_failed_at: datetime
    locked_until: datetime | None


def folded_username(typed: str) -> str:
    """Return the form in which user names are stored and counted: lower case, no spaces around."""
    return typed.strip().lower()


def username_problem(username: str) -> Refusal | None:
    """Say what is wrong with a new user name."""
    if _USERNAME.fullmatch(username):
        return None
    return Refusal(
        "bad_username", N_("Tên đăng nhập gồm chữ không dấu, chữ số, dấu chấm hoặc gạch nối, ví dụ lan.nguyen.")
    )


def password_problem(password: str, username: str) -> Refusal | None:
    """Say what is wrong with a new password. Length, not classes of signs, is what makes it strong."""
    if len(password) < PASSWORD_MIN:
        return Refusal("short_password", N_("Mật khẩu cần ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt."))
    if len(password) > PASSWORD_MAX:
        return Refusal("long_password", N_("Mật khẩu dài quá 200 ký tự."))
    if len(username) >= NAME_WORTH_HIDING and username in fold(password).replace(" ", ""):
        return Refusal("name_in_password", N_("Mật khẩu không được chứa tên đăng nhập."))
    if len(set(password)) < 4:
        return Refusal("plain_password", N_("Mật khẩu lặp lại quá ít ký tự."))
    return None


def is_locked(tries: Tries | None, now: datetime) -> bool:
    """Say whether the name is locked at this moment."""
    return tries is not None and tries.locked_until is not None and now < tries.locked_until


def failed_in_a_row(tries: Tries | None, now: datetime) -> int:
    """Return how many wrong passwords count: none when the last is older than a lock-out, or a lock-out has passed."""
    if tries is None or tries.locked_until is not None or now - tries.last_failed_at >= LOCKED_FOR:
        return 0
    return tries.failed


def after_failure(tries: Tries | None, now: datetime) -> Tries:
    """Return the count after one more wrong password; the fifth in a row locks. While locked nothing changes."""
    if tries is not None and is_locked(tries, now):
        return tries
    failed = failed_in_a_row(tries, now) + 1
    return Tries(failed, now, now + LOCKED_FOR if failed >= MAX_TRIES else None)


def is_alive(*, expires_at: datetime, seen_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Say whether a session still opens pages: not signed out, within twelve hours, seen within one hour."""
    return revoked_at is None and now < expires_at and now - seen_at < IDLE_LENGTH
