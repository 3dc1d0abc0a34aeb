"""Take away what is filtered: JSON Lines that a verifier reads without this server, and a table for people.

A short one is made at once, a long one by the worker. What things are called is not known here: `wiring.py` lends it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.audit.models import AuditChain, AuditEvent
from examapp.audit.queries.chains import created_scopes
from examapp.audit.queries.events import EventFilter, count_events, filtered_events
from examapp.audit.queries.lines import event_line, things_in
from examapp.audit.services.recording import record
from examapp.core.clock import LOCAL_ZONE, local_text
from examapp.core.errors import Invalid
from examapp.core.files import CSV, Content
from examapp.core.i18n import N_
from examapp.core.jobs import enqueue
from examapp.documents.sheets import csv_bytes
from examapp.integrity import exported_log
from examapp.integrity.canonical import jcs
from examapp.integrity.chain import SYSTEM_SCOPE
from examapp.integrity.keys import NodeKeys

EXPORT_EVENTS = "audit.export_events"
JSON_LINES = "application/jsonl"

#: a request makes a file of so many events in about a second
FEW = 2_000
#: what one file may hold: it is made in memory
MOST = 100_000

_HEADER = ("Lúc", "Ai", "Việc", "Đối tượng", "Chi tiết", "Nhật ký", "Số", "Mã việc", "Mã đối tượng", "Mã băm")

NameThings = Callable[[Session, Collection[str]], Mapping[str, str]]
_lent: dict[str, NameThings] = {}


class ExportFormat(StrEnum):
    """What a file is for."""

    JSON_LINES = "jsonl"
    CSV = "csv"


def lend_names(name_things: NameThings) -> None:
    """Have things named by this function."""
    _lent["names"] = name_things


def export_now_or_later(
    session: Session,
    wanted: EventFilter,
    kind: ExportFormat,
    shown: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    keys: NodeKeys,
) -> Content | int:
    """Return the file of what is wanted, or the number of the job that makes it.

    `shown` says in the log what was looked for. Raises Invalid for nothing, and for more than a file may hold.
    """
    count = count_events(session, wanted, MOST)
    if count == 0:
        raise Invalid("nothing_to_export", N_("Không có sự kiện nào khớp bộ lọc nên không có gì để xuất."))
    if count > MOST:
        message = N_("Có hơn %(most)s sự kiện khớp bộ lọc. Thu hẹp khoảng ngày rồi xuất từng phần.")
        raise Invalid("export_too_large", message, most=f"{MOST:,}".replace(",", "."))
    details = {**shown, "format": kind.value, "events": count}
    record(session, SYSTEM_SCOPE, "audit.exported", SYSTEM_SCOPE, details, actor=actor, now=now)
    if count <= FEW:
        return make_export(session, wanted, kind, now=now, keys=keys)
    asked = {"wanted": wanted.to_text(), "kind": kind.value, "asker": str(actor.id or "")}
    return enqueue(session, EXPORT_EVENTS, subject=SYSTEM_SCOPE, owner_id=actor.id, **asked)


def make_export(
    session: Session,
    wanted: EventFilter,
    kind: ExportFormat,
    *,
    now: datetime,
    keys: NodeKeys,
    progress: Callable[[int], None] = lambda _: None,
) -> Content:
    """Make the file of what is wanted."""
    name = f"nhat-ky-{now.astimezone(LOCAL_ZONE):%Y%m%d-%H%M}.{kind.value}"
    if kind is ExportFormat.CSV:
        return Content(csv_bytes(_HEADER, _rows(session, wanted, progress)), name, CSV)
    return Content(b"".join(export_lines(session, wanted, now=now, keys=keys, progress=progress)), name, JSON_LINES)


def export_lines(
    session: Session,
    wanted: EventFilter,
    *,
    now: datetime,
    keys: NodeKeys,
    progress: Callable[[int], None] = lambda _: None,
) -> Iterator[bytes]:
    """Give the lines of an export one by one, as `integrity/exported_log.py` checks them."""
    created = created_scopes(session)
    chains = (
        select(AuditChain) if wanted.scopes is None else select(AuditChain).where(AuditChain.scope.in_(wanted.scopes))
    )
    heads = {
        one.scope: exported_log.Head(one.last_number, one.head, created.get(one.scope, b""))
        for one in session.scalars(chains)
    }
    yield exported_log.head_line(keys.node_pub, now, heads)
    for done, (_, stored) in enumerate(filtered_events(session, wanted), 1):
        yield exported_log.event_line(stored)
        progress(done)


def _rows(session: Session, wanted: EventFilter, progress: Callable[[int], None]) -> Iterator[tuple[str | int, ...]]:
    names: dict[str, str] = {}
    known: set[str] = set()
    for done, (event, stored) in enumerate(filtered_events(session, wanted), 1):
        details = None if stored.details is None else jcs(stored.details.value).decode()
        unknown = {event.subject, event.scope, *things_in(details)} - known
        if unknown and "names" in _lent:
            names |= _lent["names"](session, unknown)
            known |= unknown
        yield _row(event, details, names)
        progress(done)


def _row(event: AuditEvent, details: str | None, names: Mapping[str, str]) -> tuple[str | int, ...]:
    line = event_line(event, details, names, local_text)
    lines = (
        []
        if line.details is None
        else [f"{one.label}: {one.value}" if one.label else one.value for one in line.details]
    )
    return (
        f"{event.at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M:%S}",
        event.actor_name,
        line.action or event.action,
        line.kind % {"name": line.name or ""} if line.kind else event.subject,
        "; ".join(lines) if line.details is not None else "Đã xóa theo luật",
        names.get(event.scope, event.scope),
        event.number,
        event.action,
        event.subject,
        event.hash.hex(),
    )
