"""What the measured server serves: the hot path in front of a view that does nothing, the yardstick of the budget."""

from flask import Flask

from examapp.answerlog.endpoint import hot_path
from examapp.core.clock import SystemClock
from examapp.settings import load_settings
from examapp.web.bridge import Bridge

flask_app = Flask(__name__)


@flask_app.get("/empty")
def answer_nothing() -> dict[str, str]:
    """Return {}."""
    return {}


settings = load_settings()
application = hot_path(
    Bridge(flask_app.wsgi_app, refusal=lambda environ: None, threads=settings.threads),
    dsn=settings.database_address,
    keys=settings.keys,
    clock=SystemClock(),
    secure_cookies=False,
)
