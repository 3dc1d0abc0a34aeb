"""Read the log: pages of events for people, whole chains for the verifier."""

from examapp.audit.queries.chains import ScopeRow, find_event, genuine_events, last_number, list_scopes, verify_chains
from examapp.audit.queries.events import (
    EventFilter,
    EventPage,
    EventRow,
    Key,
    actor_names,
    count_events,
    filtered_events,
    find_details,
    page_of_events,
)

__all__ = [
    "EventFilter",
    "EventPage",
    "EventRow",
    "Key",
    "ScopeRow",
    "actor_names",
    "count_events",
    "filtered_events",
    "find_details",
    "find_event",
    "genuine_events",
    "last_number",
    "list_scopes",
    "page_of_events",
    "verify_chains",
]
