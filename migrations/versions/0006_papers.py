"""Blueprints."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "blueprints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exam_test_id", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(locked_at IS NULL) = (digest IS NULL)", name=op.f("ck_blueprints_locked_has_digest")),
        sa.ForeignKeyConstraint(
            ["exam_test_id"], ["exam_tests.id"], name=op.f("fk_blueprints_exam_test_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["accounts.id"], name=op.f("fk_blueprints_locked_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprints")),
        sa.UniqueConstraint("exam_test_id", name=op.f("uq_blueprints_exam_test_id")),
    )
    op.create_index(op.f("ix_blueprints_locked_by"), "blueprints", ["locked_by"], unique=False)
    op.create_table(
        "blueprint_cells",
        sa.Column("blueprint_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "level IN ('recall', 'understanding', 'application', 'high_application')",
            name=op.f("ck_blueprint_cells_level"),
        ),
        sa.CheckConstraint("count >= 1", name=op.f("ck_blueprint_cells_count_positive")),
        sa.ForeignKeyConstraint(
            ["blueprint_id"], ["blueprints.id"], name=op.f("fk_blueprint_cells_blueprint_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_blueprint_cells_topic_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("blueprint_id", "topic_id", "level", name=op.f("pk_blueprint_cells")),
    )
    op.create_index(op.f("ix_blueprint_cells_topic_id"), "blueprint_cells", ["topic_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_blueprint_cells_topic_id"), table_name="blueprint_cells")
    op.drop_table("blueprint_cells")
    op.drop_index(op.f("ix_blueprints_locked_by"), table_name="blueprints")
    op.drop_table("blueprints")
