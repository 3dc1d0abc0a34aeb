"""Attempts and their log.

`answer_saves` has no foreign key and no UPDATE, DELETE or TRUNCATE (triggers in the migration).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from examapp.core.columns import uuid_pk
from examapp.core.db import Base


class ClosedBy(StrEnum):
    """Who closed an attempt."""

    CANDIDATE = "candidate"
    DEADLINE = "deadline"
    VOIDED = "voided"


class RootKind(StrEnum):
    """R1 over all answers, printed before the keys open; R2 over the marks."""

    ANSWERS = "R1"
    RESULTS = "R2"


class Attempt(Base):
    """One candidate's work in one sitting: sealed paper, times, writer, outcome."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("sitting_id", "candidate_number", "try_number"),
        CheckConstraint("correct IS NULL OR correct BETWEEN 0 AND items", name="correct_at_most_items"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_has_reason"),
        CheckConstraint("(correct IS NULL) = (marked_at IS NULL)", name="marked_has_score"),
        CheckConstraint("marked_at IS NULL OR closed_at IS NOT NULL", name="marked_after_closed"),
        CheckConstraint("lease >= 0 AND try_number >= 1 AND items >= 1", name="counters_sane"),
        CheckConstraint(
            "length(blind) = 32 AND length(paper_digest) = 32 AND length(sealed_digest) = 32", name="lengths"
        ),
        CheckConstraint("(starts_at IS NULL) = (closes_at IS NULL)", name="started_has_deadline"),
        CheckConstraint("voided_at IS NULL OR closed_at IS NOT NULL", name="voided_is_closed"),
        CheckConstraint("closed_by <> 'voided' OR voided_at IS NOT NULL", name="closed_by_voiding"),
        CheckConstraint("voided_at IS NULL OR marked_at IS NULL", name="voided_is_not_marked"),
        Index("ix_attempts_candidate_number", "candidate_number"),
    )

    id: Mapped[uuid_pk]
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"))
    candidate_number: Mapped[str]
    try_number: Mapped[int] = mapped_column(SmallInteger, default=1)
    #: shown on the candidate's card
    full_name: Mapped[str]
    birth_date: Mapped[date | None]
    room: Mapped[str | None]
    seat: Mapped[int | None]
    #: HMAC of the admission code under a pepper outside the database
    code_hmac: Mapped[bytes]
    core_digest: Mapped[bytes]
    sealed_paper: Mapped[bytes] = mapped_column(deferred=True)
    paper_digest: Mapped[bytes]
    #: SHA-256 of the sealed paper: the page checks its download against it
    sealed_digest: Mapped[bytes]
    #: K_a of protocols §2, wrapped under the node's key
    release_key: Mapped[bytes]
    #: of the receipt's leaf, so that submitting twice gives one receipt
    blind: Mapped[bytes]
    items: Mapped[int] = mapped_column(SmallInteger)
    lease: Mapped[int] = mapped_column(default=0)
    writer_id: Mapped[bytes | None]
    machine_id: Mapped[UUID | None]
    #: a rehearsal's are set at sign-in
    starts_at: Mapped[datetime | None]
    minutes: Mapped[int]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None]
    grace_seconds: Mapped[int]
    #: a rehearsal's result may be shown as soon as it is submitted
    rehearsal: Mapped[bool]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[ClosedBy | None]
    #: an attempt that was closed before keeps who closed it, so that its leaf in R1 can still be computed
    voided_at: Mapped[datetime | None]
    #: (lease, seq) of the submission that closed it
    submit_lease: Mapped[int | None]
    submit_seq: Mapped[int | None]
    #: Merkle leaf over everything the attempt was when it closed
    leaf: Mapped[bytes | None]
    wiped_at: Mapped[datetime | None]
    correct: Mapped[int | None] = mapped_column(SmallInteger)
    marked_at: Mapped[datetime | None]
    explanation: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)


class AnswerSave(Base):
    """One row a candidate's page sent: an answer, a flag, or the submission."""

    __tablename__ = "answer_saves"
    __table_args__ = (
        CheckConstraint("kind IN (1, 2, 3)", name="kind_answer_flag_submit"),
        CheckConstraint("octet_length(response) <= 65536", name="response_at_most_64_kb"),
        CheckConstraint("lease >= 1 AND seq >= 1", name="counters_positive"),
    )

    attempt_id: Mapped[UUID] = mapped_column(primary_key=True)
    lease: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[int] = mapped_column(SmallInteger)
    #: position in the paper from 0; -1 for the submission
    item: Mapped[int] = mapped_column(SmallInteger)
    #: canonical JSON of the response
    response: Mapped[str]
    #: server time the page believed in when it made the row, ms since the epoch
    client_ms: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    #: came within the grace after the deadline because of a real outage; counts, and is listed
    late: Mapped[bool] = mapped_column(default=False)
    #: kept but not counted: an old writer, or too late
    fenced: Mapped[bool] = mapped_column(default=False)


class AttemptEvent(Base):
    """What happened to an attempt outside its answers: sign-ins, new leases, transfers."""

    __tablename__ = "attempt_events"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempts.id", ondelete="RESTRICT"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AttemptPresence(Base):
    """When the server last heard from an attempt. UNLOGGED: losing it costs a minute of a display."""

    __tablename__ = "attempt_presence"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    attempt_id: Mapped[UUID] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class SittingRoot(Base):
    """A Merkle root of a sitting: R1 over the answers, R2 over the marks."""

    __tablename__ = "sitting_roots"
    __table_args__ = (
        CheckConstraint("leaves >= 0 AND length(root) = 32", name="root_32_bytes"),
        CheckConstraint("leaf_hashes IS NULL OR length(leaf_hashes) = 32 * leaves", name="leaf_hashes_32_bytes_each"),
    )

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sittings.id", ondelete="RESTRICT"), primary_key=True)
    kind: Mapped[RootKind] = mapped_column(primary_key=True)
    root: Mapped[bytes]
    leaves: Mapped[int]
    #: the sorted leaf hashes one after the other, so that a leaf that differs can be named and the rest proved
    leaf_hashes: Mapped[bytes | None]
    at: Mapped[datetime]
    signature: Mapped[bytes]


class KeyOpening(Base):
    """The keys of a sitting were opened. The foreign key is the rule: no opening without root R1."""

    __tablename__ = "key_openings"
    __table_args__ = (
        CheckConstraint("root_kind = 'R1'", name="after_r1"),
        ForeignKeyConstraint(
            ["sitting_id", "root_kind"], ["sitting_roots.sitting_id", "sitting_roots.kind"], ondelete="RESTRICT"
        ),
    )

    sitting_id: Mapped[UUID] = mapped_column(primary_key=True)
    root_kind: Mapped[RootKind] = mapped_column(default=RootKind.ANSWERS)
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)


class SignInFailure(Base):
    """A wrong admission code: slows down this number from this address, and shows the invigilator."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_number_address_at", "candidate_number", "address", "at"),)

    id: Mapped[uuid_pk]
    #: the sittings the number may have been meant for; a wrong code itself does not say
    sitting_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    candidate_number: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
