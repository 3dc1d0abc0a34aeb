"""What the measured server serves: the hot path in front of a view that does nothing, the yardstick of the budget."""

import os

from flask import Flask

from examapp.answerlog.endpoint import hot_path
from examapp.core.clock import SystemClock
from examapp.core.parent import die_with_parent
from examapp.integrity.keys import NodeKeys

die_with_parent()
flask_app = Flask(__name__)


@flask_app.get("/empty")
def answer_nothing() -> dict[str, str]:
    """Return {}."""
    return {}


application = hot_path(
    flask_app.wsgi_app,
    dsn=os.environ["BENCH_DATABASE"],
    keys=NodeKeys(bytes.fromhex(os.environ["BENCH_ROOT"])),
    clock=SystemClock(),
    secure_cookies=False,
)
