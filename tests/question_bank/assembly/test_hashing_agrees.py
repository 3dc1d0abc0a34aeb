"""The library and the application hash alike, though neither imports the other."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity import canonical
from question_bank.assembly import hashing

# The application refuses text that is not in normal form C, the library brings it there: equal wherever both answer.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
fields = st.lists(st.one_of(st.binary(max_size=8), texts, st.integers(0, 2**64 - 1)), max_size=5)
TAG = "khaothi/draw-seed/v1"


@given(fields, st.binary(min_size=1, max_size=40))
def test_same_fields_same_bytes(values: list[bytes | str | int], key: bytes) -> None:
    assert hashing.enc(TAG, *values) == canonical.enc(TAG, *values)
    assert hashing.H(TAG, *values) == canonical.H(TAG, *values)
    assert hashing.MAC(key, TAG, *values) == canonical.MAC(key, TAG, *values)
