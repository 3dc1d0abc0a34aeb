"""Sittings, rooms, packages and openings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sittings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_test_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.CheckConstraint("mode IN ('programmed', 'rehearsal')", name=op.f("ck_sittings_sittingmode")),
        sa.CheckConstraint(
            "state IN ('draft', 'frozen', 'opening', 'ready', 'sealed', 'marked')",
            name=op.f("ck_sittings_sittingstate"),
        ),
        sa.CheckConstraint("grace_seconds BETWEEN 0 AND 120", name=op.f("ck_sittings_grace_at_most_120_s")),
        sa.CheckConstraint("opens_at <= starts_at", name=op.f("ck_sittings_opens_before_start")),
        sa.ForeignKeyConstraint(
            ["exam_test_id"], ["exam_tests.id"], name=op.f("fk_sittings_exam_test_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("exam_test_id", "code", name=op.f("uq_sittings_exam_test_id_code")),
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("freeze_no", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("core_digest", sa.LargeBinary(), nullable=False),
        sa.Column("commit", sa.LargeBinary(), nullable=False),
        sa.Column("pool", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("freeze_no >= 1", name=op.f("ck_packages_freeze_no_positive")),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["accounts.id"], name=op.f("fk_packages_frozen_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_packages_sitting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
        sa.UniqueConstraint("core_digest", name=op.f("uq_packages_core_digest")),
        sa.UniqueConstraint("sitting_id", "freeze_no", name=op.f("uq_packages_sitting_id_freeze_no")),
    )
    op.create_index(op.f("ix_packages_frozen_by"), "packages", ["frozen_by"], unique=False)
    op.create_index(
        "uq_packages_active", "packages", ["sitting_id"], unique=True, postgresql_where="superseded_at IS NULL"
    )
    op.create_table(
        "rooms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sittings.id"], name=op.f("fk_rooms_sitting_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("sitting_id", "code", name=op.f("uq_rooms_sitting_id_code")),
    )
    op.create_table(
        "openings",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("public_value", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("draw_version", sa.Text(), nullable=False),
        sa.Column("witness_names", sa.Text(), nullable=False),
        sa.Column("paper_cek", sa.LargeBinary(), nullable=True),
        sa.Column("key_cek", sa.LargeBinary(), nullable=True),
        sa.Column("papers_root", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("mode = 'rehearsal' OR key_cek IS NULL", name=op.f("ck_openings_no_key_at_opening")),
        sa.CheckConstraint("mode IN ('programmed', 'rehearsal')", name=op.f("ck_openings_sittingmode")),
        sa.CheckConstraint("public_value ~ '^[0-9]{8}$'", name=op.f("ck_openings_public_value_8_digits")),
        sa.CheckConstraint("(opened_at IS NULL) = (paper_cek IS NULL)", name=op.f("ck_openings_opened_has_key")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["accounts.id"], name=op.f("fk_openings_opened_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_openings_package_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_opened_by"), "openings", ["opened_by"], unique=False)
    op.create_table(
        "seats",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seats_number_positive")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_seats_candidate_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_seats_room_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
        sa.UniqueConstraint("room_id", "candidate_id", name=op.f("uq_seats_room_id_candidate_id")),
        sa.UniqueConstraint("room_id", "number", name=op.f("uq_seats_room_id_number")),
    )
    op.create_index(op.f("ix_seats_candidate_id"), "seats", ["candidate_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_seats_candidate_id"), table_name="seats")
    op.drop_table("seats")
    op.drop_index(op.f("ix_openings_opened_by"), table_name="openings")
    op.drop_table("openings")
    op.drop_table("rooms")
    op.drop_index("uq_packages_active", table_name="packages", postgresql_where="superseded_at IS NULL")
    op.drop_index(op.f("ix_packages_frozen_by"), table_name="packages")
    op.drop_table("packages")
    op.drop_table("sittings")
