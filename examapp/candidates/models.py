"""The candidates of an exam."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examapp.core.columns import uuid_pk
from examapp.core.db import Base
from examapp.core.vietnamese import fold, name_sort_key


class Candidate(Base):
    """One candidate of one exam. The number is text: its zeros matter."""

    __tablename__ = "candidates"
    __table_args__ = (
        UniqueConstraint("exam_id", "number"),
        CheckConstraint("number ~ '^[0-9]{3,8}$'", name="number_3_to_8_digits"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 600", name="extra_minutes_0_to_600"),
        CheckConstraint("code_issue >= 1", name="code_issue_positive"),
    )

    id: Mapped[uuid_pk]
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exams.id", ondelete="RESTRICT"))
    number: Mapped[str]
    full_name: Mapped[str]
    #: orders by given name, as Vietnamese lists do
    sort_key: Mapped[str]
    #: the name without accents, for searching
    search_key: Mapped[str]
    birth_date: Mapped[date | None]
    #: raised to make a new admission code when a slip was lost
    code_issue: Mapped[int] = mapped_column(default=1)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]

    @property
    def stamp(self) -> str:
        """Return what changes with every change of the candidate: pages name it, so that nobody overwrites another."""
        values = (self.full_name, self.birth_date, self.extra_minutes, self.code_issue, self.withdrawn_at)
        return hashlib.sha256(repr(values).encode()).hexdigest()[:20]

    def rename(self, full_name: str) -> None:
        """Set the name and the two keys that are made of it."""
        self.full_name = full_name
        self.sort_key = name_sort_key(full_name)
        self.search_key = fold(full_name)
