"""Mend one row of a previewed import on the page: judged by the rules of the reader, as if the file had said so."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.bank.imports.reading import REQUIRED
from examapp.bank.imports.rows import as_json, locked_import, recount
from examapp.bank.models import Import, ImportRow, ImportRowState, ImportState, Subject
from examapp.bank.queries import compared_with_bank
from examapp.core.errors import Conflict
from examapp.core.i18n import N_
from question_bank.errors import Problem
from question_bank.formats import FieldMapping, ReadResult, native
from question_bank.formats.repeats import stem_words


def mend_row(
    session: Session,
    batch: Import,
    number: int,
    values: Mapping[str, Any],
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> ImportRow:
    """Replace what a row says by `values` (native form), judge it anew and return it, accepted or still refused.

    `seen` is how often it had been mended when the person began. A row that is still refused keeps what was typed.
    Raises Conflict `row_mended_meanwhile` when somebody was faster, `import_applied_already` when it is in the bank.
    """
    locked_import(session, batch, ImportState.PREVIEWED)
    row = session.get(ImportRow, (batch.id, number), populate_existing=True)
    if row is None or row.mends != seen:
        message = N_("Người khác vừa sửa dòng %(row)s. Xem lại nội dung mới ở trang xem trước rồi sửa tiếp.")
        raise Conflict("row_mended_meanwhile", message, row=number)
    read = _judged(session, batch, number, values)
    own = [problem for problem in read.problems if problem.place.row == number]
    before = dict(row.values)
    good = next((entry for at, entry in read.records if at == number), None)
    if good is None:
        row.state, row.fields = ImportRowState.REFUSED, dict(values)
    else:
        row.state = ImportRowState.WARNED if own else ImportRowState.ACCEPTED
        row.payload, row.fields = native.values_of(good), None
    row.problems = as_json(_at_columns_of(batch, own))
    row.mends += 1
    session.flush()  # the count below is the database's
    recount(session, batch)
    changed = sorted(name for name in {*before, *values} if (before.get(name) or None) != (values.get(name) or None))
    details = {"file": batch.file_name, "row": number, "accepted": good is not None, "fields": changed}
    record(session, "system", "bank.import_row_mended", f"import:{batch.id}", details, actor=actor, now=now)
    return row


def _judged(session: Session, batch: Import, number: int, values: Mapping[str, Any]) -> ReadResult:
    """Return what the reader and the bank say to the row, beside the accepted rows that it could repeat."""
    alike = _possible_repeats(session, batch, number, values)
    # what came first wins, and what is in order already came before what is mended
    read = native.read_values([*alike, (number, values)], required=REQUIRED)
    subject = session.get_one(Subject, batch.subject_id)
    own = tuple(one for one in read.records if one[0] == number)
    return compared_with_bank(session, subject, replace(read, records=own))


def _possible_repeats(
    session: Session, batch: Import, number: int, values: Mapping[str, Any]
) -> list[tuple[int, dict[str, Any]]]:
    """Return the accepted rows with the same words in the question, or with the same code."""
    words, code = _words(values), values.get("code")
    payload = ImportRow.payload
    short = session.execute(
        select(ImportRow.row, payload["stem"].astext, payload["stimulus"]["text"].astext, payload["code"].astext).where(
            ImportRow.import_id == batch.id,
            ImportRow.row > 0,
            ImportRow.row != number,
            ImportRow.state != ImportRowState.REFUSED,
        )
    )
    alike = [
        row
        for row, stem, stimulus, other in short
        if stem_words(stem or "", stimulus or "") == words or (code and code == other)
    ]
    found = session.execute(
        select(ImportRow.row, payload).where(ImportRow.import_id == batch.id, ImportRow.row.in_(alike))
    )
    return [(row, values) for row, values in found]


def _words(values: Mapping[str, Any]) -> str:
    stimulus = values.get("stimulus")
    return stem_words(str(values.get("stem", "")), str(stimulus.get("text", "")) if isinstance(stimulus, dict) else "")


def _at_columns_of(batch: Import, problems: list[Problem]) -> list[Problem]:
    """Return the problems with the columns of the file they were read from, not those of the native form."""
    mapping = FieldMapping.from_json(batch.mapping)
    return [
        replace(problem, place=replace(problem.place, column=mapping.column_of(problem.place.field)))
        for problem in problems
    ]
