"""Exams and their tests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Text(), nullable=False),
        sa.Column("profile_text", sa.Text(), nullable=False),
        sa.Column("profile_digest", sa.LargeBinary(), nullable=False),
        sa.Column("number_width", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('preparing', 'held', 'closed')", name=op.f("ck_exams_examstate")),
        sa.CheckConstraint("length(profile_digest) = 32", name=op.f("ck_exams_digest_32_bytes")),
        sa.CheckConstraint("number_width BETWEEN 3 AND 8", name=op.f("ck_exams_number_width_3_to_8")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_exams_created_by"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exams")),
        sa.UniqueConstraint("code", name=op.f("uq_exams_code")),
    )
    op.create_index(op.f("ix_exams_created_by"), "exams", ["created_by"], unique=False)
    op.create_table(
        "exam_tests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("pass_share", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pass_share ~ '^[0-9]{1,3}/[1-9][0-9]{0,2}$'", name=op.f("ck_exam_tests_pass_share_fraction")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 600", name=op.f("ck_exam_tests_minutes_1_to_600")),
        sa.CheckConstraint("questions BETWEEN 1 AND 500", name=op.f("ck_exam_tests_questions_1_to_500")),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name=op.f("fk_exam_tests_exam_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_exam_tests_subject_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_tests")),
        sa.UniqueConstraint("exam_id", "code", name=op.f("uq_exam_tests_exam_id_code")),
    )
    op.create_index(op.f("ix_exam_tests_subject_id"), "exam_tests", ["subject_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_exam_tests_subject_id"), table_name="exam_tests")
    op.drop_table("exam_tests")
    op.drop_index(op.f("ix_exams_created_by"), table_name="exams")
    op.drop_table("exams")
