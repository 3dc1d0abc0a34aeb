"""Close what nobody submitted and seal the sitting: from here on no answer changes, and root R1 says so.

The exclusive lock on the sitting makes sure that no save is acknowledged after its leaf was made (protocols §5).
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.answerlog.locks import lock_sitting_exclusive
from examapp.audit.services import record
from examapp.core.clock import local_text
from examapp.core.errors import Conflict
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.delivery.models import AnswerSave, Attempt, ClosedBy, RootKind, SittingRoot
from examapp.delivery.queries import seal_facts
from examapp.delivery.rules import may_seal_at
from examapp.integrity.keys import NodeKeys
from examapp.integrity.receipts import (
    Leaf,
    LeafStatus,
    answers_digest,
    final_answers,
    log_digest,
    sign_root,
    sitting_root,
)


@dataclass(frozen=True)
class AnswersSealed(Event):
    """Every attempt of the sitting is closed and root R1 exists."""

    sitting_id: str


def seal_sitting(session: Session, sitting_id: UUID, *, keys: NodeKeys, actor: Actor, now: datetime) -> SittingRoot:
    """Close every attempt, compute root R1 and store it signed.

    Raises Conflict until every attempt is submitted, or past its deadline and heard, or past its grace.
    """
    lock_sitting_exclusive(session, sitting_id)
    if session.get(SittingRoot, (sitting_id, RootKind.ANSWERS)):
        raise Conflict("sealed_already", N_("Ca thi đã niêm phong."))
    waits = [at for at in map(may_seal_at, seal_facts(session, sitting_id)) if at is not None and at > now]
    if waits:
        message = N_("Chưa niêm phong được: còn %(count)s bài chưa nộp. Sớm nhất lúc %(at)s.")
        raise Conflict("too_early_to_seal", message, count=len(waits), at=local_text(max(waits)))
    attempts = list(session.scalars(select(Attempt).where(Attempt.sitting_id == sitting_id)))
    rows = counted_log(session, sitting_id)
    differing = []
    for attempt in attempts:
        if attempt.closed_at is None:
            attempt.closed_at, attempt.closed_by = now, ClosedBy.DEADLINE
        leaf = leaf_of(attempt, rows.get(attempt.id, [])).hash()
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
        at=now,
        signature=sign_root(keys.signing_key, "R1", sitting_id.bytes, root_hash, leaves=len(leaves)),
    )
    session.add(sealed)
    details = {"root": root_hash.hex(), "leaves": len(leaves), "receipts_differing": differing}
    record(
        session,
        f"sitting:{sitting_id}",
        "delivery.answers_sealed",
        f"sitting:{sitting_id}",
        details,
        actor=actor,
        now=now,
    )
    publish(session, AnswersSealed(str(sitting_id)))
    return sealed


def counted_log(session: Session, sitting_id: UUID) -> dict[UUID, list[list[Any]]]:
    """Return every counted row of the sitting by attempt, in (lease, seq) order: one statement."""
    saves = session.execute(
        select(
            AnswerSave.attempt_id,
            AnswerSave.lease,
            AnswerSave.seq,
            AnswerSave.kind,
            AnswerSave.item,
            AnswerSave.response,
            AnswerSave.client_ms,
        )
        .join(Attempt, Attempt.id == AnswerSave.attempt_id)
        .where(Attempt.sitting_id == sitting_id, AnswerSave.fenced.is_(False))
        .order_by(AnswerSave.attempt_id, AnswerSave.lease, AnswerSave.seq)
    )
    log: dict[UUID, list[list[Any]]] = defaultdict(list)
    for attempt_id, lease, seq, kind, item, response, client_ms in saves:
        log[attempt_id].append([lease, seq, kind, item, json.loads(response), client_ms])
    return log


def leaf_of(attempt: Attempt, rows: list[list[Any]]) -> Leaf:
    """Return the leaf of a closed attempt over its counted rows."""
    if attempt.closed_by is ClosedBy.VOIDED:
        status = LeafStatus.VOID
    elif attempt.closed_by is ClosedBy.CANDIDATE:
        status = LeafStatus.SUBMITTED
    else:
        status = LeafStatus.CLOSED if attempt.lease else LeafStatus.ABSENT
    last_lease, last_seq = (rows[-1][0], rows[-1][1]) if rows else (attempt.lease, 0)
    return Leaf(
        core_digest=attempt.core_digest,
        sitting=attempt.sitting_id.bytes,
        attempt=attempt.id.bytes,
        number=attempt.candidate_number,
        paper_digest=attempt.paper_digest,
        status=status,
        last_lease=last_lease,
        last_seq=last_seq,
        log_digest=log_digest(rows),
        answers_digest=answers_digest(attempt.blind, final_answers(rows)),
        blind=attempt.blind,
    )
