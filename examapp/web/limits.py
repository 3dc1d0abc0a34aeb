"""Bodies are measured by their Content-Length before a byte is read; without one they are refused (decision 27).

The server has no limit of its own: 200 MB in one request took a worker to 527 MB. Forms have one limit, a view that
takes files says `@accepts_files` and has another; both are settings. The refusal is left in the environment and
spoken by `refuse_body` inside the application, so that it looks like every other error page.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask, request
from werkzeug.exceptions import HTTPException, LengthRequired, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

#: the status with which a body is refused, in the environment
REFUSED = "examapp.body_refused"
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS", "DELETE", "TRACE")

View = TypeVar("View", bound=Callable[..., Any])


def accepts_files(view: View) -> View:
    """Declare that this view takes files, so its body may be as large as `MAX_UPLOAD_BYTES`."""
    view.accepts_files = True  # type: ignore[attr-defined]
    return view


class BodyLimits:
    """WSGI middleware in front of the application: a refused body is replaced by an empty one, unread."""

    def __init__(self, app: Flask, *, forms: int, files: int) -> None:
        self.app = app
        self.inner: Callable[..., Iterable[bytes]] = app.wsgi_app
        self.forms = forms
        self.files = files

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Measure, and hand on."""
        status = environ.get(REFUSED) or self.refusal(environ)
        if status:
            environ[REFUSED] = status
            environ["wsgi.input"] = BytesIO()
            environ["CONTENT_LENGTH"] = "0"
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        return self.inner(environ, start_response)

    def refusal(self, environ: dict[str, Any]) -> int | None:
        """Return the status with which the body is refused for what its headers say, or None."""
        chunked = "HTTP_TRANSFER_ENCODING" in environ
        length = environ.get("CONTENT_LENGTH") or ""
        if chunked or not (length.isascii() and length.isdigit()):
            # a body of unknown length, or a method that announces one
            if chunked or length or environ["REQUEST_METHOD"] not in _WITHOUT_BODY:
                return 411
            return None
        size = int(length)
        return 413 if size > self.forms and size > self._limit(environ) else None

    def _limit(self, environ: dict[str, Any]) -> int:
        """Return the limit of the view that would answer; asked for large bodies only."""
        try:
            endpoint, _ = self.app.url_map.bind_to_environ(environ).match()
        except HTTPException:
            return self.forms
        return self.files if getattr(self.app.view_functions[endpoint], "accepts_files", False) else self.forms


def init_app(app: Flask, *, forms: int, files: int) -> None:
    """Put the middleware in front and the refusal at the beginning of the request."""
    app.extensions["body_limits"] = app.wsgi_app = BodyLimits(app, forms=forms, files=files)  # type: ignore[method-assign]
    app.config["MAX_FORM_MEMORY_SIZE"] = None  # the body as a whole is already limited
    app.before_request(_refuse_body)


def _refuse_body() -> None:
    status = request.environ.get(REFUSED)
    if status == 408:
        raise RequestTimeout
    if status == 411:
        raise LengthRequired
    if status == 413:
        raise RequestEntityTooLarge
    if status == 503:
        raise ServiceUnavailable
