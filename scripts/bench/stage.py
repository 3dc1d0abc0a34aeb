"""A durable database of our own and the product's web server on a free port, for as long as a program measures."""

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
from secrets import token_bytes

from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models, upgrade
from examapp.integrity.keys import NodeKeys

from scripts.bench.processes import cpu_seconds

WORKERS, THREADS = 2, 16


@dataclass(frozen=True)
class Stage:
    """Where to send requests, and whose processor time counts."""

    url: str
    keys: NodeKeys
    port: int
    server: int
    database: int

    @property
    def address(self) -> str:
        """Return the server's address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> tuple[float, float]:
        """Return the seconds used so far by the application and by the database."""
        return cpu_seconds(self.server), cpu_seconds(self.database)


@contextmanager
def stage() -> Iterator[Stage]:
    """Start both, with every durability setting at its safe default; end and remove both."""
    folder = Path(tempfile.mkdtemp(prefix="khaothi-bench-"))
    folder.chmod(0o711)
    keys = NodeKeys(token_bytes(32))
    try:
        with EmbeddedPostgres(folder / "postgres") as database:
            load_models()
            upgrade(database.url)
            port = _free_port()
            with _server(database.url, keys, port) as server:
                assert database.pid is not None
                yield Stage(database.url, keys, port, server, database.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(url: str, keys: NodeKeys, port: int) -> Iterator[int]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(WORKERS), "--blocking-threads",
        str(THREADS), "--port", str(port), "--no-log", "scripts.bench.serving:application",
    ]  # fmt: skip
    environ = {**os.environ, "BENCH_DATABASE": url, "BENCH_ROOT": keys.root.hex()}
    process = subprocess.Popen(command, env=environ)
    try:
        _wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not start")
