"""Send prepared statements together, as one transaction, and wait once for all of their results.

psycopg's own pipeline mode does the same with four messages and seven waits, and each wait gives the interpreter away
to the other request threads: under load that is most of the time a batch takes. Here: one message, one wait.
"""

from collections.abc import Sequence
from select import POLLIN, POLLOUT, poll

import psycopg
from psycopg import pq
from psycopg.errors import error_from_result

#: longer than the server's own statement_timeout: reached only when the server or the way to it is dead
SILENCE_MS = 15_000

#: a result's rows, values as text
Rows = list[tuple[bytes | None, ...]]


def prepare(pgconn: pq.abc.PGconn, name: bytes, statement: str) -> None:
    """Prepare a statement with numbered parameters; raise what the server answers."""
    result = pgconn.prepare(name, statement.encode())
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def run_together(pgconn: pq.abc.PGconn, statements: Sequence[tuple[bytes, Sequence[bytes]]]) -> list[Rows]:
    """Run prepared statements as one transaction and return the rows of each; raise the first error, all undone.

    The sync at the end commits: rows are returned only when the commit is durable.
    """
    pgconn.enter_pipeline_mode()
    for name, values in statements:
        pgconn.send_query_prepared(name, values)
    pgconn.pipeline_sync()
    _send(pgconn)
    results, error = _receive(pgconn)
    pgconn.exit_pipeline_mode()
    if error is not None:
        raise error
    return results


def _send(pgconn: pq.abc.PGconn) -> None:
    while pgconn.flush():
        # The server may be unable to take more before we have read what it has to say.
        if _wait(pgconn, POLLIN | POLLOUT) & POLLIN:
            pgconn.consume_input()


def _receive(pgconn: pq.abc.PGconn) -> tuple[list[Rows], psycopg.Error | None]:
    results: list[Rows] = []
    error: psycopg.Error | None = None
    while True:
        while pgconn.is_busy():
            _wait(pgconn, POLLIN)
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


def _wait(pgconn: pq.abc.PGconn, events: int) -> int:
    waiting = poll()
    waiting.register(pgconn.socket, events)
    ready = waiting.poll(SILENCE_MS)
    if not ready:
        raise psycopg.OperationalError("the database server does not answer")
    return ready[0][1]
