"""The application factory: settings in, Flask out. It lists what there is and knows nothing about any of it."""

from collections.abc import Sequence

from flask import Blueprint, Flask

from examapp import wiring
from examapp.accounts.routes import bp as accounts
from examapp.accounts.routes_admin import bp as accounts_admin
from examapp.audit.routes import bp as audit
from examapp.bank.routes import bp as bank
from examapp.bank.routes_export import bp as bank_export
from examapp.bank.routes_import import bp as bank_import
from examapp.bank.routes_question import bp as bank_question
from examapp.candidates.routes import bp as candidates
from examapp.core.clock import Clock, SystemClock
from examapp.core.db import db, psycopg_address
from examapp.delivery.routes_attempt import bp as delivery_attempt
from examapp.delivery.routes_candidate import bp as delivery
from examapp.delivery.routes_staff import bp as delivery_staff
from examapp.exams.routes import bp as exams
from examapp.home.routes import bp as home
from examapp.home.routes_jobs import bp as jobs
from examapp.papers.routes import bp as papers
from examapp.results.routes import bp as results
from examapp.results.routes_posting import bp as posting
from examapp.results.routes_public import bp as public
from examapp.settings import Settings
from examapp.sittings.routes_rooms import bp as sittings
from examapp.web import assets, boundary, filters, forms, guards, handlers, language, limits, pages, security, session
from examapp.web.site import Site

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    jobs,
    accounts,
    accounts_admin,
    audit,
    bank,
    bank_export,
    bank_import,
    bank_question,
    candidates,
    exams,
    papers,
    sittings,
    delivery,
    delivery_staff,
    delivery_attempt,
    results,
    posting,
    public,
)


def create_app(
    settings: Settings,
    *,
    database_url: str | None = None,
    clock: Clock | None = None,
    blueprints: Sequence[Blueprint] = BLUEPRINTS,
) -> Flask:
    """Return the application; refuse to build one with a view that names no permission.

    `database_url` is for the embedded database, whose address nobody sets. A request passes limits, forgery checks, the
    actor and the guard in this order; the boundary, installed last, is the first in and the first out.
    """
    app = Flask("examapp", static_folder=None)
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SQLALCHEMY_DATABASE_URI"] = psycopg_address(database_url or settings.database_url or "")
    # a failed statement is logged; keys, answers and names that were to be written with it must not be
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    app.extensions["examapp"] = Site(settings, clock or SystemClock(), settings.keys, wiring.hooks())
    wiring.connect_events()
    db.init_app(app)
    pages.init_app(app)
    filters.init_app(app)
    forms.init_app(app)
    language.init_app(app)
    limits.init_app(app, forms=settings.max_form_bytes, files=settings.max_upload_bytes)
    security.init_app(app, trusted_proxies=settings.trusted_proxies)
    session.init_app(app)
    handlers.init_app(app)
    assets.init_app(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    guards.init_app(app)
    boundary.init_app(app)
    return app
