"""Lists of questions: search by words, order, and one name for one topic."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BETWEEN = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+"
WORDS = "to_tsvector('simple'::regconfig, regexp_replace({column}, '" + BETWEEN + "', ' ', 'g'))"
TWICE = """
UPDATE topics SET name = name || ' (' || code || ')' WHERE EXISTS (
    SELECT FROM topics AS other WHERE other.subject_id = topics.subject_id AND other.name = topics.name
        AND (other.position, other.id) < (topics.position, topics.id))
"""


def upgrade() -> None:
    """Apply."""
    op.drop_index(op.f("ix_questions_subject_id"), table_name="questions")
    op.create_index("ix_questions_subject_id_code", "questions", ["subject_id", "code"])
    op.create_index("ix_questions_subject_id_status_code", "questions", ["subject_id", "status", "code"])
    op.create_index("ix_question_versions_created_at", "question_versions", ["created_at"])
    _index_words("ix_questions_words", "questions", "lower(code)")
    _index_words("ix_question_versions_words", "question_versions", "search_text")
    op.execute(TWICE)
    op.create_unique_constraint(op.f("uq_topics_subject_id_name"), "topics", ["subject_id", "name"])


def _index_words(name: str, table: str, column: str) -> None:
    op.create_index(name, table, [sa.text(WORDS.format(column=column))], postgresql_using="gin")


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("uq_topics_subject_id_name"), "topics")
    for table, name in (
        ("question_versions", "ix_question_versions_words"),
        ("questions", "ix_questions_words"),
        ("question_versions", "ix_question_versions_created_at"),
        ("questions", "ix_questions_subject_id_status_code"),
        ("questions", "ix_questions_subject_id_code"),
    ):
        op.drop_index(name, table_name=table)
    op.create_index(op.f("ix_questions_subject_id"), "questions", ["subject_id"])
