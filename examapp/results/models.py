"""Result lists as they were made, with the digest of their content."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examapp.core.columns import uuid_pk
from examapp.core.db import Base


class ResultList(Base):
    """The result list of one sitting."""

    __tablename__ = "result_lists"
    __table_args__ = (
        UniqueConstraint("sitting_id"),
        CheckConstraint("length(digest) = 32", name="digest_32_bytes"),
        CheckConstraint("posted_at >= published_at", name="posted_after_made"),
    )

    id: Mapped[uuid_pk]
    exam_test_id: Mapped[UUID] = mapped_column(ForeignKey("exam_tests.id", ondelete="RESTRICT"), index=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"))
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    #: since when the public may see it; None before, and after it was taken down
    posted_at: Mapped[datetime | None]
    #: canonical JSON of the rows
    content: Mapped[str]
    digest: Mapped[bytes]
