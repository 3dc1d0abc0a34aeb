"""The shape of a batch: what a page sends is taken, anything else is refused before it costs a query."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.answerlog.protocol import MAX_RESPONSE, BadBody, Save, parse_saves, require_empty


def body(*rows: Any) -> bytes:
    """Return a batch as JSON."""
    return json.dumps({"saves": rows}, ensure_ascii=False).encode()


def refused(data: bytes) -> str:
    """Return why a batch is refused."""
    with pytest.raises(BadBody) as caught:
        parse_saves(data)
    return caught.value.code


def test_rows_come_back_with_canonical_responses() -> None:
    rows = [
        [1, 1, 0, 3, 10],
        [2, 1, 1, None, 11],
        [3, 2, 1, True, 11],
        [4, 2, 1, False, 12],
        [5, 1, 2, "Hà Nội", 12],
        [6, 1, 3, [0, 2, "b"], 12],
        [7, 3, -1, None, 12],
    ]
    assert parse_saves(body(*rows)) == (
        Save(1, 1, 0, "3", 10),
        Save(2, 1, 1, "null", 11),
        Save(3, 2, 1, "true", 11),
        Save(4, 2, 1, "false", 12),
        Save(5, 1, 2, '"Hà Nội"', 12),
        Save(6, 1, 3, '[0,2,"b"]', 12),
        Save(7, 3, -1, "null", 12),
    )


def test_empty_batch_is_a_sign_of_life() -> None:
    assert parse_saves(b'{"saves":[]}') == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"nothing",
        b"[]",
        b"{}",
        b'{"saves":{}}',
        b'{"saves":[],"more":1}',
        b'{"saves":[],"saves":[]}',
        b'{"saves":[[1,1,0,{"a":1,"a":2},5]]}',
        b'{"saves":NaN}',
        b'{"saves":[[1,1,0,1.0,5]]}',
        b'{"saves":[[1,1,0,1e2,5]]}',
        b'{"saves":[[1,1,0,' + b"9" * 5000 + b",5]]}",
        b"[" * 60_000,
        b'{"saves":' + b"[" * 60_000,
    ],
)
def test_what_is_not_a_batch_is_refused(data: bytes) -> None:
    refused(data)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([1, 1, 0, 3], "bad_row"),
        ([1, 1, 0, 3, 10, 0], "bad_row"),
        ("11035", "bad_row"),
        ([True, 1, 0, 3, 10], "bad_row"),
        (["1", 1, 0, 3, 10], "bad_row"),
        ([1, 1, 0, 3, None], "bad_row"),
        ([0, 1, 0, 3, 10], "bad_seq"),
        ([-1, 1, 0, 3, 10], "bad_seq"),
        ([20_001, 1, 0, 3, 10], "bad_seq"),
        ([2**31, 1, 0, 3, 10], "bad_seq"),
        ([1, 0, 0, 3, 10], "bad_kind"),
        ([1, 4, 0, 3, 10], "bad_kind"),
        ([1, 1, -1, 3, 10], "bad_item"),
        ([1, 1, 40_000, 3, 10], "bad_item"),
        ([1, 3, 0, None, 10], "bad_item"),
        ([1, 3, -1, 1, 10], "bad_response"),
        ([1, 2, 0, 1, 10], "bad_response"),
        ([1, 2, 0, None, 10], "bad_response"),
        ([1, 1, 0, True, 10], "bad_response"),
        ([1, 1, 0, -1, 10], "bad_response"),
        ([1, 1, 0, {"a": 1}, 10], "bad_response"),
        ([1, 1, 0, [[1]], 10], "bad_response"),
        ([1, 1, 0, [True], 10], "bad_response"),
        ([1, 1, 0, [None], 10], "bad_response"),
        ([1, 1, 0, 2**53, 10], "bad_response"),
        ([1, 1, 0, "e\u0323", 10], "bad_response"),
        ([1, 1, 0, "x" * MAX_RESPONSE, 10], "response_too_long"),
        ([1, 1, 0, 3, -1], "bad_client_ms"),
        ([1, 1, 0, 3, 2**53], "bad_client_ms"),
    ],
)
def test_row_is_refused(row: Any, code: str) -> None:
    assert refused(body(row)) == code


def test_lone_surrogate_is_refused() -> None:
    assert refused(b'{"saves":[[1,1,0,"\\ud800",10]]}') == "bad_response"


def test_response_may_be_as_long_as_promised() -> None:
    (save,) = parse_saves(body([1, 1, 0, "x" * (MAX_RESPONSE - 2), 10]))
    assert len(save.response) == MAX_RESPONSE


def test_zero_byte_in_a_text_is_stored_escaped() -> None:
    """PostgreSQL's text has no place for it; canonical JSON never contains it."""
    (save,) = parse_saves(body([1, 1, 0, "a\0b", 10]))
    assert save.response == '"a\\u0000b"'


@pytest.mark.parametrize("seqs", [(1, 3), (2, 1), (1, 1), (5, 6, 8)])
def test_numbers_must_follow_one_another(seqs: tuple[int, ...]) -> None:
    assert refused(body(*[[seq, 1, 0, 3, 10] for seq in seqs])) == "rows_not_contiguous"


def test_nothing_may_follow_the_submission() -> None:
    assert refused(body([1, 3, -1, None, 10], [2, 1, 0, 3, 10])) == "rows_after_submit"


def test_at_most_64_rows() -> None:
    rows = [[seq, 1, 0, 3, 10] for seq in range(1, 66)]
    assert len(parse_saves(body(*rows[:64]))) == 64
    assert refused(body(*rows)) == "too_many_rows"


def test_key_request_is_an_empty_object() -> None:
    require_empty(b"{}")
    for data in (b'{"a":1}', b"[]", b"", b"null"):
        with pytest.raises(BadBody):
            require_empty(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=30,
)


@given(json_values)
def test_any_json_is_parsed_or_refused_and_nothing_else(value: Any) -> None:
    for data in (json.dumps(value).encode(), json.dumps({"saves": value}).encode()):
        with suppress(BadBody):
            parse_saves(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused_and_nothing_else(data: bytes) -> None:
    with suppress(BadBody):
        parse_saves(data)
