"""What the server says it recorded: final answers, their digests, the blinded leaf and the signed receipt.

A leaf is one rostered candidate, absent or not; the root R1 over all leaves is printed before the keys open, R2 over
the marks before they leave the building. Functions take the *counted* rows of an attempt: the caller leaves out
fenced rows and late ones that do not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from examapp.core.i18n import N_
from examapp.integrity.canonical import H, crockford, enc, grouped, jcs
from examapp.integrity.errors import IntegrityError
from examapp.integrity.merkle import leaf_hash, root

#: lease, seq, kind, item, response, client_ms
Row = Sequence[Any]

KIND_ANSWER, KIND_FLAG, KIND_SUBMIT = 1, 2, 3
RECEIPT_CODE_SYMBOLS = 20


class LeafStatus(StrEnum):
    """How an attempt ended."""

    SUBMITTED = "submitted"
    CLOSED = "closed"
    ABSENT = "absent"
    VOID = "void"


def counted_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the rows in their order of truth, (lease, seq), up to and including the submission."""
    ordered = sorted(rows, key=lambda row: (row[0], row[1]))
    for index, row in enumerate(ordered):
        if row[2] == KIND_SUBMIT:
            return ordered[: index + 1]
    return ordered


def final_answers(rows: Iterable[Row]) -> list[list[Any]]:
    """Return [item, response] pairs by item: the last answer of each; a cleared answer is no answer."""
    last = {row[3]: row[4] for row in counted_rows(rows) if row[2] == KIND_ANSWER}
    return [[item, last[item]] for item in sorted(last) if last[item] is not None]


def log_digest(rows: Iterable[Row]) -> bytes:
    """Return the digest of every counted row, flags and the submission included."""
    return H("khaothi/log/v1", jcs([list(row) for row in counted_rows(rows)]))


def answers_digest(blind: bytes, answers: Sequence[Sequence[Any]]) -> bytes:
    """Return the blinded digest of final answers, which the candidate's page computes as well and compares."""
    return H("khaothi/answers/v1", blind, jcs(answers))


@dataclass(frozen=True)
class Leaf:
    """The facts about one rostered candidate that R1 fixes. Never a score: the keys are still sealed."""

    core_digest: bytes
    sitting: bytes
    attempt: bytes
    number: str
    paper_digest: bytes
    status: LeafStatus
    last_lease: int
    last_seq: int
    log_digest: bytes
    answers_digest: bytes
    blind: bytes

    def data(self) -> bytes:
        """Return the framed bytes under the leaf hash."""
        digests = (self.core_digest, self.paper_digest, self.log_digest, self.answers_digest, self.blind)
        if any(len(digest) != 32 for digest in digests) or len(self.sitting) != 16 or len(self.attempt) != 16:
            raise IntegrityError("leaf_size", N_("Lá biên nhận có trường sai độ dài."))
        return enc(
            "khaothi/leaf/v1",
            self.core_digest,
            self.sitting,
            self.attempt,
            self.number,
            self.paper_digest,
            str(self.status),
            self.last_lease,
            self.last_seq,
            self.log_digest,
            self.answers_digest,
            self.blind,
        )

    def hash(self) -> bytes:
        """Return the leaf hash: what the receipt shows and the tree contains."""
        return leaf_hash(self.data())


def receipt_code(leaf: bytes) -> str:
    """Return the 100 bits of a leaf hash that a candidate can copy by hand."""
    return grouped(crockford(leaf, RECEIPT_CODE_SYMBOLS))


def sign_receipt(
    signing_key: Ed25519PrivateKey, leaf: bytes, sitting: bytes, *, issued_at_ms: int, incarnation: int
) -> bytes:
    """Return the node's signature that it recorded this leaf."""
    return signing_key.sign(_receipt_message(leaf, sitting, issued_at_ms, incarnation))


def verify_receipt(
    node_pub: bytes, signature: bytes, leaf: bytes, sitting: bytes, *, issued_at_ms: int, incarnation: int
) -> bool:
    """Say whether the node signed this receipt."""
    return _verified(node_pub, signature, _receipt_message(leaf, sitting, issued_at_ms, incarnation))


def _receipt_message(leaf: bytes, sitting: bytes, issued_at_ms: int, incarnation: int) -> bytes:
    return enc("khaothi/receipt/v1", leaf, sitting, issued_at_ms, incarnation)


def explanation_digest(explanation: object) -> bytes:
    """Return the digest of an outcome's explanation."""
    return H("khaothi/explanation/v1", jcs(explanation))


def result_leaf(leaf: bytes, mark: str, explanation: bytes, blind: bytes) -> bytes:
    """Return the leaf hash of one result for R2; `mark` is exact text such as "45/60", `explanation` its digest."""
    return leaf_hash(enc("khaothi/result-leaf/v1", leaf, mark, explanation, blind))


def sitting_root(leaves: Iterable[bytes]) -> bytes:
    """Return R1 or R2: the root over leaf hashes sorted by hash; two equal leaves cannot be two candidates."""
    ordered = sorted(leaves)
    if len(set(ordered)) != len(ordered):
        raise IntegrityError("duplicate_leaf", N_("Hai bài làm có cùng một lá biên nhận."))
    return root(ordered)


def sign_root(signing_key: Ed25519PrivateKey, kind: str, sitting: bytes, root_hash: bytes, *, leaves: int) -> bytes:
    """Return the node's signature on a root of a sitting; `kind` is "R1" or "R2"."""
    return signing_key.sign(enc("khaothi/sitting-root/v1", kind, sitting, root_hash, leaves))


def verify_root(node_pub: bytes, signature: bytes, kind: str, sitting: bytes, root_hash: bytes, *, leaves: int) -> bool:
    """Say whether the node signed this root."""
    return _verified(node_pub, signature, enc("khaothi/sitting-root/v1", kind, sitting, root_hash, leaves))


def _verified(node_pub: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(node_pub).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
