"""How much processor time a tree of processes has used, from /proc: the client's own never counts."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """Return the time used so far by a process, its living descendants and those it has waited for."""
    return sum(_tree(root).values()) / _TICKS


def family(root: int) -> list[int]:
    """Return a process and its living descendants."""
    return list(_tree(root))


def _tree(root: int) -> dict[int, int]:
    """Return process -> ticks used, of a process and its living descendants."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # After the name: state, ppid, ...; utime, stime, cutime, cstime are fields 14 to 17 of proc(5).
        stats[int(path.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    found, waiting = {}, [root]
    while waiting:
        process = waiting.pop()
        found[process] = stats.get(process, (0, 0))[1]
        waiting += [child for child, (parent, _) in stats.items() if parent == process]
    return found
