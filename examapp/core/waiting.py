"""How long somebody waits who typed wrong codes: one rule for candidates' and for sealed compartments' codes."""

from datetime import timedelta


def wait_after(failures: int) -> timedelta:
    """Return the wait after so many wrong codes: none before the third, then doubling, at most a minute."""
    return timedelta(seconds=0 if failures < 3 else min(60, 2 ** min(failures - 2, 6)))
