"""The advisory locks by which saves, sealing, closing and transfers take turns.

The writer holds the sitting shared and each attempt of its batch exclusively; whoever seals a sitting holds it
exclusively, and whoever gives an attempt a new writer holds the sitting shared and the attempt exclusively. Always
sittings before attempts, each in ascending key order, so nobody waits in a circle. A lock is a statement of its own:
the next statement's snapshot must be taken after the lock was granted, or it would not see what the previous holder
committed.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

#: first argument of the two-key advisory locks; the second is `lock_key` of an id
SITTING_CLASS = 0x6B74_0001
ATTEMPT_CLASS = 0x6B74_0002

_EXCLUSIVE = text("SELECT pg_advisory_xact_lock(:lock_class, :lock_key)")
_SHARED = text("SELECT pg_advisory_xact_lock_shared(:lock_class, :lock_key)")


def lock_key(subject: UUID) -> int:
    """Return the signed 32-bit key of an id: its last four bytes, which are random in a UUID version 7.

    Two ids may share a key; then they wait for each other for no reason, and nothing breaks.
    """
    return int.from_bytes(subject.bytes[12:], "big", signed=True)


def sorted_keys(subjects: Iterable[UUID]) -> list[int]:
    """Return the distinct lock keys in the order in which they must be taken."""
    return sorted({lock_key(subject) for subject in subjects})


def lock_sitting_exclusive(session: Session | Connection, sitting_id: UUID) -> None:
    """Wait until no save of the sitting is under way and keep new ones waiting until the transaction ends.

    Keep the transaction short: saves of the sitting time out with a 503 meanwhile, and are sent again.
    """
    session.execute(_EXCLUSIVE, {"lock_class": SITTING_CLASS, "lock_key": lock_key(sitting_id)})


def lock_attempt_exclusive(session: Session | Connection, sitting_id: UUID, attempt_id: UUID) -> None:
    """Keep saves of one attempt waiting until the transaction ends: for new leases, transfers and closing one
    attempt."""
    session.execute(_SHARED, {"lock_class": SITTING_CLASS, "lock_key": lock_key(sitting_id)})
    session.execute(_EXCLUSIVE, {"lock_class": ATTEMPT_CLASS, "lock_key": lock_key(attempt_id)})
