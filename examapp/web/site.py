"""What the web layer is given instead of knowing features: settings, clock, keys and the hooks of `wiring.py`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import Request, current_app
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.access.permissions import Permission
from examapp.access.policy import Reach
from examapp.access.scopes import Scope
from examapp.core.clock import Clock
from examapp.integrity.keys import NodeKeys
from examapp.settings import Settings


@dataclass(frozen=True)
class SignedIn:
    """Who a request comes from, as the accounts feature found out from its cookie."""

    actor: Actor
    #: nothing but the change of password and sign-out is open until it is done
    must_change_password: bool = False
    #: the account's user name, shown in the shell
    username: str = ""

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return the account's id as Flask-Login wants it."""
        return self.actor.id_text


@dataclass(frozen=True)
class NavItem:
    """A line of the side navigation; shown when its page exists and the actor may open it."""

    label: str
    icon: str
    endpoint: str
    permission: Permission
    #: names of Flask blueprints whose pages belong here though their addresses lie elsewhere
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavGroup:
    """A heading of the side navigation with its lines."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True)
class Denial:
    """A refused access, as the audit feature records it."""

    actor: Actor
    permission: Permission
    #: the path asked for, with the id of the thing in it
    subject: str
    now: datetime


@dataclass(frozen=True)
class GrantScope:
    """An exam or a subject for which a role can be given."""

    type: str
    id: UUID
    label: str
    #: heading under which it is offered, a marked text
    group: str

    @property
    def value(self) -> str:
        """Return what a form sends for it."""
        return f"{self.type}:{self.id}"


@dataclass(frozen=True)
class Hooks:
    """What features lend to the web layer."""

    find_signed_in: Callable[[Session, Request, datetime], SignedIn | None]
    record_denial: Callable[[Session, Denial], None]
    #: what people call things, by their name in the log (`sitting:<id>`); what it does not know is left out
    name_things: Callable[[Session, Collection[str]], Mapping[str, str]]
    #: the names in the log of things whose code or name holds what somebody typed
    find_things: Callable[[Session, str], Collection[str]]
    #: the scope of a thing by its name in the log
    scope_of_name: Callable[[Session, str], Scope | None]
    #: the logs of the exams within reach and of their sittings
    logs_of_exams: Callable[[Session, Reach], Collection[str]]
    #: the exams and subjects for which a role can be given, newest exams first
    grant_scopes: Callable[[Session], Sequence[GrantScope]]
    navigation: tuple[NavGroup, ...]
    sign_in_endpoint: str
    sign_out_endpoint: str
    #: where somebody who must change the password first is sent
    password_endpoint: str


@dataclass(frozen=True)
class Site:
    """The one object the web layer keeps in `app.extensions`."""

    settings: Settings
    clock: Clock
    keys: NodeKeys
    hooks: Hooks


def site() -> Site:
    """Return the site of the running application."""
    return cast(Site, current_app.extensions["examapp"])
