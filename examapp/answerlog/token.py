"""The attempt token and the machine cookie: who may write to which attempt, checked without asking the database.

Layout (protocols §4): version u8, flags u8, incarnation u32, sitting 16, attempt 16, machine 16, lease u32, issued
u32, expires u32, then HMAC-SHA256. The key depends on the sitting and the incarnation, so a token of another sitting,
or of a node before it was restored, is a forgery. The token names the machine it was given to; the machine cookie
must name the same.
"""

import hmac
import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from examapp.core.clock import from_millis, to_millis
from examapp.integrity.canonical import MAC, b64u, b64u_decode
from examapp.integrity.errors import CanonicalError
from examapp.integrity.keys import NodeKeys

#: stays 1 until a node can be resumed after a restore
INCARNATION = 1
VERSION = 1

_LAYOUT = struct.Struct(">BBI16s16s16sIII")
_FLAG_REHEARSAL = 1
_MAC_BYTES = 32
_TOKEN_LENGTH = -(-(_LAYOUT.size + _MAC_BYTES) * 4 // 3)
_MACHINE_LENGTH = -(-(16 + _MAC_BYTES) * 4 // 3)


@dataclass(frozen=True, slots=True)
class Token:
    """What a verified token says."""

    sitting: UUID
    attempt: UUID
    machine: UUID
    lease: int
    rehearsal: bool
    issued: datetime
    expires: datetime


class Refusal(StrEnum):
    """Why a token is not believed. The candidate's page is told `signed_out` in every case."""

    MALFORMED = "malformed"
    FORGED = "forged"
    OTHER_INCARNATION = "other_incarnation"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class CookieNames:
    """The names of both cookies; the `__Host-` prefix needs HTTPS, so loopback over plain HTTP goes without."""

    attempt: str
    machine: str


def cookie_names(secure: bool) -> CookieNames:
    """Return the cookie names for HTTPS, or for plain HTTP on loopback."""
    prefix = "__Host-" if secure else ""
    return CookieNames(attempt=f"{prefix}khaothi-attempt", machine=f"{prefix}khaothi-machine")


def issue(keys: NodeKeys, token: Token) -> str:
    """Return the cookie value of a token; times are cut to whole seconds."""
    payload = _LAYOUT.pack(
        VERSION,
        _FLAG_REHEARSAL if token.rehearsal else 0,
        INCARNATION,
        token.sitting.bytes,
        token.attempt.bytes,
        token.machine.bytes,
        token.lease,
        to_millis(token.issued) // 1000,
        to_millis(token.expires) // 1000,
    )
    return b64u(payload + _token_mac(keys, token.sitting.bytes, payload))


def verify(keys: NodeKeys, text: str, now: datetime) -> Token | Refusal:
    """Return the token inside a cookie value, or why it is not believed."""
    token = read(keys, text)
    return Refusal.EXPIRED if isinstance(token, Token) and now >= token.expires else token


def read(keys: NodeKeys, text: str) -> Token | Refusal:
    """Return the token inside a cookie value without asking whether it has expired: that depends on the moment only."""
    if len(text) != _TOKEN_LENGTH:
        return Refusal.MALFORMED
    try:
        data = b64u_decode(text)
    except CanonicalError:
        return Refusal.MALFORMED
    payload = data[: _LAYOUT.size]
    version, flags, incarnation, sitting, attempt, machine, lease, issued, expires = _LAYOUT.unpack(payload)
    if version != VERSION or flags & ~_FLAG_REHEARSAL:
        return Refusal.MALFORMED
    if incarnation != INCARNATION:
        return Refusal.OTHER_INCARNATION
    if not hmac.compare_digest(data[_LAYOUT.size :], _token_mac(keys, sitting, payload)):
        return Refusal.FORGED
    return Token(
        sitting=UUID(bytes=sitting),
        attempt=UUID(bytes=attempt),
        machine=UUID(bytes=machine),
        lease=lease,
        rehearsal=bool(flags & _FLAG_REHEARSAL),
        issued=from_millis(issued * 1000),
        expires=from_millis(expires * 1000),
    )


def issue_machine(keys: NodeKeys, machine: UUID) -> str:
    """Return the cookie value that proves a machine id was given out by this node."""
    return b64u(machine.bytes + MAC(keys.machine_key, "khaothi/machine/v1", machine.bytes))


def verify_machine(keys: NodeKeys, text: str) -> UUID | None:
    """Return the machine id of a cookie value, or None when this node did not make it."""
    if len(text) != _MACHINE_LENGTH:
        return None
    try:
        data = b64u_decode(text)
    except CanonicalError:
        return None
    machine = UUID(bytes=data[:16])
    return machine if hmac.compare_digest(issue_machine(keys, machine), text) else None


def _token_mac(keys: NodeKeys, sitting: bytes, payload: bytes) -> bytes:
    return MAC(_token_key(keys, sitting), "khaothi/token/v1", payload)


# HKDF costs more than the rest of a check; forged sittings can only push real ones out for a moment.
@lru_cache(maxsize=256)
def _token_key(keys: NodeKeys, sitting: bytes) -> bytes:
    return keys.token_key(sitting, INCARNATION)
