"""A process of ours never outlives the one that started it.

`kill -9` of a server's master leaves its workers serving for ever, and a second master then binds the same port in
silence (measured with granian): a demonstration that "it survives a crash" would be talking to the old process. Linux
can tell a child when its parent is gone; elsewhere only the check at the start is left.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded now: between fork and exec (see core/postgres.py) nothing may be loaded any more.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGKILL) -> None:
    """Have the kernel send this process `signum` when the thread that started it ends."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signum)


def leave_if_orphaned(parent: int) -> None:
    """Exit at once when `parent` had already gone before `die_with_parent` could be called."""
    if os.getppid() != parent:
        sys.exit(1)
