"""Functional tests drive the whole application over HTTP, on a database of their own, and may mock nothing but the
clock.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from examapp.app import create_app
from examapp.core.db import db
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from examapp.settings import Settings
from tests.cast import Cast, Person
from tests.conftest import Clock, CommittedDatabase
from tests.functional.exam_day import built_day, day  # noqa: F401 - fixtures
from tests.pages import Browser


@pytest.fixture
def settings(committed_db: CommittedDatabase, keys: NodeKeys, tmp_path: Path) -> Settings:
    """Return settings for this test's database."""
    return Settings(committed_db.url, tmp_path, secret_key="k" * 40, node_root=keys.root)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """Return the application, its clock in the test's hand."""
    app = create_app(settings, clock=clock)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stored(committed_db: CommittedDatabase, keys: NodeKeys) -> Iterator[Session]:
    """Return a session beside the application's, for making and looking; commit what the application must see."""
    with Session(committed_db.engine, info={"keys": keys}, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def cast(stored: Session, clock: Clock) -> Cast:
    """Return the people; set `cast.exam_id` before you ask for roles in an exam."""
    return Cast(stored, clock.now())


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Return a browser in which nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def browser_of(app: Flask, cast: Cast, stored: Session) -> Callable[[Person], Browser]:
    """Return a function from a person to a browser in which that person is signed in."""

    def sign_in(person: Person) -> Browser:
        client = app.test_client()
        client.set_cookie("khaothi-staff", b64u(cast.token(person)))
        stored.commit()
        return Browser(client)

    return sign_in
