"""The refusals of the sealing layer, each with a code and a sentence for the person who stands at the machine.

They mirror `core.errors`: a Vietnamese template (the gettext message id) with named parameters, translated at the
edge.
"""

from collections.abc import Mapping


class IntegrityError(ValueError):
    """Something that must match does not; `code` is for programs, `text()` for people."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params: Mapping[str, object] = params

    def text(self) -> str:
        """Return the Vietnamese sentence with its parameters filled in."""
        return self.message % self.params if self.params else self.message

    def __str__(self) -> str:
        return f"{self.code}: {self.text()}"


class CanonicalError(IntegrityError):
    """A value or text has no canonical form, so it must not be hashed, signed or believed."""


class BadCode(IntegrityError):
    """A typed code is not well formed: a slip of the fingers, told apart from a wrong code."""


class WrongCode(IntegrityError):
    """A well-formed code that opens something else, or nothing."""


class SealBroken(IntegrityError):
    """A sealed value does not authenticate under its key and context."""


class PackageRefused(IntegrityError):
    """A package is damaged, altered, signed by somebody else or larger than allowed."""
