"""A process of ours never outlives the one that started it.

A web process that serves on after `kill -9` of its supervisor shares the port with its successors in silence: a
demonstration that "it survives a crash" would be talking to the old process. Linux tells a child when its parent is
gone; other systems do not.
"""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded now: between fork and exec (see core/postgres.py) nothing may be loaded any more.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGKILL) -> None:
    """Have the kernel send this process `signum` when the thread that started it ends."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signum)
