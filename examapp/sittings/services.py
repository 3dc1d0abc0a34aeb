"""Prepare a sitting: create it with rooms and seats, move its moments, record the public value, open the paper.

Freezing is in `freeze.py`. Every step is a row or a state that refuses any other order (protocols §2).
"""

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError as ConstraintBroken
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.codes import CodeRefused, check_wait
from examapp.audit.services import record
from examapp.candidates.models import Candidate
from examapp.core.clock import local_text
from examapp.core.errors import Conflict, Invalid
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.exams.models import ExamTest
from examapp.integrity.canonical import enc, utc_text
from examapp.integrity.compartments import CompartmentName
from examapp.integrity.errors import BadCode, IntegrityError, WrongCode
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import OpenedCompartment, open_compartment
from examapp.integrity.sealing import wrap_key
from examapp.regulations.profile import parse_profile
from examapp.sittings.models import Opening, Package, Room, Seat, Sitting, SittingMode, SittingState
from examapp.sittings.queries import active_package, opening_of
from question_bank.assembly.draw import ALGORITHM


@dataclass(frozen=True)
class PaperOpened(Event):
    """The paper of a sitting was opened; its attempts can now be drawn."""

    sitting_id: str


@dataclass(frozen=True)
class Schedule:
    """The moments of a sitting: the council opens, then everybody starts."""

    opens_at: datetime
    starts_at: datetime


def create_sitting(
    session: Session,
    exam_test: ExamTest,
    code: str,
    *,
    mode: SittingMode,
    schedule: Schedule,
    rooms: Sequence[tuple[str, str, Sequence[Candidate]]],
    actor: Actor,
    now: datetime,
) -> Sitting:
    """Create a sitting; `rooms` is (code, name, candidates in seat order).

    The grace comes from the exam's profile. Raises Invalid when the moments are out of order or the seating cannot be,
    and Conflict when the code is taken.
    """
    check_order(schedule)
    _check_seating(exam_test, rooms)
    sitting = Sitting(
        exam_test_id=exam_test.id,
        code=unicodedata.normalize("NFC", code),
        mode=mode,
        opens_at=schedule.opens_at,
        starts_at=schedule.starts_at,
        grace_seconds=parse_profile(exam_test.exam.profile_text).grace_seconds.value,
    )
    for room_code, room_name, seated in rooms:
        seats = [Seat(number=index, candidate_id=person.id) for index, person in enumerate(seated, start=1)]
        # the roster in the package names the room, and takes composed letters only
        code_and_name = [unicodedata.normalize("NFC", text) for text in (room_code, room_name)]
        sitting.rooms.append(Room(code=code_and_name[0], name=code_and_name[1], seats=seats))
    try:
        with session.begin_nested():
            session.add(sitting)
    except ConstraintBroken as error:
        raise Conflict("sitting_code_taken", N_("Bài thi đã có ca thi mã “%(code)s”."), code=code) from error
    details = {"code": code, "mode": mode.value, "seats": sum(len(seated) for _, _, seated in rooms)}
    record(session, audit_scope(sitting), "sittings.created", f"sitting:{sitting.id}", details, actor=actor, now=now)
    return sitting


def check_order(schedule: Schedule) -> None:
    """Raise Invalid when everybody would start before the council opens."""
    if schedule.opens_at > schedule.starts_at:
        raise Invalid("opens_after_start", N_("Giờ mở đề phải trước giờ bắt đầu làm bài."))


def _check_seating(exam_test: ExamTest, rooms: Sequence[tuple[str, str, Sequence[Candidate]]]) -> None:
    codes = [code for code, _, _ in rooms]
    if len(set(codes)) != len(codes):
        raise Invalid("room_twice", N_("Hai phòng thi có cùng mã."))
    seated = [person for _, _, people in rooms for person in people]
    if any(person.exam_id != exam_test.exam_id for person in seated):
        raise Invalid("candidate_of_other_exam", N_("Có thí sinh không thuộc kỳ thi này."))
    number, count = next(iter(Counter(person.number for person in seated).most_common(1)), ("", 0))
    if count > 1:
        raise Invalid("seated_twice", N_("Số báo danh %(number)s được xếp hai chỗ trong ca thi."), number=number)


