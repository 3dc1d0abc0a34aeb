"""What the start page shows: what waits for this person, and the sittings nearest to today.

Composed from the features' own tables; a task is shown to whoever may do it and to nobody else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed, reach_of
from examapp.access.scopes import exam_scope
from examapp.bank.models import Import, ImportState
from examapp.candidates.models import Candidate
from examapp.core.i18n import N_
from examapp.core.jobs import JobProgress, JobState
from examapp.exams.models import Exam, ExamTest
from examapp.papers.models import Blueprint
from examapp.results.models import ResultList
from examapp.sittings.models import Opening, Package, Sitting, SittingMode, SittingState
from examapp.sittings.queries import list_sittings

_NEWEST = 8
#: tasks of one kind; whoever has more finds them on the lists
_MOST = 20


@dataclass(frozen=True)
class Task:
    """Something that waits: a marked text with its parameters, and where it is done."""

    message: str
    params: Mapping[str, object]
    endpoint: str
    values: Mapping[str, object]
    tone: Literal["now", "later"] = "now"


@dataclass(frozen=True)
class Home:
    """The start page of one person."""

    roles: int
    tasks: list[Task]
    sittings: list[tuple[Sitting, ExamTest, Exam]]


def home_of(session: Session, actor: Actor, now: datetime) -> Home:
    """Return what this person finds on the start page, in a fixed number of statements."""
    reach = reach_of(actor, Permission.EXAM_EXAM_SEE)
    tasks = [
        *_sitting_tasks(session, actor, now),
        *_exam_tasks(session, actor),
        *_import_tasks(session, actor),
        *_job_tasks(session, actor),
    ]
    sittings = list_sittings(session, reach, _NEWEST) if reach else []
    return Home(len(actor.grants), sorted(tasks, key=lambda task: task.tone != "now"), sittings)


@dataclass(frozen=True)
class _Step:
    """What the next step of a sitting needs: who may do it and what it is called."""

    permission: Permission
    message: str
    endpoint: str = "delivery_staff.show_sitting"


_FREEZE = _Step(Permission.EXAM_SITTING_FREEZE, N_("Ca thi %(code)s: kiểm tra phòng thi rồi đóng gói"))
_VALUE = _Step(Permission.EXAM_SITTING_OPEN, N_("Ca thi %(code)s: ghi số rút công khai"))
_OPEN = _Step(Permission.EXAM_SITTING_OPEN, N_("Ca thi %(code)s: mở đề"))
_KEYS = _Step(Permission.EXAM_KEYS_OPEN, N_("Ca thi %(code)s: mở đáp án và chấm"))
_LIST = _Step(Permission.EXAM_RESULTS_PUBLISH, N_("Ca thi %(code)s: lập danh sách kết quả"), "results.show_list")
_POST = _Step(Permission.EXAM_RESULTS_PUBLISH, N_("Ca thi %(code)s: công bố danh sách"), "posting.post")


def _sitting_tasks(session: Session, actor: Actor, now: datetime) -> Iterator[Task]:
    reach = reach_of(actor, Permission.EXAM_EXAM_SEE)
    if not reach:
        return
    valued = exists().where(
        Opening.package_id == Package.id, Package.sitting_id == Sitting.id, Package.superseded_at.is_(None)
    )
    query = (
        select(Sitting, Exam, valued, ResultList.posted_at, ResultList.id)
        .join(ExamTest, ExamTest.id == Sitting.exam_test_id)
        .join(Exam, Exam.id == ExamTest.exam_id)
        .outerjoin(ResultList, ResultList.sitting_id == Sitting.id)
        .where(
            Sitting.state.not_in([SittingState.CALLED_OFF, SittingState.OPENING, SittingState.READY]),
            ResultList.posted_at.is_(None),
            (Sitting.mode == SittingMode.PROGRAMMED) | (Sitting.state.in_([SittingState.DRAFT, SittingState.FROZEN])),
        )
        .order_by(Sitting.starts_at, Sitting.code)
        .limit(_MOST)
    )
    if not reach.everywhere:
        query = query.where(Exam.id.in_(reach.ids))
    for sitting, exam, has_value, _posted_at, list_id in session.execute(query):
        step = _next_step(sitting, has_value, list_id is not None)
        if step and is_allowed(actor, step.permission, exam_scope(exam.id)):
            later = sitting.state in (SittingState.DRAFT, SittingState.FROZEN) and now < sitting.opens_at
            code = f"{exam.code} · {sitting.code}"
            values = {"sitting_id": sitting.id}
            yield Task(step.message, {"code": code}, step.endpoint, values, "later" if later else "now")


def _next_step(sitting: Sitting, has_value: bool, has_list: bool) -> _Step | None:
    if sitting.state is SittingState.DRAFT:
        return _FREEZE
    if sitting.state is SittingState.FROZEN:
        return _OPEN if has_value else _VALUE
    if sitting.state is SittingState.SEALED:
        return _KEYS
    return _POST if has_list else _LIST


def _exam_tasks(session: Session, actor: Actor) -> Iterator[Task]:
    """What an exam lacks before a sitting can be made of it: tests, a locked blueprint, candidates."""
    reach = reach_of(actor, Permission.EXAM_EXAM_MANAGE)
    if not reach:
        return
    locked = exists().where(Blueprint.exam_test_id == ExamTest.id, Blueprint.locked_at.is_not(None))
    tests = select(func.count()).where(ExamTest.exam_id == Exam.id).scalar_subquery()
    unlocked = select(func.count()).where(ExamTest.exam_id == Exam.id, ~locked).scalar_subquery()
    people = exists().where(Candidate.exam_id == Exam.id)
    query = select(Exam, tests, unlocked, people).where((tests == 0) | (unlocked > 0) | ~people)
    if not reach.everywhere:
        query = query.where(Exam.id.in_(reach.ids))
    for exam, has_tests, lacks_lock, has_people in session.execute(query.order_by(Exam.id.desc()).limit(_MOST)):
        params, values = {"code": exam.code}, {"exam_id": exam.id}
        if not has_tests:
            yield Task(N_("Kỳ thi %(code)s: thêm bài thi"), params, "exams.show_exam", values)
            continue
        if lacks_lock:
            yield Task(N_("Kỳ thi %(code)s: lập và khóa ma trận đề"), params, "papers.list_blueprints", values)
        if not has_people:
            message = N_("Kỳ thi %(code)s: nhập danh sách thí sinh")
            yield Task(message, params, "candidates.list_candidates", values)


def _import_tasks(session: Session, actor: Actor) -> Iterator[Task]:
    """The own files that were read and not brought in yet."""
    reach = reach_of(actor, Permission.SUBJECT_QUESTIONS_IMPORT)
    if not reach:
        return
    query = select(Import).where(
        Import.account_id == actor.id, Import.state.in_([ImportState.UPLOADED, ImportState.PREVIEWED])
    )
    if not reach.everywhere:
        query = query.where(Import.subject_id.in_(reach.ids))
    for batch in session.scalars(query.order_by(Import.created_at.desc()).limit(_MOST)):
        params, values = {"file": batch.file_name}, {"import_id": batch.id}
        yield Task(
            N_("Tệp %(file)s: xem lại rồi nhập vào ngân hàng"), params, "bank_import.show_import", values, "later"
        )


def _job_tasks(session: Session, actor: Actor) -> Iterator[Task]:
    """The own jobs that failed and were not done again."""
    failed = select(func.count()).where(
        JobProgress.owner_id == actor.id, JobProgress.state == JobState.FAILED, JobProgress.again_id.is_(None)
    )
    count = session.scalar(failed) or 0
    if count:
        yield Task(N_("Việc chạy nền không xong: %(count)s"), {"count": count}, "jobs.list_jobs", {})
