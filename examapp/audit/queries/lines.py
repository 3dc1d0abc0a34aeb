"""Events as people read them: the deed, the thing and the details in words, hashes left to the page of one event."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from examapp.audit.models import AuditEvent
from examapp.audit.rules import ACTIONS, kind_of, label_of, parsed_details, word_of
from examapp.core.i18n import N_
from examapp.integrity.canonical import jcs

Moment = Callable[[datetime], str]

_NOBODY: Mapping[str, str] = {}
_NOTHING = "–"
_HASH = re.compile(r"[0-9a-f]{64}|[\w-]{43}")
_THING = re.compile(r"[a-z_]+:[0-9a-f]{8}-[0-9a-f-]{27}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


@dataclass(frozen=True)
class Detail:
    """One line of an event's details as people read it."""

    #: gettext message ids, or the plain text where there is no word for it
    label: str
    value: str

    @property
    def tells(self) -> bool:
        """Say whether it tells a reader of the list something; hashes are for the page of the event."""
        return self.value != _NOTHING and not _HASH.fullmatch(self.value)


@dataclass(frozen=True)
class Change:
    """A detail on the page of one event; `before` is None where nothing was replaced. Texts as in `Detail`."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True)
class EventLine:
    """An event as the page shows it."""

    event: AuditEvent
    #: a gettext message id, None for a deed without a word
    action: str | None
    #: what the subject is (a message id with the name) and what people call it; None for one that names itself
    kind: str | None
    name: str | None
    #: None when they were erased
    details: list[Detail] | None


def event_line(event: AuditEvent, details: str | None, names: Mapping[str, str], moment: Moment) -> EventLine:
    """Return the event in words; `names` are people's names of things by subject, `moment` writes a time."""
    return EventLine(
        event=event,
        action=ACTIONS.get(event.action),
        kind=kind_of(event.subject),
        name=names.get(event.subject),
        details=None if details is None else shown_details(details, moment, names),
    )


def things_in(details: str | None) -> set[str]:
    """Return the things that details name as the log does: `event_line` shows what people call them."""
    return set(_THING.findall(details or ""))


def shown_details(text: str, moment: Moment, names: Mapping[str, str] = _NOBODY) -> list[Detail]:
    """Return the details of an event, canonical JSON, as lines in the order of their keys."""
    details = parsed_details(text)
    if not isinstance(details, dict):
        return [Detail("", text)]
    return [Detail(label_of(key), _shown(key, value, moment, names)) for key, value in details.items()]


def changes_of(text: str, moment: Moment, names: Mapping[str, str] = _NOBODY) -> list[Change]:
    """Return the details of an event with what was before and what is after apart."""
    details = parsed_details(text)
    if not isinstance(details, dict):
        return [Change("", None, text)]
    return [_change(key, value, moment, names) for key, value in details.items()]


def _change(key: str, value: Any, moment: Moment, names: Mapping[str, str]) -> Change:
    label = label_of(key)
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        return Change(label, _shown(key, value["before"], moment, names), _shown(key, value["after"], moment, names))
    return Change(label, None, _shown(key, value, moment, names))


def _shown(key: str, value: Any, moment: Moment, names: Mapping[str, str]) -> str:
    """Return a value for people; what its detail has words for becomes one."""
    if isinstance(value, bool):
        return N_("có") if value else N_("không")
    if value is None or value in ([], ""):
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(_shown(key, one, moment, names) for one in value)
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        return f"{_shown(key, value['before'], moment, names)} → {_shown(key, value['after'], moment, names)}"
    if isinstance(value, dict) and set(value) == {"number", "count"}:
        return f"{value['number']} ({value['count']})"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _moment_text(value, moment)
    if isinstance(value, str):
        return names.get(value) or word_of(key, value)
    return jcs(value).decode()


def _moment_text(value: str, moment: Moment) -> str:
    """Return a moment as people write it; what somebody typed that only looks like one stays as it is."""
    try:
        return moment(datetime.fromisoformat(value))
    except (ValueError, OverflowError):
        return value
