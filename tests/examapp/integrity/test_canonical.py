"""Canonical bytes: published vectors, one spelling per value, and no two field lists with the same bytes."""

import hashlib
import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.canonical import (
    KDF,
    MAC,
    H,
    b64u,
    b64u_decode,
    crockford,
    crockford_bytes,
    enc,
    fold_crockford,
    grouped,
    jcs,
    parse_jcs,
    parse_utc,
    utc_text,
)
from examapp.integrity.errors import BadCode, CanonicalError
from question_bank.assembly import hashing

# --- fields ----------------------------------------------------------------------------------------------------------


def test_enc_vector_of_the_protocol() -> None:
    assert enc("a", "bc").hex() == "00000002" + "00000001" + "61" + "00000002" + "6263"
    assert enc(b"a", "bc") == enc("a", b"bc")
    assert enc(258).hex() == "00000001" + "00000008" + "0000000000000102"
    assert enc().hex() == "00000000"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("ab", "c"), ("a", "bc")),
        (("T1", "12"), ("T11", "2")),
        (("T1|12",), ("T1", "12")),
        (("a",), ("a", "")),
        ((b"\0" * 8,), (b"\0" * 7,)),
    ],
)
def test_moving_a_field_boundary_changes_the_bytes(left: tuple[Any, ...], right: tuple[Any, ...]) -> None:
    assert enc(*left) != enc(*right)
    assert H("khaothi/test/v1", *left) != H("khaothi/test/v1", *right)
    assert MAC(b"k", "khaothi/test/v1", *left) != MAC(b"k", "khaothi/test/v1", *right)


fields = st.lists(st.binary(max_size=6), max_size=5)


@given(fields, fields)
def test_enc_is_injective(left: list[bytes], right: list[bytes]) -> None:
    assert (enc(*left) == enc(*right)) == (left == right)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("e\u0302", "not_nfc"),
        ("\ud800", "surrogate"),
        (-1, "field_range"),
        (2**64, "field_range"),
        (True, "field_type"),
        (1.5, "field_type"),
        (None, "field_type"),
    ],
)
def test_enc_refuses_fields_without_one_form(field: Any, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        enc(field)
    assert caught.value.code == code


@pytest.mark.parametrize("tag", ["", "leaf", "khaothi/leaf", "khaothi/Leaf/v1", "khaothi/leaf/v1 ", "other/leaf/v1"])
def test_a_hash_without_a_proper_tag_is_refused(tag: str) -> None:
    with pytest.raises(CanonicalError):
        H(tag, b"x")


def test_draw_vectors_of_the_protocol() -> None:
    secret = bytes(range(32))
    core, roster = hashlib.sha256(b"core").digest(), hashlib.sha256(b"roster").digest()
    assert H("khaothi/draw-commit/v1", core, secret).hex() == (
        "c53fa74b0c61c11f1862cf08f121723576180fca6a316e97c565e913354e0fa1"
    )
    seed = MAC(secret, "khaothi/draw-seed/v1", core, roster, "20711834")
    assert seed.hex() == "327ca44481bfe191f8fee18e9927f15f9ac92a6f76237fb70a88e89495b6ad25"
    assert MAC(seed, "khaothi/draw-stream/v1", "KT-2026-R1", "000123", "form").hex() == (
        "ed2c62f9e61b1275baa092c14903c6a0fbcba00f4e7d399308e3ed12e1ad3216"
    )


@given(
    st.lists(st.binary(max_size=5) | st.integers(0, 2**64 - 1) | st.from_regex(r"[a-z0-9 Đđế]{0,5}", fullmatch=True)),
    st.binary(min_size=32, max_size=32),
)
def test_the_draw_library_hashes_the_same_bytes(parts: list[bytes | int | str], key: bytes) -> None:
    """The library keeps its own copy because it imports nothing of the application; both must stay one construction."""
    assert hashing.enc(*parts) == enc(*parts)
    assert hashing.H("khaothi/test/v1", *parts) == H("khaothi/test/v1", *parts)
    assert hashing.MAC(key, "khaothi/test/v1", *parts) == MAC(key, "khaothi/test/v1", *parts)


def test_kdf_separates_key_salt_tag_and_fields() -> None:
    base = KDF(b"k", b"s", "khaothi/a/v1", "x")
    others = [
        KDF(b"K", b"s", "khaothi/a/v1", "x"),
        KDF(b"k", b"S", "khaothi/a/v1", "x"),
        KDF(b"k", b"s", "khaothi/b/v1", "x"),
        KDF(b"k", b"s", "khaothi/a/v1", "y"),
    ]
    assert len({base, *others}) == 5
    assert len(base) == 32


# --- canonical JSON --------------------------------------------------------------------------------------------------


def test_jcs_examples() -> None:
    assert jcs({"b": [1, True, None], "a": 'Đề \u20ac \n"\\ \x1f\x7f\u2028'}).decode() == (
        '{"a":"Đề € \\n\\"\\\\ \\u001f\x7f\u2028","b":[1,true,null]}'
    )
    assert jcs([]) == b"[]"
    assert jcs((1, (2,))) == b"[1,[2]]"
    assert jcs(2**53 - 1) == b"9007199254740991"


texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z0-9_]{1,5}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_jcs_round_trip(value: Any) -> None:
    assert parse_jcs(jcs(value)) == value


