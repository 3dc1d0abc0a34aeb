"""Who a request comes from, and the small signed cookie that holds the CSRF token and one-time notes.

Staff are found by an opaque token whose digest is in the database; the accounts feature does that behind a hook.
Flask-Login only carries the answer (`request_loader`): it stores nothing, so signing out on the server is signing
out.
"""

import re
from typing import Any

from flask import Flask, Request, Response, g, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, current_user

from examapp.access.actor import ANONYMOUS
from examapp.core.db import db
from examapp.web.cookies import cookie_name, is_loopback_http
from examapp.web.site import SignedIn, site

PAGE_COOKIE = "khaothi-page"


class PageSession(SecureCookieSessionInterface):
    """Flask's signed cookie under the strictest name the connection allows."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave built files alone: a `Vary: Cookie` would have them fetched anew whenever the cookie changes."""
        if request.endpoint != "static":
            super().save_session(app, session, response)

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name with or without the `__Host-` prefix."""
        return cookie_name(PAGE_COOKIE)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return False on loopback http only."""
        return not is_loopback_http()


def init_app(app: Flask) -> None:
    """Install the page cookie and find the actor of each request."""
    app.session_interface = PageSession()
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", SESSION_COOKIE_PATH="/")
    manager = LoginManager()
    # no context processor: it would look the user up again for every page of an error
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None
    manager.request_loader(_find_signed_in)
    app.before_request(_load_actor)


def _find_signed_in(from_request: Request) -> SignedIn | None:
    return site().hooks.find_signed_in(db.session(), from_request, g.now)


def _load_actor() -> None:
    g.signed_in = signed_in() if request.endpoint not in (None, "static") else None
    g.actor = g.signed_in.actor if g.signed_in else ANONYMOUS


def signed_in() -> SignedIn | None:
    """Return who sent this request, also before the request's own checks have asked."""
    user = current_user._get_current_object()
    return user if isinstance(user, SignedIn) else None


def ask_to_sign_in() -> Any:
    """Send a browser to the sign-in page, which leads back to a page that was asked for (never to a deed)."""
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(site().hooks.sign_in_endpoint, next=target), 303)


def is_local_path(target: str) -> bool:
    """Say whether a `next` address stays here: one slash, and no sign that browsers drop or turn into a slash."""
    return re.fullmatch(r"/(?!/)[^\x00-\x20\\]*", target) is not None
