"""One process of the web server: `python -m examapp.web.server`. The supervisor runs several on one port.

uvicorn on an event loop: a waiting connection costs memory, no thread. Two limits are ours, because it has none: the
head of a request has to be complete in time, and small (slow or endless heads are a known attack on any server).
"""

import asyncio
import resource
import socket
import sys
from contextlib import suppress

from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from examapp.settings import Settings, load_settings

HEAD_SECONDS = 20.0
#: a client whose request is refused or too slow may go on sending, and read the answer, for so long
LEAVE_SECONDS = 5.0
HEAD_BYTES = 64 * 1024
#: a candidate's page speaks every half minute, and a new TLS connection is the dearest part of a request
KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 10
BACKLOG = 4_096


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 that waits for a head so long and no longer, and takes so much and no more."""

    _deadline: asyncio.TimerHandle | None = None
    #: bytes of the head that is coming, and of what comes before the first; None between requests
    _head: int | None = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, unless the head is too long."""
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self.transport.abort()
        elif self._deadline is None and self.cycle is not None and self.cycle.response_complete:
            # Blank lines: uvicorn has stopped its own clock.
            self._wait()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        super().on_message_begin()
        self._wait_no_more()
        self._wait()
        self._head = self._head or 0

    def on_headers_complete(self) -> None:
        """Start the request."""
        self._wait_no_more()
        self._head = None
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Let a client that is answered before the end of its request read the answer, and go."""
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self._wait_no_more()
            self._wait(LEAVE_SECONDS)

    def _wait(self, seconds: float | None = None) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS if seconds is None else seconds, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def server_for(settings: Settings, application: str) -> Server:
    """Return the server of an ASGI application, named as `module:attribute`."""
    config = Config(
        application,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        proxy_headers=False,  # web/security.py knows how many proxies to believe
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    return Server(config)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; several processes may have one each, and the kernel deals out the connections."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.listen(BACKLOG)
    return listening


def main() -> None:
    """Serve until SIGTERM."""
    settings = load_settings()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # every connection is an open file
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    application = sys.argv[1] if len(sys.argv) > 1 else "wsgi:application"
    server_for(settings, application).run(sockets=[listen(settings.host, settings.port)])


if __name__ == "__main__":
    main()
