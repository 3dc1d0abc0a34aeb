"""The rows of an import as they are stored: written in bulk, counted, and read back as questions."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from examapp.bank.models import Import, ImportRow, ImportRowState, ImportState
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from question_bank.errors import Problem
from question_bank.formats import ReadResult, native
from question_bank.formats.decoding import storable

Progress = Callable[[int, int], None]

#: rows written, or questions made, between two notes of progress
CHUNK = 1_000


def no_progress(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def locked_import(session: Session, batch: Import, *states: ImportState) -> Import:
    """Return the import as it is, nobody else changing it; raise Conflict when it is in none of these states."""
    alone = select(Import).where(Import.id == batch.id).with_for_update()
    if session.scalar(alone.execution_options(populate_existing=True)) is None:
        raise discarded()
    if batch.state in states:
        return batch
    if batch.state is ImportState.APPLIED:
        raise Conflict("import_applied_already", N_("Tệp này đã được nhập vào ngân hàng."))
    if batch.state is ImportState.UNDONE:
        raise Conflict("import_undone_already", N_("Lần nhập này đã được hoàn tác. Tải tệp lên lại nếu muốn nhập."))
    raise Conflict("import_not_ready", N_("Tệp chưa được đọc hoặc chưa nhập vào ngân hàng. Mở lại trang của lần nhập."))


def discarded() -> Conflict:
    """Return the refusal of a deed on an import that somebody has dropped."""
    return Conflict("import_discarded", N_("Tệp này đã bị bỏ. Tải tệp lên lại nếu muốn nhập."))


def preview_stamp(session: Session, batch: Import) -> str:
    """Return what changes whenever the preview does: a row was mended, columns joined anew, the bank compared again."""
    mends = session.scalar(select(func.sum(ImportRow.mends)).where(ImportRow.import_id == batch.id))
    counts = (batch.rows_total, batch.rows_accepted, batch.rows_warned, batch.rows_refused, mends or 0)
    plain = json.dumps([*counts, batch.mapping], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:20]


def check_seen(session: Session, batch: Import, seen: str | None) -> None:
    """Raise Conflict when the preview, held by `locked_import`, is not the one of this stamp; None asks nothing."""
    if seen is not None and seen != preview_stamp(session, batch):
        message = N_("Bản xem trước vừa được người khác sửa. Chưa nhập câu nào; mở lại trang xem trước, xem rồi nhập.")
        raise Conflict("preview_changed", message)


def replace_rows(session: Session, batch: Import, read: ReadResult, progress: Progress = no_progress) -> None:
    """Store what was read as the rows of the import, in the place of whatever it had, and count them."""
    session.execute(delete(ImportRow).where(ImportRow.import_id == batch.id))
    rows = _rows(batch.id, read)
    counts = dict.fromkeys(ImportRowState, 0)
    for row in rows:
        counts[row["state"]] += 1
    if read.about_file:
        rows.append(_row(batch.id, 0, ImportRowState.WARNED, {}, read.about_file))
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(ImportRow), rows[start : start + CHUNK])
        progress(min(start + CHUNK, len(rows)), len(rows))
    session.expire(batch, ["rows", "about_file"])
    batch.rows_total = read.rows_total
    batch.rows_accepted = len(read.records)
    batch.rows_warned = counts[ImportRowState.WARNED]
    batch.rows_refused = counts[ImportRowState.REFUSED]


def recount(session: Session, batch: Import) -> None:
    """Count the rows of the import anew, after some of them changed."""
    found = session.execute(
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0)
        .group_by(ImportRow.state)
    )
    counts = dict.fromkeys(ImportRowState, 0)
    for state, count in found:
        counts[state] = count
    batch.rows_warned, batch.rows_refused = counts[ImportRowState.WARNED], counts[ImportRowState.REFUSED]
    batch.rows_accepted = counts[ImportRowState.ACCEPTED] + batch.rows_warned


def accepted_records(session: Session, batch: Import) -> ReadResult:
    """Return the accepted rows as questions again: they were kept in the native form."""
    stored = session.execute(
        select(ImportRow.row, ImportRow.payload)
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0, ImportRow.state != ImportRowState.REFUSED)
        .order_by(ImportRow.row)
    )
    read = native.read_values((row, payload) for row, payload in stored)
    if read.refused:  # a row that was accepted must not get lost between preview and bank
        raise RuntimeError(f"accepted rows do not read back: {read.reasons()}")
    return read


def as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as they are stored with their row."""
    return [
        {
            "number": p.number,
            "severity": p.severity,
            "code": p.code,
            "message": p.message,
            "params": dict(p.params),
            "row": p.place.row,
            "unit": p.place.unit,
            "name": p.place.name,
            "column": p.place.column,
            "field": p.place.field,
            "text": p.text(),
        }
        for p in problems
    ]


def storable_values(raw: Mapping[str, object]) -> dict[str, Any]:
    """Return what was read of a refused row, as one text where the database has no place for it (NUL, half letters)."""
    return dict(raw) if storable(raw) else {"line": json.dumps(raw)}


def _rows(import_id: UUID, read: ReadResult) -> list[dict[str, Any]]:
    at_row: dict[int | None, list[Problem]] = {}
    for problem in read.problems:
        at_row.setdefault(problem.place.row, []).append(problem)
    rows = []
    for row, entry in read.records:
        state = ImportRowState.WARNED if row in at_row else ImportRowState.ACCEPTED
        rows.append(_row(import_id, row, state, native.values_of(entry), at_row.get(row, [])))
    for refused in read.refused:
        values = _row(import_id, refused.row, ImportRowState.REFUSED, storable_values(refused.raw), refused.problems)
        if refused.fields and storable(refused.fields):
            values["fields"] = dict(refused.fields)
        rows.append(values)
    return sorted(rows, key=lambda values: values["row"])


def _row(
    import_id: UUID, row: int, state: ImportRowState, payload: dict[str, Any], problems: Sequence[Problem]
) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "row": row,
        "state": state,
        "payload": payload,
        "fields": None,
        "problems": as_json(problems),
        "mends": 0,
    }
