"""One waiting request: what it asks of the writer, and the place where the outcome is left for it."""

from asyncio import Future
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code
from examapp.integrity.receipts import KIND_SUBMIT


class Outcome(NamedTuple):
    """What was found or done; times are milliseconds since the epoch."""

    code: Code
    ack: int = 0
    now_ms: int = 0
    starts_ms: int | None = None
    closes_ms: int | None = None
    late: bool = False
    submits: bool = False
    closed_by: str | None = None
    diverged: tuple[int, ...] = ()
    release_key: bytes | None = None


BUSY = Outcome(Code.BUSY)
SIGNED_OUT = Outcome(Code.SIGNED_OUT)
REFUSED = Outcome(Code.REFUSED)


class Ask:
    """A batch of saves, or with `saves` None the request for the paper's key."""

    __slots__ = ("_answered", "attempt", "lease", "outcome", "saves", "since", "sitting")

    def __init__(self, sitting: UUID, attempt: UUID, lease: int, saves: Sequence[Save] | None) -> None:
        self.sitting = sitting
        self.attempt = attempt
        self.lease = lease
        self.saves = saves
        self.outcome: Outcome | None = None
        #: when it began to wait, in the event loop's seconds
        self.since = 0.0
        self._answered: Future[Outcome] | None = None

    @property
    def submits(self) -> bool:
        """Say whether the batch ends with the submission."""
        return self.saves is not None and len(self.saves) > 0 and self.saves[-1].kind == KIND_SUBMIT

    def waits(self, answered: "Future[Outcome]", since: float) -> None:
        """Begin to wait: the outcome will be left in `answered`."""
        self._answered, self.since = answered, since

    def answer(self, outcome: Outcome) -> None:
        """Leave the outcome and end the wait; the first outcome stays."""
        if self.outcome is None:
            self.outcome = outcome
            # A request whose page went away was cancelled.
            if self._answered is not None and not self._answered.done():
                self._answered.set_result(outcome)
