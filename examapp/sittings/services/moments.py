"""The moments of a sitting, and moving them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.integrity.canonical import utc_text
from examapp.sittings.models import Sitting, SittingMode, SittingState
from examapp.sittings.queries import active_package, opening_of
from examapp.sittings.services.steps import audit_scope


@dataclass(frozen=True)
class Schedule:
    """The moments of a sitting: the council opens, then everybody starts."""

    opens_at: datetime
    starts_at: datetime


def check_order(schedule: Schedule) -> None:
    """Raise Invalid when everybody would start before the council opens."""
    if schedule.opens_at > schedule.starts_at:
        raise Invalid("opens_after_start", N_("Giờ mở đề phải trước giờ bắt đầu làm bài."))


def reschedule_sitting(
    session: Session, sitting: Sitting, schedule: Schedule, *, reason: str, actor: Actor, now: datetime
) -> bool:
    """Move a sitting to other moments and say whether a package has stepped down, so that it must be frozen again.

    The package holds the moments, and papers are drawn from the package alone. Once the public value is recorded
    another package would be another draw (protocols §3), so nothing moves any more. Raises Invalid without a reason,
    for moments out of order, past or unchanged, and Conflict once the public value is recorded or the paper is open.
    """
    hold(session, sitting)
    package = active_package(session, sitting.id)
    if sitting.state not in (SittingState.DRAFT, SittingState.FROZEN):
        message = N_("Đề đã mở nên không dời giờ được nữa: đề và giờ của từng thí sinh đã rút theo gói đã niêm phong.")
        raise Conflict("paper_opened", message)
    if package is not None and opening_of(session, package.id):
        message = N_(
            "Số rút công khai đã được ghi nên không dời giờ được: giờ nằm trong gói đề đã niêm phong, đóng gói lại là "
            "rút lại đề. Mở đề theo giờ đã định, hoặc lập ca thi khác và ghi biên bản."
        )
        raise Conflict("public_value_recorded", message)
    _check_move(sitting, schedule, reason.strip(), now)
    if package is not None:
        package.superseded_at = now
        sitting.state = SittingState.DRAFT
        session.flush()  # the database lets moments move only when no package in force binds them
    details = {
        "reason": reason.strip(),
        "opens_at": {"before": utc_text(sitting.opens_at), "after": utc_text(schedule.opens_at)},
        "starts_at": {"before": utc_text(sitting.starts_at), "after": utc_text(schedule.starts_at)},
        "superseded": package.freeze_no if package else None,
    }
    sitting.opens_at, sitting.starts_at = schedule.opens_at, schedule.starts_at
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.rescheduled", subject, details, actor=actor, now=now)
    return package is not None


def _check_move(sitting: Sitting, schedule: Schedule, reason: str, now: datetime) -> None:
    if not reason:
        raise Invalid("reason_missing", N_("Ghi lý do dời giờ; lý do vào nhật ký."))
    check_order(schedule)
    if (schedule.opens_at, schedule.starts_at) == (sitting.opens_at, sitting.starts_at):
        raise Invalid("times_unchanged", N_("Giờ mới giống giờ đang đặt nên không có gì để dời."))
    # a rehearsal may be sat at any time from its start on
    if sitting.mode is SittingMode.PROGRAMMED and schedule.starts_at <= now:
        raise Invalid("start_in_the_past", N_("Giờ bắt đầu mới đã qua. Đặt một giờ sau giờ hiện tại của máy chủ."))
