"""One request, one transaction, ended in one place.

Safe methods roll back, whatever they did; an unsafe method commits when its answer is below 400 and rolls back
otherwise; a commit that fails becomes a 500. A view that should have asked for permission on an object and did not
becomes a 500, too. Deeds queued with `do_afterwards` are done last, in their own transaction; with them, and only
with them, a GET may leave a trace (a denied access; the last-seen mark of a staff session).
"""

from flask import Flask, Response, current_app, g, request

from examapp.core.db import db
from examapp.web import afterwards, guards, handlers
from examapp.web.site import site

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Open the boundary before everything else of a request; call this last, so that it also closes first.

    Flask runs what was registered last first on the way out: headers and cookies then apply to a 500 made here, too.
    """
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)


def _begin() -> None:
    """Give the request its one timestamp and its session the node's keys."""
    g.now = site().clock.now()
    afterwards.begin()
    db.session.info["keys"] = site().keys


def _end(response: Response) -> Response:
    response = _end_transaction(response)
    deeds = afterwards.queued()
    if deeds:
        try:
            for deed in deeds:
                deed(db.session())
            db.session.commit()
        except Exception:  # the answer is already decided; losing a trace must not lose the answer
            db.session.rollback()
            current_app.logger.exception("a deed after the request failed")
    return response


def _end_transaction(response: Response) -> Response:
    if response.status_code < 400 and not guards.was_checked():
        db.session.rollback()
        return handlers.server_error(f"{request.endpoint} finished without asking for permission on an object")
    if request.method in SAFE_METHODS or response.status_code >= 400:
        db.session.rollback()
        return response
    try:
        db.session.commit()
    except Exception as error:  # whatever the database refuses, the person must not read "done"
        db.session.rollback()
        return handlers.server_error("the commit failed", error)
    return response
