"""A paper's key in the database is worth nothing without the node's root, nor in another attempt's row."""

from secrets import token_bytes
from uuid import UUID

import pytest

from examapp.answerlog.release import unwrap_release_key, wrap_release_key
from examapp.integrity.errors import SealBroken
from examapp.integrity.keys import NodeKeys

SITTING, ATTEMPT, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
KEY = bytes(range(32))


def test_key_comes_back(keys: NodeKeys) -> None:
    wrapped = wrap_release_key(keys, KEY, sitting=SITTING, attempt=ATTEMPT, random_bytes=token_bytes)
    assert KEY not in wrapped
    assert unwrap_release_key(keys, wrapped, sitting=SITTING, attempt=ATTEMPT) == KEY


@pytest.mark.parametrize(
    ("sitting", "attempt", "root"),
    [(OTHER, ATTEMPT, range(32)), (SITTING, OTHER, range(32)), (SITTING, ATTEMPT, range(1, 33))],
)
def test_key_opens_nowhere_else(keys: NodeKeys, sitting: UUID, attempt: UUID, root: range) -> None:
    wrapped = wrap_release_key(keys, KEY, sitting=SITTING, attempt=ATTEMPT, random_bytes=token_bytes)
    with pytest.raises(SealBroken):
        unwrap_release_key(NodeKeys(bytes(root)), wrapped, sitting=sitting, attempt=attempt)
