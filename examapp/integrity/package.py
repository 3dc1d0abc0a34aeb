"""Pack one sitting into a signed file whose paper and whose keys open apart, and open it again."""

# How the digests hang together, because the parts name each other:
#
# 1. each compartment's content is fixed, salted and committed to (`content_commit`), and its code is drawn;
# 2. core0 = what the caller gives + format, node key, and per compartment its commitment and the *kinds* of wraps with
#    their checks;
# 3. `commit` binds core0 and the draw's secret S; core = core0 + commit; `core_digest` = H over the canonical bytes of
#    core;
# 4. only now are masters, content keys and contents sealed, with `core_digest` in every AAD. So the *ciphertexts* of
#    the wraps cannot stand in core.json: they stand in the header of `paper.bin` and `key.bin`, and core lists only
#    what kinds there are;
# 5. `core.sig` signs `core_digest`, and also the digests of both members, so that a damaged stick is noticed at import
#    and not when the keys are needed.
#
# Chain of one compartment x: code -> master Mx -> KW_x = KDF(Mx, package_id, "khaothi/wrap/v1", x, node_pub)
# -> CEK_x -> content.
# The two masters are independent: whoever opens the paper has learnt nothing about the keys.

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from examapp.core.i18n import N_
from examapp.integrity.canonical import H, b64u, b64u_decode, enc, jcs, parse_jcs
from examapp.integrity.compartments import (
    COMPARTMENTS,
    CompartmentName,
    Draft,
    code_check,
    draft,
    open_content,
    recover_cek,
    seal_draft,
)
from examapp.integrity.container import CORE, KEY, PAPER, SIGNATURE, pack_members, unpack_members
from examapp.integrity.errors import CanonicalError, IntegrityError, PackageRefused, WrongCode
from examapp.integrity.keys import public_bytes
from examapp.integrity.sealing import RandomBytes, format_code, parse_code

FORMAT = "khaothi-package/1"
SECRET_BYTES = 32

_MEMBER: Mapping[CompartmentName, str] = {"paper": PAPER, "key": KEY}
#: Filled in here; a caller who sets one of them has misunderstood something.
_OWN_KEYS = frozenset({"format", "node_pub", "compartments", "commit"})
_NEEDED_KEYS = frozenset({"package_id", "freeze_no", "sitting", "test", "profile", "roster", "draw_spec"})


@dataclass(frozen=True)
class BuiltPackage:
    """A frozen package and the two codes, which exist nowhere else and are shown once."""

    content: bytes = field(repr=False)
    core: dict[str, Any] = field(repr=False)
    core_digest: bytes
    commit: bytes
    paper_code: str = field(repr=False)
    key_code: str = field(repr=False)


@dataclass(frozen=True)
class OpenedCore:
    """The readable part of a package whose signatures were checked; `pinned` when against a key the reader brought."""

    core: dict[str, Any] = field(repr=False)
    core_bytes: bytes = field(repr=False)
    core_digest: bytes
    core0_digest: bytes
    commit: bytes
    package_id: bytes
    node_pub: bytes
    pinned: bool
    members: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True)
class OpenedCompartment:
    """A compartment's content key and data."""

    cek: bytes = field(repr=False)
    data: dict[str, Any] = field(repr=False)


def core_digest_of(core: Mapping[str, Any]) -> bytes:
    """Return the digest that names a package everywhere: on lists, in seals, in receipts."""
    return H("khaothi/package-core/v1", jcs(dict(core)))


def draw_commit(core0_digest: bytes, secret: bytes) -> bytes:
    """Commit to the draw's secret and to everything in the core that could be chosen later."""
    return H("khaothi/draw-commit/v1", core0_digest, secret)


