"""The only place that asks the machine what time it is. Everything else is told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

#: the city's zone: what a person reads and types
LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """Whatever tells the time: the machine, or a test."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


def to_millis(moment: datetime) -> int:
    """Return whole milliseconds since the epoch."""
    return (moment - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """Return the aware UTC moment `millis` milliseconds after the epoch."""
    return _EPOCH + millis * _MILLISECOND


def local_text(moment: datetime) -> str:
    """Return a moment as people here write it, e.g. "08:00 ngày 12/12/2026"."""
    return moment.astimezone(LOCAL_ZONE).strftime("%H:%M ngày %d/%m/%Y")
