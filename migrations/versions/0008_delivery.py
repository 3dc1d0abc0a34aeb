"""Attempts and the answer log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

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
        "answer_saves",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("lease", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("item", sa.SmallInteger(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("client_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("fenced", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN (1, 2, 3)", name=op.f("ck_answer_saves_kind_answer_flag_submit")),
        sa.CheckConstraint("lease >= 1 AND seq >= 1", name=op.f("ck_answer_saves_counters_positive")),
        sa.CheckConstraint("octet_length(response) <= 65536", name=op.f("ck_answer_saves_response_at_most_64_kb")),
        sa.PrimaryKeyConstraint("attempt_id", "lease", "seq", name=op.f("pk_answer_saves")),
    )
    op.create_table(
        "attempt_presence",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_presence")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("candidate_number", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        "ix_sign_in_failures_number_address_at", "sign_in_failures", ["candidate_number", "address", "at"], unique=False
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_number", sa.Text(), nullable=False),
        sa.Column("try_number", sa.SmallInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("code_hmac", sa.LargeBinary(), nullable=False),
        sa.Column("core_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_paper", sa.LargeBinary(), nullable=False),
        sa.Column("paper_digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_digest", sa.LargeBinary(), nullable=False),
        sa.Column("release_key", sa.LargeBinary(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.SmallInteger(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("writer_id", sa.LargeBinary(), nullable=True),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("submit_lease", sa.Integer(), nullable=True),
        sa.Column("submit_seq", sa.Integer(), nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correct", sa.SmallInteger(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explanation", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("closed_by IN ('candidate', 'deadline', 'voided')", name=op.f("ck_attempts_closedby")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_attempts_closed_has_reason")),
        sa.CheckConstraint("(correct IS NULL) = (marked_at IS NULL)", name=op.f("ck_attempts_marked_has_score")),
        sa.CheckConstraint("(starts_at IS NULL) = (closes_at IS NULL)", name=op.f("ck_attempts_started_has_deadline")),
        sa.CheckConstraint(
            "correct IS NULL OR correct BETWEEN 0 AND items", name=op.f("ck_attempts_correct_at_most_items")
        ),
        sa.CheckConstraint("lease >= 0 AND try_number >= 1 AND items >= 1", name=op.f("ck_attempts_counters_sane")),
        sa.CheckConstraint(
            "length(blind) = 32 AND length(paper_digest) = 32 AND length(sealed_digest) = 32",
            name=op.f("ck_attempts_lengths"),
        ),
        sa.CheckConstraint("marked_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_attempts_marked_after_closed")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_attempts_sitting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint(
            "sitting_id",
            "candidate_number",
            "try_number",
            name=op.f("uq_attempts_sitting_id_candidate_number_try_number"),
        ),
    )
    op.create_index("ix_attempts_candidate_number", "attempts", ["candidate_number"], unique=False)
    op.create_table(
        "sitting_roots",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("leaves", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('R1', 'R2')", name=op.f("ck_sitting_roots_rootkind")),
        sa.CheckConstraint("leaves >= 0 AND length(root) = 32", name=op.f("ck_sitting_roots_root_32_bytes")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_roots_sitting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("sitting_id", "kind", name=op.f("pk_sitting_roots")),
    )
    op.create_table(
        "attempt_events",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_events_attempt_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("attempt_id", "number", name=op.f("pk_attempt_events")),
    )
    op.create_table(
        "key_openings",
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("root_kind", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("root_kind = 'R1'", name=op.f("ck_key_openings_after_r1")),
        sa.CheckConstraint("root_kind IN ('R1', 'R2')", name=op.f("ck_key_openings_rootkind")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["accounts.id"], name=op.f("fk_key_openings_opened_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id", "root_kind"],
            ["sitting_roots.sitting_id", "sitting_roots.kind"],
            name=op.f("fk_key_openings_sitting_id_root_kind"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_key_openings")),
    )
    op.create_index(op.f("ix_key_openings_opened_by"), "key_openings", ["opened_by"], unique=False)
    for statement in APPEND_ONLY:
        op.execute(statement.format(table="answer_saves"))


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_key_openings_opened_by"), table_name="key_openings")
    op.drop_table("key_openings")
    op.drop_table("attempt_events")
    op.drop_table("sitting_roots")
    op.drop_index("ix_attempts_candidate_number", table_name="attempts")
    op.drop_table("attempts")
    op.drop_index("ix_sign_in_failures_number_address_at", table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("attempt_presence")
    op.drop_table("answer_saves")
