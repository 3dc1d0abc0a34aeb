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

from examapp.answerlog import statements
from examapp.answerlog.asks import SIGNED_OUT, Ask, Outcome
from examapp.answerlog.locks import ATTEMPT_CLASS, SITTING_CLASS, sorted_keys
from examapp.answerlog.protocol import Save
from examapp.answerlog.rules import Code, Facts, Stored, Verdict, judge
from examapp.core.clock import to_millis

Connection = psycopg.Connection[tuple[Any, ...]]

#: stands for the number of rows when the paper's key is asked for
_KEY_WANTED = -1


def run_fast(connection: Connection, asks: Sequence[Ask], offset_us: int) -> list[tuple[Ask, Outcome | None]]:
    """Lock, store and read in one round trip with one commit; an outcome of None needs the careful way.

    The connection is in autocommit mode: a pipeline up to its sync is one transaction, so the results that we read
    after it are those of a finished commit.
    """
    with connection.cursor() as locking, connection.cursor() as storing:
        with connection.pipeline():
            locking.execute(statements.LOCK, _lock_lists(asks), prepare=True)
            storing.execute(statements.FAST, _fast_lists(asks, offset_us), prepare=True)
        found = {row[0]: row[1:] for row in storing.fetchall()}
    return [(ask, _fast_outcome(ask, found.get(n))) for n, ask in enumerate(asks)]


def _fast_outcome(ask: Ask, row: tuple[Any, ...] | None) -> Outcome | None:
    if row is None:
        return SIGNED_OUT
    plain, ack, stored, now_ms, starts_ms, closes_ms, release_key = row
    if not plain or (ask.saves and stored != len(ask.saves)):
        return None
    if ask.saves is None and (starts_ms is None or now_ms < starts_ms):
        return Outcome(Code.NOT_STARTED, ack, now_ms, starts_ms, closes_ms)
    return Outcome(Code.OK, ack + stored, now_ms, starts_ms, closes_ms, release_key=release_key)


def run_carefully(connection: Connection, asks: Sequence[Ask], offset_us: int) -> list[tuple[Ask, Outcome]]:
    """Read the facts under the locks, judge each request, write what the verdicts say, commit."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(statements.LOCK, _lock_lists(asks), prepare=True)
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
        "attempt": _array(ask.attempt for ask in asks),
        "lease": _array(ask.lease for ask in asks),
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
    ack, last_client_ms, heard = row[11:]
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


def _fast_lists(asks: Sequence[Ask], offset_us: int) -> dict[str, object]:
    sent = [(n, save) for n, ask in enumerate(asks) for save in ask.saves or ()]
    return {
        "n": _array(range(len(asks))),
        "attempt": _array(ask.attempt for ask in asks),
        "lease": _array(ask.lease for ask in asks),
        "rows": _array(_KEY_WANTED if ask.saves is None else len(ask.saves) for ask in asks),
        "first": _array(ask.saves[0].seq if ask.saves else 0 for ask in asks),
        "top": _array(max([save.item for save in ask.saves], default=0) if ask.saves else 0 for ask in asks),
        "row_n": _array(n for n, _ in sent),
        "seq": _array(save.seq for _, save in sent),
        "kind": _array(save.kind for _, save in sent),
        "item": _array(save.item for _, save in sent),
        "response": _array(_quoted(save.response) for _, save in sent),
        "client_ms": _array(save.client_ms for _, save in sent),
        "offset": offset_us,
    }


def _array(values: Iterable[object]) -> str:
    """Return an array as PostgreSQL reads it; several times cheaper than adapting lists element by element."""
    return "{" + ",".join(map(str, values)) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
