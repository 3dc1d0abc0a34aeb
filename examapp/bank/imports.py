"""Bring a file of questions into the bank: read and preview with numbered problems, then apply the good rows.

Nothing is dropped in silence: every row of the file is kept with what was read, and is accepted, warned or refused by
name.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
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
from examapp.bank.services import find_or_create_topic
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import H, jcs
from question_bank.errors import Problem
from question_bank.formats import FieldMapping, ReadResult, native, read_any
from question_bank.questions.record import QuestionRecord


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
    """Read a file and keep what was read, row by row, without touching the bank.

    A question whose text and options the bank already holds is refused with its code there.
    """
    result = read_any(data, file_name, mapping)
    rows = _accepted_rows(session, subject, result) + [
        ImportRow(
            row=refused.row, state=ImportRowState.REFUSED, payload=refused.raw, problems=_problems(refused.problems)
        )
        for refused in result.refused
    ]
    refused_count = sum(row.state is ImportRowState.REFUSED for row in rows)
    batch = Import(
        subject_id=subject.id,
        account_id=actor.id,
        file_name=file_name,
        file_digest=hashlib.sha256(data).digest(),
        mapping={},
        rows_total=len(rows),
        rows_accepted=len(rows) - refused_count,
        rows_warned=sum(row.state is ImportRowState.WARNED for row in rows),
        rows_refused=refused_count,
        created_at=now,
        rows=rows,
    )
    session.add(batch)
    session.flush()  # the audit event names its id
    details = {"file": file_name, "digest": batch.file_digest.hex(), "rows": len(rows), "refused": refused_count}
    record(session, "system", "bank.import_previewed", f"import:{batch.id}", details, actor=actor, now=now)
    return batch


def apply_import(session: Session, batch: Import, *, actor: Actor, now: datetime) -> int:
    """Put the accepted rows of a previewed import into the bank; return how many questions were made.

    Raises Conflict when somebody applied it already.
    """
    # the row lock decides between two people who press the button at once
    state = session.scalar(select(Import.state).where(Import.id == batch.id).with_for_update())
    if state is not ImportState.PREVIEWED:
        raise Conflict("import_applied_already", N_("Tệp này đã được nhập vào ngân hàng."))
    subject = session.get_one(Subject, batch.subject_id)
    made = 0
    for row, entry in _read_back(batch.rows):
        _add_question(session, subject, entry, f"{subject.code}-{batch.id.hex[-6:]}-{row}", actor=actor, now=now)
        made += 1
    batch.state = ImportState.APPLIED
    batch.applied_at = now
    record(session, "system", "bank.import_applied", f"import:{batch.id}", {"questions": made}, actor=actor, now=now)
    return made


def question_digest(content: dict[str, object], key: dict[str, object]) -> bytes:
    """Return the digest by which the bank knows an identical question again."""
    return H("khaothi/question/v1", jcs(content), jcs(key))


def _accepted_rows(session: Session, subject: Subject, result: ReadResult) -> list[ImportRow]:
    digests = [question_digest(r.question.content_json(), r.question.key_json()) for _, r in result.records]
    known = _codes_by_digest(session, subject, digests)
    warned: dict[int, list[Problem]] = {}
    for problem in result.problems:
        if problem.severity == "warning" and problem.place.row is not None:
            warned.setdefault(problem.place.row, []).append(problem)
    payloads = [json.loads(line) for line in native.write(entry for _, entry in result.records).splitlines()]
    rows = []
    for (number, _), digest, payload in zip(result.records, digests, payloads, strict=True):
        problems = _problems(warned.get(number, []))
        state = ImportRowState.WARNED if problems else ImportRowState.ACCEPTED
        if digest in known:
            state = ImportRowState.REFUSED
            problems.append(_already_in_bank(number, known[digest]))
        rows.append(ImportRow(row=number, state=state, payload=payload, problems=problems))
    return rows


def _read_back(rows: list[ImportRow]) -> list[tuple[int, QuestionRecord]]:
    """Return the accepted rows as questions again: they were kept in the native form."""
    accepted = [row for row in rows if row.state is not ImportRowState.REFUSED]
    lines = "\n".join(json.dumps(row.payload, ensure_ascii=False) for row in accepted)
    result = native.read(lines.encode(), "")
    return [(accepted[number - 1].row, entry) for number, entry in result.records]


def _codes_by_digest(session: Session, subject: Subject, digests: list[bytes]) -> dict[bytes, str]:
    rows = session.execute(
        select(QuestionVersion.digest, Question.code)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject.id, QuestionVersion.digest.in_(digests))
    )
    return dict(rows.all())


def _already_in_bank(row: int, code: str) -> dict[str, Any]:
    message = N_("Dòng %(row)s: ngân hàng đã có câu này, mã %(code)s.")
    params = {"row": row, "code": code}
    return {
        "severity": "error",
        "code": "already_in_bank",
        "message": message,
        "params": params,
        "text": message % params,
    }


def _problems(problems: list[Problem] | tuple[Problem, ...]) -> list[dict[str, Any]]:
    return [
        {
            "number": p.number,
            "severity": p.severity,
            "code": p.code,
            "message": p.message,
            "params": {name: value if isinstance(value, int | str) else str(value) for name, value in p.params.items()},
            "row": p.place.row,
            "column": p.place.column,
            "field": p.place.field,
            "text": p.text(),
        }
        for p in problems
    ]


def _add_question(
    session: Session, subject: Subject, entry: QuestionRecord, code: str, *, actor: Actor, now: datetime
) -> None:
    question, about = entry.question, entry.metadata
    content, key = question.content_json(), question.key_json()
    identity = Question(code=about.code or code, subject_id=subject.id, created_at=now)
    identity.versions.append(
        QuestionVersion(
            kind=question.kind,
            topic_id=find_or_create_topic(session, subject, about.topic, about.topic).id,
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
    session.add(identity)
