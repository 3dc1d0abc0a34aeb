"""What the tests of candidates begin with: an exam without anybody, a list sent through the page, who is stored."""

import io
import json
from typing import Any
from uuid import UUID

from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.candidates.models import Candidate
from examapp.candidates.services import add_candidates, read_candidate_rows
from examapp.core.files import StoredFile
from examapp.exams.models import Exam
from examapp.exams.services import create_exam
from tests.factories import workbook
from tests.functional.exam_day import Day
from tests.pages import Browser, Page

HEADER = ["Số báo danh", "Họ và tên", "Ngày sinh", "Thêm phút"]
PEOPLE = [["0001", "Đỗ Thị Ánh", "09/03/1998", None], ["0002", "Trần Văn Bình", "21/11/2001", 15]]


def empty_exam(day: Day, code: str = "KT27") -> Exam:
    """Make an exam without candidates; people with a role for the whole site may work on it."""
    exam = create_exam(day.session, code, "Kỳ thi khác", profile_id="cc-2025", actor=SYSTEM, now=day.clock.now())
    day.session.commit()
    return exam


def filled_exam(day: Day, code: str = "KT27", people: list[list[Any]] | None = None) -> Exam:
    """Make an exam with these candidates, nobody seated."""
    exam = empty_exam(day, code)
    rows = read_candidate_rows(workbook([HEADER, *(people or PEOPLE)]))
    add_candidates(day.session, exam, rows, actor=SYSTEM, now=day.clock.now())
    day.session.commit()
    return exam


def at(exam: Exam | UUID, rest: str = "") -> str:
    """Return the address of the exam's candidates, or of a page below."""
    return f"/ky-thi/{exam if isinstance(exam, UUID) else exam.id}/thi-sinh/{rest}"


def upload(browser: Browser, exam: Exam | UUID, data: bytes, *, name: str = "ds.xlsx", status: int = 200) -> Page:
    """Send a workbook through the page and return the page that follows."""
    page = browser.open(at(exam, "nhap"))
    return browser.submit(page, at(exam, "nhap"), status=status, file=(io.BytesIO(data), name))


def upload_large(browser: Browser, exam: Exam | UUID, size: int) -> Page:
    """Send so many bytes, written as a browser writes them: the test client would leave a file of its own behind."""
    token = browser.open(at(exam, "nhap")).form(at(exam, "nhap")).fields["csrf_token"]
    head = f'--grenze\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--grenze\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="ds.xlsx"\r\n\r\n'
    body = head.encode() + bytes(size) + b"\r\n--grenze--\r\n"
    content_type = "multipart/form-data; boundary=grenze"
    return Page(browser.client.post(at(exam, "nhap"), data=body, content_type=content_type))


def stored(day: Day, exam: Exam | UUID) -> list[tuple[Any, ...]]:
    """Return number, name, birth date and extra minutes of everybody of the exam, by number."""
    day.session.commit()
    columns = (Candidate.number, Candidate.full_name, Candidate.birth_date, Candidate.extra_minutes)
    exam_id = exam if isinstance(exam, UUID) else exam.id
    rows = day.session.execute(select(*columns).where(Candidate.exam_id == exam_id).order_by(Candidate.number))
    return [tuple(row) for row in rows]


def person(day: Day, exam: Exam | UUID, number: str) -> Candidate:
    """Return the candidate as stored at this moment."""
    day.session.commit()
    exam_id = exam if isinstance(exam, UUID) else exam.id
    query = select(Candidate).where(Candidate.exam_id == exam_id, Candidate.number == number)
    return day.session.scalars(query.execution_options(populate_existing=True)).one()


def uploads(day: Day) -> int:
    """Return how many files wait for a decision."""
    day.session.commit()
    return len(day.session.scalars(select(StoredFile.id)).all())


def events(day: Day, exam: Exam | UUID) -> list[tuple[str, dict[str, Any]]]:
    """Return (action, details) of the exam's chain that concern candidates, oldest first."""
    day.session.commit()
    exam_id = exam if isinstance(exam, UUID) else exam.id
    same = (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    query = select(AuditEvent.action, AuditDetails.details).join(AuditDetails, same)
    query = query.where(AuditEvent.scope == f"exam:{exam_id}", AuditEvent.action.startswith("candidates."))
    return [(action, json.loads(text)) for action, text in day.session.execute(query.order_by(AuditEvent.number))]
