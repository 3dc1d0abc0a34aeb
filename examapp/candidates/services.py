"""Bring in the candidates of an exam, all or nothing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.candidates.rules import CandidateRow, RowProblem, check_rows
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.core.vietnamese import name_sort_key
from examapp.exams.models import Exam
from question_bank.formats.decoding import Refusal
from question_bank.formats.mapping import header_words
from question_bank.formats.sheets import read_sheets

#: folded headers; remarks in brackets and punctuation do not matter
_HEADERS = {
    "so bao danh": "number",
    "so bd": "number",
    "sbd": "number",
    "ho va ten": "full_name",
    "ho ten": "full_name",
    "ho va ten thi sinh": "full_name",
    "ho ten thi sinh": "full_name",
    "ngay sinh": "birth_date",
    "ngay thang nam sinh": "birth_date",
}
_MAX_BYTES = 20_000_000
#: a title and the council's name stand above the header row
_HEADER_ROWS = 30
#: so many warnings stand in one event of the audit log
_RECORDED = 20


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
    """Read an .xlsx list by its headers, each row with its number in the sheet.

    Raises Invalid when the file cannot be read, or a column is missing or there twice.
    """
    if len(data) > _MAX_BYTES:
        raise Invalid("file_too_large", N_("Tệp lớn hơn 20 MB. Chia nhỏ danh sách rồi nhập lại."))
    table = _first_sheet(data)
    start, fields = _find_header(table)
    rows: list[dict[str, object]] = []
    for number, cells in enumerate(table[start + 1 :], start=start + 2):
        row = {field: value for field, value in zip(fields, cells, strict=False) if field}
        if any(str(value).strip() for value in row.values()):
            rows.append({"row": number, **row})
    return rows


def _first_sheet(data: bytes) -> list[list[object]]:
    """Return the cells of the first sheet that a person sees."""
    try:
        sheets = read_sheets(data, "")
    except Refusal as refusal:
        message = N_("Không đọc được danh sách: %(reason)s")
        raise Invalid("not_a_workbook", message, reason=refusal.problem.sentence()) from refusal
    return next((sheet.rows for sheet in sheets if not sheet.hidden), [])


def _find_header(table: list[list[object]]) -> tuple[int, list[str | None]]:
    """Return where the header row is, and the field of each of its columns."""
    for position, cells in enumerate(table[:_HEADER_ROWS]):
        fields = [_field_of(cell) for cell in cells]
        if "number" not in fields or "full_name" not in fields:
            continue
        named = [field for field in fields if field]
        if len(set(named)) != len(named):
            raise Invalid("columns_twice", N_("Dòng tiêu đề có hai cột cùng tên. Xóa cột thừa rồi nhập lại."))
        return position, fields
    raise Invalid("columns_missing", N_("Dòng tiêu đề cần có cột “Số báo danh” và “Họ và tên”."))


def _field_of(header: object) -> str | None:
    return _HEADERS.get(header_words(str(header)))


def add_candidates(
    session: Session, exam: Exam, rows: list[dict[str, object]], *, actor: Actor, now: datetime
) -> list[Candidate]:
    """Add the whole list to the exam or nothing of it; numbers read otherwise than written go into the audit log.

    A page shows them too: `check_rows(rows, exam.number_width).warnings`. Raises CandidateListRefused with every
    problem, and Conflict when the exam already has candidates.
    """
    # two people may import at once: the second finds the first one's list
    session.execute(select(Exam.id).where(Exam.id == exam.id).with_for_update())
    if session.scalar(select(Candidate.id).where(Candidate.exam_id == exam.id).limit(1)):
        raise Conflict(
            "candidates_exist", N_("Kỳ thi đã có danh sách thí sinh. Số báo danh phải liên tục nên không nhập thêm.")
        )
    checked = check_rows(rows, exam.number_width)
    if checked.problems:
        raise CandidateListRefused(checked.problems)
    candidates = [_candidate(exam, row) for row in checked.accepted]
    session.add_all(candidates)
    session.flush()  # seats refer to their ids
    warnings = [warning.text() for warning in checked.warnings]
    details = {
        "count": len(candidates),
        "first": candidates[0].number,
        "last": candidates[-1].number,
        "warnings": [*warnings[:_RECORDED], *([f"… +{len(warnings) - _RECORDED}"] if warnings[_RECORDED:] else [])],
    }
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
