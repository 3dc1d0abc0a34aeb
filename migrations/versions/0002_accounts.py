"""Staff accounts, roles and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.CheckConstraint("username = lower(username) AND username <> ''", name=op.f("ck_accounts_username_folded")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "sign_in_counters",
        sa.Column("name_digest", sa.LargeBinary(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failed_count >= 1", name=op.f("ck_sign_in_counters_failed_count_positive")),
        sa.CheckConstraint("length(name_digest) = 32", name=op.f("ck_sign_in_counters_digest_32_bytes")),
        sa.PrimaryKeyConstraint("name_digest", name=op.f("pk_sign_in_counters")),
    )
    op.create_index(op.f("ix_sign_in_counters_last_failed_at"), "sign_in_counters", ["last_failed_at"], unique=False)
    op.create_table(
        "role_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_type", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(scope_type = 'site') = (scope_id IS NULL)", name=op.f("ck_role_assignments_scope_id_matches_type")
        ),
        sa.CheckConstraint(
            "role IN ('administrator', 'council_chair', 'secretary', 'author', 'invigilator', 'coordinator')",
            name=op.f("ck_role_assignments_role"),
        ),
        sa.CheckConstraint("scope_type IN ('site', 'exam', 'subject')", name=op.f("ck_role_assignments_scopetype")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_role_assignments_account_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["accounts.id"], name=op.f("fk_role_assignments_granted_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
    )
    op.create_index(op.f("ix_role_assignments_account_id"), "role_assignments", ["account_id"], unique=False)
    op.create_index(op.f("ix_role_assignments_granted_by"), "role_assignments", ["granted_by"], unique=False)
    op.create_index(
        "uq_role_assignments_active",
        "role_assignments",
        ["account_id", "role", "scope_type", "scope_id"],
        unique=True,
        postgresql_where="revoked_at IS NULL",
    )
    op.create_index(
        "uq_role_assignments_active_site",
        "role_assignments",
        ["account_id", "role"],
        unique=True,
        postgresql_where="revoked_at IS NULL AND scope_id IS NULL",
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(token_digest) = 32", name=op.f("ck_staff_sessions_digest_32_bytes")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_staff_sessions_account_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_staff_sessions")),
    )
    op.create_index(op.f("ix_staff_sessions_account_id"), "staff_sessions", ["account_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_staff_sessions_account_id"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_index(
        "uq_role_assignments_active_site",
        table_name="role_assignments",
        postgresql_where="revoked_at IS NULL AND scope_id IS NULL",
    )
    op.drop_index("uq_role_assignments_active", table_name="role_assignments", postgresql_where="revoked_at IS NULL")
    op.drop_index(op.f("ix_role_assignments_granted_by"), table_name="role_assignments")
    op.drop_index(op.f("ix_role_assignments_account_id"), table_name="role_assignments")
    op.drop_table("role_assignments")
    op.drop_index(op.f("ix_sign_in_counters_last_failed_at"), table_name="sign_in_counters")
    op.drop_table("sign_in_counters")
    op.drop_table("accounts")
