"""Bring in the candidates of an exam, all or nothing: first looked at, then taken as it was looked at."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.candidates.queries import NO_LIST, highest_issue, list_stamp
from examapp.candidates.rules import CandidateRow, CheckedList, Numbering, RowProblem, check_rows, number_rows
from examapp.candidates.services.reading import CandidateSheet, read_candidate_sheet
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.files import XLSX, Content, StoredFile, drop_file, keep_file, read_file
from examapp.core.i18n import N_
from examapp.exams.models import Exam

#: so many warnings stand in one event of the audit log
_RECORDED = 20
#: how long an upload waits for its decision, in days
_KEPT_DAYS = 1


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


@dataclass(frozen=True)
class ListPreview:
    """A list as it would be imported, or what is wrong with it."""

    sheet: CandidateSheet
    #: the rows in the order of their numbers, each with the number it has or is given
    rows: list[dict[str, object]]
    checked: CheckedList
    #: of all that would be stored: who confirms it confirms exactly this
    digest: str


def keep_upload(session: Session, content: Content, *, actor: Actor, now: datetime) -> StoredFile:
    """Keep a list for its owner until it is confirmed; raise Invalid when it cannot be read at all."""
    read_candidate_sheet(content.data)
    return keep_file(session, replace(content, media_type=XLSX), owner_id=actor.id, now=now, days=_KEPT_DAYS)


def preview_list(session: Session, exam: Exam, stored: StoredFile, numbering: Numbering) -> ListPreview:
    """Return what importing this upload would do; raise Invalid when it cannot be read, or not be numbered so."""
    sheet = read_candidate_sheet(read_file(session, stored))
    rows = sheet.rows if sheet.has_numbers else number_rows(sheet.rows, numbering, exam.number_width)
    checked = check_rows(rows, exam.number_width)
    return ListPreview(sheet, rows, checked, _digest(checked.accepted))


def import_list(
    session: Session,
    exam: Exam,
    stored: StoredFile,
    *,
    numbering: Numbering,
    digest: str,
    replaces: str,
    actor: Actor,
    now: datetime,
) -> list[Candidate]:
    """Import an upload exactly as its preview showed it, in the place of the list `replaces`; the upload is dropped.

    Raises Conflict when the preview was another one (`digest`), and what `add_candidates` raises.
    """
    preview = preview_list(session, exam, stored, numbering)
    if preview.digest != digest and not preview.checked.problems:
        message = N_("Danh sách không còn như bản anh/chị đã xem. Xem lại bản dưới đây rồi bấm nhập lần nữa.")
        raise Conflict("preview_changed", message)
    added = add_candidates(session, exam, preview.rows, replaces=replaces, actor=actor, now=now)
    drop_file(session, stored.id)
    return added


def add_candidates(
    session: Session,
    exam: Exam,
    rows: list[dict[str, object]],
    *,
    replaces: str = NO_LIST,
    actor: Actor,
    now: datetime,
) -> list[Candidate]:
    """Add the whole list to the exam or nothing of it; numbers read otherwise than written go into the audit log.

    `replaces` is the stamp of the list that the person has seen (queries.list_stamp): the new one takes its place. Its
    slips die with it, because codes are of the next issue. Raises CandidateListRefused with every problem, and Conflict
    when the exam has another list than that, or somebody of it is seated.
    """
    # two people may import at once: the second finds the first one's list
    hold(session, exam)
    checked = check_rows(rows, exam.number_width)
    if checked.problems:
        raise CandidateListRefused(checked.problems)
    issue = 1 + highest_issue(session, exam.id)
    replaced = _remove_list(session, exam, replaces)
    candidates = [_candidate(exam, row, issue) for row in checked.accepted]
    session.add_all(candidates)
    session.flush()  # seats refer to their ids
    warnings = [warning.text() for warning in checked.warnings]
    details = {
        "count": len(candidates),
        "first": candidates[0].number,
        "last": candidates[-1].number,
        "warnings": [*warnings[:_RECORDED], *([f"… +{len(warnings) - _RECORDED}"] if warnings[_RECORDED:] else [])],
    }
    details |= {"replaced": replaced} if replaced else {}
    record(session, f"exam:{exam.id}", "candidates.imported", f"exam:{exam.id}", details, actor=actor, now=now)
    return candidates


def _remove_list(session: Session, exam: Exam, replaces: str) -> int:
    """Delete the list that is to be replaced and return how many were in it."""
    if list_stamp(session, exam.id) != replaces:
        if replaces == NO_LIST:
            message = N_("Kỳ thi đã có danh sách thí sinh. Số báo danh phải liên tục nên không nhập thêm.")
            raise Conflict("candidates_exist", message)
        message = N_("Danh sách thí sinh vừa được người khác sửa hoặc thay. Chưa nhập gì; xem lại danh sách hiện có.")
        raise Conflict("list_changed", message)
    try:
        with session.begin_nested():
            removed = delete(Candidate).where(Candidate.exam_id == exam.id).returning(Candidate.id)
            return len(session.execute(removed).all())
    except IntegrityError as error:
        message = N_(
            "Đã có thí sinh được xếp chỗ trong ca thi nên không thay cả danh sách được. "
            "Bỏ xếp chỗ rồi nhập lại, hoặc sửa từng thí sinh."
        )
        raise Conflict("candidates_seated", message) from error


def _candidate(exam: Exam, row: CandidateRow, issue: int) -> Candidate:
    candidate = Candidate(
        exam_id=exam.id,
        number=row.number,
        birth_date=row.birth_date,
        extra_minutes=row.extra_minutes,
        code_issue=issue,
    )
    candidate.rename(row.full_name)
    return candidate


def _digest(rows: list[CandidateRow]) -> str:
    """Return a digest over everything that would be stored."""
    plain = [[row.number, row.full_name, str(row.birth_date), row.extra_minutes] for row in rows]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()
