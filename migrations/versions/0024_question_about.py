"""What is known about a question beside topic, level and source: tags, author, difficulty, competencies …"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("question_versions", sa.Column("about", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    """Take back."""
    op.drop_column("question_versions", "about")
