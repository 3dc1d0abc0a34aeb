"""Put the good rows of a previewed import into the bank: all of them or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.imports.rows import (
    CHUNK,
    Progress,
    accepted_records,
    as_json,
    check_seen,
    locked_import,
    no_progress,
    recount,
)
from examapp.bank.models import (
    Import,
    ImportRow,
    ImportRowState,
    ImportState,
    Level,
    Question,
    QuestionStatus,
    QuestionVersion,
    Subject,
)
from examapp.bank.queries import compared_with_bank
from examapp.bank.queries.stored import about_values, text_values
from examapp.bank.services import find_or_create_topic
from examapp.core.errors import Conflict
from examapp.core.files import drop_file
from examapp.core.i18n import N_
from examapp.core.ids import new_id
from question_bank.questions.record import QuestionRecord


def apply_import(
    session: Session,
    batch: Import,
    *,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
    progress: Progress = no_progress,
) -> int:
    """Put the accepted rows of a previewed import into the bank; return how many questions were made.

    All of them or none; the kept file has served its purpose and is forgotten. `seen` is the `preview_stamp` of what
    the person agreed to. Raises Conflict when it is another one by now, when somebody applied or undid it already, or
    (`bank_changed`) when the bank has got one of its questions or codes since the preview.
    """
    # the row lock decides between two people who press the button at once
    locked_import(session, batch, ImportState.PREVIEWED)
    check_seen(session, batch, seen)
    # one import at a time per subject: two of them may hold the same question, or begin the same topic
    subject = session.scalars(select(Subject).where(Subject.id == batch.subject_id).with_for_update()).one()
    entries = accepted_records(session, batch)
    if compared_with_bank(session, subject, entries).refused:
        raise _bank_changed()
    try:
        with session.begin_nested():
            _store(session, subject, batch, entries.records, actor=actor, now=now, progress=progress)
    except IntegrityError as error:  # codes are unique over all subjects, and another one's import was faster
        raise _bank_changed() from error
    made = len(entries.records)
    batch.state = ImportState.APPLIED
    batch.applied_at = now
    if batch.file_id:
        drop_file(session, batch.file_id)
    record(session, "system", "bank.import_applied", f"import:{batch.id}", {"questions": made}, actor=actor, now=now)
    return made


def compare_again(session: Session, batch: Import, *, actor: Actor, now: datetime) -> int:
    """Refuse the accepted rows of a previewed import that the bank has got meanwhile; return how many these are."""
    locked_import(session, batch, ImportState.PREVIEWED)
    subject = session.get_one(Subject, batch.subject_id)
    refused = compared_with_bank(session, subject, accepted_records(session, batch)).refused
    for one in refused:
        row = session.get_one(ImportRow, (batch.id, one.row))
        row.state, row.fields = ImportRowState.REFUSED, row.payload
        row.problems = [*row.problems, *as_json(problem for problem in one.problems if problem.severity == "error")]
    session.flush()  # the count below is the database's
    recount(session, batch)
    details = {"file": batch.file_name, "refused": len(refused)}
    record(session, "system", "bank.import_compared", f"import:{batch.id}", details, actor=actor, now=now)
    return len(refused)


def _store(
    session: Session,
    subject: Subject,
    batch: Import,
    records: Sequence[tuple[int, QuestionRecord]],
    *,
    actor: Actor,
    now: datetime,
    progress: Progress,
) -> None:
    topics: dict[str, UUID] = {}
    for start in range(0, len(records), CHUNK):
        questions, versions = [], []
        for row, entry in records[start : start + CHUNK]:
            topic = entry.metadata.topic
            if topic not in topics:
                topics[topic] = find_or_create_topic(session, subject, topic, topic).id
            question_id = new_id()
            questions.append(
                {
                    "id": question_id,
                    "code": entry.metadata.code or f"{subject.code}-{batch.id.hex[-6:]}-{row:05}",
                    "subject_id": subject.id,
                    "status": QuestionStatus.APPROVED,
                    "import_id": batch.id,
                    "created_at": now,
                }
            )
            versions.append(_version(question_id, topics[topic], entry, author_id=actor.id, now=now))
        session.execute(insert(Question), questions)
        session.execute(insert(QuestionVersion), versions)
        progress(start + len(questions), len(records))


def _version(
    question_id: UUID, topic_id: UUID, entry: QuestionRecord, *, author_id: UUID | None, now: datetime
) -> dict[str, Any]:
    level = entry.metadata.level
    if level is None:  # no row is accepted without one
        raise RuntimeError("an accepted row has no level")
    return {
        "id": new_id(),
        "question_id": question_id,
        "number": 1,
        "topic_id": topic_id,
        "level": Level(level.value),
        "author_id": author_id,
        "created_at": now,
        **text_values(entry.question),
        **about_values(entry.metadata),
    }


def _bank_changed() -> Conflict:
    message = N_(
        "Ngân hàng đã có thêm câu hỏi từ lúc xem trước, trùng với câu trong tệp. So lại với ngân hàng rồi nhập."
    )
    return Conflict("bank_changed", message)
