"""Drawing pages: `render`, the side navigation of the actor, one-time notes, redirects after a deed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flask import Flask, current_app, flash, g, get_flashed_messages, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed_somewhere
from examapp.web.guards import may
from examapp.web.language import translate
from examapp.web.site import NavItem, site

_ICON = re.compile(r'href="#i-([a-z-]+)"')
_REDRAWN = re.compile(r" hx-(?:get|post)=")
#: what a part of a page shows when a job has ended or a check has been made
_OF_STATES = (
    *("check", "clock", "download", "eye", "info", "minus", "pause"),
    *("print", "right", "stop", "undo", "warn", "x"),
)

Tone = Literal["ok", "info", "warn", "bad"]


@dataclass(frozen=True)
class NavLine:
    """A line of the side navigation, ready to draw."""

    label: str
    icon: str
    href: str
    #: value of `aria-current`: "page" for the page itself, "true" for the section that holds it, empty elsewhere
    current: str


def init_app(app: Flask) -> None:
    """Give templates what every page needs."""
    app.jinja_env.globals.update(icons_in=icons_in, navigation=navigation, notes=notes, may=may, Permission=Permission)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def render(template: str, /, **context: object) -> str:
    """Return the page; the path is the endpoint's: `bank.list_questions` draws `bank/list_questions.html`."""
    return render_template(template, **context)


def icons_in(markup: str) -> list[str]:
    """Return the icons a drawn page uses, so that only these are in its sprite; one that is redrawn may need more."""
    return sorted({*_ICON.findall(markup), *(_OF_STATES if _REDRAWN.search(markup) else ())})


def done(note: str, endpoint: str, /, *, tone: Tone = "ok", **values: object) -> Response:
    """Leave a note (already translated) for the next page and go there: every deed ends so."""
    flash(note, tone)
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]


def notes() -> list[tuple[Tone, str]]:
    """Return the notes left for this page."""
    return get_flashed_messages(with_categories=True)  # type: ignore[return-value]


def navigation() -> list[tuple[str, list[NavLine]]]:
    """Return the groups and lines that this actor may open and that exist."""
    groups = [(group.title, [item for item in group.items if _is_open(item)]) for group in site().hooks.navigation]
    here = _section(item for _, items in groups for item in items)
    return [(translate(title), [_line(item, here) for item in items]) for title, items in groups if items]


def _is_open(item: NavItem) -> bool:
    return item.endpoint in current_app.view_functions and is_allowed_somewhere(g.actor, item.permission)


def _section(items: Iterable[NavItem]) -> str | None:
    """Return the endpoint of the line that this page belongs to: the longest address above the page's own.

    The start is above everything, and so holds nothing but itself. A line may hold pages of other addresses.
    """
    items = list(items)
    for item in items:
        if request.blueprint in item.also:
            return item.endpoint
    addresses = {url_for(item.endpoint).rstrip("/"): item.endpoint for item in items}
    above = [one for one in addresses if one and f"{request.path}/".startswith(f"{one}/")]
    return addresses[max(above, key=len)] if above else request.endpoint


def _line(item: NavItem, here: str | None) -> NavLine:
    current = "" if item.endpoint != here else "page" if item.endpoint == request.endpoint else "true"
    return NavLine(translate(item.label), item.icon, url_for(item.endpoint), current)