def reschedule_sitting(
    session: Session, sitting: Sitting, schedule: Schedule, *, reason: str, actor: Actor, now: datetime
) -> bool:
    """Move a sitting to other moments and say whether a package has stepped down, so that it must be frozen again.

    The package holds the moments, and papers are drawn from the package alone. Once the public value is recorded
    another package would be another draw (protocols §3), so nothing moves any more. Raises Invalid without a reason,
    for moments out of order, past or unchanged, and Conflict once the public value is recorded or the paper is open.
    """
    session.refresh(sitting, with_for_update=True)
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


def audit_scope(sitting: Sitting) -> str:
    """Return the scope of the sitting's own audit chain, so that sittings never wait for each other."""
    return f"sitting:{sitting.id}"


def record_public_value(
    session: Session,
    sitting: Sitting,
    value: str,
    repeated: str,
    *,
    witness_names: str,
    actor: Actor,
    now: datetime,
) -> Opening:
    """Fix the 8 digits drawn by lot, before any code is entered (protocols §3).

    Typed twice, exactly eight ASCII digits, once per package and never again; raises Invalid or Conflict.
    """
    package = _lock_frozen(session, sitting)
    if now < sitting.opens_at:
        raise Conflict(
            "opens_later", N_("Chưa đến giờ mở đề. Trang này mở được từ %(at)s."), at=local_text(sitting.opens_at)
        )
    if sitting.mode is SittingMode.PROGRAMMED and now >= sitting.starts_at:
        message = N_("Đã quá giờ bắt đầu nên không mở đề được nữa. Bấm “Dời giờ” đặt giờ mới rồi đóng gói lại ca thi.")
        raise Conflict("start_passed", message)
    if not re.fullmatch(r"[0-9]{8}", value, re.ASCII):
        raise Invalid(
            "public_value_form", N_("Số rút công khai gồm đúng 8 chữ số, không có dấu cách. Kiểm tra lại phiếu rút.")
        )
    if value != repeated:
        raise Invalid(
            "public_value_differs", N_("Hai lần nhập số rút công khai khác nhau. Nhập lại cả hai theo phiếu rút.")
        )
    if not witness_names.strip():
        raise Invalid("witnesses_missing", N_("Ghi tên hai thí sinh chứng kiến việc rút số."))
    if opening_of(session, package.id):
        raise Conflict("public_value_recorded", N_("Số rút công khai của gói đề này đã được ghi, không nhập lại được."))
    opening = Opening(
        package_id=package.id,
        public_value=value,
        mode=sitting.mode,
        recorded_at=now,
        opened_by=actor.id,
        draw_version=ALGORITHM,
        witness_names=witness_names.strip(),
    )
    session.add(opening)
    details = {"public_value": value, "witnesses": opening.witness_names, "core_digest": package.core_digest.hex()}
    record(
        session,
        audit_scope(sitting),
        "sittings.public_value_recorded",
        f"sitting:{sitting.id}",
        details,
        actor=actor,
        now=now,
    )
    return opening


