"""What the web server loads in each of its workers: the hot path in front of Flask (see `examapp.answerlog`)."""

from multiprocessing import parent_process

from examapp.answerlog.endpoint import hot_path
from examapp.app import create_app
from examapp.core.clock import SystemClock
from examapp.core.parent import die_with_parent, leave_if_orphaned
from examapp.settings import load_settings

# The master that started this worker, when there is one: a worker without its master would serve for ever.
_master = parent_process()
if _master is not None and _master.pid is not None:
    die_with_parent()
    leave_if_orphaned(_master.pid)

settings = load_settings()
flask_app = create_app(settings, database_url=settings.database_address)
application = hot_path(
    flask_app.wsgi_app,
    dsn=settings.database_address,
    keys=settings.keys,
    clock=SystemClock(),
    secure_cookies=settings.secure_cookies,
)
