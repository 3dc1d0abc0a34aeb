"""Every key of a node is a child of one root secret, each derived for one use.

The root never equals the web framework's secret key: a leaked cookie key must not open papers or forge receipts.
Nothing here is stored; a child is re-derived whenever it is needed.
"""

from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from examapp.core.i18n import N_
from examapp.integrity.canonical import KDF
from examapp.integrity.errors import IntegrityError

ROOT_BYTES = 32


def public_bytes(signing_key: Ed25519PrivateKey) -> bytes:
    """Return the 32 raw bytes of the public half."""
    return signing_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@dataclass(frozen=True)
class NodeKeys:
    """The derived keys of one node; the root stays out of `repr` and logs."""

    root: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.root) != ROOT_BYTES:
            raise IntegrityError(
                "root_size", N_("Khoá gốc của nút phải dài %(size)s byte ngẫu nhiên."), size=ROOT_BYTES
            )

    def token_key(self, sitting: bytes, incarnation: int) -> bytes:
        """Return the key of attempt tokens; another sitting or a restored node makes every old token worthless."""
        return KDF(self.root, sitting, "khaothi/token-key/v1", incarnation.to_bytes(4, "big"))

    def wrap_key(self, package_id: bytes) -> bytes:
        """Return the key under which an opened package's content key may rest on the node."""
        return KDF(self.root, package_id, "khaothi/node-wrap-key/v1")

    def release_key(self, sitting: bytes) -> bytes:
        """Return the key under which the attempts' paper keys rest until they are released."""
        return KDF(self.root, sitting, "khaothi/node-release-key/v1")

    def file_key(self, file_id: bytes) -> bytes:
        """Return the key under which one stored file rests."""
        return KDF(self.root, file_id, "khaothi/file-key/v1")

    @cached_property
    def audit_key(self) -> bytes:
        """Return the key of the audit chain's MAC."""
        return KDF(self.root, b"", "khaothi/audit-key/v1")

    @cached_property
    def sign_in_name_key(self) -> bytes:
        """Return the key under which names with wrong passwords are counted."""
        return KDF(self.root, b"", "khaothi/sign-in-name-key/v1")

    @cached_property
    def sign_in_place_key(self) -> bytes:
        """Return the key under which names with wrong passwords are counted for one machine or address."""
        return KDF(self.root, b"", "khaothi/sign-in-place-key/v1")

    @cached_property
    def slip_key(self) -> bytes:
        """Return the key from which admission codes are re-printed."""
        return KDF(self.root, b"", "khaothi/slip-key/v1")

    @cached_property
    def code_pepper(self) -> bytes:
        """Return the pepper of stored admission codes."""
        return KDF(self.root, b"", "khaothi/code-pepper/v1")

    @cached_property
    def machine_key(self) -> bytes:
        """Return the key of machine cookies."""
        return KDF(self.root, b"", "khaothi/machine-key/v1")

    @cached_property
    def signing_key(self) -> Ed25519PrivateKey:
        """Return the node's signing key, the same after every start."""
        return Ed25519PrivateKey.from_private_bytes(KDF(self.root, b"", "khaothi/signing-key/v1"))

    @cached_property
    def node_pub(self) -> bytes:
        """Return the node's public key, which names the node in packages, receipts and chains."""
        return public_bytes(self.signing_key)
