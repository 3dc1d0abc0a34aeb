"""What the schema promises beyond its tables: the logs only ever grow, and presence costs no write-ahead log."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from examapp.core.schema import current_revision, latest_revision, upgrade
from tests.conftest import NOW, CommittedDatabase

INSERTS = {
    "answer_saves": ("INSERT INTO answer_saves VALUES (gen_random_uuid(), 1, 1, 1, 0, '2', 0, :now, false, false)"),
    "audit_events": (
        "WITH chain AS (INSERT INTO audit_chains VALUES ('system', 1, '\\x00') RETURNING scope)"
        " INSERT INTO audit_events (scope, number, at, actor_id, actor_name, action, subject, incarnation, boot,"
        " details_commit, prev, hash, mac) SELECT scope, 1, :now, 'system', '', 'a', 's', 1, '', '\\x00',"
        " sha256('p'), sha256('h'), '\\x00' FROM chain"
    ),
}


@pytest.mark.parametrize("table", INSERTS)
@pytest.mark.parametrize(
    "deed", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_logs_only_ever_grow(session: Session, table: str, deed: str) -> None:
    session.execute(text(INSERTS[table]), {"now": NOW})
    column = "item" if table == "answer_saves" else "subject"
    with pytest.raises(DBAPIError, match="is refused: rows are only ever added"), session.begin_nested():
        session.execute(text(deed.format(table=table, column=column)))
    assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_the_replica_trick_does_not_switch_the_triggers_off(session: Session) -> None:
    of_the_logs = "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgname ~ '_(append_only|no_truncate)$'"
    enabled = session.execute(text(of_the_logs)).all()
    assert len(enabled) == 2 * len(INSERTS)
    assert {row.tgenabled for row in enabled} == {"A"}, (
        "only ENABLE ALWAYS fires under session_replication_role = replica"
    )


def test_presence_is_unlogged(session: Session) -> None:
    query = text("SELECT relpersistence::text FROM pg_class WHERE relname = 'attempt_presence'")
    assert session.scalar(query) == "u"


def test_migrating_twice_is_harmless(committed_db: CommittedDatabase) -> None:
    upgrade(committed_db.url)
    assert current_revision(committed_db.url) == latest_revision()
