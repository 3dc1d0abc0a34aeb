"""Record the public value, then open the paper: each a row or a state that refuses another order (protocols §2)."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.codes import CodeRefused, check_wait
from examapp.audit.services import record
from examapp.core.clock import local_text
from examapp.core.db import hold
from examapp.core.errors import Conflict, Invalid
from examapp.core.events import Event, publish
from examapp.core.i18n import N_
from examapp.integrity.canonical import enc
from examapp.integrity.compartments import CompartmentName
from examapp.integrity.errors import BadCode, IntegrityError, WrongCode
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import OpenedCompartment, open_compartment
from examapp.integrity.sealing import wrap_key
from examapp.sittings.models import Opening, Package, Sitting, SittingMode, SittingState
from examapp.sittings.queries import active_package, opening_of
from examapp.sittings.services.steps import advance, audit_scope
from question_bank.assembly.draw import ALGORITHM


@dataclass(frozen=True)
class PaperOpened(Event):
    """The paper of a sitting was opened; its attempts can now be drawn."""

    sitting_id: str


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


def _lock_frozen(session: Session, sitting: Sitting) -> Package:
    """Return the active package under a row lock on the sitting, so that two people cannot open at once."""
    hold(session, sitting)
    package = active_package(session, sitting.id)
    if sitting.state is not SittingState.FROZEN or package is None:
        raise Conflict(
            "sitting_not_frozen", N_("Ca thi không ở bước “đã đóng gói”. Tải lại trang để xem bước hiện tại.")
        )
    return package
