"""The cookie of a machine says which accounts have signed in on it, and cannot be made by anybody else."""

from uuid import UUID, uuid4

import pytest

from examapp.accounts.machines import known_machine, remember_account
from examapp.integrity.canonical import b64u, b64u_decode
from examapp.integrity.keys import NodeKeys

LAN, HOA = UUID(int=1), UUID(int=2)


def test_each_account_that_signed_in_is_known_and_the_machine_keeps_its_id(keys: NodeKeys) -> None:
    first = remember_account(None, LAN, keys)
    both = remember_account(first, HOA, keys)
    again = remember_account(both, LAN, keys)
    machine = known_machine(first, LAN, keys)
    assert machine is not None
    assert known_machine(first, HOA, keys) is None
    for cookie in (both, again):
        assert known_machine(cookie, LAN, keys) == known_machine(cookie, HOA, keys) == machine
    assert len(again) == len(both)
    assert known_machine(remember_account(None, LAN, keys), LAN, keys) != machine


def test_the_ninth_account_pushes_out_the_first(keys: NodeKeys) -> None:
    cookie, accounts = None, [uuid4() for _ in range(9)]
    for account in accounts:
        cookie = remember_account(cookie, account, keys)
    assert [known_machine(cookie, account, keys) is None for account in accounts] == [True] + [False] * 8


@pytest.mark.parametrize("cookie", [None, "", "!", "x" * 43, b64u(bytes(16)), b64u(bytes(32)), b64u(bytes(16 * 10))])
def test_what_we_did_not_make_is_a_strangers(keys: NodeKeys, cookie: str | None) -> None:
    assert known_machine(cookie, LAN, keys) is None
    assert known_machine(remember_account(cookie, LAN, keys), LAN, keys) is not None


def test_no_bit_of_it_may_change(keys: NodeKeys) -> None:
    data = b64u_decode(remember_account(None, LAN, keys))
    for position in range(len(data)):
        changed = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        assert known_machine(b64u(changed), LAN, keys) is None
    assert known_machine(b64u(data), LAN, NodeKeys(bytes(32))) is None
