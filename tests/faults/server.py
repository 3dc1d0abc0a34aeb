"""The whole product as it is run for real, in a folder of its own, to be killed without warning."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from examapp.settings import PROJECT, Settings, load_settings

#: crash recovery of the database included
START_SECONDS = 90
#: a process that was told to die by the kernel is gone long before
GONE_SECONDS = 10


class Server:
    """`examapp serve` with its database, web workers and job worker: one process group."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="khaothi-faults-"))
        # Root's database user must be able to enter.
        self.folder.chmod(0o711)
        self.port = _free_port()
        self._environ = {"INSTANCE_DIR": str(self.folder / "instance"), "PORT": str(self.port)}
        self.settings: Settings = load_settings(self._environ)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start everything and wait until it answers."""
        assert not self.answers(), "somebody else serves this port"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "examapp.cli", "serve"],
                cwd=PROJECT,
                env=kept | self._environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        ends = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < ends, self.log()
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the whole process group with SIGKILL; return when nobody answers any more."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        ends = time.monotonic() + GONE_SECONDS
        while self.answers():
            assert time.monotonic() < ends, "somebody still serves after kill -9"
            time.sleep(0.01)

    def answers(self) -> bool:
        """Say whether a connection is accepted."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False

    def log(self) -> str:
        """Return the end of what the server printed."""
        return (self.folder / "serve.log").read_text(errors="replace")[-3000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
