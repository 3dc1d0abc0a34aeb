"""Reads hostile files one after the other in a process of its own, with a clock and a limit of memory.

`python -m tests.faults.reading_worker FORMAT CASES SEED` prints one line of JSON: how many files, the slowest in
seconds of processor time, the peak of memory in MB, and what went wrong. A file that hangs ends the process by its
alarm.
"""

import ctypes
import gc
import io
import json
import random
import resource
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from question_bank.formats import FORMATS, read_any
from question_bank.formats.report import ReadResult
from tests.question_bank.samples import sample_of

MAX_SECONDS, MAX_MEGABYTES, HANGS = 2.0, 200, 30
#: A file that really holds thousands of questions may take its time for each of them.
SECONDS_EACH, MEGABYTES_EACH = 0.0003, 0.008
_ALONE = "alone"
_LARGE = 10 * 1024 * 1024
#: one in so many files is as large as a file may be
_EVERY = 60
#: What some format gives a meaning to.
_BITS = (
    *(b"\0", b"<", b">", b"&", b"\xff", b"{", b"}", b"]]>", b"<!--", b"\r\n", b"\xcc\x80", b"%", b"\\", b"=", b'"'),
    *(b"<![CDATA[", b"PK\x03\x04", b"A.", b"1e999", b"\xe2\x80\xae", b"&#0;", b"&#x110000;", b"-1"),
    b"\xf0\x9d\x94\x98",
)


def main(name: str, cases: int, seed: str) -> int:
    """Read so many files of one format; return the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    chance = random.Random(f"{seed}:{name}")
    suffix = FORMATS[name].suffixes[0]
    slowest, most, peak, wrong = 0.0, 0, 0.0, []
    for number, data in enumerate(_files(name, cases, chance)):
        _forget_peak()
        signal.alarm(HANGS)
        began = time.process_time()
        try:
            result = read_any(data, f"tệp{suffix}")
            found, rows = _fault(result), result.rows_total
            del result
        except BaseException as failed:  # whatever it is, a reader must not raise it
            found, rows = f"{type(failed).__name__}: {str(failed)[:200]}", 0
        seconds = time.process_time() - began
        signal.alarm(0)
        slowest, most, peak = max(slowest, seconds), max(most, rows), max(peak, _peak())
        if seconds > MAX_SECONDS + SECONDS_EACH * rows:
            found = f"took {seconds:.1f} s"
        elif _peak() > MAX_MEGABYTES + MEGABYTES_EACH * rows:
            # What earlier files have left in pieces counts here too: it is measured once more where there were none.
            alone = _peak_alone(data, suffix)
            found = f"{alone:.0f} MB of memory" if alone > MAX_MEGABYTES + MEGABYTES_EACH * rows else found
        if found:
            wrong.append(f"case {number} of {len(data)} bytes: {found}")
    report = {"format": name, "cases": cases, "most_rows": most, "slowest": round(slowest, 2), "peak_mb": round(peak)}
    sys.stdout.write(json.dumps(report | {"wrong": wrong}) + "\n")
    return 0


def _forget_peak() -> None:
    """Let the kernel count the peak of memory anew; making a file of 10 MB takes some, and so did the last one read."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """Return the peak of memory since then, in MB."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _peak_alone(data: bytes, suffix: str) -> float:
    """Return the peak of memory of a process that reads this file alone, in MB."""
    command = [sys.executable, "-m", "tests.faults.reading_worker", _ALONE, suffix]
    return float(subprocess.run(command, input=data, capture_output=True, check=True).stdout)


def _read_alone(suffix: str) -> int:
    data = sys.stdin.buffer.read()
    _forget_peak()
    result = read_any(data, f"tệp{suffix}")
    sys.stdout.write(f"{_peak()}\n")
    del result
    return 0


def _fault(result: ReadResult) -> str:
    """Return what is wrong with a result: a row that is nowhere, a refusal without a reason, numbers out of order."""
    if result.rows_total != len(result.records) + len(result.refused):
        return "rows are lost"
    if any(not row.problems for row in result.refused):
        return "a row is refused without a reason"
    if [problem.number for problem in result.problems] != list(range(1, len(result.problems) + 1)):
        return "problems are not numbered"
    json.dumps(result.to_json()).encode()
    return "" if all(problem.text() for problem in result.problems) else "a problem without a sentence"


def _files(name: str, cases: int, chance: random.Random) -> Iterator[bytes]:
    whole = sample_of(name)
    packed = whole.startswith(b"PK")
    for number in range(cases):
        large = number % _EVERY == _EVERY - 1
        if number % 10 == 0:
            yield chance.randbytes(chance.randrange(_LARGE if large else 4_000))
        elif packed and number % 4:
            yield _repacked(whole, chance, large=large)
        else:
            yield _mutated(whole, chance, large=large)


def _repacked(whole: bytes, chance: random.Random, *, large: bool) -> bytes:
    """Return an archive that is sound as such, with one or two of its parts damaged, taken out or written twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        hit = set(chance.sample(names, min(len(names), chance.randrange(1, 3))))
        for name in names:
            data = source.read(name)
            if name in hit:
                if chance.random() < 0.05:
                    continue
                data = _mutated(data, chance, large=large)
            target.writestr(name, data)
    return file.getvalue()


def _mutated(whole: bytes, chance: random.Random, *, large: bool) -> bytes:
    """Return some bytes with a few of them changed, cut, moved or repeated."""
    data = bytearray(whole)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(data) + 1)
        deed = chance.randrange(6)
        if deed == 0:
            data[at : at + chance.randrange(1, 40)] = b""
        elif deed == 1:
            data[at:at] = chance.choice(_BITS) * chance.choice((1, 1, 1, 3, 200))
        elif deed == 2 and data:
            data[min(at, len(data) - 1)] = chance.randrange(256)
        elif deed == 3:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + chance.randrange(300)]
        elif deed == 4:
            del data[chance.randrange(len(data) + 1) :]
        elif len(data) < 100_000:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + chance.randrange(100)] * chance.randrange(200)
    if large and data:
        start = chance.randrange(len(data))
        piece = bytes(data[start : start + chance.randrange(1, 5_000)])
        at = chance.randrange(len(data))
        data[at:at] = piece * ((_LARGE - len(data)) // max(len(piece), 1))
    return bytes(data[:_LARGE])


if __name__ == "__main__":
    if sys.argv[1] == _ALONE:
        sys.exit(_read_alone(sys.argv[2]))
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
