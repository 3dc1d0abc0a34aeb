"""The encoding is injective and the stream is fair."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.assembly.hashing import MAC, H, Stream, enc

fields = st.lists(st.one_of(st.binary(max_size=6), st.text(max_size=6), st.integers(0, 2**64 - 1)), max_size=4)


def test_the_example_of_the_protocol() -> None:
    assert enc("a", "bc").hex() == "0000000200000001" + "61" + "00000002" + "6263"


def test_text_is_encoded_in_normal_form_and_numbers_as_64_bits() -> None:
    assert enc("ho\u0323c") == enc("học")
    assert enc(1) == enc(bytes(7) + b"\x01")
    with pytest.raises(TypeError):
        enc(True)
    with pytest.raises(OverflowError):
        enc(-1)


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_different_fields_never_share_an_encoding(one: list[bytes], other: list[bytes]) -> None:
    assert (enc(*one) == enc(*other)) == (one == other)


def test_field_borders_count() -> None:
    assert H("t", "T1", "12") != H("t", "T11", "2")
    assert MAC(b"k", "t", "T1", "12") != MAC(b"k", "t", "T11", "2")


def test_below_refuses_impossible_bounds_and_one_uses_nothing() -> None:
    numbers, same = Stream(b"k"), Stream(b"k")
    for bound in (0, -1, 2**32 + 1):
        with pytest.raises(ValueError, match="bound"):
            numbers.below(bound)
    assert numbers.below(1) == 0
    assert numbers.take(70) == same.take(3) + same.take(60) + same.take(7)


def test_numbers_of_the_incomplete_last_run_are_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 2**32 // 3 * 3
    words = iter([limit, 2**32 - 1, limit - 1])
    monkeypatch.setattr(Stream, "take", lambda self, size: next(words).to_bytes(size, "big"))
    assert Stream(b"k").below(3) == 2


@pytest.mark.parametrize("bound", [2, 3, 7, 20, 100])
def test_numbers_are_uniform(bound: int) -> None:
    draws = 20_000
    counts = Counter(numbers.below(bound) for numbers in [Stream(b"uniform")] for _ in range(draws))
    expected = draws / bound
    chi_square = sum((counts[value] - expected) ** 2 / expected for value in range(bound))
    # Mean bound−1, deviation √(2(bound−1)): five deviations above happen by chance about once in a million.
    assert chi_square < bound - 1 + 5 * (2 * (bound - 1)) ** 0.5


def test_shuffles_reach_every_order_equally() -> None:
    counts = Counter(tuple(Stream(seed.to_bytes(4, "big")).shuffle("abcd")) for seed in range(9_600))
    assert len(counts) == 24
    chi_square = sum((count - 400) ** 2 / 400 for count in counts.values())
    assert chi_square < 23 + 5 * 46**0.5
