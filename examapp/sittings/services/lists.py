"""Lists to print: ordered on the page of rooms, made by a job, kept sealed for whoever ordered them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.services import record
from examapp.core.errors import Conflict, Invalid
from examapp.core.files import PDF, Content, StoredFile, keep_file
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.integrity.canonical import parse_utc
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import OpenedCore
from examapp.sittings.documents import ListKind, Roster, RosterEntry, list_pdf
from examapp.sittings.models import Sitting, SittingMode
from examapp.sittings.queries import active_package, frozen_core, room_rows, seats_of_sitting
from examapp.sittings.services.steps import audit_scope

MAKE_LIST = "sittings.make_list"
_NAMES = {ListKind.CALL: "danh-sach-phong", ListKind.DOORS: "giay-dan-cua", ListKind.POSTED: "danh-sach-niem-yet"}


def order_list(session: Session, sitting: Sitting, kind: ListKind, room: str, *, actor: Actor, now: datetime) -> int:
    """Have a list made (`room` empty: of all rooms) and return the job's number.

    Raises Conflict for a posted list before the freeze: only a package has the digest that is printed on it.
    """
    if kind is ListKind.POSTED and active_package(session, sitting.id) is None:
        message = N_("Danh sách niêm yết in mã gói đề nên chỉ lập được sau khi đóng gói ca thi.")
        raise Conflict("not_frozen", message)
    details = {"list": kind.value, "room": "" if kind is ListKind.POSTED else room}
    scope, subject = audit_scope(sitting), f"sitting:{sitting.id}"
    record(session, scope, "sittings.list_printed", subject, details, actor=actor, now=now)
    values = {"sitting_id": str(sitting.id), "kind": kind.value, "room": details["room"], "asker": str(actor.id or "")}
    return enqueue(session, MAKE_LIST, subject=subject, owner_id=actor.id, **values)


def make_list(
    session: Session,
    sitting_id: UUID,
    kind: ListKind,
    room: str,
    *,
    owner_id: UUID | None,
    keys: NodeKeys,
    now: datetime,
) -> StoredFile:
    """Make a list as a PDF and keep it for its owner.

    Raises Conflict when the package is not as this node signed it, Invalid when there is nobody to list.
    """
    sitting = session.get_one(Sitting, sitting_id)
    roster = read_roster(session, sitting, keys)
    if kind is ListKind.POSTED and roster.digest is None:
        raise Conflict("not_frozen", N_("Ca thi không còn gói đề đang dùng. Đóng gói rồi lập lại danh sách niêm yết."))
    if not roster.entries or (room and not roster.in_room(room)):
        raise Invalid("nobody_listed", N_("Không có thí sinh nào để in."))
    name = "-".join(filter(None, [_NAMES[kind], sitting.exam_test.exam.code, sitting.code, room]))
    content = Content(list_pdf(kind, roster, room, now), f"{name}.pdf", PDF)
    return keep_file(session, content, owner_id=owner_id, now=now)


def read_roster(session: Session, sitting: Sitting, keys: NodeKeys) -> Roster:
    """Return everybody on the sitting's roster: from the package in force, from the seats before the first freeze.

    Raises Conflict when the package is not as this node signed it.
    """
    core = frozen_core(session, sitting.id, keys)
    if core is None and active_package(session, sitting.id) is not None:
        message = N_("Gói đề không còn như lúc ký nên không in danh sách. Báo Chủ tịch Hội đồng và người quản trị.")
        raise Conflict("package_altered", message)
    exam, test = sitting.exam_test.exam, sitting.exam_test
    return Roster(
        exam=exam.name,
        test=test.name,
        sitting=sitting.code,
        rehearsal=sitting.mode is SittingMode.REHEARSAL,
        starts_at=parse_utc(core.core["sitting"]["starts_at"]) if core else sitting.starts_at,
        minutes=test.minutes,
        superior=exam.superior,
        council=exam.council,
        place=exam.place,
        venue=exam.venue,
        room_names={row.room.code: row.room.name for row in room_rows(session, sitting.id)},
        entries=_frozen_entries(core) if core else _drafted_entries(session, sitting.id),
        digest=core.core_digest if core else None,
        freeze_no=core.core["freeze_no"] if core else None,
    )


def _frozen_entries(core: OpenedCore) -> list[RosterEntry]:
    return [
        RosterEntry(
            entry["number"],
            entry["name"],
            date.fromisoformat(entry["birth_date"]) if entry["birth_date"] else None,
            entry["room"],
            entry["seat"],
        )
        for entry in core.core["roster"]
    ]


def _drafted_entries(session: Session, sitting_id: UUID) -> list[RosterEntry]:
    return [
        RosterEntry(person.number, person.full_name, person.birth_date, room, seat)
        for person, room, seat in seats_of_sitting(session, sitting_id)
        if person.withdrawn_at is None
    ]
