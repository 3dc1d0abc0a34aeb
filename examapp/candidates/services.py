"""Bring in the candidates of an exam, all or nothing."""

import io
from datetime import datetime

from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.candidates.rules import CandidateRow, RowProblem, check_rows
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import fold, name_sort_key
from examapp.exams.models import Exam

_HEADERS = {
    "so bao danh": "number",
    "sbd": "number",
    "ho va ten": "full_name",
    "ho ten": "full_name",
    "ngay sinh": "birth_date",
}
_MAX_BYTES = 20_000_000


class CandidateListRefused(Invalid):
    """The list has problems; nothing was imported. `problems` names every one of them."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__(
            "candidate_list_refused",
            N_("Danh sách có %(count)s chỗ cần sửa, chưa nhập thí sinh nào. %(first)s"),
            count=len(problems),
            first=problems[0].text(),
        )
        self.problems = problems


def read_candidate_rows(data: bytes) -> list[dict[str, object]]:
    """Read an .xlsx list by its headers; raise Invalid when it cannot be read or a column is missing."""
    if len(data) > _MAX_BYTES:
        raise Invalid("file_too_large", N_("Tệp lớn hơn 20 MB. Chia nhỏ danh sách rồi nhập lại."))
    try:
        table = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        message = N_("Không đọc được tệp như một bảng Excel. Lưu lại bằng Excel dạng .xlsx rồi nhập lại.")
        raise Invalid("not_a_workbook", message) from error
    fields = [_HEADERS.get(fold(str(cell))) for cell in table[0]] if table else []
    if "number" not in fields or "full_name" not in fields:
        message = N_("Dòng tiêu đề cần có cột “Số báo danh” và “Họ và tên”.")
        raise Invalid("columns_missing", message)
    rows = [dict(zip(fields, row, strict=False)) for row in table[1:] if any(cell not in ("", None) for cell in row)]
    return [{field: value for field, value in row.items() if field} for row in rows]


def add_candidates(
    session: Session, exam: Exam, rows: list[dict[str, object]], *, actor: Actor, now: datetime
) -> list[Candidate]:
    """Add the whole list to the exam or nothing of it.

    Raises CandidateListRefused with every problem, and Conflict when the exam already has candidates.
    """
    if session.scalar(select(Candidate.id).where(Candidate.exam_id == exam.id).limit(1)):
        raise Conflict(
            "candidates_exist", N_("Kỳ thi đã có danh sách thí sinh. Số báo danh phải liên tục nên không nhập thêm.")
        )
    accepted, problems = check_rows(rows, exam.number_width)
    if problems:
        raise CandidateListRefused(problems)
    candidates = [_candidate(exam, row) for row in accepted]
    session.add_all(candidates)
    session.flush()  # seats refer to their ids
    details = {"count": len(candidates), "first": candidates[0].number, "last": candidates[-1].number}
    record(session, f"exam:{exam.id}", "candidates.imported", f"exam:{exam.id}", details, actor=actor, now=now)
    return candidates


def _candidate(exam: Exam, row: CandidateRow) -> Candidate:
    return Candidate(
        exam_id=exam.id,
        number=row.number,
        full_name=row.full_name,
        sort_key=name_sort_key(row.full_name),
        birth_date=row.birth_date,
        extra_minutes=row.extra_minutes,
    )
