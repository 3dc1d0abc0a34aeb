"""Candidates that were there before names could be searched are found as well."""

from uuid import UUID

from sqlalchemy import text

from examapp.core.schema import downgrade, upgrade
from examapp.core.vietnamese import fold
from tests.conftest import CommittedDatabase

ONE = UUID(int=1)
NAME = "Đặng  Nguyễn Thị Ánh"
EXAM = """
    INSERT INTO exams (id, code, name, profile_id, profile_text, profile_digest, number_width, state)
    VALUES (:id, 'KT', 'X', 'cc-2025', '', :digest, 4, 'preparing')"""
CANDIDATE = """
    INSERT INTO candidates (id, exam_id, number, full_name, sort_key, code_issue, extra_minutes)
    VALUES (:id, :id, '0001', :name, '', 1, 0)"""


def test_names_that_are_there_already_get_their_key(empty_db: CommittedDatabase) -> None:
    upgrade(empty_db.url, "0019")
    with empty_db.engine.begin() as connection:
        connection.execute(text(EXAM), {"id": ONE, "digest": bytes(32)})
        connection.execute(text(CANDIDATE), {"id": ONE, "name": NAME})
    for _ in range(2):
        upgrade(empty_db.url, "0020")
        with empty_db.engine.connect() as connection:
            assert connection.scalar(text("SELECT search_key FROM candidates")) == fold(NAME) == "dang nguyen thi anh"
        downgrade(empty_db.url, "0019")
