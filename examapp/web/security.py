"""What every answer carries and every unsafe request must prove.

Headers: a policy that allows this origin's files and nothing inline. Forms: a CSRF token. JSON of the candidate's
page: the content type and `Sec-Fetch-Site: same-origin`, which no other site's page can send.
"""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden, UnsupportedMediaType
from werkzeug.middleware.proxy_fix import ProxyFix

API_PREFIX = "/thi/api/"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # pictures of questions travel inside the text; an image runs nothing
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # same-origin and not no-referrer: the CSRF check under TLS compares the referrer
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), fullscreen=(self)",
}
TWO_YEARS = 63_072_000

csrf = CSRFProtect()


def init_app(app: Flask, *, trusted_proxies: int) -> None:
    """Install headers, forgery checks and, behind stated proxies only, their account of the client."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=True)
    csrf.init_app(app)
    app.before_request(_refuse_forgery)
    app.after_request(_add_headers)
    if trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted_proxies, x_proto=trusted_proxies, x_host=trusted_proxies
        )


def is_api() -> bool:
    """Say whether this request speaks JSON with the candidate's page."""
    return request.path.startswith(API_PREFIX)


def _refuse_forgery() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE") or request.endpoint is None:
        return
    if not is_api():
        csrf.protect()
        return
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        raise Forbidden("cross-site")
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("json")


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
