"""Pages of events as people search them. The log may hold millions: nothing here counts it or skips through it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from examapp.audit.models import AuditDetails, AuditEvent
from examapp.audit.queries.stored import stored_event
from examapp.core.vietnamese import fold
from examapp.integrity.canonical import parse_utc, utc_text
from examapp.integrity.chain import StoredEvent
from examapp.integrity.errors import IntegrityError

PAGE_SIZE = 50

_THINGS = (AuditEvent.subject, AuditEvent.scope)
_ID = "^[a-z_]+:[0-9a-f]{8}-"
_LIKE_AN_ID = 8

#: from name to next name along the index: as many steps as people, not as events
_NAMES = text("""
WITH RECURSIVE names(name) AS (
    (SELECT actor_name FROM audit_events ORDER BY actor_name LIMIT 1)
    UNION ALL
    SELECT (SELECT actor_name FROM audit_events WHERE actor_name > name ORDER BY actor_name LIMIT 1)
    FROM names WHERE name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL
""")


@dataclass(frozen=True)
class EventFilter:
    """What is looked for; None: anything. Empty sets find nothing."""

    #: logs that may be looked into
    scopes: frozenset[str] | None = None
    actors: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    #: a text of the subject's own name, or one of these things, by their names in the log
    text: str = ""
    things: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def within(self, scopes: frozenset[str]) -> "EventFilter":
        """Return the same filter for no other logs than these."""
        return replace(self, scopes=scopes if self.scopes is None else self.scopes & scopes)

    def to_text(self) -> str:
        """Return the filter as a job's plain value."""
        lists = {name: getattr(self, name) for name in ("scopes", "actors", "actions", "things")}
        values: dict[str, Any] = {name: None if one is None else sorted(one) for name, one in lists.items()}
        moments = {"since": self.since, "until": self.until}
        values |= {name: utc_text(moment) if moment else None for name, moment in moments.items()}
        return json.dumps(values | {"text": self.text}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "EventFilter":
        """Return the filter of a job's value."""
        values = json.loads(text)
        for name in ("scopes", "actors", "actions", "things"):
            values[name] = None if values[name] is None else frozenset(values[name])
        for name in ("since", "until"):
            values[name] = parse_utc(values[name]) if values[name] else None
        return cls(**values)


@dataclass(frozen=True)
class Key:
    """The place of an event in the order of pages."""

    at: datetime
    scope: str
    number: int

    def to_text(self) -> str:
        """Return the key as an address holds it."""
        return f"{utc_text(self.at)}~{self.number}~{self.scope}"

    @classmethod
    def from_text(cls, text: str | None) -> "Key | None":
        """Return the key of an address, None for a text that is none."""
        parts = (text or "").split("~", 2)
        if (
            len(parts) != 3
            or "\0" in parts[2]
            or not (parts[1].isascii() and parts[1].isdigit() and len(parts[1]) < 19)
        ):
            return None
        try:
            return cls(parse_utc(parts[0]), parts[2], int(parts[1]))
        except IntegrityError:
            return None


@dataclass(frozen=True)
class EventRow:
    """An event with its details as canonical JSON, None when they were erased."""

    event: AuditEvent
    details: str | None

    @property
    def key(self) -> Key:
        """Return the event's place."""
        return Key(self.event.at, self.event.scope, self.event.number)


@dataclass(frozen=True)
class EventPage:
    """A page of events, newest first, and the keys of its neighbours; None where the log ends."""

    rows: list[EventRow]
    #: events after this one are newer, events before that one older
    newer: Key | None
    older: Key | None


def page_of_events(
    session: Session, wanted: EventFilter, *, before: Key | None = None, after: Key | None = None, size: int = PAGE_SIZE
) -> EventPage:
    """Return the newest events, those older than `before`, or those just newer than `after`."""
    place = tuple_(AuditEvent.at, AuditEvent.scope, AuditEvent.number)
    query = _with_details(wanted).limit(size + 1)
    forwards = after is not None
    if after is not None:
        query = query.where(place > _literal(after)).order_by(AuditEvent.at, AuditEvent.scope, AuditEvent.number)
    else:
        query = query.order_by(AuditEvent.at.desc(), AuditEvent.scope.desc(), AuditEvent.number.desc())
        query = query.where(place < _literal(before)) if before is not None else query
    found = [EventRow(event, details.details if details else None) for event, details in session.execute(query)]
    more, rows = len(found) > size, found[:size]
    if forwards:
        rows.reverse()
    first, last = (rows[0].key, rows[-1].key) if rows else (None, None)
    return EventPage(
        rows,
        newer=first if (more if forwards else before is not None) else None,
        older=last if forwards or more else None,
    )


def filtered_events(session: Session, wanted: EventFilter) -> Iterator[tuple[AuditEvent, StoredEvent]]:
    """Stream what is wanted chain by chain in ascending numbers, as rows and as the verifier's values."""
    query = _with_details(wanted).order_by(AuditEvent.scope, AuditEvent.number)
    for event, details in session.execute(query.execution_options(yield_per=500, populate_existing=True)):
        yield event, stored_event(event, details)


def count_events(session: Session, wanted: EventFilter, most: int) -> int:
    """Return how many events are wanted; `most` + 1 for more than that."""
    few = select(AuditEvent.number).where(*_conditions(wanted)).limit(most + 1)
    return session.scalar(select(func.count()).select_from(few.subquery())) or 0


def actor_names(session: Session, typed: str) -> frozenset[str]:
    """Return the names in the log that hold what somebody typed, accents or not."""
    wanted = fold(typed)
    return frozenset(name for name in session.scalars(_NAMES) if wanted in fold(name))


def find_details(session: Session, event: AuditEvent) -> AuditDetails | None:
    """Return the details of an event with their salt, None when they were erased."""
    return session.get(AuditDetails, (event.scope, event.number))


def _with_details(wanted: EventFilter) -> Select[AuditEvent, AuditDetails]:
    query: Select[AuditEvent, AuditDetails] = select(AuditEvent, AuditDetails).outerjoin(
        AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    )
    return query.where(*_conditions(wanted))


def _conditions(wanted: EventFilter) -> Iterator[ColumnElement[bool]]:
    for column, values in (
        (AuditEvent.scope, wanted.scopes),
        (AuditEvent.actor_name, wanted.actors),
        (AuditEvent.action, wanted.actions),
    ):
        if values is not None:
            yield column.in_(sorted(values))
    if wanted.text:
        yield or_(_own_name_holds(wanted.text), *(column.in_(sorted(wanted.things)) for column in _THINGS))
    if wanted.since is not None:
        yield AuditEvent.at >= wanted.since
    if wanted.until is not None:
        yield AuditEvent.at < wanted.until


def _own_name_holds(typed: str) -> ColumnElement[bool]:
    """Return the condition on the subject itself; an id holds a short text such as "CA1" by mere chance."""
    holds = AuditEvent.subject.icontains(typed, autoescape=True)
    return holds if len(typed) >= _LIKE_AN_ID else holds & ~AuditEvent.subject.regexp_match(_ID)


def _literal(key: Key) -> ColumnElement[Any]:
    return tuple_(key.at, key.scope, key.number)
