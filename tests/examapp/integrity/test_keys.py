"""Every key of a node has its own use and none shows its root."""

import pytest

from examapp.integrity.errors import IntegrityError
from examapp.integrity.keys import NodeKeys, public_bytes

ROOT = bytes(range(32))


def test_every_child_is_different() -> None:
    keys = NodeKeys(ROOT)
    children = [
        keys.token_key(b"s" * 16, 1),
        keys.token_key(b"s" * 16, 2),
        keys.token_key(b"t" * 16, 1),
        keys.wrap_key(b"s" * 16),
        keys.release_key(b"s" * 16),
        keys.audit_key,
        keys.sign_in_name_key,
        keys.sign_in_place_key,
        keys.slip_key,
        keys.code_pepper,
        keys.machine_key,
        keys.signing_key.private_bytes_raw(),
        ROOT,
    ]
    assert len(set(children)) == len(children)
    assert {len(child) for child in children} == {32}


def test_children_are_the_same_after_a_restart_and_others_on_another_node() -> None:
    assert NodeKeys(ROOT).node_pub == NodeKeys(ROOT).node_pub == public_bytes(NodeKeys(ROOT).signing_key)
    assert NodeKeys(ROOT).audit_key != NodeKeys(bytes(32)).audit_key


def test_the_root_is_not_shown() -> None:
    assert ROOT.hex() not in repr(NodeKeys(ROOT))
    assert repr(ROOT) not in repr(NodeKeys(ROOT))


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_root_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(IntegrityError):
        NodeKeys(bytes(size))
