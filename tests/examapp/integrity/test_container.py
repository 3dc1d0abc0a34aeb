"""The ZIP around a package has one spelling."""

import hashlib

import pytest

from examapp.integrity.container import MEMBERS, SIGNATURE, pack_members, unpack_members
from examapp.integrity.errors import PackageRefused

SMALL = {name: name.encode() for name in MEMBERS}


def test_round_trip() -> None:
    assert unpack_members(pack_members(SMALL)) == SMALL
    empty = dict.fromkeys(MEMBERS, b"")
    assert unpack_members(pack_members(empty)) == empty


def test_vector() -> None:
    """Packages frozen by an earlier version must open for ever: the container's bytes never drift."""
    assert (
        hashlib.sha256(pack_members(SMALL)).hexdigest()
        == "db47851cce95b1196c5539c853cb6e5fdaaf0ddb8a453cc8a17392d16995e768"
    )


def test_members_over_their_limit_are_neither_written_nor_read() -> None:
    with pytest.raises(PackageRefused) as caught:
        pack_members(SMALL | {SIGNATURE: bytes(MEMBERS[SIGNATURE] + 1)})
    assert caught.value.code == "member_size"
    assert SIGNATURE in caught.value.text()


def test_declared_sizes_are_not_believed() -> None:
    content = bytearray(pack_members(SMALL))
    content[18:22] = (2**32 - 1).to_bytes(4, "little")
    with pytest.raises(PackageRefused):
        unpack_members(bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK", bytes(22), bytes(200)])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(PackageRefused):
        unpack_members(content)
