"""What each process of the web server loads: `application` (ASGI), the hot path in front of the pages.

`flask_app` alone is the pages as a WSGI application, for tools that want one; candidates' answers do not go through it.
"""

from examapp.answerlog.endpoint import hot_path
from examapp.app import create_app
from examapp.core.clock import SystemClock
from examapp.settings import load_settings
from examapp.web.bridge import Bridge

settings = load_settings()
flask_app = create_app(settings, database_url=settings.database_address)
application = hot_path(
    Bridge(flask_app.wsgi_app, refusal=flask_app.extensions["body_limits"].refusal, threads=settings.threads),
    dsn=settings.database_address,
    keys=settings.keys,
    clock=SystemClock(),
    secure_cookies=settings.secure_cookies,
)
