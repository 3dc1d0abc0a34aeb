"""One sealed part of a package: compress, commit, seal; unwrap, authenticate, check the commitment, only then
decompress.

AES-GCM does not commit to its key: one ciphertext can open to two texts under two keys. The commitment over salt and
content stands in the signed core, so the second text is refused whoever sealed it.
"""

import hmac
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from examapp.core.i18n import N_
from examapp.integrity.canonical import KDF, H, b64u, b64u_decode, enc, jcs, parse_jcs
from examapp.integrity.errors import CanonicalError, IntegrityError, PackageRefused
from examapp.integrity.sealing import CODE_BYTES, KEY_BYTES, NONCE_BYTES, RandomBytes, draw_bytes, seal, unseal
from examapp.integrity.sealing import unwrap_key as unwrap
from examapp.integrity.sealing import wrap_key as wrap

CompartmentName = Literal["paper", "key"]
COMPARTMENTS: tuple[CompartmentName, ...] = ("paper", "key")

FORMAT = "khaothi-compartment/1"
SALT_BYTES = 32
MAX_UNPACKED = 512 << 20
MAX_RATIO = 100
RATIO_FLOOR = 4 << 20
MAX_HEADER = 16 << 10


@dataclass(frozen=True)
class Draft:
    """A compartment whose content is fixed and committed to, before the core exists that it is sealed to."""

    name: CompartmentName
    package_id: bytes
    code: bytes
    body: bytes

    def entry(self) -> dict[str, Any]:
        """Return what the core publishes about this compartment."""
        check = code_check(self.package_id, self.name, self.code)
        return {
            "content_commit": b64u(content_commit(self.name, self.body)),
            "wraps": [{"check": b64u(check), "kind": "code"}],
        }


def content_commit(name: CompartmentName, body: bytes) -> bytes:
    """Commit to the sealed bytes: the 32-byte salt they begin with, then the compressed content."""
    return H("khaothi/content/v1", name, body[:SALT_BYTES], body[SALT_BYTES:])


def code_check(package_id: bytes, name: CompartmentName, code: bytes) -> bytes:
    """Return the published check of a code: it has 128 random bits, so the check gives nothing away."""
    return H("khaothi/code-check/v1", package_id, name, code)


def draft(name: CompartmentName, package_id: bytes, data: Mapping[str, Any], *, random_bytes: RandomBytes) -> Draft:
    """Fix a compartment's content and draw its code."""
    plain = jcs(data)
    packed = zlib.compress(plain, 9)
    if len(plain) > _unpacked_limit(packed):
        raise _too_large(name)
    body = draw_bytes(random_bytes, SALT_BYTES) + packed
    return Draft(name=name, package_id=package_id, code=draw_bytes(random_bytes, CODE_BYTES), body=body)


def seal_draft(part: Draft, core_digest: bytes, *, node_pub: bytes, random_bytes: RandomBytes) -> bytes:
    """Return the member file: a framed header with the wrapped keys, then the sealed content."""
    master = draw_bytes(random_bytes, KEY_BYTES)
    cek = draw_bytes(random_bytes, KEY_BYTES)
    if master == cek:
        raise IntegrityError("random_source", N_("Nguồn ngẫu nhiên lặp lại chính nó; không được đóng gói."))
    wrapped_master = wrap(
        _code_key(part.package_id, part.name, part.code),
        master,
        enc("khaothi/code-wrap/v1", part.name, core_digest),
        random_bytes=random_bytes,
    )
    wrapped_cek = wrap(
        _master_key(part.package_id, part.name, master, node_pub),
        cek,
        enc("khaothi/wrap/v1", part.name, core_digest),
        random_bytes=random_bytes,
    )
    header = jcs(
        {
            "format": FORMAT,
            "name": part.name,
            "wrapped_cek": b64u(wrapped_cek),
            "wraps": [{"kind": "code", "wrapped_master": b64u(wrapped_master)}],
        }
    )
    nonce = draw_bytes(random_bytes, NONCE_BYTES)
    sealed = seal(cek, part.body, enc("khaothi/compartment/v1", part.name, core_digest), nonce=nonce)
    return len(header).to_bytes(4, "big") + header + sealed


