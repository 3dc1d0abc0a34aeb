"""Who took which step of a sitting and when, from its audit chain; an event that this node did not write is none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.audit.models import AuditDetails, AuditEvent
from examapp.audit.queries.stored import stored_event
from examapp.audit.rules import ACTIONS
from examapp.integrity.chain import is_genuine
from examapp.integrity.keys import NodeKeys
from examapp.sittings.models import Sitting, SittingMode, SittingState

#: the deeds that concern the sitting as a whole; those on one candidate stand in the log
_DEEDS = (
    "sittings.created",
    "sittings.rearranged",
    "sittings.rescheduled",
    "sittings.frozen",
    "sittings.public_value_recorded",
    "sittings.paper_opened",
    "delivery.draw_restarted",
    "delivery.papers_drawn",
    "delivery.answers_sealed",
    "delivery.keys_opened",
    "delivery.marked",
    "results.list_made",
    "sittings.called_off",
)
#: the steps in their order, each with the deed that ended it; the writing has begun by itself
_ENDS = {
    SittingState.DRAFT: "sittings.created",
    SittingState.FROZEN: "sittings.frozen",
    SittingState.OPENING: "sittings.paper_opened",
    SittingState.READY: "",
    SittingState.SEALED: "delivery.answers_sealed",
    SittingState.MARKED: "delivery.marked",
}
#: the step that is being taken in each state; the ones before it are done
_CURRENT = {
    SittingState.DRAFT: SittingState.DRAFT,
    SittingState.FROZEN: SittingState.OPENING,
    SittingState.OPENING: SittingState.OPENING,
    SittingState.READY: SittingState.READY,
    SittingState.SEALED: SittingState.MARKED,
    SittingState.MARKED: None,
    SittingState.CALLED_OFF: None,
}
#: a rehearsal is neither sealed nor marked: each attempt is, by itself
_OF_A_REHEARSAL = (SittingState.DRAFT, SittingState.FROZEN, SittingState.OPENING, SittingState.READY)


@dataclass(frozen=True)
class Deed:
    """Something that was done to a sitting."""

    action: str
    #: what people call it, a gettext message id
    name: str
    who: str
    #: the account, or what the log writes where there is none
    who_id: str
    at: datetime
    #: which freeze, and why a sitting was moved or called off
    freeze_no: int | None
    reason: str | None


@dataclass(frozen=True)
class Step:
    """A step of the line: done, being taken, or to come; and the deed that ended it."""

    state: SittingState
    is_done: bool
    is_current: bool
    deed: Deed | None


def deeds_of(session: Session, sitting: Sitting, keys: NodeKeys) -> list[Deed]:
    """Return the deeds on the sitting as a whole, oldest first: one statement."""
    scope = f"sitting:{sitting.id}"
    rows = session.execute(
        select(AuditEvent, AuditDetails)
        .outerjoin(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.scope == scope, AuditEvent.action.in_(_DEEDS))
        .order_by(AuditEvent.number)
        .execution_options(populate_existing=True)
    )
    found = [(event, details) for event, details in rows]
    return [
        _deed(event, details) for event, details in found if is_genuine(stored_event(event, details), keys.audit_key)
    ]


def line_of_steps(sitting: Sitting, deeds: Sequence[Deed]) -> list[Step]:
    """Return the sitting's steps in their order; one that is finished is done and never the current one."""
    states = [state for state in _ENDS if sitting.mode is SittingMode.PROGRAMMED or state in _OF_A_REHEARSAL]
    current = _CURRENT[sitting.state]
    # what comes before the current step is done; without a current one everything is
    done = states.index(current) if current in states else len(states)
    last = {deed.action: deed for deed in deeds}
    return [
        Step(state, index < done, state is current, last.get(_ENDS[state]) if index < max(done, 1) else None)
        for index, state in enumerate(states)
    ]


def _deed(event: AuditEvent, details: AuditDetails | None) -> Deed:
    known = _known(details.details) if details else {}
    return Deed(
        action=event.action,
        name=ACTIONS[event.action],
        who=event.actor_name,
        who_id=event.actor_id,
        at=event.at,
        freeze_no=known.get("freeze_no"),
        reason=known.get("reason") or None,
    )


def _known(text: str) -> dict[str, Any]:
    """Return the details as they were written; what somebody has made unreadable says nothing."""
    try:
        known = json.loads(text)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}
