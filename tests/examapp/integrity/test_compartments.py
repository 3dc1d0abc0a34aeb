"""Compartments against their sealer: two texts under two keys, wrong order of checks, and bombs."""

import zlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from examapp.integrity.canonical import KDF, b64u_decode, enc, jcs, parse_jcs
from examapp.integrity.compartments import (
    Draft,
    content_commit,
    draft,
    open_content,
    recover_cek,
    seal_draft,
)
from examapp.integrity.errors import IntegrityError, PackageRefused, SealBroken
from examapp.integrity.sealing import seal, unseal

PACKAGE, CORE, NODE = b"p" * 16, b"c" * 32, b"n" * 32
RandomBytes = Callable[[int], bytes]


def header_bytes(member: bytes) -> bytes:
    return member[: 4 + int.from_bytes(member[:4], "big")]


def sealed_as(body: bytes, cek: bytes, header: bytes) -> bytes:
    """Return a member whose content is exactly `body`, whatever `draft` would have refused."""
    return header + seal(cek, body, enc("khaothi/compartment/v1", "paper", CORE), nonce=bytes(12))


@pytest.fixture
def header(random_bytes: RandomBytes) -> bytes:
    part = draft("paper", PACKAGE, {}, random_bytes=random_bytes)
    return header_bytes(seal_draft(part, CORE, node_pub=NODE, random_bytes=random_bytes))


# --- keys ------------------------------------------------------------------------------------------------------------


def test_the_code_of_one_compartment_recovers_nothing_of_the_other(random_bytes: RandomBytes) -> None:
    """Below the friendly check of the code stands the seal itself."""
    paper = draft("paper", PACKAGE, {"a": 1}, random_bytes=random_bytes)
    key = draft("key", PACKAGE, {"b": 2}, random_bytes=random_bytes)
    sealed = seal_draft(key, CORE, node_pub=NODE, random_bytes=random_bytes)
    cek = recover_cek("key", sealed, key.code, package_id=PACKAGE, core_digest=CORE, node_pub=NODE)
    assert open_content("key", sealed, cek, core_digest=CORE, commit=content_commit("key", key.body)) == {"b": 2}
    for code, package_id, core_digest, node_pub in [
        (paper.code, PACKAGE, CORE, NODE),
        (key.code, b"q" * 16, CORE, NODE),
        (key.code, PACKAGE, b"d" * 32, NODE),
        (key.code, PACKAGE, CORE, b"m" * 32),
    ]:
        with pytest.raises(SealBroken):
            recover_cek("key", sealed, code, package_id=package_id, core_digest=core_digest, node_pub=node_pub)


def test_the_wrapping_key_is_the_protocols(random_bytes: RandomBytes) -> None:
    """KW_x = KDF(Mx, salt=package_id, "khaothi/wrap/v1", x, node_pub), once the code has opened Mx."""
    part = draft("paper", PACKAGE, {}, random_bytes=random_bytes)
    sealed = seal_draft(part, CORE, node_pub=NODE, random_bytes=random_bytes)
    header = parse_jcs(header_bytes(sealed)[4:])
    code_key = KDF(part.code, PACKAGE, "khaothi/code-wrap/v1", "paper")
    master = unseal(
        code_key, b64u_decode(header["wraps"][0]["wrapped_master"]), enc("khaothi/code-wrap/v1", "paper", CORE)
    )
    wrapping_key = KDF(master, PACKAGE, "khaothi/wrap/v1", "paper", NODE)
    cek = recover_cek("paper", sealed, part.code, package_id=PACKAGE, core_digest=CORE, node_pub=NODE)
    assert unseal(wrapping_key, b64u_decode(header["wrapped_cek"]), enc("khaothi/wrap/v1", "paper", CORE)) == cek


# --- one ciphertext, two texts ---------------------------------------------------------------------------------------


def gf_multiply(left: int, right: int) -> int:
    """Multiply in GCM's field (bit 0 is the most significant one)."""
    product = 0
    for bit in range(127, -1, -1):
        if right >> bit & 1:
            product ^= left
        left = left >> 1 ^ (0xE1 << 120 if left & 1 else 0)
    return product


def gf_power(base: int, exponent: int) -> int:
    result = 1 << 127
    while exponent:
        if exponent & 1:
            result = gf_multiply(result, base)
        base = gf_multiply(base, base)
        exponent >>= 1
    return result


def aes_block(key: bytes, block: bytes) -> int:
    encryptor = Cipher(AES(key), ECB()).encryptor()
    return int.from_bytes(encryptor.update(block), "big")


