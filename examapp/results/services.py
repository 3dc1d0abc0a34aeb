"""Make the result list of a marked sitting."""

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.integrity.canonical import H, jcs
from examapp.results.models import ResultList
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.rules import ResultRow
from examapp.sittings.models import Sitting, SittingMode, SittingState


def make_result_list(session: Session, sitting: Sitting, *, actor: Actor, now: datetime) -> ResultList:
    """Fix the result list of a marked sitting with its digest; raise Conflict for a rehearsal, too early, or twice."""
    if sitting.mode is SittingMode.REHEARSAL:
        raise Conflict("rehearsal_has_no_list", N_("Ca thi thử không có danh sách kết quả."))
    session.refresh(sitting, with_for_update=True)
    if sitting.state is not SittingState.MARKED:
        raise Conflict("not_marked", N_("Ca thi chưa chấm xong nên chưa lập được danh sách kết quả."))
    if result_list_of(session, sitting.id):
        raise Conflict("list_exists", N_("Danh sách kết quả của ca thi này đã được lập."))
    rows = marked_rows(session, sitting.id, sitting.exam_test.pass_share)
    content = jcs([asdict(row) for row in rows])
    made = ResultList(
        exam_test_id=sitting.exam_test_id,
        sitting_id=sitting.id,
        published_at=now,
        published_by=actor.id,
        content=content.decode(),
        digest=H("khaothi/result-list/v1", content),
    )
    session.add(made)
    details = {
        "rows": len(rows),
        "passed": sum(row.passed for row in rows),
        "voided": [row.number for row in rows if row.voided],
        "digest": made.digest.hex(),
    }
    record(
        session, f"sitting:{sitting.id}", "results.list_made", f"sitting:{sitting.id}", details, actor=actor, now=now
    )
    return made


def read_result_list(made: ResultList) -> list[ResultRow]:
    """Return the rows exactly as they were fixed."""
    return [ResultRow(**row) for row in json.loads(made.content)]
