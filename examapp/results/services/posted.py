"""The posted lists as the public sees them: candidate number, right answers, outcome (design §9)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.core.paging import Page, page_of, page_of_rows
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.results.models import ResultList
from examapp.results.rules import ResultRow
from examapp.results.services.lists import list_fault, read_result_list
from examapp.sittings.models import Sitting

PAGE_SIZE = 100


@dataclass(frozen=True)
class PostedList:
    """A posted list with one page of its rows; `number` of `Page` counts those that match."""

    exam: str
    council: str
    test: str
    sitting: str
    starts_at: datetime
    posted_at: datetime
    digest: bytes
    #: how many rows have which outcome (a message id), and how many rows there are
    outcomes: Mapping[str, int]
    total: int
    page: Page[ResultRow]


def posted_lists(session: Session, number: int) -> Page[tuple[ResultList, Sitting, ExamTest, Exam]]:
    """Return a page of the posted lists, the newest first."""
    query = _posted().order_by(ResultList.posted_at.desc(), ResultList.id)
    return page_of(session, query, number)


def posted_page(session: Session, list_id: UUID, *, wanted: str, number: int, keys: NodeKeys) -> PostedList:
    """Return one page of a posted list, of the rows whose number begins as wanted.

    Raises NotFound for a list that is not posted, or is not the list that was made.
    """
    row = session.execute(_posted().where(ResultList.id == list_id)).one_or_none()
    if row is None:
        raise _unknown()
    made, sitting, test, exam = row
    if made.posted_at is None or list_fault(session, sitting, made, keys) is not None:
        raise _unknown()
    rows = read_result_list(made)
    matching = [one for one in rows if one.number.startswith(wanted)]
    return PostedList(
        exam=exam.name,
        council=exam.council,
        test=test.name,
        sitting=sitting.code,
        starts_at=sitting.starts_at,
        posted_at=made.posted_at,
        digest=made.digest,
        outcomes=Counter(one.outcome for one in rows),
        total=len(rows),
        page=page_of_rows(matching, number, PAGE_SIZE),
    )


def _posted() -> Select[ResultList, Sitting, ExamTest, Exam]:
    return (
        select(ResultList, Sitting, ExamTest, Exam)
        .join(Sitting, Sitting.id == ResultList.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .where(ResultList.posted_at.is_not(None))
    )


def _unknown() -> NotFound:
    message = N_("Không có danh sách này trên trang công khai. Có thể danh sách chưa công bố hoặc đã được gỡ.")
    return NotFound("list_unknown", message)
