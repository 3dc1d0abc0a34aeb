"""Sealed papers: one size, one key each, nothing opens a neighbour's."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.attempt_paper import (
    attempt_key,
    blob_size,
    open_paper,
    padded_size,
    paper_bytes,
    paper_digest,
    release_root,
    seal_paper,
)
from examapp.integrity.canonical import enc
from examapp.integrity.errors import IntegrityError, SealBroken
from examapp.integrity.sealing import seal

CORE, CEK, SEED = b"c" * 32, b"k" * 32, b"s" * 32
SITTING, ATTEMPT, OTHER = b"S" * 16, b"A" * 16, b"B" * 16


def key_of(attempt: bytes) -> bytes:
    return attempt_key(release_root(CEK, CORE, SEED), SITTING, attempt)


papers = st.lists(
    st.text(st.characters(codec="ascii"), max_size=30).map(lambda text: {"items": [{"stem": text}]}),
    min_size=1,
    max_size=4,
)


@given(papers)
def test_all_blobs_of_a_sitting_have_one_size_and_open_to_their_paper(sitting_papers: list[dict[str, Any]]) -> None:
    size = padded_size(sitting_papers)
    for number, paper in enumerate(sitting_papers):
        attempt = bytes([number]) * 16
        blob = seal_paper(key_of(attempt), paper, size, core_digest=CORE, attempt=attempt)
        assert len(blob) == blob_size(size)
        assert blob[:12] == bytes(12)
        assert open_paper(key_of(attempt), blob, core_digest=CORE, attempt=attempt) == paper


def test_sizes_hide_the_exact_length_of_the_longest_paper() -> None:
    assert padded_size([]) == 1024
    assert padded_size([{"t": "a" * 1016}]) == 1024
    assert padded_size([{"t": "a" * 1017}]) == 2048
    assert padded_size([{"t": ""}, {"t": "đ" * 1021}]) == 3072


def test_the_same_attempt_gets_the_same_bytes_again() -> None:
    blobs = {seal_paper(key_of(ATTEMPT), {"a": 1}, 1024, core_digest=CORE, attempt=ATTEMPT) for _ in range(2)}
    assert len(blobs) == 1


def test_nothing_opens_a_neighbours_paper() -> None:
    blob = seal_paper(key_of(ATTEMPT), {"a": 1}, 1024, core_digest=CORE, attempt=ATTEMPT)
    for key, core, attempt in [
        (key_of(OTHER), CORE, ATTEMPT),
        (key_of(ATTEMPT), CORE, OTHER),
        (key_of(ATTEMPT), b"d" * 32, ATTEMPT),
        (release_root(CEK, CORE, SEED), CORE, ATTEMPT),
    ]:
        with pytest.raises(SealBroken):
            open_paper(key, blob, core_digest=core, attempt=attempt)


def test_keys_need_the_package_the_seed_and_the_sitting() -> None:
    roots = {
        release_root(CEK, CORE, SEED),
        release_root(b"x" * 32, CORE, SEED),
        release_root(CEK, b"x" * 32, SEED),
        release_root(CEK, CORE, b"x" * 32),
    }
    assert len(roots) == 4
    assert attempt_key(b"r" * 32, SITTING, ATTEMPT) != attempt_key(b"r" * 32, b"T" * 16, ATTEMPT)


def test_a_paper_over_the_common_size_is_refused() -> None:
    with pytest.raises(IntegrityError) as caught:
        seal_paper(key_of(ATTEMPT), {"t": "a" * 1024}, 1024, core_digest=CORE, attempt=ATTEMPT)
    assert caught.value.code == "paper_size"


def test_a_paper_of_exactly_the_common_size_fits() -> None:
    paper = {"t": "a" * 1016}
    blob = seal_paper(key_of(ATTEMPT), paper, 1024, core_digest=CORE, attempt=ATTEMPT)
    assert open_paper(key_of(ATTEMPT), blob, core_digest=CORE, attempt=ATTEMPT) == paper


@pytest.mark.parametrize("plain", [b"[]", b"7", b""])
def test_a_blob_that_holds_no_paper_is_refused(plain: bytes) -> None:
    aad = enc("khaothi/attempt-paper/v1", CORE, ATTEMPT)
    blob = seal(key_of(ATTEMPT), plain.ljust(16, b"\0"), aad, nonce=bytes(12))
    with pytest.raises(IntegrityError):
        open_paper(key_of(ATTEMPT), blob, core_digest=CORE, attempt=ATTEMPT)


def test_vector() -> None:
    """The candidate's page decrypts with its own code; these bytes must never drift."""
    blob = seal_paper(key_of(ATTEMPT), {"a": 1}, 1024, core_digest=CORE, attempt=ATTEMPT)
    assert key_of(ATTEMPT).hex() == "1119b63f0101f2c21a3d2abd5bdf5d062003452568aa38ef7fc7c5efaf31ecd7"
    assert hashlib.sha256(blob).hexdigest() == "a1529ac58661ba206770176cbc81d6f018112c36387e6f96debc8cf1acaba9c0"


def test_the_digest_names_the_exact_paper() -> None:
    assert paper_digest(paper_bytes({"a": [1, 2]})) != paper_digest(paper_bytes({"a": [2, 1]}))
