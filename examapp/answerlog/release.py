"""How the key of an attempt's paper rests in the database until it is released: wrapped under a key outside of it.

A reader of the database alone therefore opens no paper, before the start or ever.
"""

from uuid import UUID

from examapp.integrity.canonical import enc
from examapp.integrity.keys import NodeKeys
from examapp.integrity.sealing import RandomBytes, unwrap_key, wrap_key

_TAG = "khaothi/node-release/v1"


def wrap_release_key(keys: NodeKeys, key: bytes, *, sitting: UUID, attempt: UUID, random_bytes: RandomBytes) -> bytes:
    """Return the value of `attempts.release_key`."""
    return wrap_key(keys.release_key(sitting.bytes), key, _context(attempt), random_bytes=random_bytes)


def unwrap_release_key(keys: NodeKeys, wrapped: bytes, *, sitting: UUID, attempt: UUID) -> bytes:
    """Return the paper key inside `attempts.release_key`; raise SealBroken when it was exchanged or damaged."""
    return unwrap_key(keys.release_key(sitting.bytes), wrapped, _context(attempt))


def _context(attempt: UUID) -> bytes:
    return enc(_TAG, attempt.bytes)
