"""The receipt of a submission: a blinded leaf over the now immutable log, signed. Asking again gives the same bytes.

`attempt_leaf` is also what sealing computes for whoever did not submit, so root R1 and receipts can never differ in
method.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg

from examapp.answerlog.log import LogRow, counted, log_row
from examapp.answerlog.token import INCARNATION
from examapp.core.clock import to_millis
from examapp.core.i18n import N_
from examapp.integrity.canonical import b64u
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import (
    Leaf,
    LeafStatus,
    answers_digest,
    counted_rows,
    final_answers,
    log_digest,
    receipt_code,
    sign_receipt,
)

_ATTEMPT = """
SELECT sitting_id, core_digest, candidate_number, paper_digest, blind, leaf, closed_at
FROM attempts WHERE id = %s AND closed_by = 'candidate'
"""
_LOG = """
SELECT lease, seq, kind, item, response, client_ms, received_at, late, fenced
FROM answer_saves WHERE attempt_id = %s ORDER BY lease, seq
"""
_KEEP_LEAF = "UPDATE attempts SET leaf = %s WHERE id = %s AND leaf IS NULL"


@dataclass(frozen=True)
class AttemptIdentity:
    """What a leaf says about an attempt besides its log."""

    sitting: UUID
    attempt: UUID
    number: str
    core_digest: bytes
    paper_digest: bytes
    blind: bytes


@dataclass(frozen=True)
class Receipt:
    """What the page shows and keeps after submitting; `issued_at` is the moment of closing, in milliseconds."""

    leaf: bytes
    code: str
    answers_digest: bytes
    blind: bytes
    issued_at: int
    signature: bytes

    def as_json(self) -> dict[str, Any]:
        """Return the receipt as the page reads it."""
        return {
            "leaf": b64u(self.leaf),
            "code": self.code,
            "answers_digest": b64u(self.answers_digest),
            "blind": b64u(self.blind),
            "issued_at": self.issued_at,
            "signature": b64u(self.signature),
        }


def attempt_leaf(identity: AttemptIdentity, rows: Sequence[LogRow], status: LeafStatus) -> Leaf:
    """Return the leaf of an attempt as its log stands; an attempt without rows ends at (0, 0)."""
    relevant = counted_rows(counted(rows))
    last_lease, last_seq = relevant[-1][:2] if relevant else (0, 0)
    return Leaf(
        core_digest=identity.core_digest,
        sitting=identity.sitting.bytes,
        attempt=identity.attempt.bytes,
        number=identity.number,
        paper_digest=identity.paper_digest,
        status=status,
        last_lease=last_lease,
        last_seq=last_seq,
        log_digest=log_digest(relevant),
        answers_digest=answers_digest(identity.blind, final_answers(relevant)),
        blind=identity.blind,
    )


def make_receipt(keys: NodeKeys, leaf: Leaf, *, issued_at: int) -> Receipt:
    """Return the signed receipt of a leaf."""
    leaf_hash = leaf.hash()
    signature = sign_receipt(keys.signing_key, leaf_hash, leaf.sitting, issued_at_ms=issued_at, incarnation=INCARNATION)
    return Receipt(leaf_hash, receipt_code(leaf_hash), leaf.answers_digest, leaf.blind, issued_at, signature)


class ReceiptDesk:
    """Issues receipts of submitted attempts over one connection of its own, so that the writer is not held up."""

    def __init__(self, dsn: str, keys: NodeKeys) -> None:
        self._dsn = dsn.replace("postgresql+psycopg://", "postgresql://", 1)
        self._keys = keys
        self._lock = Lock()
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def receipt(self, attempt: UUID) -> Receipt:
        """Return the receipt of an attempt closed by its submission, and keep its leaf.

        Raise psycopg.OperationalError when the database is away: the page submits again and gets the same receipt.
        """
        with self._lock:
            try:
                return self._receipt(self._connected(), attempt)
            except psycopg.Error:
                self._close()
                raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _receipt(self, connection: psycopg.Connection[tuple[Any, ...]], attempt: UUID) -> Receipt:
        with connection.pipeline():
            of_attempt = connection.execute(_ATTEMPT, (attempt,), prepare=True)
            of_log = connection.execute(_LOG, (attempt,), prepare=True)
        found = of_attempt.fetchone()
        if found is None:
            raise IntegrityError("not_submitted", N_("Bài làm chưa được nộp nên chưa có biên nhận."))
        sitting, core_digest, number, paper_digest, blind, kept, closed_at = found
        identity = AttemptIdentity(sitting, attempt, number, core_digest, paper_digest, blind)
        leaf = attempt_leaf(identity, [log_row(*row) for row in of_log.fetchall()], LeafStatus.SUBMITTED)
        receipt = make_receipt(self._keys, leaf, issued_at=to_millis(closed_at))
        if kept is None:
            connection.execute(_KEEP_LEAF, (receipt.leaf, attempt), prepare=True)
        elif kept != receipt.leaf:
            raise IntegrityError("leaf_changed", N_("Nhật ký bài làm đã bị thay đổi sau khi nộp."))
        return receipt

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._dsn, autocommit=True, connect_timeout=3, application_name="answer log receipts"
            )
            # The leaf can be computed again at any time, so losing its last write costs nothing: no wait for the disk.
            self._connection.execute("SET synchronous_commit = off")
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
