"""One writer thread per process: takes everything that waits, stores it with one durable commit, then answers all of
it.

Requests share commits, so the disk is never the limit; each waits for its own. The thread starts with the first
request (after the server has forked) and again should it ever die. Whatever goes wrong, every waiting request is
answered: with its outcome, or with BUSY, upon which the page sends the same rows again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from uuid import UUID

import psycopg

from examapp.answerlog import statements
from examapp.answerlog.asks import BUSY, REFUSED, Ask, Outcome
from examapp.answerlog.batches import Connection, run_carefully, run_fast
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
        self._waiting: SimpleQueue[Ask | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None
        self._connection: Connection | None = None

    def ask(self, ask: Ask) -> Outcome:
        """Return the outcome once it is durable, or BUSY when the queue is full or the wait too long."""
        if self._waiting.qsize() >= self._capacity:
            return BUSY
        self._waiting.put(ask)
        if self._thread is None or not self._thread.is_alive():
            self._start()
        return ask.wait(self._wait_seconds)

    def close(self) -> None:
        """Finish what waits and end the thread."""
        if self._thread is not None and self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="answer-log-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        try:
            while (first := self._waiting.get()) is not None:
                batch, ends = self._take(first)
                self._serve(batch)
                if ends:
                    return
        finally:
            self._disconnect()

    def _take(self, first: Ask) -> tuple[list[Ask], bool]:
        """Return everything that waits now, and whether the writer was told to end."""
        batch = [first]
        try:
            while len(batch) < MAX_BATCH:
                ask = self._waiting.get_nowait()
                if ask is None:
                    return batch, True
                batch.append(ask)
        except Empty:
            pass
        return batch, False

    def _serve(self, batch: Sequence[Ask]) -> None:
        """Answer every request of the batch, whatever happens."""
        try:
            waiting = [ask for ask in batch if not ask.abandoned]
            usual, again = _one_per_attempt(ask for ask in waiting if not ask.submits)
            careful = self._attempt(run_fast, usual) + again + [ask for ask in waiting if ask.submits]
            while careful:
                now, careful = _one_per_attempt(careful)
                for ask in self._attempt(run_carefully, now):
                    self._alone(ask)
        except psycopg.OperationalError as error:
            # Every way in which the server can be away, restarting, or too busy for us; also a lock held too long.
            logger.warning("answer log: batch of %d not stored: %s", len(batch), error)
            self._disconnect()
        except Exception:
            logger.exception("answer log: batch of %d not stored", len(batch))
            self._disconnect()
        finally:
            for ask in batch:
                ask.answer(BUSY)

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
            connection.execute(statements.PREPARE_SESSION)
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _offset_us(self) -> int:
        """Return how far the application's clock is from the machine's; the database adds it to its own."""
        if isinstance(self._clock, SystemClock):
            return 0
        return (self._clock.now() - SystemClock().now()) // _MICROSECOND


def _one_per_attempt(asks: Iterable[Ask]) -> tuple[list[Ask], list[Ask]]:
    """Return the first request of each attempt, sorted, and the others: they are judged after the first is stored."""
    first: dict[UUID, Ask] = {}
    others = [ask for ask in asks if first.setdefault(ask.attempt, ask) is not ask]
    return sorted(first.values(), key=lambda ask: ask.attempt), others
