"""Make the result list of a marked sitting, and say whether a list that was made still is what was made.

Neither marks nor lists are believed because they are in the database: marks must be those of root R2, a list the one
that its event in the audit chain names.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.queries import genuine_events
from examapp.audit.services import record
from examapp.core.db import hold
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.delivery.services.marked import Findings, check_results
from examapp.integrity.canonical import H, jcs
from examapp.integrity.chain import StoredEvent
from examapp.integrity.keys import NodeKeys
from examapp.results.models import ResultList
from examapp.results.queries import marked_rows, result_list_of
from examapp.results.rules import ResultRow, differing_numbers
from examapp.sittings.models import Sitting, SittingMode, SittingState

LIST_MADE = "results.list_made"


class ResultsDiffer(Conflict):
    """The stored results are not what was signed; the caller has the finding recorded after its rollback."""

    def __init__(self, sitting: Sitting, findings: Findings) -> None:
        super().__init__("results_differ", findings_message(findings), numbers=", ".join(findings.numbers))
        self.scope = _scope(sitting)
        self.findings = findings


def findings_message(findings: Findings) -> str:
    """Return the sentence about results that are not what was signed, a message id with `numbers`."""
    if findings.numbers:
        return N_(
            "Kết quả đang lưu của số báo danh %(numbers)s không khớp gốc R2 và gói đề đã ký. Đừng công bố gì: giữ "
            "nguyên cơ sở dữ liệu, so với biên bản đã in và báo Chủ tịch Hội đồng."
        )
    return N_(
        "Gốc R1, gốc R2 hoặc gói đề đang lưu không còn như lúc ký. Đừng công bố gì: giữ nguyên cơ sở dữ liệu, so với "
        "biên bản đã in và báo Chủ tịch Hội đồng."
    )


def make_result_list(session: Session, sitting: Sitting, *, actor: Actor, now: datetime) -> ResultList:
    """Fix the result list of a marked sitting with its digest.

    Raises Conflict for a rehearsal, too early, or twice, and ResultsDiffer when the stored results are not those of
    root R2. Keys come from `session.info["keys"]`.
    """
    if sitting.mode is SittingMode.REHEARSAL:
        raise Conflict("rehearsal_has_no_list", N_("Ca thi thử không có danh sách kết quả."))
    hold(session, sitting)
    if sitting.state is not SittingState.MARKED:
        raise Conflict("not_marked", N_("Ca thi chưa chấm xong nên chưa lập được danh sách kết quả."))
    keys = cast(NodeKeys, session.info["keys"])
    if result_list_of(session, sitting.id):
        raise Conflict("list_exists", N_("Danh sách kết quả của ca thi này đã được lập."))
    if _made_event(session, sitting, keys) is not None:
        raise Conflict("list_vanished", LIST_VANISHED)
    findings = check_marked(session, sitting, keys)
    if not findings.clean:
        raise ResultsDiffer(sitting, findings)
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
    record(session, _scope(sitting), LIST_MADE, f"sitting:{sitting.id}", details, actor=actor, now=now)
    return made


def record_differing_results(session: Session, refused: ResultsDiffer, *, actor: Actor, now: datetime) -> None:
    """Write the event that no list was made, because these candidates' results are not what was signed."""
    details = {"numbers": refused.findings.numbers, "roots_hold": refused.findings.whole}
    record(session, refused.scope, "results.list_refused", refused.scope, details, actor=actor, now=now)


def read_result_list(made: ResultList) -> list[ResultRow]:
    """Return the rows exactly as they were fixed."""
    return [ResultRow(**row) for row in json.loads(made.content)]


def check_marked(session: Session, sitting: Sitting, keys: NodeKeys) -> Findings:
    """Return what does not hold of the results that a list would be made of; nothing is changed."""
    findings = check_results(session, sitting.id, keys=keys)
    rows = marked_rows(session, sitting.id, sitting.exam_test.pass_share)
    # the share that passes is the sealed package's, whatever stands in the exam's own row
    turned = {row.number for row in rows if row.passed != findings.passed.get(row.number, False)}
    return Findings(findings.whole, sorted({*findings.numbers, *turned}), findings.passed)


LIST_VANISHED = N_(
    "Nhật ký ghi danh sách kết quả của ca thi này đã được lập, nhưng danh sách không còn trong cơ sở dữ liệu. "
    "Giữ nguyên cơ sở dữ liệu và báo Chủ tịch Hội đồng; danh sách đã in vẫn có giá trị."
)
LIST_ALTERED = N_(
    "Danh sách này không phải danh sách mà nhật ký ghi lúc lập: nó đã bị sửa, hoặc sự kiện lập danh sách đã bị sửa "
    "hay xóa. Giữ nguyên cơ sở dữ liệu, so với danh sách đã in và báo Chủ tịch Hội đồng."
)


def list_fault(session: Session, sitting: Sitting, made: ResultList | None, keys: NodeKeys) -> str | None:
    """Return what is wrong with the sitting's stored list as a message id, or None: the audit chain names its digest.

    Nobody who has only the database can make such an event.
    """
    event = _made_event(session, sitting, keys)
    if made is None:
        return None if event is None else LIST_VANISHED
    if event is None or event.details is None:
        return LIST_ALTERED
    digest = H("khaothi/result-list/v1", made.content.encode()).hex()
    same = event.details.value["digest"] == digest == made.digest.hex()
    # the chain keeps whole milliseconds
    at = made.published_at.replace(microsecond=made.published_at.microsecond // 1000 * 1000)
    return None if same and event.event.at == at else LIST_ALTERED


def altered_numbers(session: Session, sitting: Sitting, made: Sequence[ResultRow]) -> list[str]:
    """Return the candidates whose row in the list is not what their stored result gives, in order."""
    return differing_numbers(made, marked_rows(session, sitting.id, sitting.exam_test.pass_share))


def _made_event(session: Session, sitting: Sitting, keys: NodeKeys) -> StoredEvent | None:
    """Return the event of the one list that was made."""
    return next(iter(genuine_events(session, _scope(sitting), LIST_MADE, keys)), None)


def _scope(sitting: Sitting) -> str:
    return f"sitting:{sitting.id}"
