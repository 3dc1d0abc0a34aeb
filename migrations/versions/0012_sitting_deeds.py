"""Voided attempts, the leaves under root R1, the sittings of a wrong code, and times that a package binds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Only what was sealed whole: where attempts and root differ in number, marking compares with the attempts' own leaves.
LEAVES_OF_R1 = """
UPDATE sitting_roots SET leaf_hashes = found.leaves
FROM (SELECT sitting_id, string_agg(leaf, ''::bytea ORDER BY leaf) AS leaves FROM attempts GROUP BY sitting_id) AS found
WHERE sitting_roots.kind = 'R1' AND sitting_roots.sitting_id = found.sitting_id
    AND length(found.leaves) = 32 * sitting_roots.leaves
"""

# A package holds the times of its sitting, and papers are drawn from the package alone.
REFUSE_NEW_TIMES = """
CREATE FUNCTION refuse_new_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.opens_at, NEW.starts_at) IS DISTINCT FROM (OLD.opens_at, OLD.starts_at)
        AND EXISTS (SELECT FROM packages WHERE sitting_id = OLD.id AND superseded_at IS NULL) THEN
        RAISE EXCEPTION 'the package in force binds the times of the sitting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
TIMES_TRIGGER = """
CREATE TRIGGER tr_sittings_times_of_the_package BEFORE UPDATE OF opens_at, starts_at ON sittings
FOR EACH ROW EXECUTE FUNCTION refuse_new_times()
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("attempts", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE attempts SET voided_at = closed_at WHERE closed_by = 'voided'")
    op.create_check_constraint(
        op.f("ck_attempts_voided_is_closed"), "attempts", "voided_at IS NULL OR closed_at IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_attempts_closed_by_voiding"), "attempts", "closed_by <> 'voided' OR voided_at IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_attempts_voided_is_not_marked"), "attempts", "voided_at IS NULL OR marked_at IS NULL"
    )
    op.add_column("sitting_roots", sa.Column("leaf_hashes", sa.LargeBinary(), nullable=True))
    op.execute(LEAVES_OF_R1)
    op.create_check_constraint(
        op.f("ck_sitting_roots_leaf_hashes_32_bytes_each"),
        "sitting_roots",
        "leaf_hashes IS NULL OR length(leaf_hashes) = 32 * leaves",
    )
    op.add_column(
        "sign_in_failures",
        sa.Column("sitting_ids", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    )
    op.alter_column("sign_in_failures", "sitting_ids", server_default=None)
    op.execute(REFUSE_NEW_TIMES)
    op.execute(TIMES_TRIGGER)


def downgrade() -> None:
    """Take back."""
    op.execute("DROP TRIGGER tr_sittings_times_of_the_package ON sittings")
    op.execute("DROP FUNCTION refuse_new_times")
    op.drop_column("sign_in_failures", "sitting_ids")
    op.drop_constraint(op.f("ck_sitting_roots_leaf_hashes_32_bytes_each"), "sitting_roots")
    op.drop_column("sitting_roots", "leaf_hashes")
    for name in ("voided_is_not_marked", "closed_by_voiding", "voided_is_closed"):
        op.drop_constraint(op.f(f"ck_attempts_{name}"), "attempts")
    op.drop_column("attempts", "voided_at")
