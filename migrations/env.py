"""How Alembic reaches the database and the models; `examapp.core.schema` gives a connection and owns the transaction.

The models are needed only by `alembic revision --autogenerate`; migrations themselves import nothing of the
application.
"""

from alembic import context
from alembic.config import Config
from sqlalchemy import Connection

from examapp.core.db import Base, engine_for
from examapp.core.postgres import EmbeddedPostgres
from examapp.core.schema import load_models
from examapp.settings import load_settings


def _include(name: str | None, kind: str, parents: object) -> bool:
    """Leave the queue's own tables out: their schema is frozen SQL of another project."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, include_name=_include, compare_server_default=True
    )
    with context.begin_transaction():
        context.run_migrations()


def _migrate_from_command_line() -> None:
    load_models()
    settings = load_settings()
    if settings.database_url:
        with engine_for(settings.database_url).begin() as connection:
            _migrate(connection)
        return
    with EmbeddedPostgres(settings.instance_dir / "postgres") as server, engine_for(server.url).begin() as connection:
        _migrate(connection)


config: Config = context.config
given: Connection | None = config.attributes.get("connection")
if given is None:
    _migrate_from_command_line()
else:
    _migrate(given)
