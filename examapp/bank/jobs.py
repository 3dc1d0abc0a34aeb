"""What the worker does for the bank's lists: make a long list of questions as a workbook."""

from uuid import UUID

from examapp.access.permissions import Permission
from examapp.bank.models import Level, QuestionStatus, Subject
from examapp.bank.rules import Search, Sort
from examapp.bank.services.exports import EXPORT_LIST, make_export
from examapp.core.i18n import N_
from examapp.core.jobs import JobRun, job


@job(EXPORT_LIST, title=N_("Xuất danh sách câu hỏi"), about="subject", needs=Permission.SUBJECT_BANK_SEE.value)
def export_list(
    run: JobRun,
    *,
    subject_id: str,
    asker: str | None,
    total: int,
    words: str,
    topic_id: str | None,
    level: str | None,
    status: str | None,
    sort: str,
) -> dict[str, str]:
    """Make the list that somebody has asked for and keep it as a file of theirs."""
    search = Search(
        words=words,
        topic_id=UUID(topic_id) if topic_id else None,
        level=Level(level) if level else None,
        status=QuestionStatus(status) if status else None,
        sort=Sort(sort),
    )
    stored = make_export(
        run.session,
        run.session.get_one(Subject, UUID(subject_id)),
        search,
        total=total,
        owner_id=UUID(asker) if asker else None,
        now=run.clock.now(),
        progress=run.progress,
    )
    return {"file": str(stored.id)}
