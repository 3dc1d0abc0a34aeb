"""One writer per process: a batch takes everything that waits and stores it with one durable commit, then answers it.

Requests share commits, so the disk is never the limit; each waits for its own. Everything happens on the event loop of
the process: while the database writes one batch, the next one gathers, and no thread is woken for a request. Only what
is rare and blocks (a new connection, the careful way) goes to a thread. Whatever goes wrong, every waiting request is
answered: with its outcome, or with BUSY, upon which the page sends the same rows again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
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


class Writer:
    """Stores batches of saves and reads released keys for all requests of this process; belongs to one event loop."""

    def __init__(self, dsn: str, clock: Clock, *, capacity: int = CAPACITY, wait_seconds: float = WAIT_SECONDS) -> None:
        self._dsn = dsn.replace("postgresql+psycopg://", "postgresql://", 1)
        self._clock = clock
        self._capacity = capacity
        self._wait_seconds = wait_seconds
        self._waiting: deque[Ask] = deque()
        self._batch: Sequence[Ask] = ()
        self._writing: asyncio.Task[None] | None = None
        self._watch: asyncio.TimerHandle | None = None
        # Opened with the first batch, after the server has forked; only the task that writes touches it.
        self._connection: Connection | None = None

    async def ask(self, ask: Ask) -> Outcome:
        """Return the outcome once it is durable, or BUSY when too many wait or the wait is too long."""
        if len(self._waiting) >= self._capacity:
            return BUSY
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Outcome] = loop.create_future()
        ask.waits(answered, loop.time())
        self._waiting.append(ask)
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        if self._watch is None:
            self._watch_again(loop)
        return await answered

    def close(self) -> None:
        """Give back the connection; for a process without waiting requests."""
        self._disconnect()

    async def _write(self) -> None:
        """Write batch after batch until nobody waits."""
        try:
            while self._waiting:
                count = min(len(self._waiting), MAX_BATCH)
                self._batch = [self._waiting.popleft() for _ in range(count)]
                try:
                    await self._serve([ask for ask in self._batch if ask.outcome is None])
                finally:
                    for ask in self._batch:
                        ask.answer(BUSY)
        finally:
            self._batch = ()
            self._writing = None

    def _watch_again(self, loop: asyncio.AbstractEventLoop) -> None:
        self._watch = loop.call_later(self._wait_seconds / 8, self._give_up_on_the_old, loop)

    def _give_up_on_the_old(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer those that have waited too long; what they asked for may still be stored, and is not lost."""
        self._watch = None
        if self._writing is None:
            return
        for ask in (*self._batch, *self._waiting):
            if loop.time() - ask.since >= self._wait_seconds:
                ask.answer(BUSY)
        self._watch_again(loop)

    async def _serve(self, asks: Sequence[Ask]) -> None:
        """Answer the requests of a batch; those that get no answer here are busy."""
        try:
            usual, again = _one_per_attempt(ask for ask in asks if not ask.submits)
            careful = await self._fast(usual) + again + [ask for ask in asks if ask.submits]
            while careful:
                now, careful = _one_per_attempt(careful)
                for ask in await self._carefully(now):
                    await self._alone(ask)
        except psycopg.OperationalError as error:
            # Every way in which the server can be away, restarting, or too busy for us; also a lock held too long.
            logger.warning("answer log: batch of %d not stored: %s", len(asks), error)
            self._disconnect()
        except Exception:
            logger.exception("answer log: batch of %d not stored", len(asks))
            self._disconnect()

    async def _fast(self, asks: Sequence[Ask]) -> list[Ask]:
        """Run a batch the usual way and answer it; return those that need the careful one."""
        if not asks:
            return []
        connection = self._connection
        if connection is None or connection.closed:
            connection = await asyncio.to_thread(self._connect)
        try:
            outcomes = await run_fast(connection, asks, self._offset_us())
        except _POISON:
            return list(asks)
        return _answered(outcomes)

    async def _carefully(self, asks: Sequence[Ask]) -> list[Ask]:
        """Judge a batch one by one and answer it; return all of it when a row poisons it."""
        try:
            return _answered(await asyncio.to_thread(self._judge, asks))
        except _POISON:
            return list(asks)

    def _judge(self, asks: Sequence[Ask]) -> Sequence[tuple[Ask, Outcome]]:
        connection = self._connection
        if connection is None or connection.closed:
            connection = self._connect()
        return run_carefully(connection, asks, self._offset_us())

    async def _alone(self, ask: Ask) -> None:
        """Carry out one request by itself; what the database refuses even then is this request's fault alone."""
        if await self._carefully([ask]):
            logger.error("answer log: the database refuses a batch of attempt %s", ask.attempt)
            ask.answer(REFUSED)

    def _connect(self) -> Connection:
        connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3, application_name="answer log")
        try:
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _offset_us(self) -> int:
        """Return how far the application's clock is from the machine's; the database adds it to its own."""
        if isinstance(self._clock, SystemClock):
            return 0
        return (self._clock.now() - SystemClock().now()) // _MICROSECOND


def _answered(outcomes: Iterable[tuple[Ask, Outcome | None]]) -> list[Ask]:
    """Answer the requests that have an outcome and return the others."""
    left = []
    for ask, outcome in outcomes:
        if outcome is None:
            left.append(ask)
        else:
            ask.answer(outcome)
    return left


def _one_per_attempt(asks: Iterable[Ask]) -> tuple[list[Ask], list[Ask]]:
    """Return the first request of each attempt, and the others: they are judged after the first is stored."""
    first: dict[UUID, Ask] = {}
    others = [ask for ask in asks if first.setdefault(ask.attempt, ask) is not ask]
    return list(first.values()), others
