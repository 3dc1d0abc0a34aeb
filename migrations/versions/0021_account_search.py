"""Accounts found by name without accents."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _fold(text: str) -> str:
    """Return text in lower case without accents, as it was folded when this migration was written."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())


def upgrade() -> None:
    """Apply."""
    op.add_column("accounts", sa.Column("search_key", sa.Text(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, username, display_name FROM accounts")).all():
        values = {"key": _fold(f"{row.username} {row.display_name}"), "id": row.id}
        connection.execute(sa.text("UPDATE accounts SET search_key = :key WHERE id = :id"), values)
    op.alter_column("accounts", "search_key", nullable=False)


def downgrade() -> None:
    """Take back."""
    op.drop_column("accounts", "search_key")
