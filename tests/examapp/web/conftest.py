"""An application with a few views of its own: the web layer is tried without any feature's pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Blueprint, Flask, g, jsonify, request
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.access.actor import Actor, RoleGrant
from examapp.access.permissions import Permission
from examapp.access.roles import Role
from examapp.access.scopes import SITE, exam_scope
from examapp.accounts.models import SignInCounter
from examapp.accounts.routes import bp as accounts
from examapp.app import create_app
from examapp.core.db import db
from examapp.core.errors import Conflict, Invalid, NotAllowed, NotFound
from examapp.home.routes import bp as home
from examapp.integrity.keys import NodeKeys
from examapp.results.routes_public import bp as lookups
from examapp.settings import Settings
from examapp.web.afterwards import do_afterwards
from examapp.web.guards import check, load, may, public, requires
from examapp.web.limits import accepts_files
from examapp.web.security import csrf
from examapp.web.site import SignedIn
from tests.conftest import Clock, CommittedDatabase

EXAM, OTHER = UUID(int=1), UUID(int=2)
ERRORS = {"not_found": NotFound, "not_allowed": NotAllowed, "conflict": Conflict, "invalid": Invalid}


def leave_mark(session: Session, number: int) -> None:
    """Write a row that a later look can find: any table will do."""
    session.add(
        SignInCounter(name_digest=bytes([number]) * 32, failed_count=1, last_failed_at=g.now, locked_until=None)
    )


def probe() -> Blueprint:
    """Return the views."""
    bp = Blueprint("probe", __name__)

    @bp.route("/ghi/<int:number>/<int:status>", methods=["GET", "POST"])
    @public
    def write(number: int, status: int) -> tuple[str, int]:
        leave_mark(db.session(), number)
        return "", status

    @bp.post("/loi/<name>")
    @public
    def fail(name: str) -> str:
        leave_mark(db.session(), 9)
        if name in ERRORS:
            raise ERRORS[name](name, "Câu %(number)s không được.", number=7)
        raise RuntimeError(name)

    @bp.post("/loi-luc-ghi")
    @public
    def fail_at_commit() -> str:
        db.session.execute(text("CREATE TEMP TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"))
        db.session.execute(text("INSERT INTO late VALUES (1), (1)"))
        return "ok"

    @bp.route("/sau/<int:number>/<int:status>", methods=["GET", "POST"])
    @public
    def afterwards(number: int, status: int) -> tuple[str, int]:
        leave_mark(db.session(), number)
        do_afterwards(lambda session: leave_mark(session, number + 100))
        return "", status

    @bp.post("/sau-hong")
    @public
    def afterwards_fails() -> str:
        leave_mark(db.session(), 1)
        do_afterwards(lambda session: leave_mark(session, 1))
        return "ok"

    @bp.get("/ky-thi/<uuid:exam>")
    @requires(Permission.EXAM_EXAM_SEE)
    def see(exam: UUID) -> str:
        load(lambda session: exam_scope(exam) if exam != UUID(int=404) else None)
        return "seen" + (" open" if may(Permission.EXAM_SITTING_OPEN, exam_scope(exam)) else "")

    @bp.post("/ky-thi/<uuid:exam>")
    @requires(Permission.EXAM_KEYS_OPEN)
    def open_keys(exam: UUID) -> str:
        check(exam_scope(exam))
        leave_mark(db.session(), 1)
        return "opened"

    @bp.route("/quen/<uuid:exam>", methods=["GET", "POST"])
    @requires(Permission.EXAM_EXAM_SEE)
    def forget_to_check(exam: UUID) -> str:
        leave_mark(db.session(), 1)
        return "the secret of the exam"

    @bp.route("/hoi-sai/<uuid:exam>")
    @requires(Permission.EXAM_KEYS_OPEN)
    def check_another(exam: UUID) -> str:
        check(exam_scope(exam), permission=Permission.EXAM_EXAM_SEE)
        return "the secret of the exam"

    @bp.get("/danh-sach")
    @requires(Permission.EXAM_EXAM_SEE, somewhere=True)
    def listed() -> str:
        return "list"

    @bp.get("/quan-tri")
    @requires(Permission.SITE_ACCOUNTS_MANAGE)
    def administrate() -> str:
        return str(check(SITE).type)

    @bp.post("/tep")
    @public
    @accepts_files
    def take_file() -> str:
        return str(len(request.get_data()))

    @bp.post("/thi/api/thu")
    @public
    def speak_json() -> object:
        return jsonify(got=request.get_json())

    @bp.post("/thi/api/loi/<name>")
    @public
    def fail_in_json(name: str) -> str:
        return fail(name)

    return bp


@dataclass
class Probe:
    """The application under trial, with what a test wants to know of its database."""

    app: Flask
    database: CommittedDatabase

    def marks(self) -> list[int]:
        """Return the numbers of the marks that were committed."""
        with Session(self.database.engine) as session:
            return sorted(digest[0] for digest in session.scalars(select(SignInCounter.name_digest)))

    def client(self) -> FlaskClient:
        """Return a client in which nobody is signed in; like a browser it states the length of an empty body."""
        client = self.app.test_client()
        client.environ_base["CONTENT_LENGTH"] = "0"
        return client


@pytest.fixture
def settings(committed_db: CommittedDatabase, keys: NodeKeys, tmp_path: Path) -> Settings:
    """Return settings with small limits."""
    return Settings(committed_db.url, tmp_path, "k" * 40, keys.root, max_form_bytes=2000, max_upload_bytes=10_000)


@pytest.fixture
def trial(
    settings: Settings, committed_db: CommittedDatabase, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Probe]:
    """Return the application with the views above; forms need no token where the test is not about it."""
    app = create_app(settings, clock=clock, blueprints=(home, accounts, lookups, probe()))
    app.config["TRIAL_TOKENS"] = False
    protect = csrf.protect
    monkeypatch.setattr(csrf, "protect", lambda: protect() if app.config["TRIAL_TOKENS"] else None)
    yield Probe(app, committed_db)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def as_role(trial: Probe) -> Callable[[Role | None], FlaskClient]:
    """Return a function that gives a client signed in with a role in EXAM (or with none)."""

    def sign_in(role: Role | None) -> FlaskClient:
        grants = frozenset({RoleGrant(role, "exam", EXAM)}) if role else frozenset()
        actor = Actor(UUID(int=9), "Ví Dụ", grants)
        site = trial.app.extensions["examapp"]
        hooks = replace(site.hooks, find_signed_in=lambda session, request, now: SignedIn(actor))
        trial.app.extensions["examapp"] = replace(site, hooks=hooks)
        return trial.client()

    return sign_in
