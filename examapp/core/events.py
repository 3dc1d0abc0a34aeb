"""How a feature on the left causes something on the right without knowing it: plain events, listeners in `wiring.py`.

A listener runs at once, in the publisher's transaction, so both deeds happen or neither.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Event:
    """Base of all events: ids and plain values only."""


Listener = Callable[[Session, Any], None]

_listeners: dict[type[Event], list[Listener]] = {}


def subscribe(kind: type[Event], listener: Listener) -> None:
    """Have `listener(session, event)` called for every event of exactly `kind`; subscribing twice is harmless."""
    listeners = _listeners.setdefault(kind, [])
    if listener not in listeners:
        listeners.append(listener)


def publish(session: Session, event: Event) -> None:
    """Tell every listener of the event's class, in the order they subscribed; an error stops the deed."""
    for listener in _listeners.get(type(event), ()):
        listener(session, event)
