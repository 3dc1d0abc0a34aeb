"""A sitting with its rooms, its packages and the opening of a package."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.candidates.models import Candidate
from examapp.core.columns import uuid_pk
from examapp.core.db import Base
from examapp.exams.models import ExamTest


class SittingMode(StrEnum):
    """A programmed sitting starts for all at once; a rehearsal starts at each sign-in and counts for nothing."""

    PROGRAMMED = "programmed"
    REHEARSAL = "rehearsal"


class SittingState(StrEnum):
    """The line of steps; protocols §2 says why no step may be skipped."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPENING = "opening"
    READY = "ready"
    SEALED = "sealed"
    MARKED = "marked"


def full_code(exam: str, sitting: str) -> str:
    """Return the one way in which pages and messages name a sitting, from the two codes."""
    return f"{exam} · {sitting}"


class Sitting(Base):
    """One sitting (ca thi) of one test."""

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("exam_test_id", "code"),
        CheckConstraint("opens_at <= starts_at", name="opens_before_start"),
        CheckConstraint("grace_seconds BETWEEN 0 AND 120", name="grace_at_most_120_s"),
    )

    id: Mapped[uuid_pk]
    exam_test_id: Mapped[UUID] = mapped_column(ForeignKey("exam_tests.id", ondelete="RESTRICT"))
    code: Mapped[str]
    mode: Mapped[SittingMode]
    opens_at: Mapped[datetime]
    #: for a rehearsal: when it may first be sat
    starts_at: Mapped[datetime]
    grace_seconds: Mapped[int] = mapped_column(default=120)
    state: Mapped[SittingState] = mapped_column(default=SittingState.DRAFT)

    exam_test: Mapped[ExamTest] = relationship()
    rooms: Mapped[list["Room"]] = relationship(order_by="Room.code")
    packages: Mapped[list["Package"]] = relationship(order_by="Package.freeze_no")

    @property
    def full_code(self) -> str:
        """Return the exam's and the sitting's code, as every page for staff names a sitting: "KT26 · CA1"."""
        return full_code(self.exam_test.exam.code, self.code)


class Room(Base):
    """An exam room of a sitting."""

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("sitting_id", "code"),)

    id: Mapped[uuid_pk]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"))
    code: Mapped[str]
    name: Mapped[str]

    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.number", back_populates="room")


class Seat(Base):
    """A seat of a room and who sits there."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        UniqueConstraint("room_id", "candidate_id"),
        CheckConstraint("number >= 1", name="number_positive"),
    )

    id: Mapped[uuid_pk]
    room_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.id", ondelete="RESTRICT"))
    number: Mapped[int]
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id", ondelete="RESTRICT"), index=True)

    room: Mapped[Room] = relationship(back_populates="seats")
    candidate: Mapped[Candidate] = relationship()


class Package(Base):
    """What one freeze made: a sealed file. Its plain facts are in `core.json` inside it."""

    __tablename__ = "packages"
    __table_args__ = (
        UniqueConstraint("sitting_id", "freeze_no"),
        UniqueConstraint("core_digest"),
        CheckConstraint("freeze_no >= 1", name="freeze_no_positive"),
        Index("uq_packages_active", "sitting_id", unique=True, postgresql_where="superseded_at IS NULL"),
    )

    id: Mapped[uuid_pk]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"))
    freeze_no: Mapped[int]
    content: Mapped[bytes] = mapped_column(deferred=True)
    core_digest: Mapped[bytes]
    commit: Mapped[bytes]
    #: the question versions inside, so that another sitting's freeze notices that it would share them
    pool: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    superseded_at: Mapped[datetime | None]


class Opening(Base):
    """The opening of a package: the public value is fixed here once and for all."""

    __tablename__ = "openings"
    __table_args__ = (
        CheckConstraint("public_value ~ '^[0-9]{8}$'", name="public_value_8_digits"),
        CheckConstraint("mode = 'rehearsal' OR key_cek IS NULL", name="no_key_at_opening"),
        CheckConstraint("(opened_at IS NULL) = (paper_cek IS NULL)", name="opened_has_key"),
    )

    package_id: Mapped[UUID] = mapped_column(ForeignKey("packages.id", ondelete="RESTRICT"), primary_key=True)
    public_value: Mapped[str]
    mode: Mapped[SittingMode]
    recorded_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    draw_version: Mapped[str]
    witness_names: Mapped[str]
    #: content key of the paper compartment, wrapped under a key outside the database, for the draw and a restart
    paper_cek: Mapped[bytes | None]
    #: the same of the key compartment: rehearsals only, whose result is shown at submission
    key_cek: Mapped[bytes | None]
    #: root over the paper digests in the order of candidate numbers, written when the draw is done
    papers_root: Mapped[bytes | None]
