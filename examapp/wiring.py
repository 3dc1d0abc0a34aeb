"""On one screen: what the layers that know no feature are lent by the features, and who listens to whom.

The actor loader, the record of denied accesses, the side navigation, the scope of every model, the listeners of events.
"""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.permissions import Permission
from examapp.access.scopes import SITE, Scope, exam_scope, scope_of, subject_scope
from examapp.accounts.models import Account
from examapp.accounts.routes import find_signed_in
from examapp.audit.services import SYSTEM_SCOPE, record
from examapp.bank.models import Import, Question, Subject, Topic
from examapp.candidates.models import Candidate
from examapp.core.events import subscribe
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.delivery.jobs import DRAW_PAPERS
from examapp.delivery.services.mark import SittingMarked
from examapp.delivery.services.prepare import AttemptsPrepared
from examapp.delivery.services.seal import AnswersSealed
from examapp.exams.models import Exam, ExamTest
from examapp.exams.queries import exam_codes
from examapp.sittings.models import Sitting, SittingState
from examapp.sittings.queries import sitting_codes
from examapp.sittings.services import PaperOpened, advance, note_papers_drawn
from examapp.web.site import Denial, Hooks, NavGroup, NavItem

NAVIGATION = (
    NavGroup(
        N_("Bắt đầu"),
        (NavItem(N_("Trang đầu"), "grid", "home.show_home", Permission.ACCOUNT_HOME_OPEN),),
    ),
    NavGroup(
        N_("Ngân hàng"),
        (
            NavItem(N_("Câu hỏi"), "book", "bank.list_subjects", Permission.SUBJECT_BANK_SEE),
            NavItem(N_("Nhập từ tệp"), "upload", "bank_import.list_imports", Permission.SUBJECT_QUESTIONS_IMPORT),
        ),
    ),
    NavGroup(
        N_("Kỳ thi"),
        (
            NavItem(N_("Kỳ thi"), "doc", "exams.list_exams", Permission.EXAM_EXAM_SEE),
            NavItem(N_("Ca thi"), "seal", "sittings.list_sittings", Permission.EXAM_EXAM_SEE),
        ),
    ),
    NavGroup(
        N_("Hệ thống"),
        (
            NavItem(N_("Tài khoản"), "users", "accounts.list_accounts", Permission.SITE_ACCOUNTS_MANAGE),
            NavItem(N_("Việc chạy nền, tệp"), "clock", "jobs.list_jobs", Permission.ACCOUNT_JOBS_SEE),
            NavItem(N_("Nhật ký"), "log", "audit.list_events", Permission.SITE_AUDIT_READ),
            NavItem(N_("Mật khẩu, đăng xuất"), "key", "accounts.change_password", Permission.ACCOUNT_PASSWORD_CHANGE),
        ),
    ),
)


def hooks() -> Hooks:
    """Return what features lend to the web layer."""
    return Hooks(
        find_signed_in=find_signed_in,
        record_denial=_record_denial,
        name_things=_name_things,
        navigation=NAVIGATION,
        sign_in_endpoint="accounts.sign_in",
        sign_out_endpoint="accounts.sign_out",
        password_endpoint="accounts.change_password",  # noqa: S106 - an endpoint
    )


def connect_events() -> None:
    """Say who listens to whom; calling it twice is harmless."""
    subscribe(PaperOpened, _draw_papers)
    subscribe(AttemptsPrepared, _papers_drawn)
    subscribe(AnswersSealed, _answers_sealed)
    subscribe(SittingMarked, _sitting_marked)


def _draw_papers(session: Session, event: PaperOpened) -> None:
    enqueue(session, DRAW_PAPERS, subject=event.sitting_id, sitting_id=event.sitting_id)


def _papers_drawn(session: Session, event: AttemptsPrepared) -> None:
    note_papers_drawn(session, UUID(event.sitting_id), event.papers_root)


def _answers_sealed(session: Session, event: AnswersSealed) -> None:
    advance(session, UUID(event.sitting_id), SittingState.READY, SittingState.SEALED)


def _sitting_marked(session: Session, event: SittingMarked) -> None:
    advance(session, UUID(event.sitting_id), SittingState.SEALED, SittingState.MARKED)


def _record_denial(session: Session, denial: Denial) -> None:
    details = {"permission": denial.permission.value}
    record(session, SYSTEM_SCOPE, "access.denied", denial.subject, details, actor=denial.actor, now=denial.now)


def _name_things(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Name exams and sittings by their codes."""
    named: dict[str, str] = {}
    for kind, codes_of in (("exam", exam_codes), ("sitting", sitting_codes)):
        ids = [UUID(one.partition(":")[2]) for one in subjects if re.fullmatch(rf"{kind}:[0-9a-f-]{{36}}", one)]
        named |= {f"{kind}:{one}": code for one, code in codes_of(session, ids).items()}
    return named


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
