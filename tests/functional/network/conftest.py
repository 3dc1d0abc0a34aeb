"""`examapp serve` as it runs for real, on this test's database: what a stranger in the network talks to."""

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import pytest

from examapp.integrity.keys import NodeKeys
from examapp.settings import PROJECT, Settings, load_settings
from tests.conftest import CommittedDatabase

START_SECONDS = 60


@dataclass(frozen=True)
class WebServer:
    """A running server: how it was told to run, and its first process."""

    settings: Settings
    pid: int

    @property
    def place(self) -> tuple[str, int]:
        """Return where to connect."""
        return ("127.0.0.1", self.settings.port)

    def memory_mb(self) -> float:
        """Return what its processes hold in memory, all together."""
        return sum(_resident_mb(pid) for pid in _family(self.pid))


@pytest.fixture
def web(committed_db: CommittedDatabase, keys: NodeKeys, tmp_path: Path) -> Iterator[WebServer]:
    """Return a web server that answers."""
    # The test holds as many connections as the strangers it plays.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)) if hard > 0 else 8192, hard))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "DATABASE_URL": committed_db.url,
        "INSTANCE_DIR": str(tmp_path),
        "NODE_ROOT": keys.root.hex(),
        "SECRET_KEY": token_hex(32),
        "PORT": str(port),
    }
    settings = load_settings(environ)
    with (tmp_path / "web.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "examapp.cli", "serve"],
            env={**os.environ, **environ},
            cwd=PROJECT,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_it_answers(port, process, tmp_path / "web.log")
        yield WebServer(settings, process.pid)
    finally:
        # An orderly stop waits for open connections; the others die with the first all the same.
        process.kill()
        process.wait()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.05)
        else:
            return


def _family(pid: int) -> Iterator[int]:
    """Give a process and everything below it."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
