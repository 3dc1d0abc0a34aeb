"""The two requests that every candidate's page repeats, answered in front of the web framework.

`POST /thi/api/saves` and `POST /thi/api/key` cost a token check, a shape check and a place in the writer's next
batch; everything else passes through to the application. No session, no user look-up, no template.
"""

import asyncio
import json
import logging
from functools import lru_cache, partial

import psycopg

from examapp.answerlog.asks import Ask, Outcome
from examapp.answerlog.limiter import RateLimiter
from examapp.answerlog.protocol import MAX_BODY, BadBody, parse_saves, require_empty
from examapp.answerlog.receipt import Receipt, ReceiptDesk
from examapp.answerlog.release import unwrap_release_key
from examapp.answerlog.replies import Reply, error
from examapp.answerlog.rules import Code
from examapp.answerlog.token import INCARNATION, CookieNames, Refusal, Token, cookie_names, read, verify_machine
from examapp.answerlog.writer import Writer
from examapp.core.asgi import ASGIApp, Receive, Scope, Send, SlowBody, headers_of, read_body, send_whole
from examapp.core.clock import Clock
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys

logger = logging.getLogger(__name__)

SAVES_PATH = "/thi/api/saves"
KEY_PATH = "/thi/api/key"
RETRY_MS = 1_000
#: a page's rows arrive at once or, over a dying network, not at all; then it sends them again
BODY_SECONDS = 10.0
#: a page's own cookies are a third of it; longer headers are read each time, or strangers could fill the memory
LONGEST_REMEMBERED = 2_048

_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class _Refused(Exception):
    """The request is answered before it reaches the writer."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class HotPath:
    """An ASGI application in front of another one; `close` gives back its connections."""

    def __init__(
        self, app: ASGIApp, *, writer: Writer, desk: ReceiptDesk, keys: NodeKeys, clock: Clock, secure: bool
    ) -> None:
        self._app = app
        self._writer = writer
        self._desk = desk
        self._keys = keys
        self._clock = clock
        self.limiter = RateLimiter(per_second=5, burst=10)
        # A page sends the same cookies with every request: what they say is remembered, whether in time is asked each
        # time.
        self._read_token = lru_cache(maxsize=8_192)(partial(_read_token, keys, cookie_names(secure)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a hot request, or pass it on."""
        path = scope.get("path")
        if path not in (SAVES_PATH, KEY_PATH) or scope.get("method") != "POST":
            await self._app(scope, receive, send)
            return
        try:
            reply = await self._reply(path, headers_of(scope), receive)
        except _Refused as refused:
            reply = refused.reply
        except psycopg.Error:
            logger.warning("answer log: no receipt for now", exc_info=True)
            reply = error(Code.BUSY, retry_ms=RETRY_MS)
        except Exception:
            # The page must get an answer that it understands, whatever is wrong here.
            logger.exception("answer log: request failed")
            reply = error("failed", retry_ms=RETRY_MS)
        await send_whole(send, reply.status, _HEADERS, reply.body)

    def remembered_headers(self) -> int:
        """Return how many Cookie headers are remembered."""
        return self._read_token.cache_info().currsize

    def close(self) -> None:
        """Finish what waits and give back the connections."""
        self._writer.close()
        self._desk.close()

    async def _reply(self, path: str, headers: dict[bytes, bytes], receive: Receive) -> Reply:
        length = _checked_length(headers)
        token = self._token(headers.get(b"cookie", b"").decode("latin-1"))
        # Before the body is read: one page cannot have thousands of them in memory.
        if wait_ms := self.limiter.wait_ms(token.attempt):
            return error("slow_down", retry_ms=wait_ms)
        try:
            body = await read_body(receive, length, BODY_SECONDS)
        except SlowBody:
            return error("slow_body", retry_ms=RETRY_MS)
        if len(body) != length:
            return error("bad_body")
        try:
            saves = parse_saves(body) if path == SAVES_PATH else None
            if saves is None:
                require_empty(body)
        except BadBody as fault:
            return error(fault.code)
        if saves and token.lease < 1:
            # A token from before the first lease: its rows would break a CHECK, and with it everybody's batch.
            return error(Code.LEASE)
        outcome = await self._writer.ask(Ask(token.sitting, token.attempt, token.lease, saves))
        if outcome.code != Code.OK:
            return _refusal(outcome)
        if saves is None:
            return _key_reply(self._keys, token, outcome)
        # Its log is read whole, which takes a moment and a connection of its own.
        receipt = await asyncio.to_thread(self._desk.receipt, token.attempt) if outcome.submits else None
        return _saved_reply(outcome, receipt)

    def _token(self, header: str) -> Token:
        """Return the token of a Cookie header that was given to this very machine."""
        remembered = len(header) <= LONGEST_REMEMBERED
        token = self._read_token(header) if remembered else self._read_token.__wrapped__(header)
        if token is None or self._clock.now() >= token.expires:
            raise _Refused(error(Code.SIGNED_OUT))
        return token


