"""Read the answer log: what a page resumes with, and what marking and receipts count.

For the slow side only (services and queries pass their session); the fast path has its own statements.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from examapp.integrity.receipts import KIND_ANSWER, KIND_FLAG, Row, final_answers

_OF_ATTEMPTS = text(
    "SELECT attempt_id, lease, seq, kind, item, response, client_ms, received_at, late, fenced"
    " FROM answer_saves WHERE attempt_id = ANY(:attempts) ORDER BY attempt_id, lease, seq"
)
_RESUME = text(
    "SELECT coalesce(max(seq) FILTER (WHERE NOT fenced), 0), coalesce(bool_or(fenced), false)"
    " FROM answer_saves WHERE attempt_id = :attempt AND lease = :lease"
)


class LogRow(NamedTuple):
    """One stored row; `response` is the parsed JSON value."""

    lease: int
    seq: int
    kind: int
    item: int
    response: Any
    client_ms: int
    received_at: datetime
    late: bool
    fenced: bool


@dataclass(frozen=True)
class Resume:
    """Where a writer goes on. A `spoilt` lease holds fenced rows, its numbers are used up: give out a new lease."""

    ack: int
    next_seq: int
    spoilt: bool


def stored_rows(session: Session | Connection, attempt_id: UUID) -> list[LogRow]:
    """Return everything stored of an attempt in the order of truth, fenced rows included."""
    return stored_rows_by_attempt(session, [attempt_id])[attempt_id]


def stored_rows_by_attempt(session: Session | Connection, attempt_ids: Iterable[UUID]) -> dict[UUID, list[LogRow]]:
    """Return the logs of many attempts in one query; an attempt without rows has an empty list."""
    logs: dict[UUID, list[LogRow]] = {attempt_id: [] for attempt_id in attempt_ids}
    for attempt_id, *row in session.execute(_OF_ATTEMPTS, {"attempts": list(logs)}):
        logs[attempt_id].append(log_row(*row))
    return logs


def log_row(*columns: Any) -> LogRow:
    """Return a row as selected, in the order of `LogRow`, with its response parsed."""
    lease, seq, kind, item, response, *rest = columns
    return LogRow(lease, seq, kind, item, json.loads(response), *rest)


def counted(rows: Iterable[LogRow]) -> list[Row]:
    """Return the rows that count, as the integrity layer digests them: [lease, seq, kind, item, response,
    client_ms]."""
    return [list(row[:6]) for row in rows if not row.fenced]


def current_answers(rows: Iterable[LogRow]) -> list[list[Any]]:
    """Return [item, response] pairs: the last counted answer of each item, cleared ones left out."""
    return final_answers(counted(rows))


def current_flags(rows: Iterable[LogRow]) -> list[int]:
    """Return the items that are flagged now."""
    flags: Mapping[int, bool] = {row.item: row.response for row in rows if row.kind == KIND_FLAG and not row.fenced}
    return sorted(item for item, flagged in flags.items() if flagged)


def answered_items(rows: Iterable[LogRow]) -> int:
    """Return how many items have an answer now."""
    last = {row.item: row.response for row in rows if row.kind == KIND_ANSWER and not row.fenced}
    return sum(response is not None for response in last.values())


def resume_of(session: Session | Connection, attempt_id: UUID, lease: int) -> Resume:
    """Return where the writer of `lease` goes on."""
    ack, spoilt = session.execute(_RESUME, {"attempt": attempt_id, "lease": lease}).one()
    return Resume(ack=ack, next_seq=ack + 1, spoilt=spoilt)
