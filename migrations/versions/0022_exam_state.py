"""The state of an exam is told from its sittings; the column was never written."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.drop_constraint(op.f("ck_exams_examstate"), "exams")
    op.drop_column("exams", "state")


def downgrade() -> None:
    """Take back."""
    op.add_column("exams", sa.Column("state", sa.String(), nullable=False, server_default="preparing"))
    op.alter_column("exams", "state", server_default=None)
    op.create_check_constraint(op.f("ck_exams_examstate"), "exams", "state IN ('preparing', 'held', 'closed')")
