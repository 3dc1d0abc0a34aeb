"""Change one candidate: name, birth date and minutes, late addition, withdrawal and its undoing, a new code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.candidates.queries import Bound, highest_issue, places_of
from examapp.candidates.rules import MOST_EXTRA_MINUTES, check_birth_date, check_name
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.exams.models import Exam


@dataclass(frozen=True)
class Personal:
    """What is known of a candidate, as somebody typed it."""

    full_name: str
    birth_date: str = ""
    extra_minutes: int = 0


def correct_candidate(
    session: Session, candidate: Candidate, given: Personal, *, seen: str, reason: str, actor: Actor, now: datetime
) -> bool:
    """Set name, birth date and extra minutes; say whether anything changed. The number never changes.

    `seen` is the stamp of the candidate as the person saw it. Raises Conflict when somebody else was faster, and
    Invalid for what is no name, date or number of minutes, or for other minutes without a reason.
    """
    _lock(session, candidate, seen)
    name, birth_date = check_name(given.full_name), check_birth_date(given.birth_date)
    _check_minutes(given.extra_minutes)
    changes: dict[str, Any] = {}
    if name != candidate.full_name:
        changes["name"] = {"before": candidate.full_name, "after": name}
    if birth_date != candidate.birth_date:
        changes["birth_date"] = {"before": _day(candidate.birth_date), "after": _day(birth_date)}
    if given.extra_minutes != candidate.extra_minutes:
        changes["extra_minutes"] = {"before": candidate.extra_minutes, "after": given.extra_minutes}
    if not changes:
        return False
    if "extra_minutes" in changes and not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do đổi số phút được thêm; lý do vào nhật ký."))
    changes |= {"reason": reason.strip()} if reason.strip() else {}
    candidate.rename(name)
    candidate.birth_date, candidate.extra_minutes = birth_date, given.extra_minutes
    record(
        session,
        _scope(candidate),
        "candidates.corrected",
        _subject(candidate),
        _about(candidate, changes),
        actor=actor,
        now=now,
    )
    return True


def append_candidate(
    session: Session, exam: Exam, given: Personal, *, seen: str | None = None, actor: Actor, now: datetime
) -> Candidate:
    """Add one candidate after the last, with the next number; raise Invalid as `correct_candidate` does.

    `seen` is the last number that the person saw, empty for none. Raises Conflict when it is another one by now (a
    button pressed twice adds nobody twice), and when the exam has no number left.
    """
    # two additions at once: the second takes the number after the first one's
    hold(session, exam)
    name, birth_date = check_name(given.full_name), check_birth_date(given.birth_date)
    _check_minutes(given.extra_minutes)
    last = session.scalar(select(func.max(Candidate.number)).where(Candidate.exam_id == exam.id))
    if seen is not None and seen != (last or ""):
        message = N_(
            "Vừa có người thêm thí sinh hoặc thay danh sách: số cuối nay là %(last)s. "
            "Chưa thêm ai; xem danh sách rồi bấm lần nữa nếu vẫn cần."
        )
        raise Conflict("list_changed", message, last=last or "–")
    number = f"{int(last or 0) + 1:0{exam.number_width}d}"
    if len(number) > exam.number_width:
        message = N_("Số báo danh %(last)s đã là số cuối cùng có %(width)s chữ số nên không thêm được thí sinh.")
        raise Conflict("numbers_used_up", message, last=last, width=exam.number_width)
    candidate = Candidate(
        exam_id=exam.id,
        number=number,
        birth_date=birth_date,
        extra_minutes=given.extra_minutes,
        # a list that was replaced may have had this number: its slip must not open this candidate's paper
        code_issue=max(1, highest_issue(session, exam.id)),
    )
    candidate.rename(name)
    session.add(candidate)
    session.flush()  # the event names its id
    record(
        session,
        _scope(candidate),
        "candidates.added",
        _subject(candidate),
        _about(candidate, {"name": name}),
        actor=actor,
        now=now,
    )
    return candidate


def withdraw_candidate(session: Session, candidate: Candidate, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a candidate out of the exam: no slip, in no further package; the number is given to nobody else.

    Raises Invalid without a reason and Conflict when it is done already.
    """
    hold(session, candidate)
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do rút tên; lý do vào nhật ký."))
    if candidate.withdrawn_at is not None:
        raise Conflict("withdrawn_already", N_("Thí sinh này đã được ghi là rút tên."))
    candidate.withdrawn_at = now
    record(
        session,
        _scope(candidate),
        "candidates.withdrawn",
        _subject(candidate),
        _about(candidate, {"reason": reason.strip()}),
        actor=actor,
        now=now,
    )


