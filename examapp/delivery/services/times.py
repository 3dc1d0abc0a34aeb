"""Compare the times of attempts, and of their rows, with what was decided.

No leaf holds an attempt's times, so whoever writes in the database could give minutes away. What was decided stands in
the signed package: start, minutes, each candidate's extra minutes, grace. What differs is named and nothing is taken
from anybody: late answers stay stored and counted until the council decides (protocols §5).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.answerlog.log import LogRow
from examapp.delivery.models import Attempt
from examapp.delivery.rules import DecidedTimes, decided_times
from examapp.integrity.keys import NodeKeys
from examapp.sittings.queries import frozen_core


def time_findings(
    session: Session,
    sitting_id: UUID,
    attempts: Sequence[Attempt],
    rows: Mapping[UUID, Sequence[LogRow]],
    keys: NodeKeys,
) -> dict[str, Any]:
    """Return the details of the sealing event about times: attempts that differ, and rows received outside of them.

    Rows tell of minutes that were given and taken back before the sealing. Without a readable package every attempt
    differs, for nothing says what was decided.
    """
    core = frozen_core(session, sitting_id, keys)
    decided = decided_times(core.core) if core else {}
    differing, outside = [], []
    for attempt in sorted(attempts, key=lambda one: one.candidate_number):
        times = decided.get(attempt.candidate_number)
        if times is None or times != _stored(attempt):
            differing.append(attempt.candidate_number)
        count = sum(1 for row in rows[attempt.id] if times is not None and not row.fenced and not times.allow(row))
        if count:
            outside.append({"number": attempt.candidate_number, "count": count})
    return {"times_differing": differing, "rows_out_of_time": outside}


def _stored(attempt: Attempt) -> DecidedTimes | None:
    if attempt.starts_at is None or attempt.closes_at is None:
        return None
    return DecidedTimes(
        attempt.starts_at, attempt.closes_at, attempt.minutes, attempt.extra_minutes, attempt.grace_seconds
    )
