"""The audit chain: gapless, hash-linked events per scope, with a MAC under a key that is not in the database.

The event commits to its details by a salt, so details can be erased without breaking the chain and cannot be guessed
from an export. A chain alone does not know its own end: only an anchor from paper shows a cut tail, only the system
scope's list of scopes shows a missing chain.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from examapp.core.i18n import N_
from examapp.integrity.canonical import MAC, H, b64u, jcs, utc_text
from examapp.integrity.errors import CanonicalError

VERSION = 1
SYSTEM_SCOPE = "system"
#: The system scope's action whose subject is the name of a new scope.
SCOPE_CREATED = "scope.created"


@dataclass(frozen=True)
class Event:
    """One deed before it is stored. `details_commit` and `prev` tie it to its details and to the event before."""

    scope: str
    number: int
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    subject: str
    details_commit: bytes
    prev: bytes
    incarnation: int = 1
    boot: str = ""


@dataclass(frozen=True)
class Details:
    """The erasable half of an event."""

    salt: bytes
    value: Any


@dataclass(frozen=True)
class StoredEvent:
    """An event as read back, with what was stored beside it; details None means erased or not exported."""

    event: Event
    hash: bytes
    mac: bytes
    details: Details | None = None


@dataclass(frozen=True)
class Ok:
    """The chain holds; the last `unanchored` events rest on no paper anchor, `erased` ones have no details left."""

    length: int
    head: bytes
    unanchored: int
    erased: int


@dataclass(frozen=True)
class Broken:
    """The first place where the chain does not hold, as code and sentence."""

    scope: str
    number: int
    code: str
    why: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self) -> str:
        """Return the Vietnamese sentence, with the place filled in."""
        return self.why % ({"scope": self.scope, "number": self.number} | dict(self.params))


_REASONS = {
    "number": N_("Nhật ký %(scope)s: thiếu hoặc thừa sự kiện trước số %(number)s."),
    "scope": N_("Nhật ký %(scope)s: sự kiện số %(number)s thuộc nhật ký khác."),
    "prev": N_("Nhật ký %(scope)s: sự kiện số %(number)s không nối với sự kiện trước nó."),
    "hash": N_("Nhật ký %(scope)s: nội dung sự kiện số %(number)s đã bị sửa."),
    "mac": N_("Nhật ký %(scope)s: sự kiện số %(number)s không do máy chủ này ghi."),
    "details": N_("Nhật ký %(scope)s: chi tiết của sự kiện số %(number)s đã bị sửa hoặc tráo."),
    "anchor": N_("Nhật ký %(scope)s: sự kiện số %(number)s không khớp giá trị đã in trên biên bản."),
    "tail": N_("Nhật ký %(scope)s: thiếu phần cuối; biên bản có ghi sự kiện số %(number)s."),
}


def broken_at(scope: str, number: int, code: str) -> Broken:
    """Return the finding of one of the codes in words."""
    return Broken(scope=scope, number=number, code=code, why=_REASONS[code])


# --- writing ---------------------------------------------------------------------------------------------------------


def details_commit(salt: bytes, details: object) -> bytes:
    """Commit to an event's details; 16 random bytes of salt keep a birth date or an address from being guessed."""
    return H("khaothi/audit-details/v1", salt, jcs(details))


def genesis_prev(scope: str, node_pub: bytes, created_hash: bytes) -> bytes:
    """Return what the first event of a scope points to; the system scope itself has no creating event: pass b""."""
    return H("khaothi/audit-genesis/v1", scope, node_pub, created_hash)


def event_json(event: Event) -> dict[str, Any]:
    """Return the event as the canonical JSON value that is hashed."""
    return {
        "v": VERSION,
        "scope": event.scope,
        "n": event.number,
        "at": utc_text(event.at),
        "boot": event.boot,
        "incarnation": event.incarnation,
        "actor": {"id": event.actor_id, "name": event.actor_name},
        "action": event.action,
        "subject": event.subject,
        "details_commit": b64u(event.details_commit),
        "prev": b64u(event.prev),
    }


def event_hash(event: Event) -> bytes:
    """Return the hash that the next event will point to. Times count in milliseconds: store them so."""
    return H("khaothi/audit/v1", jcs(event_json(event)))


def event_mac(audit_key: bytes, hash_value: bytes) -> bytes:
    """Return the MAC that whoever has only the database cannot make."""
    return MAC(audit_key, "khaothi/audit-mac/v1", hash_value)


# --- checking --------------------------------------------------------------------------------------------------------


def verify(
    scope: str,
    events: Iterable[StoredEvent],
    *,
    genesis: bytes,
    audit_key: bytes | None = None,
    anchors: Mapping[int, bytes] | None = None,
) -> Ok | Broken:
    """Check one chain from its genesis on, in ascending numbers.

    `anchors` are (number, hash) pairs read from paper; `audit_key` is only known to the node itself.
    """
    anchors = anchors or {}
    prev, number, erased = genesis, 0, 0
    for stored in events:
        number += 1
        code = _fault(scope, number, stored, prev, audit_key)
        if code is None and not hmac.compare_digest(anchors.get(number, stored.hash), stored.hash):
            code = "anchor"
        if code is not None:
            return broken_at(scope, number, code)
        prev = stored.hash
        erased += stored.details is None
    last_anchor = max(anchors, default=0)
    if last_anchor > number:
        return broken_at(scope, last_anchor, "tail")
    return Ok(length=number, head=prev, unanchored=number - last_anchor, erased=erased)


def _fault(scope: str, number: int, stored: StoredEvent, prev: bytes, audit_key: bytes | None) -> str | None:
    event = stored.event
    if event.scope != scope:
        return "scope"
    if event.number != number:
        return "number"
    if not hmac.compare_digest(event.prev, prev):
        return "prev"
    return own_fault(stored, audit_key)


def is_genuine(stored: StoredEvent, audit_key: bytes) -> bool:
    """Say whether this node wrote the event with these details at its place; only `verify` tells what is missing."""
    try:
        return own_fault(stored, audit_key) is None
    except CanonicalError:  # a text that no node can have hashed
        return False


def own_fault(stored: StoredEvent, audit_key: bytes | None) -> str | None:
    """Return the code of what is wrong with an event by itself: its hash, its MAC if the key is known, its details."""
    event = stored.event
    if not hmac.compare_digest(event_hash(event), stored.hash):
        return "hash"
    if audit_key is not None and not hmac.compare_digest(event_mac(audit_key, stored.hash), stored.mac):
        return "mac"
    details = stored.details
    if details is not None and not hmac.compare_digest(
        details_commit(details.salt, details.value), event.details_commit
    ):
        return "details"
    return None