def blocks_of(aad: bytes, ciphertext: bytes) -> list[int]:
    padded = aad + bytes(-len(aad) % 16) + ciphertext + bytes(-len(ciphertext) % 16)
    padded += (8 * len(aad)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    return [int.from_bytes(padded[i : i + 16], "big") for i in range(0, len(padded), 16)]


def tag_of(key: bytes, nonce: bytes, blocks: list[int]) -> int:
    point, total = aes_block(key, bytes(16)), 0
    for block in blocks:
        total = gf_multiply(total ^ block, point)
    return total ^ aes_block(key, nonce + b"\0\0\0\1")


def two_key_ciphertext(body: bytes, first: bytes, second: bytes, aad: bytes) -> bytes:
    """Return nonce, ciphertext and tag that authenticate under both keys; the first 16 bytes of `body` are sacrificed.

    The tags under both keys are linear in the sacrificed block, so one equation in GF(2^128) makes them equal.
    """
    nonce = bytes(12)
    ciphertext = bytes(16) + seal(first, body, aad, nonce=nonce)[12 + 16 : -16]
    blocks = blocks_of(aad, ciphertext)
    place = -(-len(aad) // 16)
    difference = tag_of(first, nonce, blocks) ^ tag_of(second, nonce, blocks)
    exponent = len(blocks) - place
    slope = gf_power(aes_block(first, bytes(16)), exponent) ^ gf_power(aes_block(second, bytes(16)), exponent)
    blocks[place] = gf_multiply(difference, gf_power(slope, 2**128 - 2))
    tag = tag_of(first, nonce, blocks).to_bytes(16, "big")
    return nonce + blocks[place].to_bytes(16, "big") + ciphertext[16:] + tag


def test_a_ciphertext_with_two_keys_opens_only_to_the_committed_text(header: bytes) -> None:
    first, second = b"1" * 32, b"2" * 32
    aad = enc("khaothi/compartment/v1", "paper", CORE)
    body = bytes(32) + zlib.compress(jcs({"secret": "the honest paper"}))
    sealed = two_key_ciphertext(body, first, second, aad)
    one, two = unseal(first, sealed, aad), unseal(second, sealed, aad)
    assert one != two, "the attack itself must work, or this test proves nothing"
    commit = content_commit("paper", one)
    assert open_content("paper", header + sealed, first, core_digest=CORE, commit=commit)
    with pytest.raises(PackageRefused) as caught:
        open_content("paper", header + sealed, second, core_digest=CORE, commit=commit)
    assert caught.value.code == "content_commit"


# --- decompression ---------------------------------------------------------------------------------------------------


def test_the_commitment_is_checked_before_anything_is_decompressed(
    header: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decompressed an uncommitted body")

    monkeypatch.setattr("examapp.integrity.compartments.zlib.decompressobj", never)
    cek = b"k" * 32
    member = sealed_as(bytes(32) + zlib.compress(b"{}"), cek, header)
    with pytest.raises(PackageRefused) as caught:
        open_content("paper", member, cek, core_digest=CORE, commit=bytes(32))
    assert caught.value.code == "content_commit"


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (zlib.compress(b'"' + b"a" * (8 << 20) + b'"'), "compartment_size"),
        (zlib.compress(b"{}") + b"tail", "compartment_form"),
        (zlib.compress(b"{}")[:-1], "compartment_form"),
        (b"not zlib", "compartment_form"),
        (b"", "compartment_form"),
        (zlib.compress(b"[]"), "compartment_form"),
        (zlib.compress(b'{"a": 1}'), "not_canonical"),
    ],
    ids=["bomb", "tail", "cut", "not zlib", "empty", "a list", "not canonical"],
)
def test_what_does_not_unpack_cleanly_is_refused(header: bytes, packed: bytes, code: str) -> None:
    cek, body = b"k" * 32, bytes(32) + packed
    member = sealed_as(body, cek, header)
    with pytest.raises(IntegrityError) as caught:
        open_content("paper", member, cek, core_digest=CORE, commit=content_commit("paper", body))
    assert caught.value.code == code


def test_what_a_reader_would_refuse_is_not_frozen(random_bytes: RandomBytes) -> None:
    with pytest.raises(PackageRefused) as caught:
        draft("paper", PACKAGE, {"text": "a" * (8 << 20)}, random_bytes=random_bytes)
    assert caught.value.code == "compartment_size"


def test_large_honest_content_fits(random_bytes: RandomBytes) -> None:
    data = {"questions": [f"Câu hỏi số {number} về cơ quan nhà nước?" for number in range(20_000)]}
    part = draft("paper", PACKAGE, data, random_bytes=random_bytes)
    sealed = seal_draft(part, CORE, node_pub=NODE, random_bytes=random_bytes)
    cek = recover_cek("paper", sealed, part.code, package_id=PACKAGE, core_digest=CORE, node_pub=NODE)
    assert open_content("paper", sealed, cek, core_digest=CORE, commit=content_commit("paper", part.body)) == data


# --- headers ---------------------------------------------------------------------------------------------------------


def changed_header(member: bytes, change: dict[str, Any]) -> bytes:
    size = int.from_bytes(member[:4], "big")
    header = jcs(parse_jcs(member[4 : 4 + size]) | change)
    return len(header).to_bytes(4, "big") + header + member[4 + size :]


@pytest.mark.parametrize(
    "change",
    [
        {"format": "khaothi-compartment/2"},
        {"name": "key"},
        {"wraps": []},
        {"wraps": [7]},
        {"wraps": [{"kind": "shares", "wrapped_master": ""}]},
        {"wraps": [{"kind": "code"}]},
        {"wraps": [{"kind": "code", "wrapped_master": 7}]},
        {"wraps": [{"kind": "code", "wrapped_master": "A"}]},
        {"wrapped_cek": 7},
        {"extra": 1},
    ],
)
def test_headers_of_another_shape_are_refused(random_bytes: RandomBytes, change: dict[str, Any]) -> None:
    part: Draft = draft("paper", PACKAGE, {}, random_bytes=random_bytes)
    member = changed_header(seal_draft(part, CORE, node_pub=NODE, random_bytes=random_bytes), change)
    with pytest.raises(PackageRefused):
        recover_cek("paper", member, part.code, package_id=PACKAGE, core_digest=CORE, node_pub=NODE)


@pytest.mark.parametrize("member", [b"", b"\0\0\0\0", b"\0\0\0\2[]", b"\xff\xff\xff\xff{}", b"\0\0\0\2{]" + bytes(40)])
def test_members_without_a_header_are_refused(member: bytes) -> None:
    with pytest.raises(PackageRefused):
        recover_cek("paper", member, bytes(16), package_id=PACKAGE, core_digest=CORE, node_pub=NODE)
