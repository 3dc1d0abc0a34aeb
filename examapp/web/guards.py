"""Permission on every view, denied by default.

`@requires(P)` or `@public` declares; a view with neither does not start (`init_app`) and, should it be added later,
is refused. Permissions about the account or the site are asked before the view runs. Permissions about an exam or a
subject are asked on the object: `load` fetches and checks in one call, and the boundary answers 500 when a view
forgot. A list page says `@requires(P, somewhere=True)` and filters with `reach_of`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for

from examapp.access.permissions import Permission
from examapp.access.policy import is_allowed, is_allowed_somewhere, knows_of
from examapp.access.scopes import SITE, Scope, scope_of
from examapp.core.db import db
from examapp.core.errors import NotAllowed, NotFound
from examapp.core.i18n import N_
from examapp.web.afterwards import do_afterwards
from examapp.web.kept import hold_typed
from examapp.web.session import ask_to_sign_in
from examapp.web.site import Denial, site

View = TypeVar("View", bound=Callable[..., Any])
Thing = TypeVar("Thing")

_ASKED_BEFORE_THE_VIEW = ("account", "site")


@dataclass(frozen=True)
class Rule:
    """What a view declares: nobody is asked (permission None), or a permission, on an object or somewhere."""

    permission: Permission | None
    somewhere: bool = False

    @property
    def asks_on_object(self) -> bool:
        """Say whether the view itself must call `load` or `check`."""
        return (
            self.permission is not None
            and not self.somewhere
            and self.permission.scope_type not in _ASKED_BEFORE_THE_VIEW
        )


def init_app(app: Flask) -> None:
    """Ask before every view; call this when all blueprints are registered. Raise RuntimeError for a silent view."""
    silent = sorted(name for name, view in app.view_functions.items() if rule_of(view) is None)
    if silent:
        raise RuntimeError(f"views without @requires or @public: {', '.join(silent)}")
    app.before_request(_admit)


def public(view: View) -> View:
    """Declare that anybody may open this view; it says in its docstring why."""
    view.access_rule = Rule(None)  # type: ignore[attr-defined]
    return view


def requires(permission: Permission, *, somewhere: bool = False) -> Callable[[View], View]:
    """Declare the permission a view needs; `somewhere` is for lists, which filter by `reach_of`."""

    def declare(view: View) -> View:
        view.access_rule = Rule(permission, somewhere)  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Return what a view declared, if it did."""
    return getattr(view, "access_rule", None)


def _admit() -> Any:
    """Ask before the view: signed in at all, and holding the permission where no object is needed to know."""
    g.access_checked = False
    if request.endpoint is None:  # no such page: the 404 follows
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is None:
        raise NotAllowed("no_rule", N_("Trang này chưa được phép mở."))
    g.access_rule = rule
    if rule.permission is None:
        return None
    if g.signed_in is None:
        g.access_checked = True
        return hold_typed(401) or ask_to_sign_in()
    if g.signed_in.must_change_password and not _open_before_password_change():
        g.access_checked = True
        return hold_typed(403) or redirect(url_for(site().hooks.password_endpoint))
    if rule.asks_on_object or rule.somewhere:
        if not is_allowed_somewhere(g.actor, rule.permission):
            _deny(rule.permission, None)
    elif not is_allowed(g.actor, rule.permission, SITE):
        _deny(rule.permission, None)
    return None


def _open_before_password_change() -> bool:
    hooks = site().hooks
    return request.endpoint in (hooks.password_endpoint, hooks.sign_out_endpoint)


def load(find: Callable[..., Thing | None], *args: object, permission: Permission | None = None) -> Thing:
    """Return `find(session, *args)` when the actor holds the view's permission on it.

    Raise NotFound when there is none, or when the actor has no business in its scope at all; NotAllowed otherwise.
    `permission` asks for another one than the view declared.
    """
    thing = find(db.session(), *args)
    if thing is None:
        raise NotFound("not_found", N_("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ."))
    return check(thing, permission=permission)


def check(thing: Thing, *, permission: Permission | None = None) -> Thing:
    """Return `thing` when the actor holds the permission in its scope; raise as `load` does."""
    asked = permission or g.access_rule.permission
    if asked is None:
        raise RuntimeError("a public view has no permission to check; name one")
    scope = scope_of(thing)
    if not is_allowed(g.actor, asked, scope):
        _deny(asked, scope)
    if permission is None or permission == g.access_rule.permission:
        g.access_checked = True
    return thing


def may(permission: Permission | str, thing: object = SITE) -> bool:
    """Say whether the actor holds a permission on a thing; templates ask it before they draw a button."""
    return is_allowed(g.actor, Permission(permission), scope_of(thing))


def was_checked() -> bool:
    """Say whether the finished view asked whatever it declared."""
    rule: Rule | None = g.get("access_rule")
    return rule is None or not rule.asks_on_object or bool(g.access_checked)


def _deny(permission: Permission, scope: Scope | None) -> None:
    """Queue the refusal for the audit chain and refuse: a stranger is told that there is nothing here."""
    denial = Denial(g.actor, permission, request.path, g.now)
    record = site().hooks.record_denial
    do_afterwards(lambda session: record(session, denial))
    if scope is not None and not knows_of(g.actor, scope):
        raise NotFound("not_found", N_("Không tìm thấy nội dung này. Có thể đường dẫn đã cũ."))
    raise NotAllowed("not_allowed", N_("Tài khoản này không có quyền mở trang hay làm việc này."))
