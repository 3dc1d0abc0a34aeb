"""Jobs that can be stopped and run again, with their times; indexes for the pages of jobs and of the log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

#: the queue knows when each job was asked for, begun and ended
TIMES = """
UPDATE job_progress SET created_at = coalesce(asked, created_at), started_at = begun,
    finished_at = CASE WHEN state IN ('done', 'failed') THEN ended END
FROM (
    SELECT job_id AS number, min(at) FILTER (WHERE type = 'deferred') AS asked,
        max(at) FILTER (WHERE type = 'started') AS begun,
        max(at) FILTER (WHERE type IN ('succeeded', 'failed')) AS ended
    FROM procrastinate_events GROUP BY job_id
) known
WHERE known.number = job_progress.job_id
"""

INDEXES = {
    "ix_audit_events_at_scope_number": ["at", "scope", "number"],
    "ix_audit_events_scope_at_number": ["scope", "at", "number"],
    "ix_audit_events_action_at_scope_number": ["action", "at", "scope", "number"],
    "ix_audit_events_actor_name_at_scope_number": ["actor_name", "at", "scope", "number"],
}


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "job_progress",
        sa.Column("params", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
    )
    op.add_column(
        "job_progress",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    for name in ("started_at", "finished_at", "stop_asked_at"):
        op.add_column("job_progress", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("job_progress", sa.Column("again_id", sa.BigInteger(), nullable=True))
    op.execute(TIMES)
    _states("'waiting', 'running', 'done', 'failed', 'cancelled'")
    op.create_check_constraint(
        op.f("ck_job_progress_finished_has_ended"),
        "job_progress",
        "state NOT IN ('waiting', 'running') OR finished_at IS NULL",
    )
    op.create_check_constraint(
        op.f("ck_job_progress_again_after_failure"),
        "job_progress",
        "again_id IS NULL OR state IN ('failed', 'cancelled')",
    )
    op.create_index("ix_job_progress_owner_id_job_id", "job_progress", ["owner_id", "job_id"])
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_events", columns)


def downgrade() -> None:
    """Take back. A job that was stopped is told as one that failed."""
    for name in INDEXES:
        op.drop_index(name, table_name="audit_events")
    op.drop_index("ix_job_progress_owner_id_job_id", table_name="job_progress")
    op.drop_constraint(op.f("ck_job_progress_again_after_failure"), "job_progress", type_="check")
    op.drop_constraint(op.f("ck_job_progress_finished_has_ended"), "job_progress", type_="check")
    op.execute("UPDATE job_progress SET state = 'failed', message = 'Việc đã được dừng.' WHERE state = 'cancelled'")
    _states("'waiting', 'running', 'done', 'failed'")
    for name in ("again_id", "stop_asked_at", "finished_at", "started_at", "created_at", "params"):
        op.drop_column("job_progress", name)


def _states(states: str) -> None:
    op.drop_constraint(op.f("ck_job_progress_jobstate"), "job_progress", type_="check")
    op.create_check_constraint(op.f("ck_job_progress_jobstate"), "job_progress", f"state IN ({states})")
