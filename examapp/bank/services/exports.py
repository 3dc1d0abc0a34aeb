"""A list of questions to take away as a workbook: small ones at once, long ones made by the worker.

The list holds no key: it is for counting, sharing out work and checking the basis in law, not for printing papers.
"""

import json
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import Subject
from examapp.bank.queries import NewestText, rows_to_export
from examapp.bank.queries.stored import plain_words
from examapp.bank.rules import STATUS_NAMES, Search
from examapp.core.clock import LOCAL_ZONE
from examapp.core.files import XLSX, Content, StoredFile, keep_file
from examapp.core.jobs import enqueue
from examapp.documents.sheets import xlsx_bytes
from question_bank.questions.metadata import Level as LevelWord

EXPORT_LIST = "bank.export_list"
#: a longer list is the worker's: nobody waits for a page that long
MOST_AT_ONCE = 1_000
SHOW_EVERY = 500

HEADER = (
    "Mã", "Phiên bản", "Câu hỏi", "Các phương án", "Chủ đề", "Mức độ", "Tình trạng", "Văn bản căn cứ", "Điều khoản",
    "Ngày sửa",
)  # fmt: skip
Progress = Callable[[int, int | None], None]


def take_export(
    session: Session, subject: Subject, search: Search, *, total: int, actor: Actor, now: datetime
) -> Content:
    """Return the list as a workbook and put into the log who has taken it."""
    _record(session, subject, total, actor=actor, now=now)
    return _workbook(session, subject, search, total=total, progress=lambda done, total: None)


def order_export(session: Session, subject: Subject, search: Search, *, total: int, actor: Actor, now: datetime) -> int:
    """Have the worker make the list as a file of whoever asks; return the job's number."""
    _record(session, subject, total, actor=actor, now=now)
    return ask_worker(session, EXPORT_LIST, subject, search, total=total, actor=actor)


def ask_worker(
    session: Session, job: str, subject: Subject, search: Search, *, total: int, actor: Actor, **more: str
) -> int:
    """Have the worker do something with what a search finds, for whoever asks; return the job's number."""
    return enqueue(
        session,
        job,
        subject=str(subject.id),
        owner_id=actor.id,
        subject_id=str(subject.id),
        asker=str(actor.id) if actor.id else None,
        total=total,
        **more,
        **search.plain(),
    )


def make_export(
    session: Session, subject: Subject, search: Search, *, total: int, owner_id: UUID | None, now: datetime,
    progress: Progress,
) -> StoredFile:  # fmt: skip
    """Make the list and keep it for its owner."""
    content = _workbook(session, subject, search, total=total, progress=progress)
    return keep_file(session, content, owner_id=owner_id, now=now)


def _workbook(session: Session, subject: Subject, search: Search, *, total: int, progress: Progress) -> Content:
    rows: list[tuple[str | int | None, ...]] = []
    for one in rows_to_export(session, subject.id, search):
        rows.append(_line(one))
        if len(rows) % SHOW_EVERY == 0:
            progress(min(len(rows), total), total)
    return Content(xlsx_bytes("Câu hỏi", HEADER, rows), f"cau-hoi-{subject.code}.xlsx", XLSX)


def _line(one: NewestText) -> tuple[str | int | None, ...]:
    content = json.loads(one.content)
    stem, options = plain_words(content)
    return (
        one.code,
        one.number,
        stem,
        "\n".join(f"{chr(ord('A') + place)}. {option}" for place, option in enumerate(options)),
        one.topic,
        LevelWord(one.level.value).label,
        STATUS_NAMES[one.status],
        one.legal_document,
        one.legal_article,
        f"{one.changed_at.astimezone(LOCAL_ZONE):%d/%m/%Y}",
    )


def _record(session: Session, subject: Subject, total: int, *, actor: Actor, now: datetime) -> None:
    details = {"questions": total}
    record(session, "system", "bank.list_exported", f"subject:{subject.id}", details, actor=actor, now=now)
