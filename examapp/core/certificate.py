"""HTTPS for an exam room without the internet: a small authority of the site's own and a certificate for its server.

On plain http to a network address browsers have no service worker and no cryptography, so a programmed sitting refuses
to open. The authority may only vouch for private addresses, local names and the names it was made for: whoever steals
its key cannot impersonate a bank on the exam machines.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY_DAYS = 5 * 365
#: browsers distrust longer ones
_SERVER_DAYS = 397
_PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")
_LOCAL_SUFFIXES = ("localhost", "local", "lan", "internal", "test", "home.arpa")

INSTALL_SHEET = """CÀI CHỨNG THƯ CỦA ĐIỂM THI LÊN MÁY THÍ SINH

Tệp cần cài: {authority}
Dấu vân tay SHA-256 (đối chiếu trước khi bấm đồng ý):
{fingerprint}

Windows (Chrome, Edge)
  1. Bấm đúp tệp, chọn “Install Certificate…”, chọn “Local Machine”.
  2. Chọn “Place all certificates in the following store”, rồi “Trusted Root Certification Authorities”.
  Hoặc chạy bằng quyền quản trị:  certutil -addstore Root {authority}

Ubuntu, Debian
  sudo cp {authority} /usr/local/share/ca-certificates/khao-thi.crt && sudo update-ca-certificates
  Chrome và Chromium dùng kho riêng của người dùng:
  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n "Khao thi" -i {authority}

Firefox
  Cài đặt › Quyền riêng tư & Bảo mật › Xem chứng thư › Cơ quan chứng thực › Nhập, chọn “Tin cậy để nhận dạng trang web”.

Kiểm tra: mở {address} trên máy thí sinh; thanh địa chỉ phải có ổ khoá và không có cảnh báo.
Chứng thư máy chủ hết hạn ngày {expires:%d/%m/%Y}. Sau kỳ thi, gỡ chứng thư này khỏi máy thí sinh.
"""


class NotLocal(Exception):
    """A name the site's authority may not vouch for; the message is a sentence."""


@dataclass(frozen=True)
class Issued:
    """The files that were written."""

    authority: Path
    certificate: Path
    key: Path
    sheet: Path


def issue(folder: Path, names: Sequence[str], *, port: int, now: datetime, new_authority: bool = False) -> Issued:
    """Write a server certificate for `names` (host names and addresses), its key and the install sheet into `folder`.

    The authority is made the first time and kept, so that exam machines need it once. Raises NotLocal.
    """
    for name in names:
        _refuse_public(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    issued = Issued(
        folder / "authority.crt", folder / "server.crt", folder / "server.key", folder / "cai-chung-thu.txt"
    )
    authority_key = folder / "authority.key"
    if new_authority or not authority_key.exists():
        _make_authority(issued.authority, authority_key, names, now)
    authority = x509.load_pem_x509_certificate(issued.authority.read_bytes())
    for name in names:
        _refuse_unpermitted(name, authority)
    signing_key = load_pem_private_key(authority_key.read_bytes(), password=None)
    assert isinstance(signing_key, ec.EllipticCurvePrivateKey)

    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    builder = _server_certificate(names, key, authority, now).add_extension(issuer, critical=False)
    certificate = builder.sign(signing_key, hashes.SHA256())
    _write_private(issued.key, _pem(key))
    issued.certificate.write_bytes(certificate.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM))
    issued.sheet.write_text(
        INSTALL_SHEET.format(
            authority=issued.authority.name,
            fingerprint=_spaced(authority.fingerprint(hashes.SHA256())),
            address=f"https://{names[0]}:{port}/",
            expires=certificate.not_valid_after_utc,
        ),
        encoding="utf-8",
    )
    return issued


def _refuse_public(name: str) -> None:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        if "." not in name or name.rpartition(".")[2] in _LOCAL_SUFFIXES or name.endswith(".home.arpa"):
            return
        raise NotLocal(
            f"Không cấp chứng thư cho “{name}”: chứng thư tự ký chỉ dành cho tên trong mạng nội bộ (không có dấu "
            f"chấm, hoặc tận cùng bằng .{', .'.join(_LOCAL_SUFFIXES)}). Tên công khai thì dùng chứng thư của một cơ "
            "quan chứng thực."
        ) from None
    networks = [ipaddress.ip_network(network) for network in _PRIVATE_NETWORKS]
    if not any(address.version == network.version and address in network for network in networks):
        raise NotLocal(f"Không cấp chứng thư cho {name}: không phải địa chỉ mạng nội bộ.")


def _refuse_unpermitted(name: str, authority: x509.Certificate) -> None:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    suffixes = [subtree.value for subtree in permitted if isinstance(subtree, x509.DNSName)]
    if isinstance(_general_name(name), x509.DNSName) and not any(f".{name}".endswith(f".{end}") for end in suffixes):
        raise NotLocal(
            f"Cơ quan chứng thực của điểm thi không được cấp cho tên “{name}”. Thêm --new-authority để lập cơ quan mới "
            "(phải cài lại lên các máy thí sinh)."
        )


def _make_authority(path: Path, key_path: Path, names: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Khảo thí công vụ, điểm thi {os.urandom(4).hex()}")])
    permitted: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_network(network)) for network in _PRIVATE_NETWORKS]
    permitted += [x509.DNSName(suffix) for suffix in _LOCAL_SUFFIXES]
    # A host called plainly "mayphongthi" has no suffix to name, so it is permitted by itself.
    permitted += [general for general in map(_general_name, names) if isinstance(general, x509.DNSName)]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_private(key_path, _pem(key))
    path.write_bytes(certificate.public_bytes(Encoding.PEM))


def _server_certificate(
    names: Sequence[str], key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(min(now + timedelta(days=_SERVER_DAYS), authority.not_valid_after_utc))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    # PKCS#8 is the only form the web server reads.
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _spaced(digest: bytes) -> str:
    return digest.hex(":").upper()
