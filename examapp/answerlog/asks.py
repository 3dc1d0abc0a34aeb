"""One waiting request: what it asks of the writer, and the place where the writer leaves the outcome."""

from _thread import allocate_lock
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code
from examapp.integrity.receipts import KIND_SUBMIT


class Outcome(NamedTuple):
    """What the writer found or did; times are milliseconds since the epoch."""

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

    __slots__ = ("_answered", "abandoned", "attempt", "lease", "outcome", "saves", "sitting")

    def __init__(self, sitting: UUID, attempt: UUID, lease: int, saves: Sequence[Save] | None) -> None:
        self.sitting = sitting
        self.attempt = attempt
        self.lease = lease
        self.saves = saves
        self.outcome = BUSY
        self.abandoned = False
        # A bare lock is the cheapest thing that one thread can wait for and another can open.
        self._answered = allocate_lock()
        self._answered.acquire()

    @property
    def submits(self) -> bool:
        """Say whether the batch ends with the submission."""
        return bool(self.saves) and self.saves[-1].kind == KIND_SUBMIT  # type: ignore[index]

    def answer(self, outcome: Outcome) -> None:
        """Leave the outcome and wake the request; an answered ask stays as it is."""
        if self._answered.locked():
            self.outcome = outcome
            self._answered.release()

    def wait(self, seconds: float) -> Outcome:
        """Return the outcome, or BUSY when none came in time; the page sends the same again."""
        if not self._answered.acquire(timeout=seconds):
            self.abandoned = True
            return BUSY
        return self.outcome
