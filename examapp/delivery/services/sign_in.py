"""A candidate signs in with number and admission code; a page takes a lease as the attempt's one writer."""

import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.core.errors import Conflict, Invalid, NotAllowed
from examapp.core.i18n import N_
from examapp.core.waiting import wait_after
from examapp.delivery.models import Attempt, ClosedBy
from examapp.delivery.queries import count_failures, count_failures_of_address, find_attempts
from examapp.delivery.services.events import add_event
from examapp.delivery.services.locks import locked_attempt
from examapp.delivery.services.prepare import drawn_paper, make_attempt
from examapp.integrity.admission import admission_code, code_hmac, normalize_code
from examapp.integrity.attempt_paper import blob_size
from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys
from examapp.integrity.sealing import RandomBytes
from examapp.sittings.queries import opened_package, slips_being_drawn

_CODE_LENGTH = 12
#: each try of a rehearsal stores a sealed paper; an installation may say otherwise (REHEARSAL_TRIES)
MOST_TRIES = 10
#: wrong codes from one address that are noted within ten minutes: a whole room behind one address may mistype for long
#: before that, and nobody can fill the table
MOST_FAILURES = 300
#: each lease opens 20,000 new numbers of the log, so one page must not take them for ever; staff can give one more
MOST_LEASES = 50


@dataclass(frozen=True)
class Machine:
    """Where the candidate sits: the id in the machine's cookie, and the address it speaks from."""

    id: UUID
    address: str


class WrongCode(NotAllowed):
    """The number and the code do not belong together; the caller records the failure after its rollback."""

    def __init__(self, number: str, address: str, sitting_ids: list[UUID]) -> None:
        message = N_(
            "Số báo danh hoặc mã dự thi không đúng, hoặc ca thi chưa mở. "
            "Kiểm tra phiếu báo dự thi; nếu vẫn không được, giơ tay báo giám thị."
        )
        super().__init__("wrong_code", message)
        self.number = number
        self.address = address
        #: where the invigilator is shown it
        self.sitting_ids = sitting_ids


def open_attempt(
    session: Session,
    number: str,
    code: str,
    *,
    machine: Machine,
    keys: NodeKeys,
    random_bytes: RandomBytes,
    now: datetime,
    most_tries: int = MOST_TRIES,
) -> Attempt:
    """Return the attempt that number and code open, bound to this machine.

    A rehearsal starts here, and starts anew when the last try is over, `most_tries` times. Raises Invalid for a form
    slip, Conflict `other_machine` when the attempt lives elsewhere, `tries_used` when no try is left, and `drawing`
    while there is no paper yet. For a code that does not fit, raises WrongCode, or Conflict `slow_down` when too many
    came before it.

    Only wrong codes wait. If the right one had to, a neighbour behind the same address could keep a candidate out for
    as long as he liked. Nor does it need to: a code has 60 random bits. A guesser who ignores every wait has as many
    guesses as the server has answers, at most 500 a second: 43 million a day, one chance in 26,000,000,000 a day.
    """
    number, code = read_slip(number, code)
    expected = code_hmac(keys.code_pepper, number, code)
    of_number = find_attempts(session, number)
    known = [a for a in of_number if hmac.compare_digest(a.code_hmac, expected)]
    attempt = min(known, key=lambda a: _turn(a, now), default=None)
    if attempt is None:
        _refuse_before_the_draw(session, number, code, keys)
    if attempt is None:
        refuse_the_hasty(session, number, machine.address, now=now)
        raise WrongCode(number, machine.address, _meant(of_number, now))
    session.refresh(attempt, with_for_update=True)
    if attempt.voided_at is not None:
        raise Conflict(
            "voided", N_("Bài thi của số báo danh này đã bị hủy nên không mở được nữa. Hãy giơ tay hỏi giám thị.")
        )
    if attempt.rehearsal:
        attempt = _rehearse(session, attempt, most_tries, keys=keys, random_bytes=random_bytes, now=now)
    if attempt.machine_id not in (None, machine.id):
        if not attempt.rehearsal:
            message = N_(
                "Bài này đang mở ở máy khác. Giơ tay báo giám thị để được chuyển máy; các câu đã lưu vẫn còn nguyên."
            )
            raise Conflict("other_machine", message)
        _fence(attempt)
    if attempt.machine_id != machine.id:
        attempt.machine_id = machine.id
        add_event(
            session, attempt, "signed_in", by="candidate", now=now, machine=str(machine.id), address=machine.address
        )
    return attempt


def _refuse_before_the_draw(session: Session, number: str, code: str, keys: NodeKeys) -> None:
    """Raise Conflict `drawing` for the right code of a sitting whose papers are being drawn: it is no wrong code."""
    for exam_id, issue in slips_being_drawn(session, number):
        slip = normalize_code(admission_code(keys.slip_key, exam_id.bytes, number, issue))
        if hmac.compare_digest(slip.encode(), code.encode()):
            message = N_(
                "Mã dự thi đúng, nhưng máy chủ chưa rút xong đề của ca thi. Anh/chị ngồi tại chỗ, một phút sau bấm "
                "“Vào phòng thi” lại; nếu vẫn chưa vào được, giơ tay báo giám thị."
            )
            raise Conflict("drawing", message)