def recover_cek(
    name: CompartmentName, member: bytes, code: bytes, *, package_id: bytes, core_digest: bytes, node_pub: bytes
) -> bytes:
    """Return the content key: the code opens the master, the master opens the key."""
    header, _ = _split(name, member)
    wrapped_master = _decoded(header["wraps"][0]["wrapped_master"], name)
    master = unwrap(_code_key(package_id, name, code), wrapped_master, enc("khaothi/code-wrap/v1", name, core_digest))
    wrapped_cek = _decoded(header["wrapped_cek"], name)
    return unwrap(
        _master_key(package_id, name, master, node_pub), wrapped_cek, enc("khaothi/wrap/v1", name, core_digest)
    )


def open_content(
    name: CompartmentName, member: bytes, cek: bytes, *, core_digest: bytes, commit: bytes
) -> dict[str, Any]:
    """Return a compartment's data after authentication and the commitment check."""
    _, sealed = _split(name, member)
    body = unseal(cek, sealed, enc("khaothi/compartment/v1", name, core_digest))
    if not hmac.compare_digest(content_commit(name, body), commit):
        raise PackageRefused(
            "content_commit", N_("Nội dung mở ra không khớp cam kết trong gói đề: gói đã bị tráo, không được dùng.")
        )
    data = parse_jcs(_decompress(name, body[SALT_BYTES:]))
    if not isinstance(data, dict):
        raise _malformed(name)
    return data


def _code_key(package_id: bytes, name: CompartmentName, code: bytes) -> bytes:
    return KDF(code, package_id, "khaothi/code-wrap/v1", name)


def _master_key(package_id: bytes, name: CompartmentName, master: bytes, node_pub: bytes) -> bytes:
    return KDF(master, package_id, "khaothi/wrap/v1", name, node_pub)


def _split(name: CompartmentName, member: bytes) -> tuple[dict[str, Any], bytes]:
    """Return header and sealed content, refusing any header but the one form that `seal_draft` writes."""
    size = int.from_bytes(member[:4], "big")
    if not 0 < size <= min(MAX_HEADER, len(member) - 4):
        raise _malformed(name)
    try:
        header = parse_jcs(member[4 : 4 + size])
    except CanonicalError as error:
        raise _malformed(name) from error
    if not isinstance(header, dict) or set(header) != {"format", "name", "wrapped_cek", "wraps"}:
        raise _malformed(name)
    wraps = header["wraps"]
    one_code = isinstance(wraps, list) and len(wraps) == 1 and isinstance(wraps[0], dict)
    if not one_code or set(wraps[0]) != {"kind", "wrapped_master"} or wraps[0]["kind"] != "code":
        raise _malformed(name)
    if header["format"] != FORMAT or header["name"] != name:
        raise _malformed(name)
    return header, member[4 + size :]


def _decoded(text: object, name: CompartmentName) -> bytes:
    if not isinstance(text, str):
        raise _malformed(name)
    try:
        return b64u_decode(text)
    except CanonicalError as error:
        raise _malformed(name) from error


def _unpacked_limit(packed: bytes) -> int:
    return min(MAX_UNPACKED, max(RATIO_FLOOR, MAX_RATIO * len(packed)))


def _decompress(name: CompartmentName, packed: bytes) -> bytes:
    limit = _unpacked_limit(packed)
    engine = zlib.decompressobj()
    try:
        plain = engine.decompress(packed, limit + 1)
    except zlib.error as error:
        raise _malformed(name) from error
    if len(plain) > limit:
        raise _too_large(name)
    if not engine.eof or engine.unused_data:
        raise _malformed(name)
    return plain


def _malformed(name: CompartmentName) -> PackageRefused:
    return PackageRefused("compartment_form", N_("Ngăn %(name)s của gói đề sai cấu trúc, không được dùng."), name=name)


def _too_large(name: CompartmentName) -> PackageRefused:
    return PackageRefused("compartment_size", N_("Ngăn %(name)s của gói đề lớn quá giới hạn cho phép."), name=name)
