"""Large files are read, and brought in, by the worker: a request would take too long."""

import json
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed
from examapp.access.scopes import subject_scope
from examapp.accounts.models import Account
from examapp.accounts.queries import actor_of
from examapp.bank.imports.applying import apply_import
from examapp.bank.imports.reading import take_file_in
from examapp.bank.imports.refused import in_vietnamese, refused_rows_file
from examapp.bank.imports.rows import check_seen, discarded, locked_import
from examapp.bank.models import Import, ImportState
from examapp.core.errors import Conflict, NotAllowed
from examapp.core.files import keep_file
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress, JobRun, JobState, enqueue, job, latest_job
from question_bank.formats import FieldMapping

READ_FILE = "bank.read_file"
APPLY_IMPORT = "bank.apply_import"
WRITE_REFUSED = "bank.write_refused"

#: the worker reads what unpacks to more bytes (about 1,700 questions of a workbook), and brings in, or writes for
#: mending, more rows
LARGE_BYTES = 2 * 1024 * 1024
LARGE_ROWS = 1_500


@job(READ_FILE, title=N_("Đọc tệp câu hỏi"), about="import", needs=Permission.SUBJECT_QUESTIONS_IMPORT.value)
def read_file_of(run: JobRun, import_id: str, account_id: str, mapping: str | None = None) -> None:
    """Look into the kept file of an import and read it, under a mapping when a person has joined the columns."""
    batch, actor = _found(run, import_id, account_id)
    asked = None if mapping is None else FieldMapping.from_json(json.loads(mapping))
    take_file_in(run.session, batch, mapping=asked, actor=actor, now=run.clock.now(), progress=run.progress)


@job(
    APPLY_IMPORT,
    title=N_("Nhập câu hỏi vào ngân hàng"),
    about="import",
    needs=Permission.SUBJECT_QUESTIONS_IMPORT.value,
)
def apply_one(run: JobRun, import_id: str, account_id: str) -> None:
    """Put the accepted rows of an import into the bank."""
    batch, actor = _found(run, import_id, account_id)
    apply_import(run.session, batch, actor=actor, now=run.clock.now(), progress=run.progress)


@job(
    WRITE_REFUSED,
    title=N_("Lập tệp dòng bị loại"),
    about="import",
    needs=Permission.SUBJECT_QUESTIONS_IMPORT.value,
)
def write_refused(run: JobRun, import_id: str, account_id: str) -> dict[str, str]:
    """Write the refused rows of an import as a file of whoever asked for it."""
    batch, actor = _found(run, import_id, account_id)
    content = refused_rows_file(run.session, batch, in_vietnamese)
    return {"file": str(keep_file(run.session, content, owner_id=actor.id, now=run.clock.now()).id)}


def read_later(session: Session, batch: Import, *, mapping: FieldMapping | None = None, actor: Actor) -> None:
    """Have the worker read the kept file; raise Conflict when it is at this import already."""
    locked_import(session, batch, ImportState.UPLOADED, ImportState.PREVIEWED)
    check_idle(session, batch)
    asked = None if mapping is None else json.dumps(mapping.to_json())
    values = {"import_id": str(batch.id), "account_id": str(actor.id), "mapping": asked}
    enqueue(session, READ_FILE, subject=str(batch.id), owner_id=actor.id, **values)


def apply_later(session: Session, batch: Import, *, seen: str | None = None, actor: Actor) -> None:
    """Have the worker bring the accepted rows in; raise Conflict when it is at this import already.

    Raises Conflict, too, when the preview is not the one that was seen (`preview_stamp`).
    """
    locked_import(session, batch, ImportState.PREVIEWED)
    check_idle(session, batch)
    check_seen(session, batch, seen)
    values = {"import_id": str(batch.id), "account_id": str(actor.id)}
    enqueue(session, APPLY_IMPORT, subject=str(batch.id), owner_id=actor.id, **values)


def write_refused_later(session: Session, batch: Import, *, actor: Actor) -> None:
    """Have the worker write the refused rows as a file."""
    values = {"import_id": str(batch.id), "account_id": str(actor.id)}
    enqueue(session, WRITE_REFUSED, subject=str(batch.id), owner_id=actor.id, **values)


def job_of(session: Session, batch: Import, *, writing_too: bool = False) -> JobProgress | None:
    """Return the newest job that reads this import or brings it in, whatever became of it; perhaps one that writes."""
    names = (READ_FILE, APPLY_IMPORT, *((WRITE_REFUSED,) if writing_too else ()))
    jobs = [latest_job(session, name, str(batch.id)) for name in names]
    return max((one for one in jobs if one), key=lambda one: one.job_id, default=None)


def is_busy(job: JobProgress | None) -> bool:
    """Say whether the worker has yet to end this job."""
    return job is not None and job.state in (JobState.WAITING, JobState.RUNNING)


def check_idle(session: Session, batch: Import) -> None:
    """Raise Conflict while the worker is at this import."""
    if is_busy(job_of(session, batch)):
        raise Conflict("import_busy", N_("Máy chủ đang làm việc với tệp này. Chờ xong rồi mở lại trang."))


def _found(run: JobRun, import_id: str, account_id: str) -> tuple[Import, Actor]:
    """Return the import and who asked; raise NotAllowed when that person may not do so any more."""
    batch = run.session.get(Import, UUID(import_id))
    if batch is None:
        raise discarded()
    account = run.session.get_one(Account, UUID(account_id))
    actor = actor_of(account)
    allowed = is_allowed(actor, Permission.SUBJECT_QUESTIONS_IMPORT, subject_scope(batch.subject_id))
    if account.disabled_at is not None or not allowed:
        message = N_("Người yêu cầu việc này không còn quyền nhập câu hỏi vào môn nên máy chủ không làm.")
        raise NotAllowed("owner_may_not", message)
    return batch, actor
