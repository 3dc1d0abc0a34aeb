"""Pure rules of sign-in: names, passwords, counting wrong tries, how long a session lives.

Wrong passwords for a name are counted where they come from: a machine on which the account has signed in before, or an
address. Five in a row lock the name there, for a quarter of an hour, then for half an hour, then for an hour each time:
at most 130 guesses in a day from one place. All strangers together, from however many addresses, get 20 guesses and
then one every three minutes: 500 in a first day, 480 in every other. A password of ten characters that is on no list of
the first 100,000 therefore stands for more than half a year against everybody who can reach the server.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from examapp.core.i18n import N_
from examapp.core.vietnamese import fold

MAX_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=1)
#: longer than any lock-out and than the strangers' count needs to run empty
FORGOTTEN_AFTER = timedelta(hours=2)
#: guesses at one name that all strangers together have, and how often they get one more
STRANGERS_TRIES = 20
STRANGERS_TRY_EVERY = timedelta(minutes=3)
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
    """Wrong passwords for one name from one place: how many, when the last one, locked until when."""

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


def lock_length(failed: int) -> timedelta:
    """Return how long the name is locked at this place after so many wrong passwords: not at all but at each fifth."""
    if failed == 0 or failed % MAX_TRIES:
        return timedelta(0)
    return min(LONGEST_LOCK, LOCKED_FOR * (1 << min(failed // MAX_TRIES - 1, 8)))


def tries_left(tries: Tries | None) -> int:
    """Return how many more wrong passwords lock the name at this place."""
    return MAX_TRIES - (tries.failed if tries else 0) % MAX_TRIES


def after_failure(tries: Tries | None, now: datetime) -> Tries:
    """Return the count of a place after one more wrong password; each fifth locks. While locked nothing changes."""
    if tries is not None and is_locked(tries, now):
        return tries
    failed = 1 if tries is None or now - tries.last_failed_at >= FORGOTTEN_AFTER else tries.failed + 1
    locked = lock_length(failed)
    return Tries(failed, now, now + locked if locked else None)


def after_strangers_failure(tries: Tries | None, now: datetime) -> Tries:
    """Return the count of all strangers after one more wrong password; one is forgotten every three minutes.

    `last_failed_at` is the moment up to which forgetting is reckoned; `locked_until` is when the next guess is free.
    """
    failed, since = 1, now
    if tries is not None:
        forgotten = (now - tries.last_failed_at) // STRANGERS_TRY_EVERY
        if forgotten < tries.failed:
            failed, since = tries.failed - forgotten + 1, tries.last_failed_at + forgotten * STRANGERS_TRY_EVERY
    over = failed - STRANGERS_TRIES + 1
    return Tries(failed, since, since + over * STRANGERS_TRY_EVERY if over > 0 else None)


def is_alive(*, expires_at: datetime, seen_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Say whether a session still opens pages: not signed out, within twelve hours, seen within one hour."""
    return revoked_at is None and now < expires_at and now - seen_at < IDLE_LENGTH
