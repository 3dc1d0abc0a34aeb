"""The refused rows of an import as a workbook that can be mended and sent up again."""

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.bank.imports.listing import ShownProblem, as_read, shown_problems, texts_of
from examapp.bank.models import Import, ImportRow, ImportRowState
from examapp.core.files import XLSX, Content
from examapp.core.i18n import N_
from question_bank.formats import xlsx
from question_bank.formats.xlsx_refused import Refused, write_refused
from question_bank.questions.single_choice import SingleChoice


def refused_rows_file(session: Session, batch: Import, tell: Callable[[ShownProblem], str]) -> Content:
    """Return the workbook of the import's refused rows; `tell` puts a problem in words."""
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == batch.id, ImportRow.row > 0, ImportRow.state == ImportRowState.REFUSED)
        .order_by(ImportRow.row)
    )
    data = write_refused(_refused(row, batch, tell) for row in rows)
    return Content(data, f"{PurePath(batch.file_name).stem}-dong-bi-loai.xlsx", XLSX)


def _refused(row: ImportRow, batch: Import, tell: Callable[[ShownProblem], str]) -> Refused:
    """Return one row; what a sheet would lose is not offered in it, or it would come back as another question."""
    texts = texts_of(row.values) or {"stem": as_read(row)}
    problems = shown_problems(row, batch)
    if not fits_a_sheet(row.values):
        texts = {"stem": texts.get("stem", "")}
        message = N_("Câu có định dạng, hình, công thức, tỉ lệ điểm hoặc loại mà bảng tính không giữ được.")
        advice = N_("Sửa câu này trong tệp gốc; ở đây chỉ ghi câu dẫn.")
        problems += [
            ShownProblem(
                0, "error", "not_for_a_sheet", message, {}, row.row, None, "", "row", "", advice, mendable=False
            )
        ]
    return Refused(row.row, texts, "\n".join(map(tell, problems)))


def fits_a_sheet(values: Mapping[str, Any]) -> bool:
    """Say whether a row in the native form loses nothing of its question in a sheet."""
    kind = values.get("kind", SingleChoice.kind)
    # A text with markup begins so; in a plain text these signs would be escaped, and "html" alone is a word.
    marked = '{"html": ' in json.dumps(values)
    return kind in xlsx.CARRIES.kinds and not values.get("weights") and not marked


def in_vietnamese(problem: ShownProblem) -> str:
    """Return a problem in words for a file that is written when nobody is reading."""
    place = f"cột “{problem.column}”: " if problem.column else ""
    words = f"{place}{problem.message % problem.params}"
    return f"{words[:1].upper()}{words[1:]} {problem.advice}".strip()
