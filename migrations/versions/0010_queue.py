"""The job queue's own tables, functions and triggers: procrastinate 3.10, frozen; licence (MIT) inside the SQL file."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).resolve().parents[1] / "sql" / "procrastinate_3_10.sql"

DROP_ALL = r"""
DO $$
DECLARE
    thing record;
BEGIN
    DROP TABLE procrastinate_workers, procrastinate_jobs, procrastinate_periodic_defers, procrastinate_events CASCADE;
    FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\_%' LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', thing.name);
    END LOOP;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
END
$$
"""


def _run(statements: str) -> None:
    # Without parameters, or the driver would read the per cent signs of the SQL as placeholders.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def upgrade() -> None:
    """Apply."""
    _run(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Take back."""
    _run(DROP_ALL)
