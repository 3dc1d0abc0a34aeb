"""A counting source of randomness and one small frozen sitting for the tests of the sealing layer."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import BuiltPackage, build_package

SECRET = bytes(range(32))
CORE_PARTS: dict[str, Any] = {
    "package_id": "0190a5b2-7c1d-7e3f-8a4b-5c6d7e8f9a0b",
    "freeze_no": 1,
    "sitting": {"code": "CA-01", "grace_seconds": 120, "mode": "programmed"},
    "test": {"minutes": 60, "name": "Kiến thức chung", "pass_share": "1/2", "questions": 60},
    "profile": {"id": "cc-2025"},
    "roster": [{"name": "Nguyễn Thị Ánh", "number": "0001"}],
    "draw_spec": {"algorithm": "draw/1"},
}
PAPER: dict[str, Any] = {"secret": b64u(SECRET), "questions": [{"options": ["Sở", "Bộ"], "stem": "Ai ban hành?"}]}
KEY: dict[str, Any] = {"keys": [1]}


def counting_source(label: bytes = b"seed") -> Callable[[int], bytes]:
    """Return a source that never repeats and gives the same bytes in every run."""
    counter = 0

    def read(size: int) -> bytes:
        nonlocal counter
        counter += 1
        return hashlib.shake_256(label + counter.to_bytes(8, "big")).digest(size)

    return read


@pytest.fixture
def random_bytes() -> Callable[[int], bytes]:
    return counting_source()


@pytest.fixture(scope="session")
def node_keys() -> NodeKeys:
    return NodeKeys(b"root of the tests".ljust(32, b"."))


@pytest.fixture(scope="session")
def built(node_keys: NodeKeys) -> BuiltPackage:
    """A package that tests read and damage copies of."""
    return build_package(
        CORE_PARTS, PAPER, KEY, signing_key=node_keys.signing_key, random_bytes=counting_source(b"package")
    )


@pytest.fixture
def parts() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Core parts, paper and key to change and freeze anew."""
    return dict(CORE_PARTS), dict(PAPER), dict(KEY)
