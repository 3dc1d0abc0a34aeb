"""Requests per attempt and second, per process, in bounded memory: one page must not crowd out a room."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from uuid import UUID


class RateLimiter:
    """A token bucket per attempt; the attempts heard from longest ago are forgotten first."""

    def __init__(
        self, *, per_second: float, burst: int, attempts: int = 20_000, monotonic: Callable[[], float] = monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._attempts = attempts
        self._monotonic = monotonic
        self._buckets: OrderedDict[UUID, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait_ms(self, attempt: UUID) -> int:
        """Take one request from the attempt's bucket and return 0, or return how long to wait for the next one."""
        now = self._monotonic()
        with self._lock:
            level, then = self._buckets.pop(attempt, (self._burst, now))
            level = min(self._burst, level + (now - then) * self._per_second)
            allowed = level >= 1
            self._buckets[attempt] = (level - 1 if allowed else level, now)
            if len(self._buckets) > self._attempts:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - level) / self._per_second * 1000))
