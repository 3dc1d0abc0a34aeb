"""Take a whole import out of the bank again, as long as nobody has built on its questions; drop one that never was."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.imports.rows import locked_import
from examapp.bank.models import Import, ImportRow, ImportState, Question, QuestionVersion
from examapp.core.errors import Conflict
from examapp.core.events import Event, publish
from examapp.core.files import drop_file
from examapp.core.i18n import N_


@dataclass(frozen=True)
class VersionsLeaving(Event):
    """These versions are about to be deleted; whoever holds them raises Conflict, and they stay."""

    version_ids: tuple[UUID, ...]


def undo_import(session: Session, batch: Import, *, actor: Actor, now: datetime) -> int:
    """Delete the questions an import brought in and return how many; the import and its rows stay, marked undone.

    Raises Conflict when it is not in the bank (any more), `import_edited` when one of its questions has a second
    version, or whatever a listener raises that holds one of them.
    """
    locked_import(session, batch, ImportState.APPLIED)
    of_import = select(Question.id).where(Question.import_id == batch.id)
    # whoever is about to use or edit one of them holds a lock on it: wait, then look
    session.execute(of_import.with_for_update())
    versions = QuestionVersion.question_id.in_(of_import)
    ids = tuple(session.scalars(select(QuestionVersion.id).where(versions).with_for_update()))
    _check_unused(session, batch, ids)
    session.execute(delete(QuestionVersion).where(versions), execution_options={"synchronize_session": False})
    session.execute(
        delete(Question).where(Question.import_id == batch.id), execution_options={"synchronize_session": False}
    )
    batch.state, batch.undone_at = ImportState.UNDONE, now
    details = {"file": batch.file_name, "questions": len(ids)}
    record(session, "system", "bank.import_undone", f"import:{batch.id}", details, actor=actor, now=now)
    return len(ids)


def discard_import(session: Session, batch: Import, *, actor: Actor, now: datetime) -> None:
    """Delete an import that never reached the bank, with its rows and its file; raise Conflict when it did."""
    locked_import(session, batch, ImportState.UPLOADED, ImportState.PREVIEWED)
    details = {"file": batch.file_name, "digest": batch.file_digest.hex(), "rows": batch.rows_total}
    record(session, "system", "bank.import_discarded", f"import:{batch.id}", details, actor=actor, now=now)
    if batch.file_id:
        drop_file(session, batch.file_id)
    session.execute(delete(ImportRow).where(ImportRow.import_id == batch.id))
    session.execute(delete(Import).where(Import.id == batch.id))


def undo_fault(session: Session, batch: Import) -> Conflict | None:
    """Return why an applied import cannot be undone, or None; the deed itself looks again."""
    of_import = select(Question.id).where(Question.import_id == batch.id)
    ids = tuple(session.scalars(select(QuestionVersion.id).where(QuestionVersion.question_id.in_(of_import))))
    try:
        _check_unused(session, batch, ids)
    except Conflict as fault:
        return fault
    return None


def _check_unused(session: Session, batch: Import, ids: tuple[UUID, ...]) -> None:
    edited = session.scalar(
        select(func.count())
        .select_from(Question)
        .where(
            Question.import_id == batch.id,
            exists().where(QuestionVersion.question_id == Question.id, QuestionVersion.number > 1),
        )
    )
    if edited:
        message = N_("%(count)s câu của lần nhập này đã được sửa nên không hoàn tác cả đợt được. Ngừng dùng từng câu.")
        raise Conflict("import_edited", message, count=edited)
    publish(session, VersionsLeaving(ids))
