"""Carry out a batch of waiting requests in one transaction: the usual way in one round trip, or carefully, judged one
by one.

Both ways take the same locks in the same order, so they may run in several processes at once. A batch never holds two
requests of one attempt.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import psycopg

from examapp.answerlog import exchange, statements
from examapp.answerlog.asks import SIGNED_OUT, Ask, Outcome
from examapp.answerlog.locks import ATTEMPT_CLASS, SITTING_CLASS, sorted_keys
from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code, Facts, Stored, Verdict, judge
from examapp.core.clock import to_millis

Connection = psycopg.Connection[tuple[Any, ...]]

#: stands for the number of rows when the paper's key is asked for
_KEY_WANTED = -1


def prepare(connection: Connection) -> None:
    """Set up a fresh connection, in autocommit mode, for `run_fast` and `run_carefully`."""
    connection.execute(statements.PREPARE_SESSION)
    exchange.prepare(connection.pgconn, b"lock", statements.LOCK)
    exchange.prepare(connection.pgconn, b"fast", statements.FAST)
    exchange.prepare(connection.pgconn, b"look", statements.LOOK)


async def run_fast(connection: Connection, asks: Sequence[Ask], offset_us: int) -> list[tuple[Ask, Outcome | None]]:
    """Lock, store and read in one round trip with one commit; an outcome of None needs the careful way."""
    asked = _asked_lists(asks, offset_us)
    sent = [(n, save) for n, ask in enumerate(asks) for save in ask.saves or ()]
    if sent:
        lock, fast = (b"lock", _encoded(_lock_lists(asks))), (b"fast", _encoded(asked + _sent_lists(sent)))
        _, rows = await exchange.run_together(connection.pgconn, [lock, fast])
    else:
        (rows,) = await exchange.run_together(connection.pgconn, [(b"look", _encoded(asked))])
    found = {int(row[0] or 0): row[1:] for row in rows}
    return [(ask, _fast_outcome(ask, found.get(n))) for n, ask in enumerate(asks)]


def _fast_outcome(ask: Ask, row: Sequence[bytes | None] | None) -> Outcome | None:
    if row is None:
        return SIGNED_OUT
    plain, release_key = row[0] == b"t", row[6]
    ack, stored, now_ms, starts_ms, closes_ms = (None if value is None else int(value) for value in row[1:6])
    assert ack is not None
    assert stored is not None
    assert now_ms is not None
    if not plain or (ask.saves and stored != len(ask.saves)):
        return None
    if ask.saves is not None:
        return Outcome(Code.OK, ack + stored, now_ms, starts_ms, closes_ms)
    if starts_ms is None or now_ms < starts_ms:
        return Outcome(Code.NOT_STARTED, ack, now_ms, starts_ms, closes_ms)
    # bytea as text: \\x and hexadecimal digits.
    key = None if release_key is None else bytes.fromhex(release_key[2:].decode())
    return Outcome(Code.OK, ack, now_ms, starts_ms, closes_ms, release_key=key)


def run_carefully(connection: Connection, asks: Sequence[Ask], offset_us: int) -> list[tuple[Ask, Outcome]]:
    """Read the facts under the locks, judge each request, write what the verdicts say, commit."""
    with connection.transaction(), connection.cursor() as cursor, psycopg.RawCursor(connection) as locking:
        locking.execute(statements.LOCK, _lock_lists(asks))
        facts = _read_facts(cursor, asks, offset_us)
        judged = [(ask, *facts[n]) for n, ask in enumerate(asks) if n in facts]
        verdicts = [(ask, known, judge(ask.lease, ask.saves or (), known), key) for ask, known, key in judged]
        _write(cursor, [(ask, known, verdict) for ask, known, verdict, _ in verdicts if ask.saves])
    answered = {ask.attempt: _outcome(ask, known, verdict, key) for ask, known, verdict, key in verdicts}
    return [(ask, answered.get(ask.attempt, SIGNED_OUT)) for ask in asks]


def _read_facts(
    cursor: psycopg.Cursor[tuple[Any, ...]], asks: Sequence[Ask], offset_us: int
) -> dict[int, tuple[Facts, bytes]]:
    asked = {
        "n": _array(range(len(asks))),
        "attempt": _array(ask.attempt.hex for ask in asks),
        "lease": _array(ask.lease for ask in asks),
        "sitting": _array(ask.sitting.hex for ask in asks),
        "first": _array(ask.saves[0].seq if ask.saves else 1 for ask in asks),
        "last": _array(ask.saves[-1].seq if ask.saves else 0 for ask in asks),
        "offset": offset_us,
    }
    stored: dict[int, dict[int, Stored]] = defaultdict(dict)
    for n, seq, kind, item, response, client_ms, fenced in cursor.execute(statements.STORED, asked).fetchall():
        stored[n][seq] = Stored(Save(seq, kind, item, response, client_ms), fenced)
    rows = cursor.execute(statements.FACTS, asked).fetchall()
    return {row[0]: (_facts(row, stored[row[0]]), bytes(row[10])) for row in rows}


def _facts(row: tuple[Any, ...], stored: Mapping[int, Stored]) -> Facts:
    (_, received, lease, items, starts_at, closes_at, grace_seconds, closed_by, submit_lease, submit_seq, _) = row[:11]
    ack, last_client_ms, heard, sealed = row[11:]
    return Facts(
        received=received,
        lease=lease,
        items=items,
        starts_at=starts_at,
        closes_at=closes_at,
        grace=timedelta(seconds=grace_seconds),
        closed_by=closed_by,
        submit=None if submit_seq is None else (submit_lease, submit_seq),
        ack=ack,
        last_client_ms=last_client_ms,
        stored=stored,
        heard_after_deadline=bool(heard),
        sealed=sealed,
    )


def _outcome(ask: Ask, facts: Facts, verdict: Verdict, release_key: bytes) -> Outcome:
    code, key = verdict.code, None
    now_ms = to_millis(facts.received)
    starts_ms = None if facts.starts_at is None else to_millis(facts.starts_at)
    if ask.saves is None and code == Code.OK:
        if starts_ms is None or now_ms < starts_ms:
            code = Code.NOT_STARTED
        else:
            key = release_key
    return Outcome(
        code,
        ack=verdict.ack,
        now_ms=now_ms,
        starts_ms=starts_ms,
        closes_ms=None if facts.closes_at is None else to_millis(facts.closes_at),
        late=verdict.late,
        submits=verdict.submits,
        closed_by=verdict.closed_by,
        diverged=verdict.diverged,
        release_key=key,
    )


def _write(cursor: psycopg.Cursor[tuple[Any, ...]], verdicts: Sequence[tuple[Ask, Facts, Verdict]]) -> None:
    rows: list[tuple[object, ...]] = []
    for ask, facts, verdict in verdicts:
        for save in (*verdict.counted, *verdict.fenced):
            late, fenced = verdict.late and save not in verdict.fenced, save in verdict.fenced
            rows.append((ask.attempt, ask.lease, *save, facts.received, late, fenced))
    if rows:
        cursor.executemany(statements.INSERT, rows)
    for ask, facts, verdict in verdicts:
        if verdict.submits:
            submit_seq = ask.saves[-1].seq if ask.saves else None
            cursor.execute(statements.CLOSE, (facts.received, ask.lease, submit_seq, ask.attempt))
        if verdict.diverged:
            sent = [list(save) for save in ask.saves or () if save.seq in verdict.diverged]
            details = json.dumps({"lease": ask.lease, "saves": sent}, ensure_ascii=False)
            cursor.execute(statements.NOTE, {"attempt": ask.attempt, "at": facts.received, "details": details})


def _lock_lists(asks: Sequence[Ask]) -> tuple[str, str, str]:
    sittings = sorted_keys(ask.sitting for ask in asks)
    attempts = sorted_keys(ask.attempt for ask in asks)
    classes = [SITTING_CLASS] * len(sittings) + [ATTEMPT_CLASS] * len(attempts)
    shared = ["t"] * len(sittings) + ["f"] * len(attempts)
    return _array(classes), _array(sittings + attempts), _array(shared)


def _asked_lists(asks: Sequence[Ask], offset_us: int) -> tuple[str, ...]:
    """Return the parameters of `statements.LOOK`, the first of `statements.FAST`, in their order."""
    return (
        str(offset_us),
        _array(range(len(asks))),
        _array(ask.attempt.hex for ask in asks),
        _array(ask.lease for ask in asks),
        _array(_KEY_WANTED if ask.saves is None else len(ask.saves) for ask in asks),
        _array(ask.saves[0].seq if ask.saves else 0 for ask in asks),
        _array(max([save.item for save in ask.saves]) if ask.saves else 0 for ask in asks),
        # the lock taken is the token's sitting's: an attempt of another one must not pass under it
        _array(ask.sitting.hex for ask in asks),
    )


def _sent_lists(sent: Sequence[tuple[int, Save]]) -> tuple[str, ...]:
    """Return the other parameters of `statements.FAST`: the rows, each with the number of its request."""
    return (
        _array(n for n, _ in sent),
        _array(save.seq for _, save in sent),
        _array(save.kind for _, save in sent),
        _array(save.item for _, save in sent),
        _array(_quoted(save.response) for _, save in sent),
        _array(save.client_ms for _, save in sent),
    )


def _encoded(values: Iterable[str]) -> list[bytes]:
    return [value.encode() for value in values]


def _array(values: Iterable[object]) -> str:
    """Return an array as PostgreSQL reads it; several times cheaper than adapting lists element by element."""
    return "{" + ",".join(map(str, values)) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
