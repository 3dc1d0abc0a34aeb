"""A sitting with its rooms, its packages and the opening of a package."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, Uuid
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
    #: off the line: it will not be held, and its candidates may be seated elsewhere
    CALLED_OFF = "called_off"


#: the steps in their order
STEPS = tuple(state for state in SittingState if state is not SittingState.CALLED_OFF)


def full_code(exam: str, sitting: str) -> str:
    """Return the one way in which pages and messages name a sitting, from the two codes."""
    return f"{exam} · {sitting}"


class Sitting(Base):
    """One sitting (ca thi) of one test."""

    __tablename__ = "sittings"
    __table_args__ = (
        UniqueConstraint("exam_test_id", "code"),
        # what a seat copies from here (see Seat)
        UniqueConstraint("id", "exam_test_id", "exclusive"),
        CheckConstraint("opens_at <= starts_at", name="opens_before_start"),
        CheckConstraint(
            "NOT exclusive OR (mode = 'programmed' AND state <> 'called_off')", name="exclusive_while_it_counts"
        ),
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
    #: nobody who is seated here may be seated in another such sitting of the test: programmed, and not called off
    exclusive: Mapped[bool] = mapped_column(default=False)

    exam_test: Mapped[ExamTest] = relationship()
    rooms: Mapped[list["Room"]] = relationship(order_by="Room.position, Room.code")
    packages: Mapped[list["Package"]] = relationship(order_by="Package.freeze_no")

    @property
    def full_code(self) -> str:
        """Return the exam's and the sitting's code, as every page for staff names a sitting: "KT26 · CA1"."""
        return full_code(self.exam_test.exam.code, self.code)


class Room(Base):
    """An exam room of a sitting."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("sitting_id", "code"),
        UniqueConstraint("id", "sitting_id"),
        CheckConstraint("places >= 1", name="places_positive"),
    )

    id: Mapped[uuid_pk]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"))
    code: Mapped[str]
    name: Mapped[str]
    #: how many candidates the room takes, spare places included
    places: Mapped[int]
    #: the order in which candidates were dealt to the rooms
    position: Mapped[int]

    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.number", back_populates="room")


class Seat(Base):
    """A seat of a room and who sits there.

    It copies the test and `exclusive` from its sitting, and foreign keys hold the copies to it: so the database itself
    refuses a candidate in two programmed sittings of one test, and in two rooms of one sitting.
    """

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        UniqueConstraint("sitting_id", "candidate_id"),
        Index("uq_seats_one_sitting", "exam_test_id", "candidate_id", unique=True, postgresql_where="exclusive"),
        Index(None, "room_id", "sitting_id"),
        Index(None, "sitting_id", "exam_test_id", "exclusive"),
        CheckConstraint("number >= 1", name="number_positive"),
        ForeignKeyConstraint(["room_id", "sitting_id"], ["rooms.id", "rooms.sitting_id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["sitting_id", "exam_test_id", "exclusive"],
            ["sittings.id", "sittings.exam_test_id", "sittings.exclusive"],
            ondelete="RESTRICT",
            onupdate="CASCADE",
        ),
    )

    id: Mapped[uuid_pk]
    room_id: Mapped[UUID]
    sitting_id: Mapped[UUID]
    exam_test_id: Mapped[UUID]
    exclusive: Mapped[bool]
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
