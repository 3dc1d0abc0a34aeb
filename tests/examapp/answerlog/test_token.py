"""A token is believed only as issued: every byte, the sitting, the incarnation, the machine and the time."""

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from examapp.answerlog.token import (
    Refusal,
    Token,
    cookie_names,
    issue,
    issue_machine,
    read,
    verify,
    verify_machine,
)
from examapp.integrity.canonical import MAC, b64u, b64u_decode
from examapp.integrity.keys import NodeKeys
from tests.conftest import NOW

TOKEN = Token(
    sitting=UUID(int=1), attempt=UUID(int=2), machine=UUID(int=3), lease=4, rehearsal=False, issued=NOW,
    expires=NOW + timedelta(hours=1),
)  # fmt: skip


def signed(keys: NodeKeys, payload: bytes, incarnation: int = 1) -> str:
    """Return a token of any payload with a right signature."""
    return b64u(payload + MAC(keys.token_key(payload[6:22], incarnation), "khaothi/token/v1", payload))


def test_verify_returns_what_was_issued(keys: NodeKeys) -> None:
    for token in (TOKEN, replace(TOKEN, rehearsal=True, lease=2**32 - 1)):
        assert verify(keys, issue(keys, token), NOW) == token


def test_layout_is_the_published_one(keys: NodeKeys) -> None:
    data = b64u_decode(issue(keys, TOKEN))
    assert len(data) == 66 + 32
    assert data[:6] == bytes([1, 0, 0, 0, 0, 1])
    assert data[6:22] == TOKEN.sitting.bytes
    assert data[22:38] == TOKEN.attempt.bytes
    assert data[38:54] == TOKEN.machine.bytes
    assert int.from_bytes(data[54:58], "big") == 4
    assert int.from_bytes(data[58:62], "big") == int(NOW.timestamp())
    assert int.from_bytes(data[62:66], "big") == int(NOW.timestamp()) + 3600
    assert issue(keys, TOKEN) == signed(keys, data[:66])


def test_flip_of_any_bit_is_refused(keys: NodeKeys) -> None:
    data = b64u_decode(issue(keys, TOKEN))
    for position in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[position] ^= 1 << bit
            assert isinstance(read(keys, b64u(bytes(changed))), Refusal), (position, bit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 130,
        "A" * 132,
        "!" * 131,
        "Ạ" * 131,
        base64.urlsafe_b64encode(bytes(98)).decode(),
        "=" * 131,
    ],
)
def test_malformed_text_is_refused(keys: NodeKeys, text: str) -> None:
    assert isinstance(verify(keys, text, NOW), Refusal)


def test_token_of_another_node_is_forged(keys: NodeKeys) -> None:
    assert verify(NodeKeys(bytes(32)), issue(keys, TOKEN), NOW) == Refusal.FORGED


def test_attempt_of_another_sitting_is_forged(keys: NodeKeys) -> None:
    """The rehearsal's token must not open the real sitting, whatever its holder writes into it."""
    payload = bytearray(b64u_decode(issue(keys, TOKEN))[:66])
    mac = b64u_decode(issue(keys, TOKEN))[66:]
    payload[6:22] = UUID(int=9).bytes
    assert read(keys, b64u(bytes(payload) + mac)) == Refusal.FORGED


@pytest.mark.parametrize(
    ("start", "value", "refusal"),
    [
        (0, b"\x02", Refusal.MALFORMED),
        (1, b"\x02", Refusal.MALFORMED),
        (2, b"\0\0\0\x02", Refusal.OTHER_INCARNATION),
    ],
)
def test_rightly_signed_but_of_another_kind(keys: NodeKeys, start: int, value: bytes, refusal: Refusal) -> None:
    payload = bytearray(b64u_decode(issue(keys, TOKEN))[:66])
    payload[start : start + len(value)] = value
    incarnation = int.from_bytes(payload[2:6], "big")
    assert read(keys, signed(keys, bytes(payload), incarnation)) == refusal


@pytest.mark.parametrize(("seconds", "believed"), [(3599.9, True), (3600, False), (7200, False)])
def test_token_ends_at_its_expiry(keys: NodeKeys, seconds: float, believed: bool) -> None:
    found = verify(keys, issue(keys, TOKEN), NOW + timedelta(seconds=seconds))
    assert found == (TOKEN if believed else Refusal.EXPIRED)


def test_machine_cookie_names_the_machine_it_was_given_to(keys: NodeKeys) -> None:
    text = issue_machine(keys, UUID(int=3))
    assert verify_machine(keys, text) == UUID(int=3)
    assert verify_machine(NodeKeys(bytes(32)), text) is None
    assert verify_machine(keys, issue_machine(keys, UUID(int=4))) == UUID(int=4)
    for bad in ("", text[:-1], text + "A", "!" * len(text), b64u(bytes(48))):
        assert verify_machine(keys, bad) is None


def test_cookie_names_need_https_for_their_prefix() -> None:
    assert cookie_names(True).attempt == "__Host-khaothi-attempt"
    assert cookie_names(True).machine == "__Host-khaothi-machine"
    assert cookie_names(False).attempt == "khaothi-attempt"
    assert cookie_names(False).machine == "khaothi-machine"
