"""Compare what is stored with what root R1 was computed over, attempt by attempt; tell what the sealing has found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.log import LogRow, stored_rows, stored_rows_by_attempt
from examapp.audit.queries import genuine_events
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt, SittingRoot
from examapp.delivery.services.seal import ANSWERS_SEALED, leaf_of
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import sitting_root, verify_root

_LEAF_BYTES = 32


@dataclass(frozen=True)
class Sealed:
    """What the event of a sitting's sealing says, as the page shows it."""

    #: the event was written by this node and still has its details
    genuine: bool
    #: hexadecimal, as it was when the sitting was sealed
    root: str = ""
    receipts_differing: Sequence[str] = ()
    times_differing: Sequence[str] = ()
    #: rows received outside the decided time, by candidate number
    rows_out_of_time: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """How an attempt stands to root R1; `stored_leaf` is None when its rows cannot even be read."""

    root: bytes
    kept_leaf: bytes | None
    stored_leaf: bytes | None
    differs: bool


def compare(session: Session, attempt: Attempt, sealed: SittingRoot) -> Difference:
    """Compare one attempt and its stored rows with root R1."""
    rows = _readable_rows(session, attempt.id)
    return _compared(attempt, rows, sealed, leaves_of(sealed))


def check_all(
    session: Session, attempts: Sequence[Attempt], sealed: SittingRoot, *, keys: NodeKeys
) -> dict[UUID, list[LogRow]]:
    """Return the logs of the attempts to be marked, every one the log that R1 was computed over.

    Raises Conflict with the candidate's number for one that differs and is not voided, and when R1 itself is not the
    root that was signed, or there are other attempts than were sealed.
    """
    leaves = leaves_of(sealed) or frozenset(attempt.leaf for attempt in attempts if attempt.leaf)
    signed = verify_root(
        keys.node_pub, sealed.signature, "R1", sealed.sitting_id.bytes, sealed.root, leaves=sealed.leaves
    )
    if not signed or sitting_root(leaves) != sealed.root or len(attempts) != sealed.leaves:
        message = N_(
            "Gốc R1 hoặc số bài làm không còn như lúc niêm phong. "
            "Dừng chấm, so với gốc R1 đã in và báo Chủ tịch Hội đồng."
        )
        raise Conflict("root_differs", message)
    counted = [attempt for attempt in attempts if attempt.voided_at is None]
    logs = _logs(session, counted)
    for attempt in counted:
        if _compared(attempt, logs[attempt.id], sealed, leaves).differs:
            raise _refusal(attempt)
    return {attempt.id: rows for attempt in counted if (rows := logs[attempt.id]) is not None}


def sealed_findings(session: Session, sitting_id: UUID, keys: NodeKeys) -> Sealed:
    """Return what the first sealing of the sitting has found; a root that was made again is not that one."""
    events = genuine_events(session, f"sitting:{sitting_id}", ANSWERS_SEALED, keys)
    if not events or events[0].details is None:
        return Sealed(genuine=False)
    details = events[0].details.value
    return Sealed(
        genuine=True,
        root=details["root"],
        receipts_differing=details.get("receipts_differing", []),
        times_differing=details.get("times_differing", []),
        rows_out_of_time={one["number"]: one["count"] for one in details.get("rows_out_of_time", [])},
    )


def differing_attempts(session: Session, attempts: Sequence[Attempt], sealed: SittingRoot) -> set[UUID]:
    """Return which of the attempts, or their stored rows, are not what R1 was computed over."""
    leaves, logs = leaves_of(sealed), _logs(session, attempts)
    return {one.id for one in attempts if _compared(one, logs[one.id], sealed, leaves).differs}


def leaves_of(sealed: SittingRoot) -> frozenset[bytes] | None:
    """Return the leaves kept beside the root; None for a root that was made before leaves were kept."""
    kept = sealed.leaf_hashes
    if kept is None:
        return None
    return frozenset(kept[at : at + _LEAF_BYTES] for at in range(0, len(kept), _LEAF_BYTES))


def _compared(
    attempt: Attempt, rows: Sequence[LogRow] | None, sealed: SittingRoot, leaves: frozenset[bytes] | None
) -> Difference:
    stored = _stored_leaf(attempt, rows)
    kept = attempt.leaf
    differs = kept is None or stored != kept or (leaves is not None and kept not in leaves)
    return Difference(sealed.root, kept, stored, differs)


def _stored_leaf(attempt: Attempt, rows: Sequence[LogRow] | None) -> bytes | None:
    try:
        return None if rows is None else leaf_of(attempt, rows).hash()
    except IntegrityError:  # a value that no page can have sent has no digest
        return None


def _logs(session: Session, attempts: Sequence[Attempt]) -> dict[UUID, list[LogRow] | None]:
    ids = [attempt.id for attempt in attempts]
    try:
        return dict(stored_rows_by_attempt(session, ids))
    except ValueError:  # one row is no JSON any more: find whose
        return {attempt_id: _readable_rows(session, attempt_id) for attempt_id in ids}


def _readable_rows(session: Session, attempt_id: UUID) -> list[LogRow] | None:
    try:
        return stored_rows(session, attempt_id)
    except ValueError:
        return None


def _refusal(attempt: Attempt) -> Conflict:
    message = N_(
        "Bài làm của số báo danh %(number)s không khớp lá đã niêm phong trong gốc R1 nên chưa chấm bài nào. "
        "Báo Chủ tịch Hội đồng: Chủ tịch xác minh, hủy bài này nếu cần, rồi mở đáp án lại."
    )
    return Conflict("log_differs", message, number=attempt.candidate_number)
