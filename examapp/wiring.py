"""On one screen: what the layers that know no feature are lent by the features, and who listens to whom.

The actor loader, the record of denied accesses, the side navigation, the scope of every model, the listeners of events.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import examapp.audit.jobs
import examapp.bank.imports.jobs
import examapp.bank.jobs
import examapp.candidates.jobs
import examapp.results.jobs
import examapp.sittings.jobs  # noqa: F401 - the worker does them
from examapp.access.permissions import Permission
from examapp.access.scopes import SITE, Scope, exam_scope, scope_of, subject_scope
from examapp.accounts.models import Account
from examapp.accounts.routes import find_signed_in
from examapp.audit.services import SYSTEM_SCOPE, lend_names, record
from examapp.bank.imports.undoing import VersionsLeaving
from examapp.bank.models import Import, Question, Subject, Topic
from examapp.bank.queries import lend_papers
from examapp.candidates.models import Candidate
from examapp.candidates.queries import lend_seats
from examapp.core.errors import Conflict
from examapp.core.events import subscribe
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.delivery.jobs import DRAW_PAPERS
from examapp.delivery.services.mark import SittingMarked
from examapp.delivery.services.prepare import AttemptsPrepared
from examapp.delivery.services.seal import AnswersSealed
from examapp.exams.models import Exam, ExamTest
from examapp.exams.queries import lend_progress
from examapp.exams.services import ExamTestChanging
from examapp.naming import find_things, logs_of_exams, name_things, scope_of_name
from examapp.papers.queries import blueprint_of
from examapp.papers.services import drop_draft
from examapp.sittings.models import Sitting, SittingState
from examapp.sittings.queries import count_seats_of_exam, has_sittings, seats_of, sittings_holding
from examapp.sittings.queries.progress import progress_of, states_of
from examapp.sittings.services import PaperOpened, advance, note_papers_drawn
from examapp.web.site import Denial, GrantScope, Hooks, NavGroup, NavItem

NAVIGATION = (
    NavGroup(
        N_("Bắt đầu"),
        (NavItem(N_("Trang đầu"), "grid", "home.show_home", Permission.ACCOUNT_HOME_OPEN),),
    ),
    NavGroup(
        N_("Ngân hàng"),
        (
            NavItem(N_("Câu hỏi"), "book", "bank.list_subjects", Permission.SUBJECT_BANK_SEE),
            NavItem(
                N_("Nhập từ tệp"),
                "upload",
                "bank_import.list_imports",
                Permission.SUBJECT_QUESTIONS_IMPORT,
                also=("bank_import",),
            ),
        ),
    ),
    NavGroup(
        N_("Kỳ thi"),
        (
            NavItem(N_("Kỳ thi"), "doc", "exams.list_exams", Permission.EXAM_EXAM_SEE, also=("papers",)),
            NavItem(N_("Ca thi"), "seal", "sittings.list_sittings", Permission.EXAM_EXAM_SEE),
        ),
    ),
    NavGroup(
        N_("Hệ thống"),
        (
            NavItem(N_("Tài khoản"), "users", "accounts_admin.list_accounts", Permission.SITE_ACCOUNTS_MANAGE),
            NavItem(N_("Việc chạy nền, tệp"), "clock", "jobs.list_jobs", Permission.ACCOUNT_JOBS_SEE),
            NavItem(N_("Nhật ký"), "log", "audit.list_events", Permission.EXAM_AUDIT_READ),
            NavItem(N_("Mật khẩu, đăng xuất"), "key", "accounts.change_password", Permission.ACCOUNT_PASSWORD_CHANGE),
        ),
    ),
)


def hooks() -> Hooks:
    """Return what features lend to the web layer."""
    return Hooks(
        find_signed_in=find_signed_in,
        record_denial=_record_denial,
        name_things=name_things,
        find_things=find_things,
        scope_of_name=scope_of_name,
        logs_of_exams=logs_of_exams,
        grant_scopes=_grant_scopes,
        navigation=NAVIGATION,
        sign_in_endpoint="accounts.sign_in",
        sign_out_endpoint="accounts.sign_out",
        password_endpoint="accounts.change_password",  # noqa: S106 - an endpoint
    )


def connect_events() -> None:
    """Say who listens to whom; calling it twice is harmless."""
    subscribe(ExamTestChanging, _keep_what_was_built)
    subscribe(PaperOpened, _draw_papers)
    subscribe(AttemptsPrepared, _papers_drawn)
    subscribe(AnswersSealed, _answers_sealed)
    subscribe(SittingMarked, _sitting_marked)
    subscribe(VersionsLeaving, _keep_frozen)
    lend_names(name_things)
    lend_seats(seats_of, count_seats_of_exam)
    lend_papers(_largest_papers)
    lend_progress(progress_of, states_of)


def _largest_papers(session: Session, subject_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many questions the largest paper of each subject has, those that a test uses."""
    largest = func.max(ExamTest.questions).label("largest")
    query = select(ExamTest.subject_id, largest).where(ExamTest.subject_id.in_(subject_ids))
    return {row.subject_id: row.largest for row in session.execute(query.group_by(ExamTest.subject_id))}


