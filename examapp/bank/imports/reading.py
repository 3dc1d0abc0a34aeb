"""Read a file and keep what was read, row by row, without touching the bank.

A file is kept first. One in the native form or made from the template is read at once; of any other one the columns
are kept with some sample rows, and a person joins them to our fields before it is read.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import null
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.imports.rows import Progress, locked_import, no_progress, replace_rows
from examapp.bank.models import Import, ImportState, Subject
from examapp.bank.queries import compared_with_bank
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.files import Content, StoredFile, keep_file, read_file
from examapp.core.i18n import N_
from question_bank.errors import Problem
from question_bank.formats import FieldMapping, Preview, preview, read_any
from question_bank.formats.decoding import storable
from question_bank.questions.text import clean

#: what no question of the bank may lack
REQUIRED = ("topic", "level")
_LONGEST_NAME = 200
_LONGEST_SAMPLE = 200


class FileRefused(Invalid):
    """The file as a whole cannot be read; nothing was kept of it. `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("file_refused", N_("Không đọc được tệp: %(reason)s"), reason=problem.sentence())
        self.problem = problem


@dataclass(frozen=True)
class Layout:
    """The columns of a file with some sample rows, and what they suggest."""

    format: str
    columns: list[str]
    samples: list[dict[str, str]]
    guessed: FieldMapping
    #: in the native form or from the template, so that nobody has to join columns
    is_ours: bool

    @classmethod
    def of(cls, batch: Import) -> "Layout | None":
        """Return the layout of an import's file; None when it was never looked at."""
        kept = batch.layout
        return None if kept is None else cls(**{**kept, "guessed": FieldMapping.from_json(kept["guessed"])})


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
    """Read a file that is not kept, and return the import with its numbered problems.

    Problems of the file as a whole stand under `about_file`, the others at their rows; `mapping` keeps what the file
    was read under. Raises FileRefused for a file that cannot be read at all.
    """
    batch = _new_import(session, subject, Content(data, file_name), actor=actor, now=now)
    try:
        _read_into(session, batch, data, mapping, actor=actor, now=now)
    except FileRefused:
        session.delete(batch)
        session.flush()  # whoever catches the refusal finds nothing of the file
        raise
    return batch


def receive_file(session: Session, subject: Subject, content: Content, *, actor: Actor, now: datetime) -> Import:
    """Keep a file that was sent up, unread; `take_file_in` looks into it."""
    hold(session, subject)
    batch = _new_import(session, subject, content, actor=actor, now=now)
    batch.file_id = keep_file(session, content, owner_id=actor.id, now=now).id
    details = {"file": batch.file_name, "digest": batch.file_digest.hex()}
    record(session, "system", "bank.import_uploaded", f"import:{batch.id}", details, actor=actor, now=now)
    return batch


def take_file_in(
    session: Session,
    batch: Import,
    *,
    mapping: FieldMapping | None = None,
    actor: Actor,
    now: datetime,
    progress: Progress = no_progress,
) -> Import:
    """Look into the kept file and read it, unless a person has to join its columns first.

    With a `mapping` it is read under that one, in the place of what was read of it before. Raises FileRefused,
    Conflict `file_gone` when the file was kept too long ago, `import_applied_already` when it is in the bank.
    """
    locked_import(session, batch, ImportState.UPLOADED, ImportState.PREVIEWED)
    data = kept_content(session, batch)
    if mapping is None:
        seen = preview(data, batch.file_name)
        if seen.problem:
            raise FileRefused(seen.problem)
        batch.layout = _layout(seen)
        if not seen.is_ours:
            return batch
    _read_into(session, batch, data, mapping, actor=actor, now=now, progress=progress)
    return batch


def kept_content(session: Session, batch: Import) -> bytes:
    """Return the import's file; raise Conflict `file_gone` when it is kept no more."""
    stored = session.get(StoredFile, batch.file_id) if batch.file_id else None
    if stored is None:
        message = N_("Máy chủ chỉ giữ tệp “%(name)s” một thời gian và đã xóa. Tải tệp lên lại.")
        raise Conflict("file_gone", message, name=batch.file_name)
    return read_file(session, stored)


def _new_import(session: Session, subject: Subject, content: Content, *, actor: Actor, now: datetime) -> Import:
    batch = Import(
        subject_id=subject.id,
        account_id=actor.id,
        file_name=_stored_name(content.name),
        file_digest=hashlib.sha256(content.data).digest(),
        state=ImportState.UPLOADED,
        mapping={},
        layout=null(),
        created_at=now,
    )
    session.add(batch)
    session.flush()  # its rows and its events name its id
    return batch


def _read_into(
    session: Session,
    batch: Import,
    data: bytes,
    mapping: FieldMapping | None,
    *,
    actor: Actor,
    now: datetime,
    progress: Progress = no_progress,
) -> None:
    read = read_any(data, batch.file_name, mapping, required=REQUIRED)
    if read.unreadable:
        raise FileRefused(next(problem for problem in read.about_file if problem.severity == "error"))
    subject = session.get_one(Subject, batch.subject_id)
    read = compared_with_bank(session, subject, read)
    replace_rows(session, batch, read, progress)
    batch.mapping = read.mapping.to_json()
    batch.state = ImportState.PREVIEWED
    details = {
        "file": batch.file_name,
        "digest": batch.file_digest.hex(),
        "rows": batch.rows_total,
        "refused": batch.rows_refused,
    }
    record(session, "system", "bank.import_previewed", f"import:{batch.id}", details, actor=actor, now=now)


def _stored_name(name: str) -> str:
    """Return a name that can be stored and shown; a long one keeps its ending, by which its format is known."""
    whole = clean(name).encode(errors="replace").decode()
    stem, dot, ending = whole.rpartition(".")
    if len(whole) <= _LONGEST_NAME or not dot or len(ending) > len(".jsonl"):
        return whole[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"


def _layout(seen: Preview) -> dict[str, Any]:
    """Return what the page that joins columns shows; a column that cannot be stored cannot be joined either."""
    columns = [column for column in seen.columns if storable(column)]
    return {
        "format": seen.format,
        "columns": columns,
        "samples": [
            {column: text for column in columns if (text := _sample(values.get(column)))} for values in seen.samples
        ],
        "guessed": seen.mapping.to_json(),
        "is_ours": seen.is_ours,
    }


def _sample(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a cell of a workbook holds 1 as 1.0
    text = clean("" if value is None else str(value)[: 2 * _LONGEST_SAMPLE])
    return text[:_LONGEST_SAMPLE] if storable(text) else ""
