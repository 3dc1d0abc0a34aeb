"""A temporary installation with a real `examapp serve` on a free port, gone when the script ends."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from examapp.core.db import engine_for
from examapp.integrity.keys import NodeKeys
from examapp.settings import PROJECT, VARIABLES, load_settings

_START_SECONDS = 120


@dataclass(frozen=True)
class Installation:
    """Where the server listens, and its database and keys."""

    port: int
    engine: Engine
    keys: NodeKeys


@contextmanager
def installation() -> Iterator[Installation]:
    """Start a server of our own; end it and remove everything afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="khaothi-real-data-"))
    folder.chmod(0o711)  # root's database user must be able to enter
    port = _free_port()
    own = {"INSTANCE_DIR": str(folder / "instance"), "PORT": str(port)}
    try:
        settings = load_settings(own)
        environ = {name: value for name, value in os.environ.items() if name not in VARIABLES} | own
        server = subprocess.Popen([sys.executable, "-m", "examapp.cli", "serve"], env=environ, cwd=PROJECT)
        try:
            _wait_for(port, server)
            engine = engine_for(settings.database_address)
            yield Installation(port, engine, settings.keys)
            engine.dispose()
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("Máy chủ không khởi động được; xem lỗi ở trên.")