def open_paper(
    session: Session,
    sitting: Sitting,
    paper_code: str,
    *,
    key_code: str | None = None,
    secure_transport: bool,
    keys: NodeKeys,
    actor: Actor,
    now: datetime,
) -> None:
    """Open the paper compartment with its code; the draw follows as a job.

    A programmed sitting needs TLS or a loopback address (decision 13). A rehearsal also needs the code of the keys,
    because its result is shown at submission; a programmed sitting must not be given it. Raises CodeRefused for a wrong
    code, which the caller has recorded after its rollback, and Conflict `slow_down` after several.
    """
    package = _lock_frozen(session, sitting)
    key_code = key_code or None  # a field left empty is no code
    opening = opening_of(session, package.id)
    if opening is None:
        raise Conflict("public_value_missing", N_("Ghi số rút công khai trước, rồi mới nhập mã mở đề."))
    if sitting.mode is SittingMode.PROGRAMMED and not secure_transport:
        message = N_(
            "Máy chủ chưa chạy HTTPS nên không mở được ca thi chính thức. Chạy “examapp certificate” rồi khởi động lại."
        )
        raise Conflict("insecure_transport", message)
    if sitting.mode is SittingMode.REHEARSAL and key_code is None:
        raise Invalid("key_code_missing", N_("Ca thi thử cần cả mã đáp án, vì kết quả hiện ngay khi nộp bài."))
    if sitting.mode is SittingMode.PROGRAMMED and key_code is not None:
        raise Invalid(
            "key_code_not_now",
            N_("Mã đáp án chỉ nhập lúc này với ca thi thử; ca thi chính thức nhập sau khi niêm phong."),
        )
    paper = _open(session, sitting, package, "paper", paper_code, keys=keys, now=now)
    key = _open(session, sitting, package, "key", key_code, keys=keys, now=now) if key_code else None
    opening.opened_at = now
    opening.paper_cek = wrap_cek(keys, package, "paper", paper.cek)
    opening.key_cek = wrap_cek(keys, package, "key", key.cek) if key else None
    sitting.state = SittingState.OPENING
    record(session, audit_scope(sitting), "sittings.paper_opened", f"sitting:{sitting.id}", {}, actor=actor, now=now)
    publish(session, PaperOpened(str(sitting.id)))


def _open(
    session: Session,
    sitting: Sitting,
    package: Package,
    compartment: CompartmentName,
    code: str,
    *,
    keys: NodeKeys,
    now: datetime,
) -> OpenedCompartment:
    scope = audit_scope(sitting)
    check_wait(session, scope, compartment, now)
    try:
        return open_compartment(package.content, compartment, code, verify_key=keys.node_pub)
    except (BadCode, WrongCode) as error:
        raise CodeRefused(error, scope=scope, compartment=compartment) from error
    except IntegrityError as error:
        raise Invalid(error.code, error.message, **error.params) from error


def note_papers_drawn(session: Session, sitting_id: UUID, papers_root: bytes) -> None:
    """Move an opening sitting to ready and keep the root over its papers, which the opening minutes print.

    Harmless when the draw ran before: a job may run twice.
    """
    sitting = session.get_one(Sitting, sitting_id)
    package = active_package(session, sitting_id)
    opening = opening_of(session, package.id) if package else None
    if opening is not None and opening.papers_root is None:
        opening.papers_root = papers_root
    if sitting.state is SittingState.OPENING:
        advance(session, sitting_id, SittingState.OPENING, SittingState.READY)


def wrap_cek(keys: NodeKeys, package: Package, compartment: str, cek: bytes) -> bytes:
    """Return a content key wrapped under a key outside the database, so that the draw and a restart need no code."""
    aad = enc("khaothi/node-wrap/v1", compartment, package.core_digest)
    return wrap_key(keys.wrap_key(package.id.bytes), cek, aad, random_bytes=secrets.token_bytes)


def advance(session: Session, sitting_id: UUID, expected: SittingState, new: SittingState) -> None:
    """Move a sitting one step; raise Conflict when somebody moved it before."""
    sitting = session.scalar(
        select(Sitting).where(Sitting.id == sitting_id).with_for_update().execution_options(populate_existing=True)
    )
    if sitting is None or sitting.state is not expected:
        raise Conflict("sitting_moved_on", N_("Ca thi không còn ở bước này. Tải lại trang để xem bước hiện tại."))
    sitting.state = new


def _lock_frozen(session: Session, sitting: Sitting) -> Package:
    """Return the active package under a row lock on the sitting, so that two people cannot open at once."""
    session.refresh(sitting, with_for_update=True)
    package = active_package(session, sitting.id)
    if sitting.state is not SittingState.FROZEN or package is None:
        raise Conflict(
            "sitting_not_frozen", N_("Ca thi không ở bước “đã đóng gói”. Tải lại trang để xem bước hiện tại.")
        )
    return package
