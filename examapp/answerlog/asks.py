"""One waiting request: what it asks of the writer, and the place where the outcome is left for it."""

from _thread import allocate_lock
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

    __slots__ = ("_woken", "abandoned", "attempt", "leads", "lease", "outcome", "saves", "sitting")

    def __init__(self, sitting: UUID, attempt: UUID, lease: int, saves: Sequence[Save] | None) -> None:
        self.sitting = sitting
        self.attempt = attempt
        self.lease = lease
        self.saves = saves
        self.outcome: Outcome | None = None
        #: nobody waits for the outcome any more
        self.abandoned = False
        #: the next batch is this request's to write
        self.leads = False
        # A bare lock is the cheapest thing that one thread can wait for and another can open.
        self._woken = allocate_lock()
        self._woken.acquire()

    @property
    def submits(self) -> bool:
        """Say whether the batch ends with the submission."""
        return self.saves is not None and len(self.saves) > 0 and self.saves[-1].kind == KIND_SUBMIT

    def answer(self, outcome: Outcome) -> None:
        """Leave the outcome and wake the request; the first outcome stays."""
        if self.outcome is None:
            self.outcome = outcome
            self.wake()

    def wake(self) -> None:
        """End the wait of this request's thread; waking twice is harmless."""
        if self._woken.locked():
            self._woken.release()

    def wait(self, seconds: float) -> bool:
        """Wait to be woken; return False when the time is over."""
        return self._woken.acquire(timeout=seconds)
