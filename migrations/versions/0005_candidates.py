"""Candidates."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "candidates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("code_issue", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number ~ '^[0-9]{3,8}$'", name=op.f("ck_candidates_number_3_to_8_digits")),
        sa.CheckConstraint("code_issue >= 1", name=op.f("ck_candidates_code_issue_positive")),
        sa.CheckConstraint("extra_minutes BETWEEN 0 AND 600", name=op.f("ck_candidates_extra_minutes_0_to_600")),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_candidates_exam_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_candidates_exam_id_number")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("candidates")
