"""The candidates of an exam."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examapp.core.columns import uuid_pk
from examapp.core.db import Base


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
    sort_key: Mapped[str]
    birth_date: Mapped[date | None]
    #: raised to make a new admission code when a slip was lost
    code_issue: Mapped[int] = mapped_column(default=1)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None]
