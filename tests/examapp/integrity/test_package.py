"""A frozen package: what opens with what, and that nothing altered is ever opened."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from examapp.integrity.canonical import H, b64u, b64u_decode, enc, jcs, parse_jcs
from examapp.integrity.container import CORE, KEY, PAPER, SIGNATURE, pack_members, unpack_members
from examapp.integrity.errors import BadCode, IntegrityError, PackageRefused, SealBroken, WrongCode
from examapp.integrity.keys import NodeKeys
from examapp.integrity.package import (
    BuiltPackage,
    build_package,
    core_digest_of,
    draw_commit,
    open_compartment,
    open_with_cek,
    read_core,
)

Parts = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
RandomBytes = Callable[[int], bytes]


def resigned(members: dict[str, bytes], keys: NodeKeys) -> bytes:
    """Return a package over changed members that its own signer signed: what a dishonest freezer could make."""
    core_digest = H("khaothi/package-core/v1", members[CORE])
    digests = [H("khaothi/package-member/v1", name, members[name]) for name in (PAPER, KEY)]
    signatures = {
        "core": b64u(keys.signing_key.sign(enc("khaothi/package-sig/v1", core_digest))),
        "members": b64u(keys.signing_key.sign(enc("khaothi/package-members/v1", core_digest, *digests))),
    }
    return pack_members(members | {SIGNATURE: jcs(signatures)})


# --- what a package is -----------------------------------------------------------------------------------------------


def test_both_compartments_open_with_their_codes(built: BuiltPackage, parts: Parts, node_keys: NodeKeys) -> None:
    core_parts, paper, key = parts
    opened = read_core(built.content, verify_key=node_keys.node_pub)
    assert opened.core == built.core
    assert opened.core_digest == built.core_digest == core_digest_of(built.core)
    assert opened.pinned
    assert not read_core(built.content).pinned
    assert core_parts.items() <= opened.core.items()
    assert open_compartment(built.content, "paper", built.paper_code).data == paper
    assert open_compartment(built.content, "key", built.key_code).data == key


def test_a_kept_content_key_opens_again(built: BuiltPackage, parts: Parts) -> None:
    cek = open_compartment(built.content, "paper", built.paper_code).cek
    assert open_with_cek(built.content, "paper", cek) == parts[1]
    with pytest.raises(SealBroken):
        open_with_cek(built.content, "key", cek)
    with pytest.raises(SealBroken):
        open_with_cek(built.content, "paper", bytes(32))


def test_the_core_names_its_node_and_commits_to_everything(built: BuiltPackage, node_keys: NodeKeys) -> None:
    core = built.core
    assert b64u_decode(core["node_pub"]) == node_keys.node_pub
    core0 = {name: value for name, value in core.items() if name != "commit"}
    secret = bytes(range(32))
    assert b64u_decode(core["commit"]) == built.commit == draw_commit(core_digest_of(core0), secret)
    assert set(core["compartments"]["paper"]) == {"content_commit", "wraps"}


def test_the_readable_part_holds_no_question_no_secret_and_no_code(built: BuiltPackage) -> None:
    members = unpack_members(built.content)
    readable = members[CORE] + members[SIGNATURE] + members[PAPER] + members[KEY]
    for hidden in ("Ai ban hành?", b64u(bytes(range(32))), built.paper_code, built.paper_code.replace("-", "")):
        assert hidden.encode() not in readable
        assert hidden not in repr(built)


def test_the_file_is_a_plain_zip(built: BuiltPackage) -> None:
    with zipfile.ZipFile(io.BytesIO(built.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [CORE, SIGNATURE, PAPER, KEY]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert parse_jcs(archive.read(CORE)) == built.core


def test_two_freezes_share_no_key_and_no_code(parts: Parts, node_keys: NodeKeys, random_bytes: RandomBytes) -> None:
    first = build_package(*parts, signing_key=node_keys.signing_key, random_bytes=random_bytes)
    second = build_package(*parts, signing_key=node_keys.signing_key, random_bytes=random_bytes)
    assert first.core_digest != second.core_digest
    assert first.commit != second.commit
    codes = {first.paper_code, first.key_code, second.paper_code, second.key_code}
    assert len(codes) == 4
    with pytest.raises(WrongCode) as caught:
        open_compartment(second.content, "paper", first.paper_code)
    assert caught.value.code == "code_wrong"


# --- codes -----------------------------------------------------------------------------------------------------------


def test_the_paper_code_does_not_open_the_keys(built: BuiltPackage) -> None:
    with pytest.raises(WrongCode) as caught:
        open_compartment(built.content, "key", built.paper_code)
    assert caught.value.code == "code_of_paper"
    with pytest.raises(WrongCode) as caught:
        open_compartment(built.content, "paper", built.key_code)
    assert caught.value.code == "code_of_key"


def test_a_typo_is_not_called_a_wrong_code(built: BuiltPackage) -> None:
    typed = list(built.paper_code)
    typed[0] = "0" if typed[0] != "0" else "2"
    with pytest.raises(BadCode):
        open_compartment(built.content, "paper", "".join(typed))
    assert open_compartment(built.content, "paper", built.paper_code.lower().replace("-", " ")).data


# --- every change is refused -----------------------------------------------------------------------------------------


def test_every_changed_byte_of_the_file_is_refused_without_any_code(built: BuiltPackage) -> None:
    for place in range(len(built.content)):
        damaged = bytearray(built.content)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(PackageRefused):
            read_core(bytes(damaged))


@pytest.mark.parametrize("name", [CORE, SIGNATURE, PAPER, KEY])
def test_every_changed_byte_of_a_member_is_refused_even_when_packed_anew(built: BuiltPackage, name: str) -> None:
    members = unpack_members(built.content)
    for place in range(len(members[name])):
        changed = bytearray(members[name])
        changed[place] ^= 1 << place % 8
        with pytest.raises(PackageRefused):
            read_core(pack_members(members | {name: bytes(changed)}))


@pytest.mark.parametrize(("name", "member"), [("paper", PAPER), ("key", KEY)])
def test_every_changed_byte_of_a_compartment_is_refused_even_when_its_signer_signs_it(
    built: BuiltPackage, node_keys: NodeKeys, name: Any, member: str
) -> None:
    members = unpack_members(built.content)
    code = built.paper_code if name == "paper" else built.key_code
    for place in range(len(members[member])):
        changed = bytearray(members[member])
        changed[place] ^= 1 << place % 8
        with pytest.raises((PackageRefused, SealBroken)):
            open_compartment(resigned(members | {member: bytes(changed)}, node_keys), name, code)


@pytest.mark.parametrize("cut", [0, 1, 29, 100, -1])
def test_cut_and_extended_files_are_refused(built: BuiltPackage, cut: int) -> None:
    with pytest.raises(PackageRefused):
        read_core(built.content[:cut])
    with pytest.raises(PackageRefused):
        read_core(built.content + b"\0")
    with pytest.raises(PackageRefused):
        read_core(b"\0" + built.content)


def test_another_signer_is_refused_against_the_pinned_key(parts: Parts, built: BuiltPackage) -> None:
    with pytest.raises(PackageRefused) as caught:
        read_core(built.content, verify_key=NodeKeys(b"x" * 32).node_pub)
    assert caught.value.code == "package_signer"


def test_compartments_cannot_be_exchanged_between_packages(
    parts: Parts, built: BuiltPackage, node_keys: NodeKeys, random_bytes: RandomBytes
) -> None:
    other = build_package(*parts, signing_key=node_keys.signing_key, random_bytes=random_bytes)
    mixed = unpack_members(built.content) | {PAPER: unpack_members(other.content)[PAPER]}
    with pytest.raises(SealBroken):
        open_compartment(resigned(mixed, node_keys), "paper", built.paper_code)
    with pytest.raises(WrongCode):
        open_compartment(resigned(mixed, node_keys), "paper", other.paper_code)


def test_a_changed_core_closes_the_compartments(built: BuiltPackage, node_keys: NodeKeys) -> None:
    """The signer moves the start by changing the core after the freeze: the ciphertexts no longer belong to it."""
    members = unpack_members(built.content)
    core = parse_jcs(members[CORE])
    core["sitting"]["grace_seconds"] = 600
    moved = resigned(members | {CORE: jcs(core)}, node_keys)
    assert read_core(moved).core_digest != built.core_digest
    with pytest.raises(SealBroken):
        open_compartment(moved, "paper", built.paper_code)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "khaothi-package/2"},
        {"package_id": "0190A5B2-7C1D-7E3F-8A4B-5C6D7E8F9A0B"},
        {"package_id": 7},
        {"commit": b64u(b"short")},
        {"commit": 7},
        {"node_pub": b64u(bytes(31))},
        {"compartments": {}},
        {"compartments": {"key": {}, "paper": {}}},
        {"compartments": 7},
    ],
)
def test_cores_of_another_shape_are_refused(built: BuiltPackage, node_keys: NodeKeys, change: dict[str, Any]) -> None:
    members = unpack_members(built.content)
    core = parse_jcs(members[CORE]) | change
    with pytest.raises(PackageRefused):
        read_core(resigned(members | {CORE: jcs(core)}, node_keys))


@pytest.mark.parametrize("core", [b"[]", b"{}", b"7", b"null", b"not json"])
def test_cores_that_are_no_object_are_refused(built: BuiltPackage, node_keys: NodeKeys, core: bytes) -> None:
    with pytest.raises(PackageRefused):
        read_core(resigned(unpack_members(built.content) | {CORE: core}, node_keys))


@pytest.mark.parametrize("signature", [b"", b"[]", b"{}", b'{"core":"","members":""}', b'{"core":7,"members":8}'])
def test_bad_signature_members_are_refused(built: BuiltPackage, signature: bytes) -> None:
    with pytest.raises(PackageRefused):
        read_core(pack_members(unpack_members(built.content) | {SIGNATURE: signature}))


# --- freezing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["format", "node_pub", "compartments", "commit"])
def test_callers_cannot_set_what_the_package_computes(
    parts: Parts, node_keys: NodeKeys, random_bytes: RandomBytes, name: str
) -> None:
    core_parts, paper, key = parts
    with pytest.raises(PackageRefused) as caught:
        build_package(core_parts | {name: ""}, paper, key, signing_key=node_keys.signing_key, random_bytes=random_bytes)
    assert name in caught.value.text()


@pytest.mark.parametrize("name", ["package_id", "freeze_no", "sitting", "roster", "draw_spec"])
def test_a_core_without_a_needed_part_is_not_frozen(
    parts: Parts, node_keys: NodeKeys, random_bytes: RandomBytes, name: str
) -> None:
    core_parts, paper, key = parts
    del core_parts[name]
    with pytest.raises(PackageRefused) as caught:
        build_package(core_parts, paper, key, signing_key=node_keys.signing_key, random_bytes=random_bytes)
    assert name in caught.value.text()


@pytest.mark.parametrize("secret", [None, "", b64u(bytes(31)), 7])
def test_a_paper_without_the_draw_secret_is_not_frozen(
    parts: Parts, node_keys: NodeKeys, random_bytes: RandomBytes, secret: object
) -> None:
    core_parts, paper, key = parts
    with pytest.raises(PackageRefused) as caught:
        build_package(
            core_parts, paper | {"secret": secret}, key, signing_key=node_keys.signing_key, random_bytes=random_bytes
        )
    assert caught.value.code == "draw_secret"


@pytest.mark.parametrize("source", [bytes, lambda size: b"\7" * size])
def test_a_source_of_randomness_that_stands_still_is_noticed(
    parts: Parts, node_keys: NodeKeys, source: RandomBytes
) -> None:
    with pytest.raises(IntegrityError) as caught:
        build_package(*parts, signing_key=node_keys.signing_key, random_bytes=source)
    assert caught.value.code == "random_source"
