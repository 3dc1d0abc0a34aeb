"""The database of the tests: one server, one database migrated once per test process, and two ways to use it.

`session` is for ordinary tests: everything happens in one outer transaction that is rolled back, savepoints inside.
What opens connections of its own (the answer writer, jobs, a server process) cannot see that transaction and uses
`committed_db`: a fresh copy of the migrated database, dropped afterwards.

TEST_DATABASE_URL names a server to use instead of the embedded one; its role must be allowed to create databases.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from examapp.core.db import engine_for
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models, upgrade
from examapp.integrity.keys import NodeKeys

#: the moment every test begins at, unless it says otherwise
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

#: the disk is not what most tests are about; tests of durability start a server of their own
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

#: before DROP DATABASE, and not its WITH (FORCE): that refuses an ordinary role while autovacuum is at work there
_END_OURS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    moment: datetime = NOW

    def now(self) -> datetime:
        """Return the moment the test has reached."""
        return self.moment

    def advance(self, seconds: float) -> datetime:
        """Move on and return the new moment."""
        self.moment += timedelta(seconds=seconds)
        return self.moment


@dataclass(frozen=True)
class CommittedDatabase:
    """A database of one test's own, with real commits."""

    url: str
    engine: Engine


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """Return the address of a server's maintenance database."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="examapp-"))
    # Root's database user must be able to enter.
    folder.chmod(0o711)
    try:
        with EmbeddedPostgres(folder / "postgres", FAST) as server:
            yield server.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(database_server: str) -> Iterator[str]:
    """Return the name of a database migrated to the newest schema; nobody connects to it, so it can be copied."""
    load_models()
    with _database(database_server) as url:
        upgrade(url)
        yield _name(url)


@pytest.fixture(scope="session")
def engine(database_server: str, template_database: str) -> Iterator[Engine]:
    """Return the engine of the database that all savepoint tests of this process share."""
    with _database(database_server, template_database) as url:
        engine = engine_for(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine: Engine, keys: NodeKeys) -> Iterator[Session]:
    """Return a session whose every deed, commits included, is undone after the test."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", info={"keys": keys}) as session:
            yield session
        outer.rollback()


@pytest.fixture
def committed_db(database_server: str, template_database: str) -> Iterator[CommittedDatabase]:
    """Return a fresh database for a test that needs real commits and several connections."""
    with _database(database_server, template_database) as url:
        engine = engine_for(url)
        yield CommittedDatabase(url, engine)
        engine.dispose()


@pytest.fixture(scope="session")
def long_db(database_server: str, template_database: str) -> Iterator[CommittedDatabase]:
    """Return a database that is filled once for all tests that go on from what is in it and are undone."""
    with _database(database_server, template_database) as url:
        engine = engine_for(url)
        yield CommittedDatabase(url, engine)
        engine.dispose()


@pytest.fixture
def empty_db(database_server: str) -> Iterator[CommittedDatabase]:
    """Return a fresh database without any table."""
    with _database(database_server) as url:
        engine = engine_for(url)
        yield CommittedDatabase(url, engine)
        engine.dispose()


@pytest.fixture(scope="session")
def keys() -> NodeKeys:
    """Return the keys of a node whose root everybody knows."""
    return NodeKeys(bytes(range(32)))


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at NOW."""
    return Clock()


@pytest.fixture
def now() -> datetime:
    """Return NOW."""
    return NOW


@contextmanager
def _database(server: str, template: str = "template0") -> Iterator[str]:
    name = f"test_{token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\'')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(_END_OURS, (name,))
            connection.execute(f'DROP DATABASE "{name}"')


def _name(url: str) -> str:
    name = make_url(url).database
    assert name
    return name
