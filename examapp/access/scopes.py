"""What a permission is asked about: the site, one exam or one subject.

`scope_of` turns a thing into its scope. It knows no feature: `wiring.py` registers a function per model, and a model
nobody registered stops the request instead of being judged by the wrong scope.
"""

from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """The extent of a role or of a question about one; `id` is None for the site only."""

    type: str
    id: UUID | None = None


SITE = Scope("site")


def exam_scope(exam_id: UUID) -> Scope:
    """Return the scope of one exam."""
    return Scope("exam", exam_id)


def subject_scope(subject_id: UUID) -> Scope:
    """Return the scope of one subject of the bank."""
    return Scope("subject", subject_id)


@singledispatch
def scope_of(thing: object) -> Scope:
    """Return the scope in which a thing stands; raise TypeError for a kind nobody registered."""
    raise TypeError(f"no scope is registered for {type(thing).__name__}; see wiring.py")


@scope_of.register
def _(thing: Scope) -> Scope:
    return thing
