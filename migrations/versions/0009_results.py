"""Result lists."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "result_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_test_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 32", name=op.f("ck_result_lists_digest_32_bytes")),
        sa.ForeignKeyConstraint(
            ["exam_test_id"], ["exam_tests.id"], name=op.f("fk_result_lists_exam_test_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["accounts.id"], name=op.f("fk_result_lists_published_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_result_lists_sitting_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_lists")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_result_lists_sitting_id")),
    )
    op.create_index(op.f("ix_result_lists_exam_test_id"), "result_lists", ["exam_test_id"], unique=False)
    op.create_index(op.f("ix_result_lists_published_by"), "result_lists", ["published_by"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_result_lists_published_by"), table_name="result_lists")
    op.drop_index(op.f("ix_result_lists_exam_test_id"), table_name="result_lists")
    op.drop_table("result_lists")
