"""The log as a file: one canonical JSON value a line, checked without database and without any key of the node.

The first line says what the file is: {"format", "node_pub", "at", "scopes": [{"scope", "events", "head", "created"}]};
each further one is an event as it was hashed, with its hash, MAC, salt and details. A file may hold a part of a log:
each event is then checked by itself, and its link where the event before it is there. Only paper tells whether the log
itself is the right one: compare the heads with the printed values.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from examapp.core.i18n import N_
from examapp.integrity.canonical import b64u, b64u_decode, jcs, parse_jcs, parse_utc, utc_text
from examapp.integrity.chain import (
    Broken,
    Details,
    Event,
    StoredEvent,
    broken_at,
    event_json,
    genesis_prev,
    own_fault,
)
from examapp.integrity.errors import IntegrityError

FORMAT = "khaothi/audit-export/v1"


class UnreadableExport(IntegrityError):
    """The file is no export of the log, or a line of it is damaged."""


@dataclass(frozen=True)
class Head:
    """What the node says of one log when it exports: how long it is, its last hash, the hash of its creating event."""

    events: int
    head: bytes
    created: bytes = b""


@dataclass
class CheckedLog:
    """What a file holds of one log: `whole` when that is every event up to the head the file names."""

    scope: str
    events: int = 0
    erased: int = 0
    gaps: int = 0
    last: int = 0
    head: bytes = b""
    whole: bool = False


@dataclass
class Checked:
    """The outcome for a whole file."""

    at: datetime
    logs: dict[str, CheckedLog] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)


def head_line(node_pub: bytes, at: datetime, heads: Mapping[str, Head]) -> bytes:
    """Return the first line of an export."""
    # a list: a scope holds a colon, which no key of the canonical form may
    scopes = [
        {"scope": scope, "events": one.events, "head": b64u(one.head), "created": b64u(one.created)}
        for scope, one in sorted(heads.items())
    ]
    return jcs({"format": FORMAT, "node_pub": b64u(node_pub), "at": utc_text(at), "scopes": scopes}) + b"\n"


def event_line(stored: StoredEvent) -> bytes:
    """Return the line of one event."""
    details = stored.details
    value = event_json(stored.event) | {"hash": b64u(stored.hash), "mac": b64u(stored.mac)}
    value |= {"salt": b64u(details.salt), "details": details.value} if details else {"salt": None, "details": None}
    return jcs(value) + b"\n"


def check_export(lines: Iterable[bytes]) -> Checked:
    """Check a file line by line; raise UnreadableExport for one that is no export or is damaged.

    The events of each log must stand in ascending numbers, as the exporter writes them.
    """
    rest = iter(lines)
    first = _parsed(next(rest, b""), 1)
    if first.get("format") != FORMAT:
        raise UnreadableExport("no_export", N_("Dòng đầu không phải của tệp nhật ký xuất từ phần mềm này."))
    try:
        node_pub, checked = b64u_decode(first["node_pub"]), Checked(parse_utc(first["at"]))
        heads = {one["scope"]: one for one in first["scopes"]}
    except (IntegrityError, KeyError, TypeError) as error:
        raise _damaged(1) from error
    for number, line in enumerate(rest, 2):
        stored = _stored(_parsed(line, number), number)
        _take(checked, stored, node_pub, heads)
    for log in checked.logs.values():
        stated = heads.get(log.scope, {})
        log.whole = not log.gaps and log.events == stated.get("events") and b64u(log.head) == stated.get("head")
    return checked


def _take(checked: Checked, stored: StoredEvent, node_pub: bytes, heads: Mapping[str, Any]) -> None:
    """Check one event against itself and against the one before, and count it."""
    event = stored.event
    log = checked.logs.setdefault(event.scope, CheckedLog(event.scope))
    code = None if event.number > log.last else "number"
    if event.number == log.last + 1:
        created = heads.get(event.scope, {}).get("created", "")
        genesis = genesis_prev(event.scope, node_pub, b64u_decode(created)) if log.last == 0 else log.head
        code = None if hmac.compare_digest(event.prev, genesis) else "prev"
    elif code is None:
        log.gaps += 1
    code = code or own_fault(stored, None)
    if code is not None:
        checked.broken.append(broken_at(event.scope, event.number, code))
    log.events += 1
    log.erased += stored.details is None
    log.last, log.head = max(log.last, event.number), stored.hash


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = parse_jcs(line.rstrip(b"\r\n"))
    except IntegrityError as error:
        raise _damaged(number) from error
    if not isinstance(value, dict):
        raise _damaged(number)
    return value


def _stored(value: Mapping[str, Any], number: int) -> StoredEvent:
    try:
        event = Event(
            scope=value["scope"],
            number=value["n"],
            at=parse_utc(value["at"]),
            actor_id=value["actor"]["id"],
            actor_name=value["actor"]["name"],
            action=value["action"],
            subject=value["subject"],
            details_commit=b64u_decode(value["details_commit"]),
            prev=b64u_decode(value["prev"]),
            incarnation=value["incarnation"],
            boot=value["boot"],
        )
        details = None if value["salt"] is None else Details(b64u_decode(value["salt"]), value["details"])
        return StoredEvent(event, b64u_decode(value["hash"]), b64u_decode(value["mac"]), details)
    except (IntegrityError, KeyError, TypeError) as error:
        raise _damaged(number) from error


def _damaged(number: int) -> UnreadableExport:
    return UnreadableExport("line_damaged", N_("Dòng %(number)s của tệp không đọc được."), number=number)
