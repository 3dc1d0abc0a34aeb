"""Read results: the rows of a sitting's list, and the list as it was made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, exists, func, select
from sqlalchemy.orm import Session

from examapp.core.paging import Page, page_of
from examapp.delivery.models import Attempt, RootKind, SittingRoot
from examapp.exams.models import ExamTest
from examapp.integrity.receipts import receipt_code
from examapp.results.models import ResultList
from examapp.results.rules import ResultRow, Tally, passes
from examapp.sittings.models import Sitting, SittingMode


def result_list_of(session: Session, sitting_id: UUID) -> ResultList | None:
    """Return the sitting's result list, or None while there is none."""
    return session.scalar(select(ResultList).where(ResultList.sitting_id == sitting_id))


def marked_rows(session: Session, sitting_id: UUID, pass_share: str) -> list[ResultRow]:
    """Return the result of everybody rostered by candidate number, voided attempts as such; empty before marking."""
    attempts = session.scalars(
        select(Attempt)
        .where(Attempt.sitting_id == sitting_id, *_is_result())
        .order_by(Attempt.candidate_number, Attempt.try_number)
    )
    return [row_of(attempt, pass_share) for attempt in attempts]


def row_of(attempt: Attempt, pass_share: str) -> ResultRow:
    """Return the line of a list that this attempt gives."""
    voided = attempt.voided_at is not None
    return ResultRow(
        number=attempt.candidate_number,
        full_name=attempt.full_name,
        birth_date=attempt.birth_date.isoformat() if attempt.birth_date else None,
        room=attempt.room,
        correct=attempt.correct or 0,
        total=attempt.items,
        passed=not voided and passes(attempt.correct or 0, attempt.items, pass_share),
        present=attempt.lease > 0,
        voided=voided,
    )


def receipt_codes(session: Session, sitting_id: UUID) -> dict[str, str]:
    """Return the receipt code of everybody who came to the sitting, by candidate number."""
    rows = session.execute(
        select(Attempt.candidate_number, Attempt.leaf)
        .where(Attempt.sitting_id == sitting_id, Attempt.lease > 0, Attempt.leaf.is_not(None), *_is_result())
        .order_by(Attempt.try_number)
    )
    return {number: receipt_code(leaf) for number, leaf in rows if leaf is not None}


@dataclass(frozen=True)
class SittingResults:
    """A sitting of an exam with how far its results are."""

    sitting: Sitting
    test: str
    #: None while there is no list
    made_at: datetime | None
    posted_at: datetime | None
    #: None before marking
    counts: Tally | None = None


def exam_results(session: Session, exam_id: UUID, number: int) -> Page[SittingResults]:
    """Return a page of the exam's programmed sittings, newest first, with how far their results are."""
    query = (
        select(Sitting, ExamTest.name, ResultList.published_at, ResultList.posted_at)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .outerjoin(ResultList, ResultList.sitting_id == Sitting.id)
        .where(ExamTest.exam_id == exam_id, Sitting.mode == SittingMode.PROGRAMMED)
        .order_by(Sitting.starts_at.desc(), Sitting.code)
    )
    page = page_of(session, query, number)
    counts = count_results(session, [row[0].id for row in page.rows])
    return page.with_rows([SittingResults(row[0], row[1], row[2], row[3], counts.get(row[0].id)) for row in page.rows])


def count_results(session: Session, sitting_ids: Collection[UUID]) -> dict[UUID, Tally]:
    """Return how many of each marked sitting's candidates came and passed, as `marked_rows` lists them."""
    share = [cast(func.split_part(ExamTest.pass_share, "/", place), Integer) for place in (1, 2)]
    listed, present = func.count(), func.count().filter(Attempt.lease > 0)
    passed = func.count().filter(
        Attempt.voided_at.is_(None), func.coalesce(Attempt.correct, 0) * share[1] >= Attempt.items * share[0]
    )
    rows = session.execute(
        select(Attempt.sitting_id, listed, present, listed - present, passed, func.count(Attempt.voided_at))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .where(Attempt.sitting_id.in_(sitting_ids), *_is_result())
        .group_by(Attempt.sitting_id)
    )
    return {row[0]: Tally(*row[1:]) for row in rows}


def _is_result() -> tuple[ColumnElement[bool], ...]:
    """Return what makes an attempt a line of its sitting's list."""
    marked = exists().where(SittingRoot.sitting_id == Attempt.sitting_id, SittingRoot.kind == RootKind.RESULTS)
    ended = Attempt.marked_at.is_not(None) | Attempt.voided_at.is_not(None)
    return Attempt.rehearsal.is_(False), marked, ended
