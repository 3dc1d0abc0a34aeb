"""Bring a database to the schema this version of the code needs: Alembic, driven from Python.

The migrations lie in `migrations/`, numbered; `migrations/HEAD` names the last one, so that two branches which both add
one meet in an ordinary conflict.
"""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import exists, inspect, make_url, select, table, text

import examapp
from examapp.core.db import engine_for

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
#: any two processes that migrate the same database at once wait for each other here
_MIGRATION_LOCK = 7_402_113


class WrongRevision(Exception):
    """Database and code do not fit together; the message is a sentence for the person at the keyboard."""


def load_models() -> None:
    """Import every package's tables (`models.py`; `jobs` and `files` of core): the metadata is complete then."""
    for package in pkgutil.iter_modules(examapp.__path__):
        for module in ("models", "jobs", "files"):
            name = f"examapp.{package.name}.{module}"
            if package.ispkg and (Path(examapp.__path__[0]) / package.name / f"{module}.py").exists():
                importlib.import_module(name)


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the migrations up to `revision` that the database lacks; none is harmless. Raises WrongRevision."""
    _run(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take migrations back until `revision` is the last; "base" leaves an empty database. Raises WrongRevision."""
    _run(url, command.downgrade, revision)


def current_revision(url: str) -> str | None:
    """Return the last migration the database has, or None before the first."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def database_name(url: str) -> str:
    """Return the name of the database at this address."""
    return make_url(url).database or ""


def holds_rows(url: str) -> bool:
    """Say whether any table has a row: the queue's own and the number of the last migration do not count."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            names = inspect(connection).get_table_names()
            kept = [name for name in names if name != "alembic_version" and not name.startswith("procrastinate_")]
            return any(connection.scalar(select(exists(select(1).select_from(table(name))))) for name in kept)
    finally:
        engine.dispose()


def require_latest(url: str) -> None:
    """Raise WrongRevision unless the database has exactly the schema this version knows; change nothing."""
    present, wanted = current_revision(url), latest_revision()
    if present != wanted:
        raise WrongRevision(
            f"Cơ sở dữ liệu ở bước {present or 'trống'}, phiên bản này cần bước {wanted}. Hãy dùng đúng phiên bản, "
            "hoặc sao lưu rồi chạy “examapp migrate”."
        )


def latest_revision() -> str:
    """Return the last migration this version of the code knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head, "there are no migrations"
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _run(url: str, deed: Callable[[Config, str], None], revision: str) -> None:
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            deed(config, revision)
    except CommandError as error:
        raise WrongRevision(
            f"Phiên bản này có các bước đến {latest_revision()}; không có bước “{revision}”, hoặc cơ sở dữ liệu đang ở "
            "một bước mới hơn. Hãy dùng phiên bản mới hơn, hoặc ghi đúng số bước."
        ) from error
    finally:
        engine.dispose()
