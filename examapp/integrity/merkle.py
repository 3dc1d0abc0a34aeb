"""RFC 6962 trees: one printed value stands for many leaves, and one leaf proves that it was among them.

Callers choose the order: leaves of a sitting are sorted by leaf hash so that their places tell nothing about seats or
times.
"""

import hashlib
import hmac
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in the given order."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from the leaf at `index` up to the root."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*proof(leaves[:split], index), root(leaves[split:])]
    return [*proof(leaves[split:], index - split), root(leaves[:split])]


def verify_proof(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """Say whether `leaf` is number `index` of the `size` leaves under `expected_root`."""
    if not 0 <= index < size:
        return False
    found = _climb(leaf, index, size, list(path))
    return found is not None and hmac.compare_digest(found, expected_root)


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Rebuild the root of a subtree from its leaf; None when the path has the wrong length."""
    if size == 1:
        return leaf if not path else None
    if not path:
        return None
    split = _split(size)
    sibling = path.pop()
    if index < split:
        left = _climb(leaf, index, split, path)
        return None if left is None else node_hash(left, sibling)
    right = _climb(leaf, index - split, size - split, path)
    return None if right is None else node_hash(sibling, right)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
