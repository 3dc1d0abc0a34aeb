"""How much processor time a tree of processes has used, from /proc: the client's own never counts."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """Return the time used so far by a process, its living descendants and those it has waited for."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # After the name: state, ppid, ...; utime, stime, cutime, cstime are fields 14 to 17 of proc(5).
        stats[int(path.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    total, waiting = 0, [root]
    while waiting:
        process = waiting.pop()
        total += stats.get(process, (0, 0))[1]
        waiting += [child for child, (parent, _) in stats.items() if parent == process]
    return total / _TICKS
