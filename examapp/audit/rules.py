"""From rows to the values the verifier checks, and the sentences for what only the stored head can show."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from examapp.audit.models import AuditDetails, AuditEvent
from examapp.core.i18n import N_
from examapp.integrity.canonical import parse_jcs
from examapp.integrity.chain import Broken, Details, Event, StoredEvent
from examapp.integrity.errors import CanonicalError

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
    kept = None if details is None else Details(details.salt, _parsed(details.details))
    return StoredEvent(value, event.hash, event.mac, kept)


def _parsed(text: str) -> Any:
    """Return the details; for a text that is no canonical JSON, a value that no commitment matches."""
    try:
        return parse_jcs(text.encode())
    except (CanonicalError, UnicodeEncodeError):
        return "unreadable"


def composed(value: Any) -> Any:
    """Return a value with every text in it in composed form (NFC), as the canonical JSON demands.

    People's names come in either form; the chain must not refuse a deed because of it.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    return value


def broken_head(scope: str, number: int, code: str) -> Broken:
    """Return the finding that a chain does not end, or is not listed, as it should."""
    return Broken(scope=scope, number=number, code=code, why=_REASONS[code])
