"""Tables of the audit chain. Their triggers (no UPDATE, DELETE, TRUNCATE) are in the migration: a seat belt, not a
proof.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from examapp.core.db import Base


class AuditChain(Base):
    """The head of one scope's chain; its row lock orders the appends."""

    __tablename__ = "audit_chains"
    __table_args__ = (CheckConstraint("last_number >= 0", name="last_number_not_negative"),)

    scope: Mapped[str] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(BigInteger, default=0)
    #: hash of the last event, or the genesis value while there is none
    head: Mapped[bytes]


class AuditEvent(Base):
    """One deed: who did what to which thing, when; protocols §7."""

    __tablename__ = "audit_events"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_positive"),
        CheckConstraint("length(hash) = 32 AND length(prev) = 32", name="hashes_32_bytes"),
        UniqueConstraint("scope", "prev"),
        UniqueConstraint("hash"),
        ForeignKeyConstraint(["scope"], ["audit_chains.scope"], ondelete="RESTRICT"),
        # pages go from one key to the next and never count: the log may hold millions
        Index("ix_audit_events_at_scope_number", "at", "scope", "number"),
        Index("ix_audit_events_scope_at_number", "scope", "at", "number"),
        Index("ix_audit_events_action_at_scope_number", "action", "at", "scope", "number"),
        Index("ix_audit_events_actor_name_at_scope_number", "actor_name", "at", "scope", "number"),
    )

    scope: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    #: id and name as text: the chain outlives the account
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    incarnation: Mapped[int]
    boot: Mapped[str]
    details_commit: Mapped[bytes]
    prev: Mapped[bytes]
    hash: Mapped[bytes]
    mac: Mapped[bytes]


class AuditDetails(Base):
    """Salt and details of one event; erasable, because the event holds only a commitment to them."""

    __tablename__ = "audit_details"
    __table_args__ = (
        ForeignKeyConstraint(["scope", "number"], ["audit_events.scope", "audit_events.number"], ondelete="RESTRICT"),
    )

    scope: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    salt: Mapped[bytes]
    #: canonical JSON
    details: Mapped[str]


__all__ = ["AuditChain", "AuditDetails", "AuditEvent"]
