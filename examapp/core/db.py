"""The database: one metadata with predictable constraint names, one session per request or per job.

Models inherit `Base`; `db` is Flask-SQLAlchemy over the same metadata. `commit(` is called here and in
`web/boundary.py` only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, Enum, LargeBinary, MetaData, Text, Uuid, create_engine, inspect
from sqlalchemy.orm import DeclarativeBase, Session

from examapp.core.columns import UtcTime
from examapp.core.errors import NotFound
from examapp.core.i18n import N_
from examapp.integrity.keys import NodeKeys

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model: constraint names by convention, enums as text with a CHECK, times in UTC."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        UUID: Uuid,
        bytes: LargeBinary,
        datetime: UtcTime,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=True,
            length=None,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


db = SQLAlchemy(metadata=Base.metadata)


def psycopg_address(url: str) -> str:
    """Return a `postgresql://` address in the form that makes SQLAlchemy use psycopg 3."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def engine_for(url: str, **options: Any) -> Engine:
    """Return an engine for a `postgresql://` address, always over psycopg 3."""
    return create_engine(psycopg_address(url), **{"hide_parameters": True, **options})


def hold(session: Session, thing: Base) -> None:
    """Read a row as it is now and keep everybody else from it until the deed is done.

    Raises NotFound when somebody has deleted it since it was looked up: nothing of it is left to draw a page of.
    """
    found = session.get(type(thing), inspect(thing).identity, with_for_update=True, populate_existing=True)
    if found is None:
        message = N_("Nội dung này vừa được người khác xóa hoặc thay. Mở lại danh sách để xem.")
        raise NotFound("gone_meanwhile", message)


@contextmanager
def unit_of_work(engine: Engine, keys: NodeKeys) -> Iterator[Session]:
    """Give a command or a job its session: committed when the block ends, rolled back when it raises."""
    with Session(engine, info={"keys": keys}) as session, session.begin():
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Give a reader a session that sees one moment, whatever others commit meanwhile, and cannot write."""
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with Session(reading) as session:
        yield session


def durability_gaps(url: str) -> list[str]:
    """Return the names of the server's settings without which a commit may be lost in a power cut and that are off."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
            return [name for name in names if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off"]
    finally:
        engine.dispose()
