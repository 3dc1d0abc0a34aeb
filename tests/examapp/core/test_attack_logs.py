"""Attack: read secrets in a log. A statement that fails is logged; what was written with it must not be."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from examapp.app import create_app
from examapp.core.db import db, unit_of_work
from examapp.integrity.keys import NodeKeys
from examapp.settings import Settings
from tests.conftest import CommittedDatabase

SECRET = "đáp án đúng là B"


def fail(session: Session) -> str:
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("SELECT :secret, 1 / 0"), {"secret": SECRET})
    return str(failed.value)


def test_a_failed_statement_of_a_job_does_not_tell_its_values(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with unit_of_work(committed_db.engine, keys) as session:
        assert SECRET not in fail(session)
        session.rollback()


def test_a_failed_statement_of_a_page_does_not_tell_its_values(
    committed_db: CommittedDatabase, keys: NodeKeys, tmp_path: object
) -> None:
    settings = Settings(committed_db.url, tmp_path, secret_key="k" * 40, node_root=keys.root)  # type: ignore[arg-type]
    app: Flask = create_app(settings)
    with app.app_context():
        assert SECRET not in fail(db.session())
        db.session.remove()
        db.engine.dispose()