def refuse_the_hasty(session: Session, number: str, address: str, *, now: datetime) -> None:
    """Raise Conflict `slow_down` when wrong codes come too fast from this address, for this number or for any."""
    failures, last = count_failures(session, number, address, now)
    ends = last + wait_after(failures) if last is not None else now
    if ends <= now and count_failures_of_address(session, address, now) >= MOST_FAILURES:
        ends = now + timedelta(minutes=1)
    if now < ends:
        seconds = math.ceil((ends - now).total_seconds())
        raise Conflict(
            "slow_down",
            N_("Đã nhập sai nhiều lần. Chờ %(seconds)s giây rồi thử lại, hoặc giơ tay báo giám thị."),
            seconds=seconds,
        )


def take_lease(session: Session, attempt_id: UUID, writer_id: bytes, *, now: datetime) -> Attempt:
    """Make this page the attempt's writer and return the attempt with its lease.

    The same writer keeps its lease; a page that lost its store gets the next one, and the change is an event.
    Machines are checked by the caller: token and machine cookie must agree.
    """
    if len(writer_id) != 16:
        raise Invalid("writer_form", N_("Trang gửi mã trang không hợp lệ. Tải lại trang."))
    attempt = locked_attempt(session, attempt_id)
    if attempt.closed_at is not None or attempt.writer_id == writer_id:
        return attempt
    if attempt.writer_id is None:
        attempt.lease = max(attempt.lease, 1)
    elif attempt.lease >= MOST_LEASES:
        raise Conflict("too_many_leases", N_("Trang đã mở lại quá nhiều lần. Giơ tay báo giám thị để được chuyển máy."))
    else:
        attempt.lease += 1
        add_event(session, attempt, "storage_lost", by="candidate", now=now, lease=attempt.lease)
    attempt.writer_id = writer_id
    return attempt


def _turn(attempt: Attempt, now: datetime) -> tuple[bool, float]:
    """Order the sittings that one code opens: the programmed one that goes on or comes next, then the newest."""
    if attempt.rehearsal or attempt.closed_at is not None or attempt.starts_at is None or _is_over(attempt, now):
        return True, 0.0
    return False, attempt.starts_at.timestamp()


def _is_over(attempt: Attempt, now: datetime) -> bool:
    closes_at = attempt.closes_at
    return closes_at is not None and now > closes_at + timedelta(seconds=attempt.grace_seconds)


def _meant(of_number: list[Attempt], now: datetime) -> list[UUID]:
    """Return the sittings that a wrong code for this number may have been meant for: real ones before rehearsals.

    Two exams may run at once and share numbers; then both invigilators are told.
    """
    running = [a for a in of_number if not a.rehearsal and not _is_over(a, now)]
    return [a.sitting_id for a in running or [a for a in of_number if a.rehearsal]]


def read_slip(number: str, typed: str) -> tuple[str, str]:
    """Return number and code of a slip as their own symbols; raise Invalid with what to mend."""
    number = number.strip()
    try:
        code = normalize_code(typed)
    except IntegrityError as error:
        raise Invalid(error.code, error.message, **error.params) from error
    if not (number.isascii() and number.isdigit() and 3 <= len(number) <= 8):
        raise Invalid("number_form", N_("Số báo danh gồm 3 đến 8 chữ số, ví dụ 0247. Nhập cả số 0 ở đầu."))
    if len(code) < _CODE_LENGTH:
        message = N_("Mã còn thiếu %(missing)s ký tự. Mã có 12 chữ và số.")
        raise Invalid("code_short", message, missing=_CODE_LENGTH - len(code))
    if len(code) > _CODE_LENGTH:
        message = N_("Mã thừa %(extra)s ký tự. Mã có 12 chữ và số.")
        raise Invalid("code_long", message, extra=len(code) - _CODE_LENGTH)
    return number, code


def _rehearse(
    session: Session, attempt: Attempt, most_tries: int, *, keys: NodeKeys, random_bytes: RandomBytes, now: datetime
) -> Attempt:
    """Return the try to be sat now: the running one, or a new one when the last is over and a try is left."""
    over = attempt.closed_at is not None or (attempt.closes_at is not None and now >= attempt.closes_at)
    if over:
        if attempt.try_number >= most_tries:
            message = N_("Ca thi thử cho mỗi thí sinh làm %(count)s lần; anh/chị đã làm đủ nên không mở thêm lần nữa.")
            raise Conflict("tries_used", message, count=most_tries)
        if attempt.closed_at is None:
            attempt.closed_at, attempt.closed_by = now, ClosedBy.DEADLINE
        opened = opened_package(session, attempt.sitting_id, keys)
        entry = next(e for e in opened.core["roster"] if e["number"] == attempt.candidate_number)
        size = len(attempt.sealed_paper) - blob_size(0)
        paper = drawn_paper(opened, attempt.candidate_number)
        attempt = make_attempt(
            opened, entry, paper, size, try_number=attempt.try_number + 1, keys=keys, random_bytes=random_bytes
        )
        session.add(attempt)
        session.flush()  # its first event refers to it
    if attempt.starts_at is None:
        attempt.starts_at = now
        attempt.closes_at = now + timedelta(minutes=attempt.minutes + attempt.extra_minutes)
    return attempt


def _fence(attempt: Attempt) -> None:
    attempt.lease += 1
    attempt.writer_id = None
    attempt.machine_id = None