def build_package(
    core_parts: Mapping[str, Any],
    paper: Mapping[str, Any],
    key: Mapping[str, Any],
    *,
    signing_key: Ed25519PrivateKey,
    random_bytes: RandomBytes,
) -> BuiltPackage:
    """Freeze a sitting. `paper["secret"]` is the draw's secret S as base64url; `core_parts` has the readable facts."""
    missing, foreign = _NEEDED_KEYS - set(core_parts), _OWN_KEYS & set(core_parts)
    if missing or foreign:
        names = ", ".join(sorted(missing or foreign))
        raise PackageRefused("core_keys", N_("Phần lõi của gói đề thiếu hoặc thừa trường: %(names)s."), names=names)
    package_id = _package_id(core_parts["package_id"])
    drafts = {
        "paper": draft("paper", package_id, paper, random_bytes=random_bytes),
        "key": draft("key", package_id, key, random_bytes=random_bytes),
    }
    if drafts["paper"].code == drafts["key"].code:
        raise IntegrityError("random_source", N_("Nguồn ngẫu nhiên lặp lại chính nó; không được đóng gói."))
    core = dict(core_parts) | {
        "format": FORMAT,
        "node_pub": b64u(public_bytes(signing_key)),
        "compartments": {name: part.entry() for name, part in drafts.items()},
    }
    commit = draw_commit(core_digest_of(core), _secret(paper))
    core["commit"] = b64u(commit)
    core_bytes = jcs(core)
    core_digest = H("khaothi/package-core/v1", core_bytes)
    content = _sealed_file(core_bytes, core_digest, drafts, signing_key, random_bytes)
    return BuiltPackage(
        content=content,
        # Parsed again so that what the caller keeps is what a reader will see (tuples have become lists).
        core=parse_jcs(core_bytes),
        core_digest=core_digest,
        commit=commit,
        paper_code=format_code(drafts["paper"].code),
        key_code=format_code(drafts["key"].code),
    )


def _sealed_file(
    core_bytes: bytes,
    core_digest: bytes,
    drafts: Mapping[str, Draft],
    signing_key: Ed25519PrivateKey,
    random_bytes: RandomBytes,
) -> bytes:
    node_pub = public_bytes(signing_key)
    paper = seal_draft(drafts["paper"], core_digest, node_pub=node_pub, random_bytes=random_bytes)
    key = seal_draft(drafts["key"], core_digest, node_pub=node_pub, random_bytes=random_bytes)
    signature = jcs(
        {
            "core": b64u(signing_key.sign(enc("khaothi/package-sig/v1", core_digest))),
            "members": b64u(signing_key.sign(_members_message(core_digest, paper, key))),
        }
    )
    return pack_members({CORE: core_bytes, SIGNATURE: signature, PAPER: paper, KEY: key})


def read_core(content: bytes, *, verify_key: bytes | None = None) -> OpenedCore:
    """Check a package without any code and return its readable part.

    Without `verify_key` the signature is checked against the key named in the core, which shows that the file is whole
    but not who made it. Raise PackageRefused when anything is off.
    """
    members = unpack_members(content)
    core_bytes = members[CORE]
    try:
        core = parse_jcs(core_bytes)
        package_id, node_pub, commit = _core_fields(core)
    except (CanonicalError, KeyError, TypeError) as error:
        raise _bad_core() from error
    if verify_key is not None and not hmac.compare_digest(verify_key, node_pub):
        raise PackageRefused("package_signer", N_("Gói đề không do máy chủ đã ghép cặp ký. Không được nhập gói này."))
    core_digest = H("khaothi/package-core/v1", core_bytes)
    _check_signatures(members, node_pub, core_digest)
    core0 = {name: value for name, value in core.items() if name != "commit"}
    return OpenedCore(
        core=core,
        core_bytes=core_bytes,
        core_digest=core_digest,
        core0_digest=core_digest_of(core0),
        commit=commit,
        package_id=package_id,
        node_pub=node_pub,
        pinned=verify_key is not None,
        members=members,
    )


def open_compartment(
    content: bytes, name: CompartmentName, code: str, *, verify_key: bytes | None = None
) -> OpenedCompartment:
    """Open one compartment with its printed code.

    Raise BadCode for a typo, WrongCode for the code of another compartment or package, PackageRefused for a bad file.
    """
    opened = read_core(content, verify_key=verify_key)
    secret = parse_code(code)
    _check_code(opened, name, secret)
    cek = recover_cek(
        name,
        opened.members[_MEMBER[name]],
        secret,
        package_id=opened.package_id,
        core_digest=opened.core_digest,
        node_pub=opened.node_pub,
    )
    return OpenedCompartment(cek=cek, data=_open_checked(opened, name, cek))


def open_with_cek(
    content: bytes, name: CompartmentName, cek: bytes, *, verify_key: bytes | None = None
) -> dict[str, Any]:
    """Open one compartment with the content key kept from an earlier opening."""
    return _open_checked(read_core(content, verify_key=verify_key), name, cek)


