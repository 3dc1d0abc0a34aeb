"""Append to the chain, in the transaction of the deed.

The head's row lock orders appends: `UPDATE ... RETURNING` gives the next number and the hash to point to, and a
rollback gives both back, so numbers have no gap. A deed that writes to two scopes writes to the system scope first,
or two such deeds could wait for each other.
"""

import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, Actor
from examapp.audit.models import AuditChain, AuditDetails, AuditEvent
from examapp.core.errors import Conflict, Invalid
from examapp.core.i18n import N_
from examapp.integrity import chain
from examapp.integrity.canonical import b64u, jcs
from examapp.integrity.chain import SYSTEM_SCOPE
from examapp.integrity.keys import NodeKeys

#: counts up when a node is restored from a backup; the rest of the protocol comes with that feature
INCARNATION = 1
SALT_BYTES = 16

# Names this start of this process in its events, so that a restart can be seen in the log.
_BOOT = b64u(secrets.token_bytes(9))


def record(
    session: Session,
    scope: str,
    action: str,
    subject: str,
    details: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> AuditEvent:
    """Append an event to the scope's chain and return it; the chain is begun when this is its first event.

    `scope` is `system`, `exam:<id>` or `sitting:<id>`; `action` is `thing.done`, for example `sitting.frozen`. Details
    must have a canonical form: no floats, keys `[a-z0-9_]+`. Keys come from `session.info["keys"]`.
    """
    keys = cast(NodeKeys, session.info["keys"])
    number, head = _next_number(session, scope) or _begin_chain(
        session, scope, keys, now=now, random_bytes=random_bytes
    )
    salt = random_bytes(SALT_BYTES)
    kept = _composed(details)
    event = chain.Event(
        scope=scope,
        number=number,
        at=_whole_milliseconds(now),
        actor_id=actor.id_text,
        actor_name=_composed(actor.name),
        action=action,
        subject=_composed(subject),
        details_commit=chain.details_commit(salt, kept),
        prev=head,
        incarnation=INCARNATION,
        boot=_BOOT,
    )
    return _store(session, event, salt, jcs(kept).decode(), keys)


def erase_details(session: Session, event: AuditEvent, *, reason: str, actor: Actor, now: datetime) -> None:
    """Delete the salt and details of an event, for the law on personal data; the event itself and its chain stay.

    Raises Invalid without a reason and Conflict when the event has no details any more.
    """
    if not reason.strip():
        raise Invalid("reason_missing", N_("Ghi lý do xóa chi tiết; lý do vào nhật ký hệ thống."))
    details = session.get(AuditDetails, (event.scope, event.number))
    if details is None:
        raise Conflict("erased_already", N_("Chi tiết của sự kiện này đã được xóa."))
    subject = f"{event.scope}#{event.number}"
    record(session, SYSTEM_SCOPE, "details.erased", subject, {"reason": reason.strip()}, actor=actor, now=now)
    session.delete(details)


def _store(session: Session, event: chain.Event, salt: bytes, details: str, keys: NodeKeys) -> AuditEvent:
    """Write event, details and the new head."""
    value = chain.event_hash(event)
    row = AuditEvent(
        scope=event.scope,
        number=event.number,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=event.actor_name,
        action=event.action,
        subject=event.subject,
        incarnation=event.incarnation,
        boot=event.boot,
        details_commit=event.details_commit,
        prev=event.prev,
        hash=value,
        mac=chain.event_mac(keys.audit_key, value),
    )
    session.add(row)
    session.flush()  # the details' foreign key needs the event, and no relationship tells the unit of work so
    session.add(AuditDetails(scope=event.scope, number=event.number, salt=salt, details=details))
    session.execute(update(AuditChain).where(AuditChain.scope == event.scope).values(head=value))
    return row


def _next_number(session: Session, scope: str) -> tuple[int, bytes] | None:
    """Take the scope's next number and the hash before it, its row locked; None when there is no such chain."""
    taken = session.execute(
        update(AuditChain)
        .where(AuditChain.scope == scope)
        .values(last_number=AuditChain.last_number + 1)
        .returning(AuditChain.last_number, AuditChain.head)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (taken.last_number, taken.head) if taken else None


def _begin_chain(
    session: Session, scope: str, keys: NodeKeys, *, now: datetime, random_bytes: Callable[[int], bytes]
) -> tuple[int, bytes]:
    """Begin a chain, for any scope but the system's with an event in the system scope that names it."""
    created_hash = b""
    if scope != SYSTEM_SCOPE:
        # Whoever begins a scope at the same moment waits here for the other to end, and then finds it begun.
        _ensure_system_chain(session, keys)
        session.execute(update(AuditChain).where(AuditChain.scope == SYSTEM_SCOPE).values(head=AuditChain.head))
        begun = _next_number(session, scope)
        if begun:
            return begun
        created = record(
            session, SYSTEM_SCOPE, chain.SCOPE_CREATED, scope, {}, actor=SYSTEM, now=now, random_bytes=random_bytes
        )
        created_hash = created.hash
    _insert_chain(session, scope, chain.genesis_prev(scope, keys.node_pub, created_hash))
    taken = _next_number(session, scope)
    if taken is None:
        raise RuntimeError(f"audit chain {scope} vanished")
    return taken


def _ensure_system_chain(session: Session, keys: NodeKeys) -> None:
    _insert_chain(session, SYSTEM_SCOPE, chain.genesis_prev(SYSTEM_SCOPE, keys.node_pub, b""))


def _insert_chain(session: Session, scope: str, genesis: bytes) -> None:
    session.execute(insert(AuditChain).values(scope=scope, last_number=0, head=genesis).on_conflict_do_nothing())


def _whole_milliseconds(moment: datetime) -> datetime:
    """Cut to what the canonical form of a time keeps, so that the stored event hashes to what was signed."""
    return moment - timedelta(microseconds=moment.microsecond % 1000)


def _composed(value: Any) -> Any:
    """Return a value with every text in it in composed form (NFC), as the canonical JSON demands.

    People's names come in either form; the chain must not refuse a deed because of it.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {key: _composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_composed(item) for item in value]
    return value
