"""From rows to the values the verifier checks."""

from examapp.audit.models import AuditDetails, AuditEvent
from examapp.audit.rules import parsed_details
from examapp.core.i18n import N_
from examapp.integrity.chain import Broken, Details, Event, StoredEvent

_REASONS = {
    "head": N_("Nhật ký %(scope)s: phần cuối đã bị cắt; đầu chuỗi ghi sự kiện số %(number)s nhưng không khớp."),
    "unreadable": N_("Nhật ký %(scope)s: sự kiện sau số %(number)s không còn đọc được."),
    "missing_scope": N_("Thiếu cả nhật ký %(scope)s, dù nhật ký hệ thống có ghi việc lập nó."),
    "unlisted_scope": N_("Nhật ký %(scope)s không được ghi trong nhật ký hệ thống."),
}


def stored_event(event: AuditEvent, details: AuditDetails | None) -> StoredEvent:
    """Return the values of one row and its details (None when erased)."""
    value = Event(
        scope=event.scope,
        number=event.number,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        subject=event.subject,
        details_commit=event.details_commit,
        prev=event.prev,
        incarnation=event.incarnation,
        boot=event.boot,
    )
    kept = None if details is None else Details(details.salt, parsed_details(details.details))
    return StoredEvent(value, event.hash, event.mac, kept)


def broken_head(scope: str, number: int, code: str) -> Broken:
    """Return the finding that a chain does not end, or is not listed, as it should."""
    return Broken(scope=scope, number=number, code=code, why=_REASONS[code])
