"""The site's own authority: what it issues a browser accepts, and it cannot vouch for the rest of the world."""

import ssl
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import verification

from examapp.core.certificate import Issued, NotLocal, issue
from tests.conftest import NOW

NAMES = ["phongmay", "thi.lan", "192.168.1.10"]


@pytest.fixture
def issued(tmp_path: Path) -> Issued:
    """Return a first certificate."""
    return issue(tmp_path / "tls", NAMES, port=8443, now=NOW)


def _verifies(issued: Issued, name: str) -> bool:
    chain = x509.load_pem_x509_certificates(issued.certificate.read_bytes())
    authority = x509.load_pem_x509_certificate(issued.authority.read_bytes())
    builder = verification.PolicyBuilder().store(verification.Store([authority])).time(NOW + timedelta(days=1))
    try:
        builder.build_server_verifier(x509.DNSName(name)).verify(chain[0], [])
    except verification.VerificationError:
        return False
    return True


def test_a_browser_accepts_it_for_its_names_only(issued: Issued) -> None:
    assert _verifies(issued, "thi.lan")
    assert not _verifies(issued, "khac.lan")


def test_openssl_agrees(issued: Issued, tmp_path: Path) -> None:
    moment = str(int((NOW + timedelta(days=1)).timestamp()))
    command = ["openssl", "verify", "-attime", moment, "-CAfile", str(issued.authority), "-verify_ip", "192.168.1.10"]
    answer = subprocess.run([*command, str(issued.certificate)], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_the_web_server_can_read_the_key_and_nobody_else(issued: Issued) -> None:
    assert issued.key.read_text().startswith("-----BEGIN PRIVATE KEY-----"), "PKCS#8, which every server reads"
    for path in (issued.key, issued.key.with_name("authority.key")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(issued.certificate, issued.key)


def test_the_install_sheet_shows_the_fingerprint_to_compare(issued: Issued) -> None:
    sheet = issued.sheet.read_text(encoding="utf-8")
    authority = ssl.PEM_cert_to_DER_cert(issued.authority.read_text())
    digest = subprocess.run(["sha256sum"], input=authority, capture_output=True).stdout[:64].decode().upper()
    assert digest in sheet.replace(":", "")
    assert "https://phongmay:8443/" in sheet


def test_the_authority_is_kept_so_that_machines_need_it_once(issued: Issued) -> None:
    before = issued.authority.read_bytes()
    again = issue(issued.authority.parent, ["10.0.0.5"], port=8443, now=NOW)
    assert again.authority.read_bytes() == before
    with pytest.raises(NotLocal, match="--new-authority"):
        issue(issued.authority.parent, ["maykhac"], port=8443, now=NOW)
    renewed = issue(issued.authority.parent, ["maykhac"], port=8443, now=NOW, new_authority=True)
    assert renewed.authority.read_bytes() != before


@pytest.mark.parametrize("name", ["example.com", "hcm.gov.vn", "8.8.8.8", "2001:4860:4860::8888"])
def test_it_refuses_what_is_not_local(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotLocal, match="Không cấp chứng thư"):
        issue(tmp_path, [name], port=8443, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_authority_itself_is_bound_to_local_names(issued: Issued) -> None:
    authority = x509.load_pem_x509_certificate(issued.authority.read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    names = {str(subtree.value) for subtree in limits.value.permitted_subtrees or []}
    assert "lan" in names
    assert not names & {"com", "vn", "", "0.0.0.0/0", "::/0"}