def restore_candidate(session: Session, candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    """Take a withdrawal back, under the same number; raise Conflict when there is none."""
    hold(session, candidate)
    if candidate.withdrawn_at is None:
        raise Conflict("not_withdrawn", N_("Thí sinh này đang dự thi, không có gì để khôi phục."))
    candidate.withdrawn_at = None
    record(
        session,
        _scope(candidate),
        "candidates.restored",
        _subject(candidate),
        _about(candidate, {}),
        actor=actor,
        now=now,
    )


def reissue_code(
    session: Session, candidate: Candidate, *, seen_issue: int, reason: str, actor: Actor, now: datetime
) -> None:
    """Make a new admission code; the slip with the old one dies at the next freeze.

    Raises Invalid without a reason and Conflict when somebody else made a new one meanwhile, the candidate has
    withdrawn, or sits in a sitting whose package can no longer change: the new slip would open nothing there.
    """
    hold(session, candidate)
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do cấp lại mã; lý do vào nhật ký."))
    if candidate.code_issue != seen_issue:
        raise Conflict(
            "reissued_meanwhile", N_("Mã dự thi của thí sinh này vừa được cấp lại. In phiếu mới, không cấp nữa.")
        )
    if candidate.withdrawn_at is not None:
        raise Conflict("withdrawn_already", N_("Thí sinh này đã được ghi là rút tên."))
    places = places_of(session, [candidate.id]).get(candidate.id, ())
    fixed = [place.sitting for place in places if place.bound is Bound.FIXED and not place.rehearsal]
    if fixed:
        message = N_(
            "Gói đề của ca thi %(sitting)s không đổi được nữa: mã mới không vào được ca ấy. "
            "In lại phiếu với mã đang dùng và chuyển cho thí sinh."
        )
        raise Conflict("package_fixed", message, sitting=fixed[0])
    candidate.code_issue += 1
    details = {"issue": candidate.code_issue, "reason": reason.strip()}
    record(
        session,
        _scope(candidate),
        "candidates.code_reissued",
        _subject(candidate),
        _about(candidate, details),
        actor=actor,
        now=now,
    )


def _lock(session: Session, candidate: Candidate, seen: str) -> None:
    hold(session, candidate)
    if candidate.stamp != seen:
        message = N_("Thí sinh này vừa được người khác sửa. Chưa lưu gì; so với dữ liệu mới dưới đây rồi lưu lại.")
        raise Conflict("changed_meanwhile", message)


def _check_minutes(minutes: int) -> None:
    if not 0 <= minutes <= MOST_EXTRA_MINUTES:
        raise Invalid("minutes_wrong", N_("Số phút được thêm từ 0 đến %(limit)s."), limit=MOST_EXTRA_MINUTES)


def _day(value: Any) -> str | None:
    return f"{value:%d/%m/%Y}" if value else None


def _scope(candidate: Candidate) -> str:
    return f"exam:{candidate.exam_id}"


def _subject(candidate: Candidate) -> str:
    return f"candidate:{candidate.id}"


def _about(candidate: Candidate, details: dict[str, Any]) -> dict[str, Any]:
    """Return an event's details with the number first: it stays legible when nobody knows the id any more."""
    return {"number": candidate.number, **details}
