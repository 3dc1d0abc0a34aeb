"""The pages behind the event loop: a whole request is read first, then a thread answers it (ASGI in front of WSGI).

General bridges hand a body on piece by piece while a thread waits for it: a request then costs three times as much
(measured), and a client that sends slowly holds a thread. Our bodies and replies are bounded, so both are whole here.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from examapp.core.asgi import Receive, Scope, Send, SlowBody, headers_of, read_into, send_whole
from examapp.web.limits import REFUSED

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

#: larger bodies wait for their thread on disk
IN_MEMORY = 256 * 1024
#: a body has so many seconds, and one more for every so many bytes: the speed of a bad line
BODY_SECONDS, BYTES_PER_SECOND = 20.0, 8 * 1024
#: what people type into forms is smaller; of larger bodies a process takes so many at a time, or strangers who begin
#: thousands would fill the memory and the disk
LARGE, MOST_LARGE = 16 * 1024, 16

Environ = dict[str, Any]
#: status, headers, body
Reply = tuple[int, list[tuple[bytes, bytes]], bytes]


class Bridge:
    """An ASGI application that has a WSGI application answer in one of `threads` threads.

    `refusal` looks at a request before its body is read, and returns the status with which the body is refused.
    """

    def __init__(self, app: "WSGIApplication", *, refusal: Callable[[Environ], int | None], threads: int) -> None:
        self._app = app
        self._refusal = refusal
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; say nothing to a client that went away in the middle of its own."""
        environ = environ_of(scope)
        length = 0 if self._refusal(environ) else int(environ.get("CONTENT_LENGTH") or 0)
        if length > LARGE and self._large >= MOST_LARGE:
            environ[REFUSED], length = 503, 0
        large = length > LARGE
        self._large += large
        try:
            reply = await self._reply(environ, length, receive)
        finally:
            self._large -= large
        if reply is not None:
            await send_whole(send, *reply)

    async def _reply(self, environ: Environ, length: int, receive: Receive) -> Reply | None:
        """Read the body and have a thread answer; None when the body broke off."""
        with BytesIO() if length <= IN_MEMORY else SpooledTemporaryFile(IN_MEMORY) as body:
            if length:
                try:
                    seconds = BODY_SECONDS + length / BYTES_PER_SECOND
                    if await read_into(body.write, receive, length, seconds) != length:
                        return None
                except SlowBody:
                    environ[REFUSED] = 408
                body.seek(0)
            environ["wsgi.input"] = body
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._answer, environ)

    def _answer(self, environ: Environ) -> Reply:
        """Return status, headers and body of the reply."""
        started: list[Any] = []
        written: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., None]:
            started[:] = status, headers
            return written.append

        chunks = self._app(environ, start_response)
        try:
            returned = b"".join(chunks)
            content = b"".join([*written, returned])
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = started
        return int(status[:3]), [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers], content


def environ_of(scope: Scope) -> Environ:
    """Return a request as WSGI describes it (PEP 3333), without its body."""
    host, port = scope.get("server") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers_of(scope).items():
        key = name.decode("latin-1").upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key] = value.decode("latin-1")
    return environ
