"""Each candidate's paper, sealed apart: it may lie on the machine before the start because its key does not exist
there yet.

All blobs of a sitting have one size, so length tells nothing. A key seals exactly one blob, hence the fixed nonce:
the same attempt always gets the same bytes, and a re-fetch or a resumed node cannot hand out a second paper under the
same key.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from examapp.core.i18n import N_
from examapp.integrity.canonical import KDF, MAC, H, enc, jcs, parse_jcs
from examapp.integrity.errors import IntegrityError
from examapp.integrity.sealing import NONCE_BYTES, TAG_BYTES, seal, unseal

_TAG = "khaothi/attempt-paper/v1"
_NONCE = bytes(NONCE_BYTES)
#: Sizes are rounded up to this, so that the largest paper's exact length stays unknown as well.
SIZE_STEP = 1024


def release_root(cek_paper: bytes, core_digest: bytes, seed: bytes) -> bytes:
    """Return the root of a sitting's paper keys; it needs the opened package *and* the drawn seed."""
    return KDF(cek_paper, core_digest, "khaothi/release/v1", seed)


def attempt_key(release_key: bytes, sitting: bytes, attempt: bytes) -> bytes:
    """Return the key of one attempt's paper; it opens nothing else."""
    return MAC(release_key, _TAG, sitting, attempt)


def paper_bytes(paper: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a paper as the candidate's page will parse them."""
    return jcs(dict(paper))


def paper_digest(paper: bytes) -> bytes:
    """Return the digest by which a paper is named in the opening root and in receipts."""
    return H("khaothi/paper/v1", paper)


def padded_size(papers: Iterable[Mapping[str, Any]]) -> int:
    """Return the one plaintext size for all papers of a sitting."""
    largest = max((len(paper_bytes(paper)) for paper in papers), default=0)
    return max(1, -(-largest // SIZE_STEP)) * SIZE_STEP


def seal_paper(key: bytes, paper: Mapping[str, Any], size: int, *, core_digest: bytes, attempt: bytes) -> bytes:
    """Return the blob that a machine may fetch early: nonce, ciphertext of `size` bytes, tag."""
    plain = paper_bytes(paper)
    if len(plain) > size:
        raise IntegrityError(
            "paper_size",
            N_("Đề của thí sinh dài %(found)s byte, quá cỡ chung %(size)s byte."),
            found=len(plain),
            size=size,
        )
    # Trailing zero bytes can never belong to canonical JSON, which ends with "}".
    return seal(key, plain.ljust(size, b"\0"), enc(_TAG, core_digest, attempt), nonce=_NONCE)


def open_paper(key: bytes, blob: bytes, *, core_digest: bytes, attempt: bytes) -> dict[str, Any]:
    """Return the paper inside a blob; raise SealBroken for another attempt's key or blob."""
    plain = unseal(key, blob, enc(_TAG, core_digest, attempt)).rstrip(b"\0")
    paper = parse_jcs(plain)
    if not isinstance(paper, dict):
        raise IntegrityError("paper_form", N_("Đề của thí sinh sai cấu trúc."))
    return paper


def blob_size(size: int) -> int:
    """Return the length of every blob of a sitting with that plaintext size."""
    return NONCE_BYTES + size + TAG_BYTES
