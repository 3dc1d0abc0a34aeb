"""Deeds that must survive the rollback of a refused request: the failed sign-in, the denied access, the last-seen
mark.

They are queued while the request runs and done by the boundary after its commit or rollback, in one transaction of
their own (decision 6). There is no other independent transaction: two appends to one chain from one request would
wait for each other for ever. Callers are listed in a test.
"""

from collections.abc import Callable

from flask import g
from sqlalchemy.orm import Session

Deed = Callable[[Session], None]


def begin() -> None:
    """Start the request with an empty queue."""
    g.afterwards = []


def do_afterwards(deed: Deed) -> None:
    """Have `deed(session)` done after this request's own transaction has ended, whichever way."""
    g.afterwards.append(deed)


def queued() -> list[Deed]:
    """Take the queue; a second call finds it empty."""
    deeds: list[Deed] = g.pop("afterwards", [])
    return deeds
