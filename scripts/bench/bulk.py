"""Fill databases by the hundred thousand rows, in SQL: past attempts with all their saves, questions in the bank."""

import psycopg
from sqlalchemy.engine import make_url

from examapp.core.schema import upgrade
from examapp.integrity.keys import NodeKeys
from scripts.bench.stock import ITEMS, fill

_MORE_ATTEMPTS = """
INSERT INTO attempts SELECT made.* FROM (SELECT * FROM attempts LIMIT 1) AS a,
    generate_series(1, %s) AS n, jsonb_populate_record(NULL::attempts, to_jsonb(a) || jsonb_build_object(
        'id', gen_random_uuid(), 'candidate_number', 'x' || n)) AS made
"""
_MORE_SAVES = """
INSERT INTO answer_saves SELECT a.id, 1, n, 1, n - 1, '1', 1795482060000, a.starts_at, false, false
FROM attempts AS a, generate_series(1, %s) AS n WHERE NOT EXISTS (SELECT FROM answer_saves WHERE attempt_id = a.id)
"""
_QUESTIONS = """
WITH subject AS (
    INSERT INTO subjects (id, code, name, search_text) VALUES (gen_random_uuid(), 'BANK', 'BANK', 'bank') RETURNING id
), topic AS (
    INSERT INTO topics (id, subject_id, code, name, position)
    SELECT gen_random_uuid(), subject.id, 'T' || n, 'T' || n, n FROM subject, generate_series(0, 19) AS n
    RETURNING id, position
), question AS (
    INSERT INTO questions (id, code, subject_id, status, created_at)
    SELECT gen_random_uuid(), 'Q' || n, subject.id, 'approved', now() FROM subject, generate_series(1, %s) AS n
    RETURNING id, code
)
INSERT INTO question_versions
    (id, question_id, number, kind, topic_id, level, content, answer_key, digest, search_text, created_at)
SELECT gen_random_uuid(), question.id, 1, 'single_choice', topic.id, 'recall',
    json_build_object('prompt', question.code || repeat(' a sentence of the question', 10),
                      'options', array_fill(repeat('a possible answer ', 5), ARRAY[4])),
    '{"right":["1"]}', sha256(question.code::bytea), question.code || repeat(' a sentence of the question', 10), now()
FROM (SELECT *, row_number() OVER () AS n FROM question) AS question JOIN topic ON topic.position = question.n %% 20
"""


def new_database(beside: str, name: str) -> str:
    """Make a migrated database on the same server and return its address."""
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(beside).set(database=name).render_as_string(hide_password=False)
    upgrade(url)
    return url


def add_past_attempts(url: str, keys: NodeKeys, count: int) -> None:
    """Add a sitting with `count` attempts that answered everything; nobody reads or writes them any more."""
    if count:
        fill(url, keys, 1, code="PAST")
        _run(url, _MORE_ATTEMPTS, count - 1, "attempts")
        add_saves(url)


def add_saves(url: str) -> None:
    """Let every attempt that has no save yet have answered everything once.

    To be called for each sitting: what was saved on one day lies together on the disk.
    """
    _run(url, _MORE_SAVES, ITEMS, "attempts", "answer_saves")


def add_questions(url: str, count: int) -> None:
    """Add a subject whose bank has `count` questions, one version each, in 20 topics."""
    _run(url, _QUESTIONS, count, "subjects", "topics", "questions", "question_versions")


def _run(url: str, statement: str, count: int, *tables: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement, (count,))
        for table in tables:
            connection.execute(f"VACUUM ANALYZE {table}")
