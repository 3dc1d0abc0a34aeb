"""Machines on which an account has signed in before: wrong passwords of strangers do not lock the name there.

The machine's cookie holds a random id and, for each account that signed in on it lately, a tag that only this node can
make. It opens nothing: whoever steals it may guess as slowly as everybody else, only beside the others.
"""

import hmac
import secrets
from collections.abc import Callable
from uuid import UUID

from examapp.integrity.canonical import MAC, b64u, b64u_decode
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys

_ID_BYTES = 16
_TAG_BYTES = 16
#: colleagues who share a machine; the one who has not used it longest is forgotten first
_MOST_ACCOUNTS = 8


def known_machine(cookie: str | None, account_id: UUID, keys: NodeKeys) -> bytes | None:
    """Return the machine's id when this account has signed in on it before."""
    machine, tags = _parts(cookie)
    own = _tag(machine, account_id, keys)
    return machine if any(hmac.compare_digest(tag, own) for tag in tags) else None


def remember_account(
    cookie: str | None,
    account_id: UUID,
    keys: NodeKeys,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> str:
    """Return the machine's cookie after this account has signed in on it."""
    machine, tags = _parts(cookie)
    machine = machine or random_bytes(_ID_BYTES)
    own = _tag(machine, account_id, keys)
    others = [tag for tag in tags if tag != own]
    return b64u(b"".join([machine, own, *others[: _MOST_ACCOUNTS - 1]]))


def _parts(cookie: str | None) -> tuple[bytes, list[bytes]]:
    """Return id and tags of a cookie; of one that we did not make, nothing."""
    try:
        data = b64u_decode(cookie or "")
    except IntegrityError:
        return b"", []
    rest = len(data) - _ID_BYTES
    if rest not in range(0, _TAG_BYTES * _MOST_ACCOUNTS + 1, _TAG_BYTES):
        return b"", []
    return data[:_ID_BYTES], [data[start : start + _TAG_BYTES] for start in range(_ID_BYTES, len(data), _TAG_BYTES)]


def _tag(machine: bytes, account_id: UUID, keys: NodeKeys) -> bytes:
    return MAC(keys.machine_key, "khaothi/staff-machine/v1", machine, account_id.bytes)[:_TAG_BYTES]
