"""Result lists that the public may see."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("result_lists", sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_result_lists_posted_after_made"), "result_lists", "posted_at >= published_at")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_result_lists_posted_after_made"), "result_lists")
    op.drop_column("result_lists", "posted_at")
