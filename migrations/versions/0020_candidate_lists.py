"""Lists of candidates: names that can be searched without accents."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CANDIDATES = sa.table("candidates", sa.column("id", sa.Uuid()), sa.column("full_name"), sa.column("search_key"))


def upgrade() -> None:
    """Apply; the names that are there already get their key."""
    op.add_column("candidates", sa.Column("search_key", sa.Text(), nullable=True))
    rows = op.get_bind().execute(sa.select(CANDIDATES.c.id, CANDIDATES.c.full_name)).all()
    keys = [{"one": row.id, "key": _folded(row.full_name)} for row in rows]
    if keys:
        named = sa.update(CANDIDATES).where(CANDIDATES.c.id == sa.bindparam("one"))
        op.get_bind().execute(named.values(search_key=sa.bindparam("key")), keys)
    op.alter_column("candidates", "search_key", nullable=False)


def downgrade() -> None:
    """Take back."""
    op.drop_column("candidates", "search_key")


def _folded(name: str) -> str:
    """Return a name in lower case without accents, as the application of this revision searches it."""
    decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).split())
