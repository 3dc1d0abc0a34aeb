"""Five requests a second and attempt, a burst of ten, and no more memory than that of so many attempts."""

from uuid import UUID

from examapp.answerlog.limiter import RateLimiter


class Watch:
    """A monotonic clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_burst_then_five_a_second() -> None:
    watch, attempt = Watch(), UUID(int=1)
    limiter = RateLimiter(per_second=5, burst=10, monotonic=watch)
    assert [limiter.wait_ms(attempt) for _ in range(10)] == [0] * 10
    assert limiter.wait_ms(attempt) == 200
    watch.now += 0.1
    assert limiter.wait_ms(attempt) == 100
    watch.now += 0.1
    assert limiter.wait_ms(attempt) == 0
    assert limiter.wait_ms(attempt) == 200
    watch.now += 60
    assert [limiter.wait_ms(attempt) for _ in range(11)] == [0] * 10 + [200]


def test_attempts_do_not_slow_one_another() -> None:
    limiter = RateLimiter(per_second=5, burst=1, monotonic=Watch())
    assert [limiter.wait_ms(UUID(int=n)) for n in range(50)] == [0] * 50


def test_memory_is_bounded_and_the_busy_are_remembered() -> None:
    limiter = RateLimiter(per_second=5, burst=1, attempts=3, monotonic=Watch())
    busy = UUID(int=0)
    limiter.wait_ms(busy)
    for n in range(1, 20):
        limiter.wait_ms(UUID(int=n))
        assert limiter.wait_ms(busy) > 0
        assert len(limiter._buckets) <= 3
