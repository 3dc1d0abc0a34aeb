"""The application's own PostgreSQL, for whoever has no database server: one command runs everything.

It listens on a UNIX socket only and lets in exactly two users of the operating system: whoever runs the application
and, when that is root, the user the server runs as. Whoever holds the lock file owns the server and ends it; anybody
else attaches. The server is told by the kernel when its owner dies, so nothing is left behind by `kill -9`; it then
recovers like after a power cut.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from examapp.core.parent import die_with_parent
from examapp.core.postgres_programs import (
    SHARED_HOME,
    DatabaseUnavailable,
    Programs,
    find_programs,
    make_shared_home,
    reachable_home,
    server_user,
)

NAME = "examapp"
PORT = 5432

_SUPERUSER = "postgres"
#: a UNIX socket's path may have 107 bytes on Linux, 103 on macOS
_SOCKET_PATH_LIMIT = 103
#: crash recovery of a big database takes minutes, and must not be interrupted
_START_SECONDS = 900
#: its owner has just started it, or starts it again at this moment
_ATTACH_SECONDS = 120
_STOP_SECONDS = 60
_LOG_BYTES = 10_000_000

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


class EmbeddedPostgres:
    """A PostgreSQL server whose data lie in `home`; `with` starts and stops it."""

    def __init__(self, home: Path, options: Mapping[str, str] | None = None) -> None:
        self._lock_path = home.with_name(home.name + ".lock")
        self._user = server_user()
        # What cannot be reached is judged by the folders that exist.
        home.parent.mkdir(parents=True, exist_ok=True)
        self.home = reachable_home(home.absolute(), self._user)
        self._data = self.home / "data"
        self._log = self.home / "server.log"
        self._options = {**_SETTINGS, **(options or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Return the address of the application's database, known before the server runs."""
        return self.address(NAME, NAME)

    @property
    def pid(self) -> int | None:
        """Return the server's process when we started it."""
        return self._process.pid if self._process else None

    def address(self, user: str, database: str) -> str:
        """Return the address of `database` on this server for the role `user`."""
        return f"postgresql://{user}@/{database}?host={quote(str(self._socket_folder()), safe='')}&port={PORT}"

    def start(self) -> str:
        """Start the server, or attach to the one another process owns, and return the address.

        Calling it again is harmless, and starts a server that has crashed.

        Raises DatabaseUnavailable with a sentence for the person.
        """
        if self._process and self._process.poll() is None:
            return self.url
        if not self._own():
            self._wait_until_ready(None)
            return self.url
        try:
            programs = find_programs(self._user, self._data_version())
            self._make_folders()
            if not self._data.exists():
                self._initialise(programs)
            self._write_access_rules()
            self._stop_predecessor(programs)
            self._process = self._launch(programs)
            self._wait_until_ready(self._process)
            self._make_role_and_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server if we own it: clients are cut off, everything committed is on disk."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
            self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def _own(self) -> bool:
        if self._lock:
            return True
        lock = self._lock_path.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _make_folders(self) -> None:
        if self.home.parent == SHARED_HOME:
            make_shared_home()
        for folder in (self.home, self._socket_folder()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The socket's folder may lie in /tmp, where anybody could have made it first.
            if folder.is_symlink() or folder.stat().st_uid not in (os.geteuid(), self._user.uid):
                raise DatabaseUnavailable(f"Thư mục {folder} thuộc người dùng khác nên không dùng cho PostgreSQL được.")
            os.chown(folder, self._user.uid, self._user.gid)
            folder.chmod(0o700)

    def _socket_folder(self) -> Path:
        folder = self.home / "run"
        if len(bytes(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_LIMIT:
            return folder
        digest = hashlib.sha256(bytes(self.home)).hexdigest()[:16]
        # The same place for every process of this user; the folder is made private, and refused when it is not ours.
        return Path("/tmp") / f"khaothi-{self._user.uid}-{digest}"  # noqa: S108

    def _data_version(self) -> int | None:
        marker = self._data / "PG_VERSION"
        return int(marker.read_text()) if marker.exists() else None

    def _initialise(self, programs: Programs) -> None:
        # Under another name first: an initdb that was interrupted must never look finished.
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The same rules for letters everywhere; before version 17 there is only plain C, and folding is Python's
        # anyway.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
        self._run(
            [
                *(programs.path("initdb"), f"--pgdata={unfinished}", f"--username={_SUPERUSER}", "--auth=peer"),
                *("--encoding=UTF8", "--locale=C", *builtin, "--data-checksums", "--no-instructions"),
            ]
        )
        unfinished.rename(self._data)

    def _write_access_rules(self) -> None:
        names = {self._user.name, "root"} if os.geteuid() == 0 else {self._user.name}
        idents = [f'{NAME} "{name}" {role}\n' for name in sorted(names) for role in (NAME, _SUPERUSER)]
        for name, text in (("pg_hba.conf", f"local all all peer map={NAME}\n"), ("pg_ident.conf", "".join(idents))):
            with _open_no_link(self._data / name, "wb") as file:
                file.write(text.encode())
                os.fchown(file.fileno(), self._user.uid, self._user.gid)

    def _stop_predecessor(self, programs: Programs) -> None:
        """End a server that lost its owner, wait for one that is leaving, and forget one that crashed."""
        marker = self._data / "postmaster.pid"
        if not marker.exists():
            return
        pid = marker.read_text().partition("\n")[0]
        if not _works_in(pid, self._data):
            # After a crash the number may belong to anybody, in a container even to us.
            marker.unlink(missing_ok=True)
            return
        stop = [
            programs.path("pg_ctl"),
            f"--pgdata={self._data}",
            "--mode=fast",
            f"--timeout={_STOP_SECONDS}",
            "--wait",
        ]
        subprocess.run([*stop, "stop"], capture_output=True, check=False, cwd="/", **self._user.run_as())

    def _launch(self, programs: Programs) -> subprocess.Popen[bytes]:
        if self._log.exists() and self._log.stat().st_size > _LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        options = {**self._options, "unix_socket_directories": str(self._socket_folder()), "port": str(PORT)}
        command = [programs.path("postgres"), "-D", str(self._data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with _open_no_link(self._log, "ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                # Ctrl-C goes to the whole terminal; the database must be the last to leave.
                start_new_session=True,
                preexec_fn=_end_with_owner,  # noqa: PLW1509 - no thread runs yet
                **self._user.run_as(),
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes] | None) -> None:
        seconds = _START_SECONDS if process else _ATTACH_SECONDS
        deadline = time.monotonic() + seconds
        while True:
            try:
                with psycopg.connect(
                    self.address(NAME if process is None else _SUPERUSER, "postgres"), connect_timeout=5
                ):
                    return
            except psycopg.OperationalError as error:
                if process and process.poll() is not None:
                    self._process = None
                    raise DatabaseUnavailable(f"PostgreSQL không khởi động được:\n{self._last_lines()}") from error
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(f"PostgreSQL không trả lời sau {seconds} giây: {error}") from error
            time.sleep(0.05)

    def _make_role_and_database(self) -> None:
        with psycopg.connect(self.address(_SUPERUSER, "postgres"), autocommit=True) as connection:
            name = sql.Identifier(NAME)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(name))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name))

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=_environment(), **self._user.run_as()
        )
        if done.returncode:
            raise DatabaseUnavailable(f"Lệnh {command[0]} không chạy được:\n{done.stderr.strip()}")

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])


def _environment() -> dict[str, str]:
    # Messages in one language on every machine, and nothing of ours in the server's environment.
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def _open_no_link(path: Path, mode: str) -> IO[bytes]:
    """Open a file in the server user's folder; a link there could make root write, or give away, any file at all."""
    try:
        return open(path, mode, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(f"Không ghi được tệp {path}: {error.strerror}.") from error


def _end_with_owner() -> None:
    die_with_parent(signal.SIGINT)


def _works_in(pid: str, data: Path) -> bool:
    """Tell whether process `pid` is the server of these data; `pg_ctl` would signal whoever has the number."""
    if sys.platform != "linux":
        # There is no /proc on macOS, but everybody may see with which folder a server was started.
        shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", pid], capture_output=True, text=True, check=False)
        return str(data) in shown.stdout
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == data.resolve()
    except OSError:
        return False
