"""Take a result list out of the house: as a spreadsheet, as the official notice, as lists to be signed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict
from examapp.core.files import Content, StoredFile, keep_file
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.delivery.queries import result_roots
from examapp.integrity.keys import NodeKeys
from examapp.regulations.profile import parse_profile
from examapp.results.documents import Export, ListFacts, Progress, export
from examapp.results.queries import marked_rows, receipt_codes, result_list_of
from examapp.results.rules import least_to_pass
from examapp.results.services.lists import ResultsDiffer, check_marked, list_fault, read_result_list
from examapp.sittings.models import Sitting

MAKE_EXPORT = "results.make_export"
#: longer lists are made by a job
AT_ONCE = 2000
#: so much of a room's code that there is not is shown
_SHOWN = 20


def take_list(
    session: Session, sitting: Sitting, wanted: Export, *, keys: NodeKeys, actor: Actor, now: datetime
) -> Content | int:
    """Return the file, or the number of the job that makes it of a long list; who took what is in the log.

    Raises Conflict when there is no result yet, the list is not what was made or has no such room, and ResultsDiffer
    when marks that are not fixed yet are not those that were signed.
    """
    facts = list_facts(session, sitting, keys)
    if wanted.room and all(row.room != wanted.room for row in facts.rows):
        message = N_("Danh sách kết quả không có phòng “%(room)s”.")
        raise Conflict("room_unknown", message, room=wanted.room[:_SHOWN])
    details = {"kind": wanted.kind.value, "rows": len(facts.rows), "draft": facts.digest is None}
    if wanted.room:
        details["room"] = wanted.room
    scope = f"sitting:{sitting.id}"
    record(session, scope, "results.exported", scope, details, actor=actor, now=now)
    if len(facts.rows) > AT_ONCE:
        values = {"sitting_id": str(sitting.id), "kind": wanted.kind.value, "asker": str(actor.id or "")}
        more = {"day": wanted.day.isoformat(), "room": wanted.room}
        return enqueue(session, MAKE_EXPORT, subject=scope, owner_id=actor.id, **values, **more)
    return export(wanted, facts)


def make_export(
    session: Session,
    sitting_id: UUID,
    wanted: Export,
    *,
    owner_id: UUID | None,
    keys: NodeKeys,
    now: datetime,
    progress: Progress | None = None,
) -> StoredFile:
    """Make the file of a long list and keep it for its owner; raise as `take_list` does."""
    facts = list_facts(session, session.get_one(Sitting, sitting_id), keys)
    return keep_file(session, export(wanted, facts, progress), owner_id=owner_id, now=now)


def list_facts(session: Session, sitting: Sitting, keys: NodeKeys) -> ListFacts:
    """Return the list that was made, or what it would be; raise as `take_list` does."""
    made = result_list_of(session, sitting.id)
    fault = list_fault(session, sitting, made, keys)
    if fault is not None:
        raise Conflict("list_altered", fault)
    if made is None:
        rows = marked_rows(session, sitting.id, sitting.exam_test.pass_share)
        findings = check_marked(session, sitting, keys) if rows else None
        if findings is not None and not findings.clean:
            raise ResultsDiffer(sitting, findings)
    else:
        rows = read_result_list(made)
    if not rows:
        raise Conflict("no_results", N_("Ca thi chưa có kết quả nên chưa lập được tệp."))
    exam = sitting.exam_test.exam
    return ListFacts(
        exam=exam.name,
        exam_code=exam.code,
        test=sitting.exam_test.name,
        sitting=sitting.code,
        starts_at=sitting.starts_at,
        superior=exam.superior,
        council=exam.council,
        place=exam.place,
        profile=parse_profile(exam.profile_text),
        rows=rows,
        least=least_to_pass(rows, sitting.exam_test.pass_share),
        digest=made.digest.hex() if made else None,
        receipts=receipt_codes(session, sitting.id),
        roots=[(f"Gốc {kind.value}", root.root.hex()) for kind, root in result_roots(session, sitting.id).items()],
    )
