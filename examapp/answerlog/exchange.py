"""Send prepared statements together, as one transaction, and wait once for all of their results.

psycopg's own pipeline mode does the same with four messages and seven waits, and each wait is a turn of the event loop:
under load that is most of the time a batch takes. Here: one message, one wait.
"""

import asyncio
from collections.abc import Sequence

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

#: longer than the server's own statement_timeout: reached only when the server or the way to it is dead
SILENCE_SECONDS = 15.0

#: a result's rows, values as text
Rows = list[tuple[bytes | None, ...]]


def prepare(pgconn: pq.abc.PGconn, name: bytes, statement: str) -> None:
    """Prepare a statement with numbered parameters; raise what the server answers."""
    result = pgconn.prepare(name, statement.encode())
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise error_from_result(result)


async def run_together(pgconn: pq.abc.PGconn, statements: Sequence[tuple[bytes, Sequence[bytes]]]) -> list[Rows]:
    """Run prepared statements as one transaction and return the rows of each; raise the first error, all undone.

    The sync at the end commits: rows are returned only when the commit is durable.
    """
    pgconn.enter_pipeline_mode()
    for name, values in statements:
        pgconn.send_query_prepared(name, values)
    pgconn.pipeline_sync()
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            await _send(pgconn)
            results, error = await _receive(pgconn)
    except TimeoutError:
        raise psycopg.OperationalError("the database server does not answer") from None
    pgconn.exit_pipeline_mode()
    if error is not None:
        raise error
    return results


async def _send(pgconn: pq.abc.PGconn) -> None:
    while pgconn.flush():
        # The server may be unable to take more before we have read what it has to say.
        await _ready(pgconn, to_write=True)
        pgconn.consume_input()


async def _receive(pgconn: pq.abc.PGconn) -> tuple[list[Rows], psycopg.Error | None]:
    results: list[Rows] = []
    error: psycopg.Error | None = None
    while True:
        while pgconn.is_busy():
            await _ready(pgconn)
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            # The end of one statement's results; the next one's follow.
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results, error
        if result.status == pq.ExecStatus.TUPLES_OK:
            results.append(_rows(result))
        elif result.status == pq.ExecStatus.FATAL_ERROR:
            error = error or error_from_result(result)
            if pgconn.status == pq.ConnStatus.BAD:
                raise error


def _rows(result: pq.abc.PGresult) -> Rows:
    columns = range(result.nfields)
    return [tuple([result.get_value(row, column) for column in columns]) for row in range(result.ntuples)]


async def _ready(pgconn: pq.abc.PGconn, *, to_write: bool = False) -> None:
    """Wait until the server has said something, or with `to_write` can take more."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    socket = pgconn.socket
    loop.add_reader(socket, _wake, ready)
    if to_write:
        loop.add_writer(socket, _wake, ready)
    try:
        await ready
    finally:
        loop.remove_reader(socket)
        if to_write:
            loop.remove_writer(socket)


def _wake(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
