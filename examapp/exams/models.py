"""An exam and its tests. A class named `Test` would be collected by pytest, hence `ExamTest`."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.core.columns import uuid_pk
from examapp.core.db import Base

SUPERIOR = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
COUNCIL = "Hội đồng tuyển dụng công chức"
PLACE = "Thành phố Hồ Chí Minh"


class ExamState(StrEnum):
    """An exam is prepared, held, and closed: told from its sittings, stored nowhere."""

    PREPARING = "preparing"
    HELD = "held"
    CLOSED = "closed"


class Exam(Base):
    """An exam (kỳ thi) with the regulation it pins."""

    __tablename__ = "exams"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("number_width BETWEEN 3 AND 8", name="number_width_3_to_8"),
        CheckConstraint("length(profile_digest) = 32", name="digest_32_bytes"),
        CheckConstraint("superior <> '' AND council <> '' AND place <> ''", name="issuer_named"),
    )

    id: Mapped[uuid_pk]
    code: Mapped[str]
    name: Mapped[str]
    profile_id: Mapped[str]
    #: copy of the profile's text, so that the file may change
    profile_text: Mapped[str]
    profile_digest: Mapped[bytes]
    #: digits of a candidate number, leading zeros included
    number_width: Mapped[int] = mapped_column(default=4)
    #: who issues the exam's documents, as their letterhead says it (NĐ 30/2020 Phụ lục I)
    superior: Mapped[str] = mapped_column(default=SUPERIOR, server_default=SUPERIOR)
    council: Mapped[str] = mapped_column(default=COUNCIL, server_default=COUNCIL)
    place: Mapped[str] = mapped_column(default=PLACE, server_default=PLACE)
    #: where it is sat, name and address, as slips and lists say it (NĐ 170/2025 Điều 16 khoản 2); empty until known
    venue: Mapped[str] = mapped_column(default="", server_default="")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)

    tests: Mapped[list["ExamTest"]] = relationship(back_populates="exam", order_by="ExamTest.position")


class ExamTest(Base):
    """A test (bài thi) of an exam: so many questions in so many minutes, passed at a share of right answers."""

    __tablename__ = "exam_tests"
    __table_args__ = (
        UniqueConstraint("exam_id", "code"),
        CheckConstraint("questions BETWEEN 1 AND 500", name="questions_1_to_500"),
        CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes_1_to_600"),
        CheckConstraint("pass_share ~ '^[0-9]{1,3}/[1-9][0-9]{0,2}$'", name="pass_share_fraction"),
    )

    id: Mapped[uuid_pk]
    exam_id: Mapped[UUID] = mapped_column(ForeignKey("exams.id", ondelete="RESTRICT"))
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id", ondelete="RESTRICT"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    questions: Mapped[int]
    minutes: Mapped[int]
    #: a fraction as text, "1/2": marks are never floats
    pass_share: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)

    exam: Mapped[Exam] = relationship(back_populates="tests")
