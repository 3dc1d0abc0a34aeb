"""Merkle trees: RFC 6962's shape, and proofs that hold for one leaf at one place only."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examapp.integrity.merkle import EMPTY, leaf_hash, node_hash, proof, root, verify_proof


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(bytes([index])) for index in range(size)]


def test_vectors() -> None:
    assert root([]) == EMPTY == hashlib.sha256(b"").digest()
    assert root(leaves_of(3)).hex() == "3b6cccd7e3e023ff393006f030315ee7ad9eb111b022b41fba7e5b7a3973f688"
    one, two, three, four, five = leaves_of(5)
    assert root([one]) == one
    assert root([one, two, three, four, five]) == node_hash(
        node_hash(node_hash(one, two), node_hash(three, four)), five
    )


def test_a_leaf_is_never_a_node() -> None:
    one, two = leaves_of(2)
    assert leaf_hash(one + two) != node_hash(one, two)


@given(st.integers(1, 40), st.data())
def test_every_leaf_proves_its_place_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))
    path, top = proof(leaves, index), root(leaves)
    assert verify_proof(leaves[index], index, size, path, top)
    assert not verify_proof(leaf_hash(b"other"), index, size, path, top)
    assert not verify_proof(leaves[index], index, size, [*path, top], top)
    assert not verify_proof(leaves[index], index, size, path, leaf_hash(b"other"))
    if path:
        assert not verify_proof(leaves[index], index, size, path[1:], top)
        wrong = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
        assert not verify_proof(leaves[index], wrong, size, path, top)


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=12), st.data())
def test_changing_any_leaf_changes_the_root(contents: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(content) for content in contents]
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[index] = leaf_hash(contents[index] + b"!")
    assert root(changed) != root(leaves)
    assert root(leaves[:-1]) != root(leaves)


@pytest.mark.parametrize("index", [-1, 3])
def test_places_outside_the_tree(index: int) -> None:
    with pytest.raises(IndexError):
        proof(leaves_of(3), index)
    assert not verify_proof(leaves_of(3)[0], index, 3, [], root(leaves_of(3)))