def _keep_what_was_built(session: Session, event: ExamTestChanging) -> None:
    """Keep a test whose blueprint is locked or of which there is a sitting; drop the draft that has no use any more."""
    exam_test_id = UUID(event.exam_test_id)
    blueprint = blueprint_of(session, exam_test_id)
    if blueprint is not None and blueprint.locked_at:
        raise Conflict("blueprint_locked", N_("Bài thi đã có ma trận khóa nên không sửa hay xóa được nữa."))
    if has_sittings(session, exam_test_id):
        raise Conflict("test_has_sittings", N_("Bài thi đã có ca thi nên không sửa hay xóa được nữa."))
    if event.drops_draft:
        drop_draft(session, exam_test_id)


def _draw_papers(session: Session, event: PaperOpened) -> None:
    enqueue(session, DRAW_PAPERS, subject=event.sitting_id, sitting_id=event.sitting_id)


def _papers_drawn(session: Session, event: AttemptsPrepared) -> None:
    note_papers_drawn(session, UUID(event.sitting_id), event.papers_root)


def _answers_sealed(session: Session, event: AnswersSealed) -> None:
    advance(session, UUID(event.sitting_id), SittingState.READY, SittingState.SEALED)


def _sitting_marked(session: Session, event: SittingMarked) -> None:
    advance(session, UUID(event.sitting_id), SittingState.SEALED, SittingState.MARKED)


def _keep_frozen(session: Session, event: VersionsLeaving) -> None:
    holding = sittings_holding(session, event.version_ids)
    if holding:
        message = N_("Câu của lần nhập này đã vào gói đề của ca thi %(sittings)s nên không hoàn tác được.")
        raise Conflict("import_frozen", message, sittings=", ".join(holding[:5]))


def _record_denial(session: Session, denial: Denial) -> None:
    details = {"permission": denial.permission.value}
    record(session, SYSTEM_SCOPE, "access.denied", denial.subject, details, actor=denial.actor, now=denial.now)


def _grant_scopes(session: Session) -> list[GrantScope]:
    """Offer every exam and every subject when a role is given."""
    exams = session.execute(select(Exam.id, Exam.code, Exam.name).order_by(Exam.id.desc()))
    subjects = session.execute(select(Subject.id, Subject.code, Subject.name).order_by(Subject.code))
    return [
        *(GrantScope("exam", row.id, f"{row.code} – {row.name}", N_("Kỳ thi")) for row in exams),
        *(GrantScope("subject", row.id, f"{row.code} – {row.name}", N_("Môn")) for row in subjects),
    ]


@scope_of.register
def _(thing: Account) -> Scope:
    return SITE


@scope_of.register
def _(thing: Exam) -> Scope:
    return exam_scope(thing.id)


@scope_of.register
def _(thing: ExamTest | Candidate) -> Scope:
    return exam_scope(thing.exam_id)


@scope_of.register
def _(thing: Sitting) -> Scope:
    return exam_scope(thing.exam_test.exam_id)


@scope_of.register
def _(thing: Subject) -> Scope:
    return subject_scope(thing.id)


@scope_of.register
def _(thing: Topic | Question | Import) -> Scope:
    return subject_scope(thing.subject_id)
