"""Cookies with the strictest names a browser knows: `__Host-`, Secure, HttpOnly, whole origin.

The one exception is plain http on a loopback address, where a browser would refuse them: there the name has no prefix.
"""

from datetime import timedelta
from ipaddress import ip_address
from typing import Literal

from flask import request
from werkzeug.wrappers import Response

from examapp.web.site import site


def is_loopback_http() -> bool:
    """Say whether this request came over plain http to this very machine."""
    if site().settings.secure_cookies or request.is_secure:
        return False
    host = request.host.rsplit(":", 1)[0].strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def cookie_name(name: str) -> str:
    """Return the full name of the cookie `name` on this request's kind of connection."""
    return name if is_loopback_http() else f"__Host-{name}"


def read_cookie(name: str) -> str | None:
    """Return the value of a cookie set by `set_cookie`."""
    return request.cookies.get(cookie_name(name))


def set_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    max_age: timedelta | None = None,
    samesite: Literal["Strict", "Lax"] = "Strict",
) -> None:
    """Set a cookie no script can read; without `max_age` it ends with the browser."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=max_age,
        secure=not is_loopback_http(),
        httponly=True,
        samesite=samesite,
        path="/",
    )


def forget_cookie(response: Response, name: str) -> None:
    """Have the browser delete a cookie set by `set_cookie`."""
    response.delete_cookie(cookie_name(name), path="/", secure=not is_loopback_http(), httponly=True, samesite="Strict")
