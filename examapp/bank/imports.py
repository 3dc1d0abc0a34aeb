"""Bring a file of questions into the bank: read and preview with numbered problems, then apply the good rows.

Nothing is dropped in silence: every row of the file is kept with what was read, and is accepted, warned or refused by
name.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, Text, any_, literal, select
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
from examapp.bank.services import find_or_create_topic
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import H, jcs
from question_bank.errors import Problem
from question_bank.formats import FieldMapping, ReadResult, native, read_any
from question_bank.questions.record import QuestionRecord


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
    """Read a file and keep what was read, row by row, without touching the bank.

    A question whose text and options the bank already holds is refused with its code there, and so is a code that
    stands for another question. Raises FileRefused for a file that cannot be read at all.
    """
    result = read_any(data, file_name, mapping)
    if result.unreadable:
        raise FileRefused(next(p for p in result.problems if p.severity == "error" and p.place.row is None))
    rows = _accepted_rows(session, subject, result) + [
        ImportRow(
            row=refused.row,
            state=ImportRowState.REFUSED,
            payload=_storable(refused.raw),
            problems=_problems(refused.problems),
        )
        for refused in result.refused
    ]
    refused_count = sum(row.state is ImportRowState.REFUSED for row in rows)
    batch = Import(
        subject_id=subject.id,
        account_id=actor.id,
        file_name=file_name,
        file_digest=hashlib.sha256(data).digest(),
        mapping=mapping.to_json() if mapping else {},
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
    _refuse_if_bank_changed(session, subject, entries)
    try:
        with session.begin_nested():
            for row, entry in entries:
                code = f"{subject.code}-{batch.id.hex[-6:]}-{row}"
                _add_question(session, subject, entry, code, actor=actor, now=now)
    except IntegrityError as error:  # codes are unique over all subjects, and another one's import was faster
        raise _bank_changed() from error
    made = len(entries)
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
    taken = _taken_codes(session, [entry for _, entry in result.records])
    warned: dict[int, list[Problem]] = {}
    for problem in result.problems:
        if problem.severity == "warning" and problem.place.row is not None:
            warned.setdefault(problem.place.row, []).append(problem)
    payloads = [json.loads(line) for line in native.write(entry for _, entry in result.records).splitlines()]
    rows = []
    for (number, entry), digest, payload in zip(result.records, digests, payloads, strict=True):
        problems = _problems(warned.get(number, []))
        state = ImportRowState.WARNED if problems else ImportRowState.ACCEPTED
        if digest in known:
            state = ImportRowState.REFUSED
            problems.append(_already_in_bank(number, known[digest]))
        elif entry.metadata.code in taken:
            state = ImportRowState.REFUSED
            problems.append(_code_taken(number, entry.metadata.code))
        rows.append(ImportRow(row=number, state=state, payload=payload, problems=problems))
    return rows


def _read_back(rows: list[ImportRow]) -> list[tuple[int, QuestionRecord]]:
    """Return the accepted rows as questions again: they were kept in the native form."""
    accepted = [row for row in rows if row.state is not ImportRowState.REFUSED]
    lines = "\n".join(json.dumps(row.payload, ensure_ascii=False) for row in accepted)
    result = native.read(lines.encode(), "")
    # a row that was accepted must not get lost between preview and bank
    assert len(result.records) == len(accepted), "an accepted row does not read back"
    return [(accepted[number - 1].row, entry) for number, entry in result.records]


def _refuse_if_bank_changed(session: Session, subject: Subject, entries: list[tuple[int, QuestionRecord]]) -> None:
    """Raise Conflict when the bank now holds a question or a code that it did not hold at the preview."""
    digests = [question_digest(entry.question.content_json(), entry.question.key_json()) for _, entry in entries]
    if _codes_by_digest(session, subject, digests) or _taken_codes(session, [entry for _, entry in entries]):
        raise _bank_changed()


def _bank_changed() -> Conflict:
    message = N_(
        "Ngân hàng đã có thêm câu hỏi từ lúc xem trước, trùng với câu trong tệp. Tải tệp lên để xem trước lại."
    )
    return Conflict("bank_changed", message)


def _codes_by_digest(session: Session, subject: Subject, digests: list[bytes]) -> dict[bytes, str]:
    # one array and not IN: a file may hold more rows than a statement may have parameters
    rows = session.execute(
        select(QuestionVersion.digest, Question.code)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.subject_id == subject.id, QuestionVersion.digest == any_(literal(digests, ARRAY(LargeBinary))))
    )
    return dict(rows.all())


def _taken_codes(session: Session, entries: list[QuestionRecord]) -> set[str]:
    codes = [entry.metadata.code for entry in entries if entry.metadata.code]
    return set(session.scalars(select(Question.code).where(Question.code == any_(literal(codes, ARRAY(Text))))))


def _already_in_bank(row: int, code: str) -> dict[str, Any]:
    return _refusal("already_in_bank", N_("Dòng %(row)s: ngân hàng đã có câu này, mã %(code)s."), row, code)


def _code_taken(row: int, code: str | None) -> dict[str, Any]:
    message = N_("Dòng %(row)s: mã “%(code)s” đã dùng cho một câu khác trong ngân hàng. Đổi mã hoặc để trống.")
    return _refusal("code_taken", message, row, code or "")


def _refusal(kind: str, message: str, row: int, code: str) -> dict[str, Any]:
    """Return a problem that the bank has with a row, in the form of those that the readers find."""
    params = {"row": row, "code": code}
    return {
        "severity": "error",
        "code": kind,
        "message": message,
        "params": params,
        "row": row,
        "text": message % params,
    }


def _storable(raw: Mapping[str, object]) -> dict[str, Any]:
    """Return what was read of a refused row, as one text where the database has no place for it (NUL, NaN)."""
    text = json.dumps(raw)
    try:
        json.dumps(raw, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return {"line": text}
    return {"line": text} if "\\u0000" in text else dict(raw)


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
