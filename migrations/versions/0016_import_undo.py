"""Imports that wait for their columns, that are mended row by row, and that can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATE, TIME, UNDONE = "ck_imports_importstate", "ck_imports_applied_has_time", "ck_imports_undone_has_time"


def upgrade() -> None:
    """Apply."""
    op.add_column("imports", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.add_column("imports", sa.Column("layout", postgresql.JSONB(), nullable=True))
    op.add_column("imports", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f(STATE), "imports")
    op.drop_constraint(op.f(TIME), "imports")
    op.create_check_constraint(op.f(STATE), "imports", "state IN ('uploaded', 'previewed', 'applied', 'undone')")
    op.create_check_constraint(op.f(TIME), "imports", "(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)")
    op.create_check_constraint(op.f(UNDONE), "imports", "(state = 'undone') = (undone_at IS NOT NULL)")
    op.add_column("import_rows", sa.Column("fields", postgresql.JSONB(), nullable=True))
    op.add_column("import_rows", sa.Column("mends", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("import_rows", "mends", server_default=None)
    op.add_column("questions", sa.Column("import_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_questions_import_id"), "questions", "imports", ["import_id"], ["id"], ondelete="RESTRICT"
    )
    op.create_index(op.f("ix_questions_import_id"), "questions", ["import_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_questions_import_id"), table_name="questions")
    op.drop_constraint(op.f("fk_questions_import_id"), "questions")
    op.drop_column("questions", "import_id")
    op.drop_column("import_rows", "mends")
    op.drop_column("import_rows", "fields")
    # What the older form has no word for: a file that was never read, and an import that was undone.
    op.execute("DELETE FROM imports WHERE state = 'uploaded'")
    op.execute("UPDATE imports SET state = 'applied' WHERE state = 'undone'")
    op.drop_constraint(op.f(UNDONE), "imports")
    op.drop_constraint(op.f(TIME), "imports")
    op.drop_constraint(op.f(STATE), "imports")
    op.create_check_constraint(op.f(TIME), "imports", "(state = 'applied') = (applied_at IS NOT NULL)")
    op.create_check_constraint(op.f(STATE), "imports", "state IN ('previewed', 'applied')")
    for name in ("undone_at", "layout", "file_id"):
        op.drop_column("imports", name)
