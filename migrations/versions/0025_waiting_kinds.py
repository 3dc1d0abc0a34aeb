"""Questions of kinds that no paper holds yet are counted apart, from an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAME = "ix_question_versions_waiting"


def upgrade() -> None:
    """Apply."""
    where = sa.text("number = 1 AND kind NOT IN ('single_choice', 'true_false')")
    op.create_index(NAME, "question_versions", ["question_id"], postgresql_where=where)


def downgrade() -> None:
    """Take back."""
    op.drop_index(NAME, "question_versions")
