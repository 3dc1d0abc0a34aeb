"""Bring in the candidates of an exam, all or nothing."""

import io
import re
from datetime import datetime

from python_calamine import CalamineWorkbook
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
from question_bank.formats.decoding import Refusal
from question_bank.formats.xlsx_guard import checked_copy

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
    try:
        # repacked under limits: a few kilobytes can unpack to gigabytes
        with CalamineWorkbook.from_filelike(io.BytesIO(checked_copy(data, ""))) as workbook:
            return [list(row) for row in workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except Refusal as refusal:
        message = N_("Không đọc được danh sách: %(reason)s")
        raise Invalid("not_a_workbook", message, reason=refusal.problem.sentence()) from refusal
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the reader's Rust part can panic, which is no Exception
        message = N_("Không đọc được tệp như một bảng Excel. Lưu lại bằng Excel dạng .xlsx rồi nhập lại.")
        raise Invalid("not_a_workbook", message) from error


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
    words = re.sub(r"\(.*?\)", " ", fold(str(header)))
    return _HEADERS.get(" ".join(re.sub(r"[^a-z0-9]+", " ", words).split()))


def add_candidates(
    session: Session, exam: Exam, rows: list[dict[str, object]], *, actor: Actor, now: datetime
) -> list[Candidate]:
    """Add the whole list to the exam or nothing of it.

    Raises CandidateListRefused with every problem, and Conflict when the exam already has candidates.
    """
    # two people may import at once: the second finds the first one's list
    session.execute(select(Exam.id).where(Exam.id == exam.id).with_for_update())
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
