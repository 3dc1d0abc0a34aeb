"""Read whole chains, for the verifier and for whoever rests on what is in them."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.audit.models import AuditChain, AuditDetails, AuditEvent
from examapp.audit.queries.stored import broken_head, stored_event
from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.integrity.chain import (
    SCOPE_CREATED,
    SYSTEM_SCOPE,
    Broken,
    Ok,
    StoredEvent,
    genesis_prev,
    is_genuine,
    verify,
)
from examapp.integrity.errors import CanonicalError
from examapp.integrity.keys import NodeKeys

#: no event has a number this high
_NUMBERS_END = 2**63


@dataclass(frozen=True)
class ScopeRow:
    """A chain and how long it is."""

    scope: str
    events: int


def list_scopes(session: Session) -> list[ScopeRow]:
    """Return every chain, the system's first."""
    rows = session.execute(select(AuditChain.scope, AuditChain.last_number)).all()
    return sorted((ScopeRow(*row) for row in rows), key=lambda row: (row.scope != SYSTEM_SCOPE, row.scope))


def last_number(session: Session, scope: str) -> int:
    """Return how many events a chain holds by its head."""
    return session.scalar(select(AuditChain.last_number).where(AuditChain.scope == scope)) or 0


def find_event(session: Session, scope: str, number: int) -> AuditEvent:
    """Return one event; raise NotFound when there is none."""
    typed = number < _NUMBERS_END and "\0" not in scope  # whatever an address holds
    event = session.get(AuditEvent, (scope, number)) if typed else None
    if event is None:
        raise NotFound(
            "event_unknown", N_("Nhật ký %(scope)s không có sự kiện số %(number)s."), scope=scope, number=number
        )
    return event


def genuine_events(session: Session, scope: str, action: str, keys: NodeKeys) -> list[StoredEvent]:
    """Return the scope's events of one action that this node wrote, oldest first; what was altered is left out."""
    rows = session.execute(
        select(AuditEvent, AuditDetails)
        .outerjoin(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.scope == scope, AuditEvent.action == action)
        .order_by(AuditEvent.number)
        .execution_options(populate_existing=True)
    )
    found = [stored_event(event, details) for event, details in rows]
    return [stored for stored in found if is_genuine(stored, keys.audit_key)]


def verify_chains(
    session: Session, keys: NodeKeys, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Ok | Broken]:
    """Check every chain against the system scope's list of scopes, its stored head and the node's MAC key.

    Whoever holds only the database cannot pass, for want of the key. A tail cut together with its head shows only
    against a printed checkpoint.
    """
    stored = session.scalars(select(AuditChain).execution_options(populate_existing=True))
    heads = {row.scope: row for row in stored}
    created = created_scopes(session)
    outcome: dict[str, Ok | Broken] = {}
    scopes = sorted({SYSTEM_SCOPE, *heads, *created}, key=lambda name: (name != SYSTEM_SCOPE, name))
    for place, scope in enumerate(scopes):
        progress(place, len(scopes))
        head = heads.get(scope)
        if scope != SYSTEM_SCOPE and (scope not in created or head is None):
            outcome[scope] = broken_head(scope, 0, "unlisted_scope" if scope not in created else "missing_scope")
            continue
        genesis = genesis_prev(scope, keys.node_pub, created.get(scope, b""))
        outcome[scope] = _against_head(scope, _verify_events(session, scope, genesis, keys.audit_key), head)
    return outcome


def _verify_events(session: Session, scope: str, genesis: bytes, audit_key: bytes) -> Ok | Broken:
    """Check one chain as it streams by; a row without any canonical form is a finding, not a crash."""
    last = 0

    def rows() -> Iterator[StoredEvent]:
        nonlocal last
        for stored in _stored_events(session, scope):
            yield stored
            last = stored.event.number

    try:
        return verify(scope, rows(), genesis=genesis, audit_key=audit_key)
    except CanonicalError:
        return broken_head(scope, last, "unreadable")


def _against_head(scope: str, result: Ok | Broken, head: AuditChain | None) -> Ok | Broken:
    """Compare a whole chain with the head stored beside it: a cut tail leaves the head pointing at nothing."""
    if isinstance(result, Broken) or (head is None and result.length == 0):
        return result
    if head is None or head.last_number != result.length or not hmac.compare_digest(head.head, result.head):
        return broken_head(scope, head.last_number if head else result.length, "head")
    return result


def created_scopes(session: Session) -> dict[str, bytes]:
    """Return every scope that the system's log names, with the hash of the event that does."""
    rows = session.execute(
        select(AuditEvent.subject, AuditEvent.hash).where(
            AuditEvent.scope == SYSTEM_SCOPE, AuditEvent.action == SCOPE_CREATED
        )
    )
    return {row.subject: row.hash for row in rows}


def _stored_events(session: Session, scope: str) -> Iterator[StoredEvent]:
    """Stream a chain in ascending numbers; a long one must not be in memory as a whole."""
    query = (
        select(AuditEvent, AuditDetails)
        .outerjoin(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.scope == scope)
        .order_by(AuditEvent.number)
        .execution_options(yield_per=500, populate_existing=True)
    )
    result = session.execute(query)
    try:
        for event, details in result:
            yield stored_event(event, details)
    finally:
        result.close()  # the verifier stops reading at the first fault
