"""The refused rows of an import as a workbook that can be mended and sent up again."""

from collections.abc import Callable
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.bank.imports.listing import ShownProblem, as_read, shown_problems, texts_of
from examapp.bank.models import Import, ImportRow, ImportRowState
from examapp.core.files import XLSX, Content
from question_bank.formats.xlsx_refused import Refused, write_refused


def refused_rows_file(session: Session, batch: Import, tell: Callable[[ShownProblem], str]) -> Content:
    """Return the workbook of the import's refused rows; `tell` puts a problem in words."""
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0, ImportRow.state == ImportRowState.REFUSED)
        .order_by(ImportRow.row)
    )
    data = write_refused(
        Refused(
            row.row,
            texts_of(row.values) or {"stem": as_read(row)},
            "\n".join(tell(problem) for problem in shown_problems(row, batch)),
        )
        for row in rows
    )
    return Content(data, f"{PurePath(batch.file_name).stem}-dong-bi-loai.xlsx", XLSX)


def in_vietnamese(problem: ShownProblem) -> str:
    """Return a problem in words for a file that is written when nobody is reading."""
    place = f"cột “{problem.column}”: " if problem.column else ""
    words = f"{place}{problem.message % problem.params}"
    return f"{words[:1].upper()}{words[1:]} {problem.advice}".strip()
