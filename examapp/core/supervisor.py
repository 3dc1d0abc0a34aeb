"""`examapp serve`: one process that starts everything in order, looks after it, and takes it down in the reverse order.

Database (when it is the embedded one), migrations, web server, job workers. A lock file keeps a second one out, because
two web servers can bind one port in silence. The children are told by the kernel when this process dies.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from examapp.core.jobs import SITTING_QUEUE
from examapp.core.parent import die_with_parent
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import upgrade
from examapp.settings import PROJECT, Settings

_STOP_SECONDS = 20
_WATCH_SECONDS = 0.2
#: a child that ends sooner than this after its start, so many times in a row, will not come up by itself
_SHORT_LIFE_SECONDS = 10
_SHORT_LIVES = 3


class CannotServe(Exception):
    """The server cannot start or go on; the message is a sentence for the person at the keyboard."""


@dataclass
class Child:
    """A program we keep running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    short_lives: int = 0

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve(settings: Settings, say: Callable[[str], None], prepare: Callable[[], None] | None = None) -> None:
    """Run everything until SIGTERM or Ctrl-C; `say` prints a line for the person.

    `prepare` is called when the database is ready and nobody is served yet. Raises CannotServe and DatabaseUnavailable.
    """
    _install_signals()
    with ExitStack() as running:
        try:
            running.enter_context(_only_server(settings))
            _refuse_taken_port(settings.host, settings.port)
            database = running.enter_context(EmbeddedPostgres(settings.database_home)) if settings.embedded else None
            upgrade(settings.database_address)
            if prepare is not None:
                prepare()
            web = [sys.executable, "-m", "examapp.web.server"]
            children = [_start(running, f"web {number}", web) for number in range(1, settings.workers + 1)]
            work = [sys.executable, "-m", "examapp.cli", "worker"]
            children.append(_start(running, "worker", work))
            children.append(_start(running, "worker of sittings", [*work, "--queue", SITTING_QUEUE]))
            _wait_for_port(settings, children[0])
            say(f"Khảo thí công vụ đang chạy tại {address(settings)} (Ctrl-C để dừng)")
            _watch(children, database)
        except _Stopped:
            say("Đang dừng…")


def address(settings: Settings) -> str:
    """Return what to type into a browser on this machine."""
    host = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if settings.tls else 'http'}://{host}:{settings.port}/"


class _Stopped(Exception):
    """Somebody asked us to stop."""


def _install_signals() -> None:
    def stop(signum: int, frame: FrameType | None) -> NoReturn:
        # Once is enough: a second Ctrl-C must not cut the orderly stop short.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise _Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


@contextmanager
def _only_server(settings: Settings) -> Iterator[None]:
    settings.instance_dir.mkdir(parents=True, exist_ok=True)
    path = settings.instance_dir / "serve.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotServe(
                f"Máy chủ đã chạy với thư mục {settings.instance_dir} (tiến trình {lock.read().strip()}). "
                "Hãy dừng nó trước, hoặc đặt INSTANCE_DIR sang thư mục khác."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As a server restarted at once would; two that listen still exclude each other.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"Không mở được cổng {port} tại {host} ({error.strerror}). Có thể chương trình khác đang dùng cổng "
                f"này: hãy dừng nó, hoặc chọn cổng khác, ví dụ PORT={port + 1 if port < 65535 else 8000}."
            ) from error


def _start(running: ExitStack, name: str, command: list[str]) -> Child:
    child = Child(name, command, _spawn(command))
    running.callback(child.stop)
    return child


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
    return subprocess.Popen(command, cwd=PROJECT, start_new_session=True, preexec_fn=die_with_parent)  # noqa: PLW1509


def _wait_for_port(settings: Settings, web: Child) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    while web.process.poll() is None:
        try:
            socket.create_connection((host, settings.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise CannotServe("Máy chủ web không khởi động được; xem lỗi ở trên.")


def _watch(children: list[Child], database: EmbeddedPostgres | None) -> None:
    """Start again what ends by itself, until a child will not come up."""
    while True:
        time.sleep(_WATCH_SECONDS)
        if database:
            database.start()
        for child in children:
            if child.process.poll() is None:
                continue
            lived = time.monotonic() - child.started
            child.short_lives = child.short_lives + 1 if lived < _SHORT_LIFE_SECONDS else 0
            if child.short_lives >= _SHORT_LIVES:
                raise CannotServe(
                    f"Tiến trình {child.name} dừng ngay sau khi khởi động {_SHORT_LIVES} lần; xem lỗi ở trên."
                )
            child.process, child.started = _spawn(child.command), time.monotonic()
