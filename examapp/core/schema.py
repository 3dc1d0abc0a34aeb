"""Bring a database to the schema this version of the code needs: Alembic, driven from Python.

The migrations lie in `migrations/`, numbered; `migrations/HEAD` names the last one, so that two branches which both add
one meet in an ordinary conflict.
"""

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import examapp
from examapp.core.db import engine_for

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
#: any two processes that migrate the same database at once wait for each other here
_MIGRATION_LOCK = 7_402_113


def load_models() -> None:
    """Import every feature's models, so that the metadata is complete."""
    for package in pkgutil.iter_modules(examapp.__path__):
        for module in ("models", "jobs"):
            name = f"examapp.{package.name}.{module}"
            if package.ispkg and (Path(examapp.__path__[0]) / package.name / f"{module}.py").exists():
                importlib.import_module(name)


def upgrade(url: str, revision: str = "head") -> None:
    """Apply the migrations up to `revision` that the database lacks; none is harmless."""
    _run(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take migrations back until `revision` is the last; "base" leaves an empty database."""
    _run(url, command.downgrade, revision)


def current_revision(url: str) -> str | None:
    """Return the last migration the database has, or None before the first."""
    engine = engine_for(url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision


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


def _run(url: str, deed: object, revision: str) -> None:
    engine = engine_for(url)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            deed(config, revision)  # type: ignore[operator]
    finally:
        engine.dispose()