@given(values, st.randoms(use_true_random=False))
def test_jcs_ignores_the_order_of_keys(value: Any, random: Any) -> None:
    def shuffled(inner: Any) -> Any:
        if isinstance(inner, dict):
            pairs = list(inner.items())
            random.shuffle(pairs)
            return {key: shuffled(item) for key, item in pairs}
        return [shuffled(item) for item in inner] if isinstance(inner, list) else inner

    assert jcs(shuffled(value)) == jcs(value)


class Level(IntEnum):
    LOW = 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.5, "value_type"),
        (float("nan"), "value_type"),
        (b"bytes", "value_type"),
        ({1, 2}, "value_type"),
        (datetime(2026, 11, 24, tzinfo=UTC), "value_type"),
        (2**53, "integer_range"),
        (-(2**53), "integer_range"),
        ("e\u0302", "not_nfc"),
        (["\udfff"], "surrogate"),
        ({"Key": 1}, "key"),
        ({"a-b": 1}, "key"),
        ({"": 1}, "key"),
        ({"đ": 1}, "key"),
        ({"a\n": 1}, "key"),
        ({1: 1}, "key"),
    ],
)
def test_jcs_refuses_what_has_no_single_spelling(value: Any, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        jcs(value)
    assert caught.value.code == code
    assert caught.value.text()


def test_nesting_up_to_the_limit_is_accepted() -> None:
    for data in (b"[" * 64 + b"]" * 64, b'{"a":' * 64 + b"1" + b"}" * 64):
        assert jcs(parse_jcs(data)) == data


def test_jcs_writes_enumerations_as_their_value() -> None:
    assert jcs([Level.LOW]) == b"[1]"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b'{"x":{"a":1,"a":1}}', "duplicate_key"),
        (b'{"a": 1}', "not_canonical"),
        (b'{"b":1,"a":2}', "not_canonical"),
        (b"[1]\n", "not_canonical"),
        (b'"\\u0041"', "not_canonical"),
        (b'"\\/"', "not_canonical"),
        (b'"\\u000A"', "not_canonical"),
        (b"-0", "not_canonical"),
        (b"1.0", "number"),
        (b"1e3", "number"),
        (b"NaN", "number"),
        (b"Infinity", "number"),
        (b"9007199254740992", "integer_range"),
        (b"1" * 5000, "not_json"),
        (b'"e\xcc\x82"', "not_nfc"),
        (b'"\\ud800"', "surrogate"),
        (b'"\xed\xa0\x80"', "not_json"),
        (b"\xef\xbb\xbf[]", "not_json"),
        (b'{"A":1}', "key"),
        (b"", "not_json"),
        (b"[1,]", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[" * 65 + b"]" * 65, "depth"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "depth"),
    ],
)
def test_parse_refuses_every_other_spelling(data: bytes, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        parse_jcs(data)
    assert caught.value.code == code


@given(values, st.data())
def test_no_single_changed_byte_parses_to_the_same_value(value: Any, data: st.DataObject) -> None:
    good = jcs(value)
    place = data.draw(st.integers(0, len(good) - 1))
    bad = good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :]
    try:
        parsed = parse_jcs(bad)
    except CanonicalError:
        return
    assert json.dumps(parsed, sort_keys=True) != json.dumps(value, sort_keys=True)


# --- text forms ------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=40))
def test_base64url_round_trip(data: bytes) -> None:
    assert b64u_decode(b64u(data)) == data
    assert "=" not in b64u(data)


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "AA\n", " AA", "+/", "Ä", "AA=A"])
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises(CanonicalError):
        b64u_decode(text)


def test_times() -> None:
    hanoi = timezone(timedelta(hours=7))
    moment = datetime(2026, 11, 24, 8, 0, 0, 123_999, tzinfo=hanoi)
    assert utc_text(moment) == "2026-11-24T01:00:00.123Z"
    assert parse_utc("2026-11-24T01:00:00.123Z") == datetime(2026, 11, 24, 1, 0, 0, 123_000, tzinfo=UTC)
    with pytest.raises(CanonicalError):
        utc_text(datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    ["2026-11-24T01:00:00Z", "2026-11-24 01:00:00.000Z", "2026-13-24T01:00:00.000Z", "2026-11-24T01:00:00.000+00"],
)
def test_other_time_spellings_are_refused(text: str) -> None:
    with pytest.raises(CanonicalError):
        parse_utc(text)


@given(st.binary(min_size=16, max_size=16))
def test_crockford_round_trip(data: bytes) -> None:
    assert crockford_bytes(crockford(data, 26), 16) == data


def test_crockford_takes_the_first_bits() -> None:
    assert crockford(bytes.fromhex("ff00"), 2) == "ZW"
    assert crockford(b"\xff", 2) == "ZW"
    assert grouped("7F3A91C2D8E4") == "7F3A-91C2-D8E4"
    with pytest.raises(BadCode):
        crockford_bytes("ZZ", 1)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("7f3a-91c2", "7F3A91C2"),
        (" 7f3a 91c2\n", "7F3A91C2"),
        ("oO0-iIlL1", "00011111"),
        ("7F3A\u201391C2", "7F3A91C2"),
        ("7F3A\u00a091C2", "7F3A91C2"),
        ("\uff17F3A", "7F3A"),
    ],
)
def test_slips_of_the_keyboard_are_forgiven(typed: str, folded: str) -> None:
    assert fold_crockford(typed) == folded


@pytest.mark.parametrize(("typed", "code"), [("7U3A", "code_symbol"), ("7*3A", "code_symbol"), ("Â91C", "code_ime")])
def test_foreign_signs_are_named(typed: str, code: str) -> None:
    with pytest.raises(BadCode) as caught:
        fold_crockford(typed)
    assert caught.value.code == code