def _open_checked(opened: OpenedCore, name: CompartmentName, cek: bytes) -> dict[str, Any]:
    commit = b64u_decode(opened.core["compartments"][name]["content_commit"])
    data = open_content(name, opened.members[_MEMBER[name]], cek, core_digest=opened.core_digest, commit=commit)
    if name == "paper" and not hmac.compare_digest(draw_commit(opened.core0_digest, _secret(data)), opened.commit):
        raise PackageRefused("draw_commit", N_("Bí mật bốc thăm trong gói không khớp cam kết đã công bố."))
    return data


def _check_code(opened: OpenedCore, name: CompartmentName, secret: bytes) -> None:
    for candidate in COMPARTMENTS:
        published = b64u_decode(opened.core["compartments"][candidate]["wraps"][0]["check"])
        if not hmac.compare_digest(code_check(opened.package_id, candidate, secret), published):
            continue
        if candidate == name:
            return
        if name == "paper":
            raise WrongCode("code_of_key", N_("Đây là mã của phần đáp án. Hãy nhập mã của phần đề thi."))
        raise WrongCode("code_of_paper", N_("Đây là mã của phần đề thi. Hãy nhập mã của phần đáp án."))
    raise WrongCode(
        "code_wrong", N_("Mã gõ đúng quy cách nhưng không phải mã của gói đề này. Hãy kiểm tra phong bì và ca thi.")
    )


def _check_signatures(members: Mapping[str, bytes], node_pub: bytes, core_digest: bytes) -> None:
    try:
        signatures = parse_jcs(members[SIGNATURE])
        if not isinstance(signatures, dict) or set(signatures) != {"core", "members"}:
            raise _bad_signature()
        public_key = Ed25519PublicKey.from_public_bytes(node_pub)
        public_key.verify(b64u_decode(signatures["core"]), enc("khaothi/package-sig/v1", core_digest))
        public_key.verify(
            b64u_decode(signatures["members"]), _members_message(core_digest, members[PAPER], members[KEY])
        )
    except (CanonicalError, InvalidSignature, TypeError, AttributeError) as error:
        raise _bad_signature() from error


def _members_message(core_digest: bytes, paper: bytes, key: bytes) -> bytes:
    digests = (H("khaothi/package-member/v1", PAPER, paper), H("khaothi/package-member/v1", KEY, key))
    return enc("khaothi/package-members/v1", core_digest, *digests)


def _core_fields(core: Any) -> tuple[bytes, bytes, bytes]:
    """Return package id, node key and commitment; raise KeyError, TypeError or a refusal for any other shape."""
    if not isinstance(core, dict) or core["format"] != FORMAT or set(core["compartments"]) != set(COMPARTMENTS):
        raise _bad_core()
    node_pub, commit = b64u_decode(core["node_pub"]), b64u_decode(core["commit"])
    sizes = [len(node_pub), len(commit)]
    for name in COMPARTMENTS:
        entry = core["compartments"][name]
        if set(entry) != {"content_commit", "wraps"} or [wrap["kind"] for wrap in entry["wraps"]] != ["code"]:
            raise _bad_core()
        sizes += [len(b64u_decode(entry["content_commit"])), len(b64u_decode(entry["wraps"][0]["check"]))]
    if set(sizes) != {32}:
        raise _bad_core()
    return _package_id(core["package_id"]), node_pub, commit


def _package_id(text: object) -> bytes:
    """Return the 16 bytes of a package id, which has one spelling: lower-case with hyphens."""
    try:
        value = UUID(str(text))
    except ValueError as error:
        raise _bad_core() from error
    if str(value) != text:
        raise _bad_core()
    return value.bytes


def _secret(paper: Mapping[str, Any]) -> bytes:
    text = paper.get("secret")
    secret = b64u_decode(text) if isinstance(text, str) else b""
    if len(secret) != SECRET_BYTES:
        raise PackageRefused("draw_secret", N_("Ngăn đề thi thiếu bí mật bốc thăm 32 byte."))
    return secret


def _bad_core() -> PackageRefused:
    return PackageRefused("core_form", N_("Phần lõi của gói đề sai cấu trúc, không được dùng."))


def _bad_signature() -> PackageRefused:
    return PackageRefused("package_signature", N_("Chữ ký của gói đề không đúng: gói đã bị thay đổi."))
