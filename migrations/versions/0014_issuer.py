"""Who issues the documents of an exam."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ISSUER = {
    "superior": "Ủy ban nhân dân Thành phố Hồ Chí Minh",
    "council": "Hội đồng tuyển dụng công chức",
    "place": "Thành phố Hồ Chí Minh",
}


def upgrade() -> None:
    """Apply."""
    for name, value in ISSUER.items():
        op.add_column("exams", sa.Column(name, sa.Text(), nullable=False, server_default=value))
    op.create_check_constraint(
        op.f("ck_exams_issuer_named"), "exams", "superior <> '' AND council <> '' AND place <> ''"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("ck_exams_issuer_named"), "exams")
    for name in ISSUER:
        op.drop_column("exams", name)
