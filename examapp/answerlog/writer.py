"""One writer per process: a batch takes everything that waits and stores it with one durable commit, then answers it.

Requests share commits, so the disk is never the limit; each waits for its own. The writer is no thread of its own but
a turn: a request that finds nobody writing writes at once, for itself and whoever joins, and then passes the turn on
to the request that has waited longest. So a lone request costs no change of threads, and there is no thread that could
die unnoticed. Whatever goes wrong, every waiting request is answered: with its outcome, or with BUSY, upon which the
page sends the same rows again.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from threading import Lock
from uuid import UUID

import psycopg

from examapp.answerlog.asks import BUSY, REFUSED, Ask, Outcome
from examapp.answerlog.batches import Connection, prepare, run_carefully, run_fast
from examapp.core.clock import Clock, SystemClock

logger = logging.getLogger(__name__)

MAX_BATCH = 128
CAPACITY = 1_000
WAIT_SECONDS = 5.0

_MICROSECOND = timedelta(microseconds=1)
#: the database refuses a value; anything else is the server's trouble, not the request's
_POISON = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.RaiseException)

_Run = Callable[[Connection, Sequence[Ask], int], Sequence[tuple[Ask, Outcome | None]]]


class Writer:
    """Stores batches of saves and reads released keys for all requests of this process."""

    def __init__(self, dsn: str, clock: Clock, *, capacity: int = CAPACITY, wait_seconds: float = WAIT_SECONDS) -> None:
        self._dsn = dsn.replace("postgresql+psycopg://", "postgresql://", 1)
        self._clock = clock
        self._capacity = capacity
        self._wait_seconds = wait_seconds
        self._waiting: deque[Ask] = deque()
        self._taken = False
        # Guards the two above; held for a few instructions only.
        self._turn = Lock()
        # Only whoever has the turn touches the connection. Opened with the first batch, after the server has forked.
        self._connection: Connection | None = None

    def ask(self, ask: Ask) -> Outcome:
        """Return the outcome once it is durable, or BUSY when too many wait or the wait is too long."""
        with self._turn:
            if len(self._waiting) >= self._capacity:
                return BUSY
            self._waiting.append(ask)
            leads = not self._taken
            self._taken = True
        if leads or self._wait(ask):
            self._lead()
        return ask.outcome or BUSY

    def close(self) -> None:
        """Give back the connection; for a process without waiting requests."""
        self._disconnect()

    def _wait(self, ask: Ask) -> bool:
        """Wait for the outcome; return whether the turn came instead."""
        if not ask.wait(self._wait_seconds):
            with self._turn:
                # Between the end of the wait and here the turn may have been given to us: then it must be taken.
                ask.abandoned = not ask.leads
        return ask.leads

    def _lead(self) -> None:
        """Write one batch, then pass on the turn, whatever happened."""
        batch: list[Ask] = []
        try:
            with self._turn:
                while self._waiting and len(batch) < MAX_BATCH:
                    batch.append(self._waiting.popleft())
            self._serve([ask for ask in batch if not ask.abandoned])
        finally:
            for ask in batch:
                ask.answer(BUSY)
            self._pass_on()

    def _pass_on(self) -> None:
        with self._turn:
            while self._waiting:
                if not self._waiting[0].abandoned:
                    self._waiting[0].leads = True
                    self._waiting[0].wake()
                    return
                self._waiting.popleft()
            self._taken = False

    def _serve(self, asks: Sequence[Ask]) -> None:
        """Answer the requests of a batch; those that get no answer here are busy."""
        try:
            usual, again = _one_per_attempt(ask for ask in asks if not ask.submits)
            careful = self._attempt(run_fast, usual) + again + [ask for ask in asks if ask.submits]
            while careful:
                now, careful = _one_per_attempt(careful)
                for ask in self._attempt(run_carefully, now):
                    self._alone(ask)
        except psycopg.OperationalError as error:
            # Every way in which the server can be away, restarting, or too busy for us; also a lock held too long.
            logger.warning("answer log: batch of %d not stored: %s", len(asks), error)
            self._disconnect()
        except Exception:
            logger.exception("answer log: batch of %d not stored", len(asks))
            self._disconnect()

    def _attempt(self, run: _Run, asks: Sequence[Ask]) -> list[Ask]:
        """Run a batch and answer it; return the requests that have no outcome, all of them when a row poisons it."""
        if not asks:
            return []
        try:
            outcomes = run(self._connected(), asks, self._offset_us())
        except _POISON:
            return list(asks)
        for ask, outcome in outcomes:
            if outcome is not None:
                ask.answer(outcome)
        return [ask for ask, outcome in outcomes if outcome is None]

    def _alone(self, ask: Ask) -> None:
        """Carry out one request by itself; what the database refuses even then is this request's fault alone."""
        if self._attempt(run_carefully, [ask]):
            logger.error("answer log: the database refuses a batch of attempt %s", ask.attempt)
            ask.answer(REFUSED)

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3, application_name="answer log")
            try:
                prepare(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _offset_us(self) -> int:
        """Return how far the application's clock is from the machine's; the database adds it to its own."""
        if isinstance(self._clock, SystemClock):
            return 0
        return (self._clock.now() - SystemClock().now()) // _MICROSECOND


def _one_per_attempt(asks: Iterable[Ask]) -> tuple[list[Ask], list[Ask]]:
    """Return the first request of each attempt, and the others: they are judged after the first is stored."""
    first: dict[UUID, Ask] = {}
    others = [ask for ask in asks if first.setdefault(ask.attempt, ask) is not ask]
    return list(first.values()), others
