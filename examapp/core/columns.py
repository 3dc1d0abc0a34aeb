"""Column words: a model column says what it is in one word, and is typed by it.

Times are always aware UTC; enums are text with a CHECK (see `Base.type_annotation_map` in core/db.py).
"""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import DateTime, Dialect, Uuid
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from examapp.core.ids import new_id


class UtcTime(TypeDecorator[datetime]):
    """timestamptz that refuses naive times on the way in and returns UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: it would silently mean the server's."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the stored moment in UTC whatever the connection's zone is."""
        return None if value is None else value.astimezone(UTC)


uuid_pk = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
