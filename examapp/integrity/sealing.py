"""Sealing under keys, and the printed codes that protect them.

A code is 128 random bits as 26 Crockford characters and one check character over GF(32): every single wrong character
and every exchange of two characters is a *typo*, said as such, so that a wrong code is never blamed on the fingers
nor a slip on the code. Each key seals once, so nonces are random and never repeat under a key.
"""

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from examapp.core.i18n import N_
from examapp.integrity.canonical import CROCKFORD, crockford, crockford_bytes, fold_crockford, grouped
from examapp.integrity.errors import BadCode, IntegrityError, SealBroken

RandomBytes = Callable[[int], bytes]

KEY_BYTES = 32
CODE_BYTES = 16
CODE_SYMBOLS = 26
NONCE_BYTES = 12
TAG_BYTES = 16


def draw_bytes(random_bytes: RandomBytes, size: int) -> bytes:
    """Return `size` random bytes; a source that gives another number of bytes must not go unnoticed."""
    data = random_bytes(size)
    if len(data) != size:
        raise IntegrityError("random_source", N_("Nguồn ngẫu nhiên trả về sai số byte."))
    return data


# --- sealed bytes ----------------------------------------------------------------------------------------------------


def seal(key: bytes, plaintext: bytes, aad: bytes, *, nonce: bytes) -> bytes:
    """Return nonce, ciphertext and tag of AES-256-GCM in one piece. A (key, nonce) pair must be used once."""
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise IntegrityError("key_size", N_("Khoá hoặc số dùng một lần có độ dài sai."))
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def unseal(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return what `seal` sealed; raise SealBroken when key, context or bytes differ."""
    if len(key) != KEY_BYTES or len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken("seal_broken", N_("Niêm phong không mở được: sai khoá hoặc dữ liệu đã bị thay đổi."))
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag as error:
        raise SealBroken(
            "seal_broken", N_("Niêm phong không mở được: sai khoá hoặc dữ liệu đã bị thay đổi.")
        ) from error


def wrap_key(wrapping_key: bytes, key: bytes, aad: bytes, *, random_bytes: RandomBytes) -> bytes:
    """Return a key sealed under another key."""
    return seal(wrapping_key, key, aad, nonce=draw_bytes(random_bytes, NONCE_BYTES))


def unwrap_key(wrapping_key: bytes, wrapped: bytes, aad: bytes) -> bytes:
    """Return the key inside `wrapped`."""
    key = unseal(wrapping_key, wrapped, aad)
    if len(key) != KEY_BYTES:
        raise SealBroken("seal_broken", N_("Niêm phong không mở được: sai khoá hoặc dữ liệu đã bị thay đổi."))
    return key


# --- printed codes ---------------------------------------------------------------------------------------------------


def format_code(secret: bytes) -> str:
    """Return a code's 16 bytes as printed: 26 characters and the check character, such as `7F3A-91C2-…-XYC`."""
    symbols = crockford(secret, CODE_SYMBOLS)
    return grouped(symbols + _check_symbol(symbols))


def parse_code(text: str) -> bytes:
    """Return the 16 bytes of a typed code; raise BadCode with a sentence when it cannot be a printed code."""
    symbols = fold_crockford(text)
    expected = CODE_SYMBOLS + 1
    if len(symbols) != expected:
        raise BadCode(
            "code_length",
            N_("Mã có %(expected)s ký tự, mới gõ %(found)s. Hãy gõ đủ các nhóm trên phiếu."),
            expected=expected,
            found=len(symbols),
        )
    body, check = symbols[:-1], symbols[-1]
    if _check_symbol(body) != check:
        raise BadCode("code_typo", N_("Mã gõ chưa đúng. Hãy đối chiếu lại từng nhóm ký tự trên phiếu."))
    return crockford_bytes(body, CODE_BYTES)


def _powers() -> tuple[int, ...]:
    """Return the 31 powers of x in GF(32) modulo x^5 + x^2 + 1: distinct non-zero weights for up to 31 places."""
    powers, value = [], 1
    for _ in range(31):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= 0b100101
    return tuple(powers)


_POWERS = _powers()
_LOGS = {value: exponent for exponent, value in enumerate(_POWERS)}


def _check_symbol(symbols: str) -> str:
    """Return the weighted sum over GF(32); weights differ per place and none is one, the check's own weight."""
    total = 0
    for place, symbol in enumerate(symbols, start=1):
        value = CROCKFORD.index(symbol)
        if value:
            total ^= _POWERS[(_LOGS[value] + place) % 31]
    return CROCKFORD[total]
