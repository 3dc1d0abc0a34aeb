"""The blueprint of a test: how many questions of each topic and level."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.bank.models import Level, Topic
from examapp.core.columns import uuid_pk
from examapp.core.db import Base


class Blueprint(Base):
    """The matrix of one test; locked before a sitting is frozen."""

    __tablename__ = "blueprints"
    __table_args__ = (CheckConstraint("(locked_at IS NULL) = (digest IS NULL)", name="locked_has_digest"),)

    id: Mapped[uuid_pk]
    exam_test_id: Mapped[UUID] = mapped_column(ForeignKey("exam_tests.id", ondelete="RESTRICT"), unique=True)
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    digest: Mapped[bytes | None]

    cells: Mapped[list["BlueprintCell"]] = relationship(cascade="all, delete-orphan")


class BlueprintCell(Base):
    """So many questions of one topic at one level."""

    __tablename__ = "blueprint_cells"
    __table_args__ = (CheckConstraint("count >= 1", name="count_positive"),)

    blueprint_id: Mapped[UUID] = mapped_column(ForeignKey("blueprints.id", ondelete="RESTRICT"), primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id", ondelete="RESTRICT"), primary_key=True, index=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    count: Mapped[int]

    topic: Mapped[Topic] = relationship()
