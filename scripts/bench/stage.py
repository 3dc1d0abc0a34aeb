"""A durable database of our own and the product's web server on a free port, for as long as a program measures."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex

from examapp.core.parent import die_with_parent
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models, upgrade
from examapp.integrity.keys import NodeKeys
from scripts.bench.processes import cpu_seconds

WORKERS = 2


@dataclass(frozen=True)
class Stage:
    """Where to send requests, and whose processor time counts."""

    url: str
    keys: NodeKeys
    port: int
    servers: list[int]
    database: int

    @property
    def address(self) -> str:
        """Return the server's address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> tuple[float, float]:
        """Return the seconds used so far by the application and by the database."""
        return sum(map(cpu_seconds, self.servers)), cpu_seconds(self.database)


#: the hot path in front of an empty view, and the whole product
BARE, PRODUCT = "scripts.bench.serving:application", "wsgi:application"


@contextmanager
def stage(application: str = BARE) -> Iterator[Stage]:
    """Start both, with every durability setting at its safe default; end and remove both."""
    folder = Path(tempfile.mkdtemp(prefix="khaothi-bench-"))
    folder.chmod(0o711)
    keys = NodeKeys(token_bytes(32))
    try:
        with EmbeddedPostgres(folder / "postgres") as database:
            load_models()
            upgrade(database.url)
            port = _free_port()
            environ = {
                "DATABASE_URL": database.url,
                "NODE_ROOT": keys.root.hex(),
                "SECRET_KEY": token_hex(32),
                "INSTANCE_DIR": str(folder / "instance"),
            }
            with _server(application, environ, port) as servers:
                assert database.pid is not None
                yield Stage(database.url, keys, port, servers, database.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(application: str, environ: Mapping[str, str], port: int) -> Iterator[list[int]]:
    command = [sys.executable, "-m", "examapp.web.server", application]
    processes = [
        subprocess.Popen(command, env={**os.environ, **environ, "PORT": str(port)}, preexec_fn=die_with_parent)  # noqa: PLW1509
        for _ in range(WORKERS)
    ]
    try:
        _wait_for(port)
        # The others are up when they have been asked a few times.
        time.sleep(1)
        yield [process.pid for process in processes]
    finally:
        for process in processes:
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
