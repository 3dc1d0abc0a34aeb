"""Printed codes tell a typo from a wrong code; sealed bytes open only under their key and context."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.canonical import CROCKFORD
from examapp.integrity.errors import BadCode, IntegrityError, SealBroken
from examapp.integrity.sealing import draw_bytes, format_code, parse_code, seal, unseal, unwrap_key, wrap_key

secrets = st.binary(min_size=16, max_size=16)


@given(secrets)
def test_a_code_has_26_characters_and_a_check(secret: bytes) -> None:
    code = format_code(secret)
    assert len(code.replace("-", "")) == 27
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 4, 4, 3]
    assert set(code) <= set(CROCKFORD + "-")


@given(secrets)
def test_codes_are_read_back_however_they_are_typed(secret: bytes) -> None:
    printed = format_code(secret)
    typed = [
        printed,
        printed.lower(),
        printed.replace("-", " "),
        f"  {printed.replace('-', '')}\n",
        printed.replace("0", "o").replace("1", "l"),
        printed.replace("0", "O").replace("1", "I"),
    ]
    assert {parse_code(text) for text in typed} == {secret}


@given(secrets, st.data())
def test_every_single_wrong_character_is_a_typo(secret: bytes, data: st.DataObject) -> None:
    symbols = format_code(secret).replace("-", "")
    place = data.draw(st.integers(0, 26))
    wrong = data.draw(st.sampled_from([symbol for symbol in CROCKFORD if symbol != symbols[place]]))
    with pytest.raises(BadCode) as caught:
        parse_code(symbols[:place] + wrong + symbols[place + 1 :])
    assert caught.value.code == "code_typo"


@given(secrets, st.data())
def test_every_exchange_of_two_characters_is_a_typo(secret: bytes, data: st.DataObject) -> None:
    symbols = list(format_code(secret).replace("-", ""))
    left, right = data.draw(st.integers(0, 26)), data.draw(st.integers(0, 26))
    if symbols[left] == symbols[right]:
        return
    symbols[left], symbols[right] = symbols[right], symbols[left]
    with pytest.raises(BadCode):
        parse_code("".join(symbols))


def test_a_missing_group_is_counted_for_the_person() -> None:
    with pytest.raises(BadCode) as caught:
        parse_code(format_code(bytes(16))[:-4])
    assert caught.value.code == "code_length"
    assert "27" in caught.value.text()
    assert "24" in caught.value.text()


@given(st.binary(max_size=50), st.binary(max_size=10))
def test_seal_round_trip(plaintext: bytes, aad: bytes) -> None:
    sealed = seal(bytes(32), plaintext, aad, nonce=bytes(12))
    assert len(sealed) == 12 + len(plaintext) + 16
    assert unseal(bytes(32), sealed, aad) == plaintext


def test_anything_changed_breaks_the_seal() -> None:
    key, aad = bytes(32), b"context"
    sealed = seal(key, b"content", aad, nonce=bytes(range(12)))
    broken = [sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :] for place in range(len(sealed))]
    for attempt in [*broken, sealed[:-1], sealed + b"\0", sealed[:20], b""]:
        with pytest.raises(SealBroken):
            unseal(key, attempt, aad)
    with pytest.raises(SealBroken):
        unseal(key, sealed, b"other context")
    with pytest.raises(SealBroken):
        unseal(b"\1" * 32, sealed, aad)
    with pytest.raises(SealBroken):
        unseal(b"short", sealed, aad)


def test_wrapped_keys(random_bytes: Callable[[int], bytes]) -> None:
    outer, inner = b"o" * 32, b"i" * 32
    wrapped = wrap_key(outer, inner, b"aad", random_bytes=random_bytes)
    assert unwrap_key(outer, wrapped, b"aad") == inner
    assert wrap_key(outer, inner, b"aad", random_bytes=random_bytes) != wrapped
    with pytest.raises(SealBroken):
        unwrap_key(outer, seal(outer, b"not a key", b"aad", nonce=bytes(12)), b"aad")


def test_misuse_is_refused() -> None:
    with pytest.raises(IntegrityError):
        seal(b"short key", b"", b"", nonce=bytes(12))
    with pytest.raises(IntegrityError):
        seal(bytes(32), b"", b"", nonce=bytes(11))
    with pytest.raises(IntegrityError):
        draw_bytes(lambda size: bytes(size - 1), 16)
