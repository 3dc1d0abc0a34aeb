"""Bring a file of questions into the bank: read and preview with numbered problems, then apply the good rows.

Nothing is dropped in silence: every row of the file is kept with what was read, and is accepted, warned or refused by
name.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.models import (
    Import,
    ImportRow,
    ImportRowState,
    ImportState,
    Level,
    Question,
    QuestionVersion,
    Subject,
)
from examapp.bank.queries import compared_with_bank, question_digest
from examapp.bank.services import find_or_create_topic
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import jcs
from question_bank.errors import Problem
from question_bank.formats import FieldMapping, ReadResult, native, read_any
from question_bank.formats.decoding import storable
from question_bank.questions.record import QuestionRecord
from question_bank.questions.text import clean

_LONGEST_NAME = 200


class FileRefused(Invalid):
    """The file as a whole cannot be read; nothing was kept of it. `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("file_refused", N_("Không đọc được tệp: %(reason)s"), reason=problem.sentence())
        self.problem = problem


def preview_import(
    session: Session,
    subject: Subject,
    data: bytes,
    *,
    file_name: str,
    mapping: FieldMapping | None = None,
    actor: Actor,
    now: datetime,
) -> Import:
    """Read a file and keep what was read, row by row, without touching the bank; return it with its numbered problems.

    Problems of the file as a whole stand under `about_file`, the others at their rows; `mapping` keeps what the file
    was read under. Raises FileRefused for a file that cannot be read at all.
    """
    file_name = clean(file_name).encode(errors="replace").decode()[:_LONGEST_NAME]
    read = read_any(data, file_name, mapping)
    if read.unreadable:
        raise FileRefused(next(problem for problem in read.about_file if problem.severity == "error"))
    read = compared_with_bank(session, subject, read)
    rows = _rows(read)
    batch = Import(
        subject_id=subject.id,
        account_id=actor.id,
        file_name=file_name,
        file_digest=hashlib.sha256(data).digest(),
        mapping=read.mapping.to_json(),
        rows_total=read.rows_total,
        rows_accepted=len(read.records),
        rows_warned=sum(row.state is ImportRowState.WARNED for row in rows),
        rows_refused=len(read.refused),
        created_at=now,
        rows=rows,
    )
    if read.about_file:
        noticed = _problems(read.about_file)
        batch.about_file = ImportRow(row=0, state=ImportRowState.WARNED, payload={}, problems=noticed)
    session.add(batch)
    session.flush()  # the audit event names its id
    details = {
        "file": file_name,
        "digest": batch.file_digest.hex(),
        "rows": batch.rows_total,
        "refused": batch.rows_refused,
    }
    record(session, "system", "bank.import_previewed", f"import:{batch.id}", details, actor=actor, now=now)
    return batch


def apply_import(session: Session, batch: Import, *, actor: Actor, now: datetime) -> int:
    """Put the accepted rows of a previewed import into the bank; return how many questions were made.

    All of them or none. Raises Conflict when somebody applied it already, or when the bank has got one of its
    questions or codes since the preview.
    """
    # the row lock decides between two people who press the button at once
    state = session.scalar(select(Import.state).where(Import.id == batch.id).with_for_update())
    if state is not ImportState.PREVIEWED:
        raise Conflict("import_applied_already", N_("Tệp này đã được nhập vào ngân hàng."))
    # one import at a time per subject: two of them may hold the same question, or begin the same topic
    subject = session.scalars(select(Subject).where(Subject.id == batch.subject_id).with_for_update()).one()
    entries = _read_back(batch.rows)
    if compared_with_bank(session, subject, entries).refused:
        raise _bank_changed()
    topics: dict[str, UUID] = {}
    try:
        with session.begin_nested():
            for row, entry in entries.records:
                topic = entry.metadata.topic
                if topic not in topics:
                    topics[topic] = find_or_create_topic(session, subject, topic, topic).id
                code = entry.metadata.code or f"{subject.code}-{batch.id.hex[-6:]}-{row}"
                session.add(_question(subject, topics[topic], entry, code, actor=actor, now=now))
    except IntegrityError as error:  # codes are unique over all subjects, and another one's import was faster
        raise _bank_changed() from error
    made = len(entries.records)
    batch.state = ImportState.APPLIED
    batch.applied_at = now
    record(session, "system", "bank.import_applied", f"import:{batch.id}", {"questions": made}, actor=actor, now=now)
    return made


def _rows(read: ReadResult) -> list[ImportRow]:
    at_row: dict[int | None, list[Problem]] = {}
    for problem in read.problems:
        at_row.setdefault(problem.place.row, []).append(problem)
    accepted = [
        ImportRow(
            row=row,
            state=ImportRowState.WARNED if row in at_row else ImportRowState.ACCEPTED,
            payload=native.values_of(entry),
            problems=_problems(at_row.get(row, [])),
        )
        for row, entry in read.records
    ]
    refused = [
        ImportRow(
            row=row.row, state=ImportRowState.REFUSED, payload=_storable(row.raw), problems=_problems(row.problems)
        )
        for row in read.refused
    ]
    return sorted([*accepted, *refused], key=lambda row: row.row)


def _read_back(rows: list[ImportRow]) -> ReadResult:
    """Return the accepted rows as questions again: they were kept in the native form."""
    accepted = [row for row in rows if row.state is not ImportRowState.REFUSED]
    read = native.read_values((row.row, row.payload) for row in accepted)
    if read.refused:  # a row that was accepted must not get lost between preview and bank
        raise RuntimeError(f"accepted rows do not read back: {read.reasons()}")
    return read


def _bank_changed() -> Conflict:
    message = N_(
        "Ngân hàng đã có thêm câu hỏi từ lúc xem trước, trùng với câu trong tệp. Tải tệp lên để xem trước lại."
    )
    return Conflict("bank_changed", message)


def _storable(raw: Mapping[str, object]) -> dict[str, Any]:
    """Return what was read of a refused row, as one text where the database has no place for it (NUL, half letters)."""
    return dict(raw) if storable(raw) else {"line": json.dumps(raw)}


def _problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "number": p.number,
            "severity": p.severity,
            "code": p.code,
            "message": p.message,
            "params": dict(p.params),
            "row": p.place.row,
            "column": p.place.column,
            "field": p.place.field,
            "text": p.text(),
        }
        for p in problems
    ]


def _question(
    subject: Subject, topic_id: UUID, entry: QuestionRecord, code: str, *, actor: Actor, now: datetime
) -> Question:
    question, about = entry.question, entry.metadata
    content, key = question.content_json(), question.key_json()
    identity = Question(code=code, subject_id=subject.id, created_at=now)
    identity.versions.append(
        QuestionVersion(
            kind=question.kind,
            topic_id=topic_id,
            level=Level(about.level.value),
            content=jcs(content).decode(),
            answer_key=jcs(key).decode(),
            digest=question_digest(content, key),
            legal_document=about.source.document if about.source else None,
            legal_article=about.source.article if about.source else None,
            author_id=actor.id,
            search_text=fold(" ".join([question.stem, *question.options])),
            created_at=now,
        )
    )
    return identity