def hot_path(app: ASGIApp, *, dsn: str, keys: NodeKeys, clock: Clock, secure_cookies: bool) -> HotPath:
    """Return `app` with the fast path in front; connections are opened with the first request of the process."""
    writer = Writer(dsn, clock)
    desk = ReceiptDesk(dsn, keys)
    return HotPath(app, writer=writer, desk=desk, keys=keys, clock=clock, secure=secure_cookies)


def _checked_length(headers: dict[bytes, bytes]) -> int:
    """Return the length of the body before a byte of it is read; refuse what the page's own fetch would never send."""
    length = headers.get(b"content-length", b"")
    if not length or b"transfer-encoding" in headers:
        raise _Refused(error("length_required"))
    if not length.isdigit():
        raise _Refused(error("bad_body"))
    if len(length) > 9 or int(length) > MAX_BODY:
        raise _Refused(error("too_large"))
    if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
        raise _Refused(error("not_json"))
    if headers.get(b"sec-fetch-site") != b"same-origin":
        raise _Refused(error("foreign_page"))
    return int(length)


def _read_token(keys: NodeKeys, names: CookieNames, header: str) -> Token | None:
    """Return the token of a Cookie header when it was given to the machine that the header names."""
    cookies = _cookies(header)
    token = read(keys, cookies.get(names.attempt, ""))
    if isinstance(token, Refusal) or verify_machine(keys, cookies.get(names.machine, "")) != token.machine:
        return None
    return token


def _cookies(header: str) -> dict[str, str]:
    """Return the cookies of a request; of two with one name the first wins, which is the one with the closer path."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found


def _saved_reply(outcome: Outcome, receipt: Receipt | None) -> Reply:
    shown = "" if receipt is None else ',"receipt":' + json.dumps(receipt.as_json(), separators=(",", ":"))
    closes = "null" if outcome.closes_ms is None else str(outcome.closes_ms)
    late = "true" if outcome.late else "false"
    body = (
        f'{{"ack":{outcome.ack},"now":{outcome.now_ms},"closes_at":{closes},"incarnation":{INCARNATION},'
        f'"late":{late},"notices":[]{shown}}}'
    )
    return Reply(200, body.encode())


def _key_reply(keys: NodeKeys, token: Token, outcome: Outcome) -> Reply:
    assert outcome.release_key is not None
    key = unwrap_release_key(keys, outcome.release_key, sitting=token.sitting, attempt=token.attempt)
    body = f'{{"key":"{b64u(key)}","now":{outcome.now_ms},"closes_at":{outcome.closes_ms}}}'
    return Reply(200, body.encode())


def _refusal(outcome: Outcome) -> Reply:
    """Return the reply of an outcome that is no success, with the facts the page acts on."""
    facts: dict[str, object] = {}
    if outcome.code == Code.BUSY:
        facts = {"retry_ms": RETRY_MS}
    elif outcome.code == Code.GAP:
        facts = {"ack": outcome.ack}
    elif outcome.code == Code.DIVERGED:
        facts = {"seqs": list(outcome.diverged), "ack": outcome.ack}
    elif outcome.code == Code.CLOSED:
        facts = {"closed_by": outcome.closed_by, "ack": outcome.ack}
    elif outcome.code == Code.NOT_STARTED:
        facts = {"now": outcome.now_ms, "starts_at": outcome.starts_ms}
    return error(outcome.code, **facts)
