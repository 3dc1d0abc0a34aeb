"""What the worker does for the bank's lists: a long list of questions as a workbook, questions with their keys."""

from typing import Any
from uuid import UUID

from examapp.access.permissions import Permission
from examapp.bank.models import Subject
from examapp.bank.rules import Search
from examapp.bank.services.copies import COPY_QUESTIONS, make_copy
from examapp.bank.services.exports import EXPORT_LIST, make_export
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job


@job(EXPORT_LIST, title=N_("Xuất danh sách câu hỏi"), about="subject", needs=Permission.SUBJECT_BANK_SEE.value)
def export_list(run: JobRun, *, subject_id: str, asker: str | None, total: int, **search: str | None) -> dict[str, str]:
    """Make the list that somebody has asked for and keep it as a file of theirs."""
    stored = make_export(
        run.session,
        run.session.get_one(Subject, UUID(subject_id)),
        Search.of_plain(search),
        total=total,
        owner_id=UUID(asker) if asker else None,
        now=run.clock.now(),
        progress=run.progress,
    )
    return {"file": str(stored.id)}


@job(COPY_QUESTIONS, title=N_("Lấy câu hỏi kèm đáp án"), about="subject", needs=Permission.SUBJECT_KEYS_TAKE.value)
def copy_questions(
    run: JobRun, *, subject_id: str, asker: str | None, total: int, file_format: str, **search: str | None
) -> dict[str, Any]:
    """Write the questions that somebody has asked for into a file of theirs; say what the format could not hold."""
    copy = make_copy(
        run.session,
        run.session.get_one(Subject, UUID(subject_id)),
        Search.of_plain(search),
        file_format=file_format,
        total=total,
        owner_id=UUID(asker) if asker else None,
        now=run.clock.now(),
        progress=run.progress,
    )
    return copy.to_json()
