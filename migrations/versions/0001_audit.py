"""The audit chain, append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: rows are only ever added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""
# ENABLE ALWAYS: session_replication_role = replica switches ordinary triggers off. TRUNCATE fires no row trigger at all.
APPEND_ONLY = (
    "CREATE TRIGGER tr_{table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER tr_{table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER tr_{table}_append_only",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER tr_{table}_no_truncate",
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "audit_chains",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_audit_chains_last_number_not_negative")),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "audit_events",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("incarnation", sa.Integer(), nullable=False),
        sa.Column("boot", sa.Text(), nullable=False),
        sa.Column("details_commit", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hash) = 32 AND length(prev) = 32", name=op.f("ck_audit_events_hashes_32_bytes")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_events_number_positive")),
        sa.ForeignKeyConstraint(
            ["scope"], ["audit_chains.scope"], name=op.f("fk_audit_events_scope"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("scope", "number", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
        sa.UniqueConstraint("scope", "prev", name=op.f("uq_audit_events_scope_prev")),
    )
    op.create_table(
        "audit_details",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scope", "number"],
            ["audit_events.scope", "audit_events.number"],
            name=op.f("fk_audit_details_scope_number"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("scope", "number", name=op.f("pk_audit_details")),
    )
    op.execute(REFUSE_CHANGE)
    for statement in APPEND_ONLY:
        op.execute(statement.format(table="audit_events"))


def downgrade() -> None:
    """Take back."""
    op.drop_table("audit_details")
    op.drop_table("audit_events")
    op.drop_table("audit_chains")

    op.execute("DROP FUNCTION refuse_change()")
