"""`examapp serve`: one of it, all or nothing, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import pytest

from examapp.settings import load_settings

PROJECT = Path(__file__).resolve().parents[3]


@dataclass
class Server:
    """A server started for a test."""

    process: subprocess.Popen[str]
    port: int
    environment: dict[str, str]

    def answers(self) -> bool:
        """Tell whether anybody accepts connections on the port."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def family(self) -> set[int]:
        """Return the processes below the server."""
        found, grown = {self.process.pid}, True
        while grown:
            children = {pid for pid in _processes() if _parent(pid) in found}
            grown = not children <= found
            found |= children
        return found - {self.process.pid}


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """Return the environment of an installation of its own, on a free port."""
    folder = Path(tempfile.mkdtemp(prefix="examapp-"))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield {**os.environ, "INSTANCE_DIR": str(folder / "instance"), "PORT": str(port), "DATABASE_URL": ""}
    rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[Server]:
    """Return a server that serves."""
    process = _run(environment)
    running = Server(process, int(environment["PORT"]), environment)
    assert process.stdout is not None
    line = process.stdout.readline()
    if "đang chạy" not in line:
        pytest.fail(f"the server did not start: {line}{process.communicate()}")
    yield running
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


def _run(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "examapp.cli", "serve"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _processes() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _wait_until(true: "object", seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the kernel tells children of a parent's death on Linux only"
)


@linux
def test_kill_minus_nine_of_the_supervisor_leaves_nobody_serving(server: Server) -> None:
    family = server.family()
    assert len(family) >= 5, "database, two web processes and two workers"
    server.process.kill()
    assert _wait_until(lambda: not server.answers(), 2), "somebody still accepts connections"
    assert _wait_until(lambda: not family & set(_processes()), 10), "processes are left"


@linux
def test_kill_minus_nine_of_a_web_process_brings_a_new_one(server: Server) -> None:
    web = {pid for pid in server.family() if _is_web(pid)}
    assert len(web) == 2
    os.kill(web.pop(), signal.SIGKILL)
    assert server.answers(), "the other one serves on"
    (left,) = web
    assert _wait_until(lambda: len({pid for pid in server.family() if _is_web(pid)}) == 2, 20), "nobody took over"
    assert _is_web(left)
    assert server.process.poll() is None


def _is_web(pid: int) -> bool:
    try:
        return b"examapp.web.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def test_sigterm_ends_everything_in_order(server: Server) -> None:
    family = server.family()
    server.process.terminate()
    out, err = server.process.communicate(timeout=60)
    assert (server.process.returncode, err) == (0, "")
    assert "Đang dừng" in out
    assert not server.answers()
    assert not family & set(_processes())


def test_a_second_server_is_refused_whether_by_folder_or_by_port(server: Server) -> None:
    second = _run(server.environment)
    _, err = second.communicate(timeout=60)
    assert second.returncode == 75
    assert "Máy chủ đã chạy" in err
    assert str(server.process.pid) in err

    elsewhere = _run(server.environment | {"INSTANCE_DIR": server.environment["INSTANCE_DIR"] + "2"})
    _, err = elsewhere.communicate(timeout=60)
    assert elsewhere.returncode == 75
    assert f"Không mở được cổng {server.port}" in err
    assert load_settings(server.environment).port == server.port
