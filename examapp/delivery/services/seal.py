"""Close what nobody submitted and seal the sitting: from here on no answer changes, and root R1 says so.

The exclusive lock on the sitting makes sure that no save is acknowledged after its leaf was made (protocols §5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.answerlog.locks import lock_sitting_exclusive
from examapp.answerlog.log import LogRow, stored_rows_by_attempt
from examapp.answerlog.receipt import AttemptIdentity, attempt_leaf
from examapp.audit.services import record
from examapp.core.clock import local_text
from examapp.core.errors import Conflict
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.delivery.models import Attempt, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import seal_facts
from examapp.delivery.rules import AttemptFacts, may_seal_at
from examapp.delivery.services.times import time_findings
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import Leaf, LeafStatus, sign_root, sitting_root

ANSWERS_SEALED = "delivery.answers_sealed"


@dataclass(frozen=True)
class AnswersSealed(Event):
    """Every attempt of the sitting is closed and root R1 exists."""

    sitting_id: str


def seal_sitting(session: Session, sitting_id: UUID, *, keys: NodeKeys, actor: Actor, now: datetime) -> SittingRoot:
    """Close every attempt, compute root R1 and store it signed.

    Raises Conflict for a rehearsal, before there are attempts, and until every one is submitted, or past its deadline
    and heard, or past its grace.
    """
    lock_sitting_exclusive(session, sitting_id)
    if session.get(SittingRoot, (sitting_id, RootKind.ANSWERS)):
        raise Conflict("sealed_already", N_("Ca thi đã niêm phong."))
    facts = seal_facts(session, sitting_id)
    if not facts:
        raise Conflict("nothing_to_seal", N_("Ca thi chưa mở đề nên chưa có bài làm nào để niêm phong."))
    _refuse_too_early(facts, now)
    # as they are now that nobody writes any more, whatever this session has read of them before
    current = select(Attempt).where(Attempt.sitting_id == sitting_id).execution_options(populate_existing=True)
    attempts = list(session.scalars(current))
    if any(attempt.rehearsal for attempt in attempts):
        raise Conflict("rehearsal_not_sealed", N_("Ca thi thử không niêm phong: mỗi lần thi thử tự đóng khi hết giờ."))
    rows = stored_rows_by_attempt(session, [attempt.id for attempt in attempts])
    differing = []
    for attempt in attempts:
        if attempt.closed_at is None:
            attempt.closed_at, attempt.closed_by = now, ClosedBy.DEADLINE
        leaf = leaf_of(attempt, rows[attempt.id]).hash()
        if attempt.leaf not in (None, leaf):
            # a receipt was signed over something else than the log says now: keep the receipt's, tell everybody
            differing.append(attempt.candidate_number)
        attempt.leaf = attempt.leaf or leaf
    leaves = [attempt.leaf for attempt in attempts if attempt.leaf is not None]
    root_hash = sitting_root(leaves)
    sealed = SittingRoot(
        sitting_id=sitting_id,
        kind=RootKind.ANSWERS,
        root=root_hash,
        leaves=len(leaves),
        leaf_hashes=b"".join(sorted(leaves)),
        at=now,
        signature=sign_root(keys.signing_key, "R1", sitting_id.bytes, root_hash, leaves=len(leaves)),
    )
    session.add(sealed)
    details = {"root": root_hash.hex(), "leaves": len(leaves), "receipts_differing": differing}
    details |= time_findings(session, sitting_id, attempts, rows, keys)
    record(session, f"sitting:{sitting_id}", ANSWERS_SEALED, f"sitting:{sitting_id}", details, actor=actor, now=now)
    publish(session, AnswersSealed(str(sitting_id)))
    return sealed


def _refuse_too_early(facts: Sequence[AttemptFacts], now: datetime) -> None:
    """Raise Conflict while the sealing waits; whoever never came in has nothing to submit and is counted apart."""
    waits = [(at, one.started) for one, at in ((one, may_seal_at(one)) for one in facts) if at is not None and at > now]
    if not waits:
        return
    writing = sum(started for _, started in waits)
    missing = len(waits) - writing
    at = local_text(max(at for at, _ in waits))
    if writing and missing:
        message = N_(
            "Chưa niêm phong được: %(writing)s bài đang làm chưa nộp, %(missing)s thí sinh chưa vào còn vào được. "
            "Sớm nhất lúc %(at)s."
        )
    elif writing:
        message = N_("Chưa niêm phong được: %(writing)s bài đang làm chưa nộp. Sớm nhất lúc %(at)s.")
    else:
        message = N_("Chưa niêm phong được: %(missing)s thí sinh chưa vào còn vào được. Sớm nhất lúc %(at)s.")
    raise Conflict("too_early_to_seal", message, writing=writing, missing=missing, at=at)


def leaf_of(attempt: Attempt, rows: Sequence[LogRow]) -> Leaf:
    """Return the leaf of a closed attempt over its stored rows, made as receipts are.

    It says `void` of an attempt that voiding has closed; voiding a closed one changes no leaf.
    """
    if attempt.closed_by is ClosedBy.VOIDED:
        status = LeafStatus.VOID
    elif attempt.closed_by is ClosedBy.CANDIDATE:
        status = LeafStatus.SUBMITTED
    else:
        status = LeafStatus.CLOSED if attempt.lease else LeafStatus.ABSENT
    identity = AttemptIdentity(
        sitting=attempt.sitting_id,
        attempt=attempt.id,
        number=attempt.candidate_number,
        core_digest=attempt.core_digest,
        paper_digest=attempt.paper_digest,
        blind=attempt.blind,
    )
    return attempt_leaf(identity, rows, status)
