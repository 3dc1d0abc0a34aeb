"""What the candidate's page may send and what it is answered; strict, because everything accepted here is kept for
ever.

A batch: `{"saves": [[seq, kind, item, response, client_ms], ...]}`, rows ascending without a gap, at most 64; empty is
a sign of life. Responses are stored as canonical JSON. An answer is null, an index, a text, or a list of indexes and
texts.
"""

import json
from typing import Any, NamedTuple, NoReturn

from examapp.integrity.canonical import MAX_INTEGER, jcs
from examapp.integrity.errors import CanonicalError
from examapp.integrity.receipts import KIND_ANSWER, KIND_FLAG, KIND_SUBMIT

MAX_BODY = 64 * 1024
MAX_ROWS = 64
MAX_SEQ = 20_000
MAX_ITEM = 32_767
MAX_RESPONSE = 1024
SUBMIT_ITEM = -1


class Save(NamedTuple):
    """One row of a batch; `response` is canonical JSON text."""

    seq: int
    kind: int
    item: int
    response: str
    client_ms: int


class BadBody(Exception):
    """The body is not what the page would send; `code` says in which way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_saves(body: bytes) -> tuple[Save, ...]:
    """Return the rows of a batch; raise BadBody."""
    value = _parse(body)
    if len(value) != 1 or not isinstance(rows := value.get("saves"), list):
        raise BadBody("bad_body")
    if len(rows) > MAX_ROWS:
        raise BadBody("too_many_rows")
    saves = tuple([_save(row) for row in rows])
    for number, save in enumerate(saves, start=saves[0].seq if saves else 0):
        if save.seq != number:
            raise BadBody("rows_not_contiguous")
        if save.kind == KIND_SUBMIT and save is not saves[-1]:
            raise BadBody("rows_after_submit")
    return saves


def require_empty(body: bytes) -> None:
    """Accept the empty object only; raise BadBody."""
    if _parse(body):
        raise BadBody("bad_body")


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadBody("bad_json") from error
    if not isinstance(value, dict):
        raise BadBody("bad_body")
    return value


def _save(row: object) -> Save:
    if not isinstance(row, list) or len(row) != 5:
        raise BadBody("bad_row")
    seq, kind, item, response, client_ms = row
    # `type(...) is int` and not isinstance: true is no number here.
    if not (type(seq) is type(kind) is type(item) is type(client_ms) is int):
        raise BadBody("bad_row")
    if not 1 <= seq <= MAX_SEQ:
        raise BadBody("bad_seq")
    if not 0 <= client_ms <= MAX_INTEGER:
        raise BadBody("bad_client_ms")
    if item != SUBMIT_ITEM if kind == KIND_SUBMIT else not 0 <= item <= MAX_ITEM:
        raise BadBody("bad_item")
    return Save(seq, kind, item, _response(kind, response), client_ms)


def _response(kind: int, value: object) -> str:
    if kind == KIND_ANSWER:
        if value is None:
            return "null"
        if type(value) is int and 0 <= value <= MAX_INTEGER:
            return str(value)
        return _long_response(value)
    if kind == KIND_FLAG and isinstance(value, bool):
        return "true" if value else "false"
    if kind == KIND_SUBMIT and value is None:
        return "null"
    raise BadBody("bad_kind" if kind not in (KIND_FLAG, KIND_SUBMIT) else "bad_response")


def _long_response(value: object) -> str:
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) or (type(part) is int and part >= 0) for part in parts) or isinstance(value, int):
        raise BadBody("bad_response")
    try:
        data = jcs(value)
    except CanonicalError as error:
        raise BadBody("bad_response") from error
    if len(data) > MAX_RESPONSE:
        raise BadBody("response_too_long")
    return data.decode("utf-8")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadBody("bad_json")
    return value


def _no_number(text: str) -> NoReturn:
    raise BadBody("bad_json") from ValueError(text[:40])


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_no_number, parse_constant=_no_number)
