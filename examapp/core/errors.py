"""The four errors that cross a service's boundary, each with a code and a sentence for the person.

The message is a Vietnamese template (the gettext message id) with named parameters; `web/` translates and shows it.
"""

from collections.abc import Mapping


class ServiceError(Exception):
    """Something the person can be told: what happened, where, and what to do."""

    def __init__(self, code: str, message: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params: Mapping[str, object] = params

    def text(self) -> str:
        """Return the Vietnamese sentence with its parameters filled in."""
        return self.message % self.params if self.params else self.message

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"


class NotFound(ServiceError):
    """The thing does not exist, or its existence is not this person's business."""


class NotAllowed(ServiceError):
    """The person may not do this."""


class Conflict(ServiceError):
    """The thing is no longer in the state the deed needs: somebody else was faster, or the time has passed."""


class Invalid(ServiceError):
    """What was given is wrong; the sentence names the place."""
