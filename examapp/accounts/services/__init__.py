"""What people do with accounts: sign in and out, passwords, sessions, roles."""

from examapp.accounts.services.passwords import HASHER, change_password, reset_password
from examapp.accounts.services.people import (
    create_account,
    disable_account,
    enable_account,
    end_roles,
    grant_role,
    revoke_role,
)
from examapp.accounts.services.sessions import end_sessions, mark_seen, open_session, sign_out
from examapp.accounts.services.sign_in import Origin, name_digest, place_digest, record_failed_sign_in, sign_in

__all__ = [
    "HASHER",
    "Origin",
    "change_password",
    "create_account",
    "disable_account",
    "enable_account",
    "end_roles",
    "end_sessions",
    "grant_role",
    "mark_seen",
    "name_digest",
    "open_session",
    "place_digest",
    "record_failed_sign_in",
    "reset_password",
    "revoke_role",
    "sign_in",
    "sign_out",
]
