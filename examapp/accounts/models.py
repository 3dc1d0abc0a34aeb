"""Staff accounts, their roles and their sessions. Candidates are not accounts."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examapp.access.roles import Role
from examapp.core.columns import uuid_pk
from examapp.core.db import Base


class ScopeType(StrEnum):
    """What a role is limited to. No foreign key on purpose (decision 5): exams and subjects are never deleted."""

    SITE = "site"
    EXAM = "exam"
    SUBJECT = "subject"


class Account(Base):
    """A member of staff who signs in with a name and a password."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("username"),
        CheckConstraint("username = lower(username) AND username <> ''", name="username_folded"),
    )

    id: Mapped[uuid_pk]
    #: lower case, without spaces
    username: Mapped[str]
    display_name: Mapped[str]
    #: sorts by given name in Vietnamese order on any server
    sort_key: Mapped[str]
    #: user name and display name without accents
    search_key: Mapped[str]
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)

    assignments: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="account", foreign_keys="RoleAssignment.account_id", lazy="selectin"
    )


class RoleAssignment(Base):
    """A role given to an account, for the whole site or one exam or subject, until it is revoked."""

    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint("(scope_type = 'site') = (scope_id IS NULL)", name="scope_id_matches_type"),
        Index(
            "uq_role_assignments_active",
            "account_id",
            "role",
            "scope_type",
            "scope_id",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
        # NULLs never collide in the index above
        Index(
            "uq_role_assignments_active_site",
            "account_id",
            "role",
            unique=True,
            postgresql_where="revoked_at IS NULL AND scope_id IS NULL",
        ),
    )

    id: Mapped[uuid_pk]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Role]
    scope_type: Mapped[ScopeType]
    scope_id: Mapped[UUID | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="assignments", foreign_keys=[account_id])


class SignInCounter(Base):
    """Wrong passwords for one user name from one place, or from all strangers; whether or not there is such an account.

    Equal counting hides which accounts exist. Keyed by a MAC of the folded name and the place, because people type
    their password into the name field.
    """

    __tablename__ = "sign_in_counters"
    __table_args__ = (
        CheckConstraint("length(name_digest) = 32", name="digest_32_bytes"),
        CheckConstraint("failed_count >= 1", name="failed_count_positive"),
    )

    name_digest: Mapped[bytes] = mapped_column(primary_key=True)
    failed_count: Mapped[int]
    #: an old count is forgotten
    last_failed_at: Mapped[datetime] = mapped_column(index=True)
    locked_until: Mapped[datetime | None]


class StaffSession(Base):
    """One sign-in. The browser holds the token; we hold its digest, so a read database opens no session."""

    __tablename__ = "staff_sessions"
    __table_args__ = (CheckConstraint("length(token_digest) = 32", name="digest_32_bytes"),)

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined")
