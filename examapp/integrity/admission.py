"""Admission codes (mã dự thi): computed from a key outside the database, never stored, compared through a peppered
digest.

No slow hash on purpose: 60 random bits do not fall to guessing, and one argon2 check would cost more than a whole
sitting may.
"""

import re

from examapp.integrity.canonical import MAC

#: Crockford's alphabet: no I, L, O, U
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_CHARACTERS = 12
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def admission_code(slip_key: bytes, exam_id: bytes, number: str, issue: int) -> str:
    """Return the 12 Crockford characters (60 bits) on a slip (decision 18): computed, so it can be printed again."""
    digest = MAC(slip_key, "khaothi/admission-code/v1", exam_id, number, issue)
    value = int.from_bytes(digest[:8], "big") >> 4
    return "".join(_CROCKFORD[value >> shift & 31] for shift in range(5 * (_CODE_CHARACTERS - 1), -1, -5))


def group_code(code: str) -> str:
    """Return an admission code in groups of four, as it is printed and read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalize_code(typed: str) -> str:
    """Return what was typed as the code's own characters: capitals, no spaces or hyphens, O read as 0, I and L as 1."""
    return re.sub(r"[\s\-–]", "", typed).upper().translate(_READ_AS)


def code_hmac(pepper: bytes, number: str, code: str) -> bytes:
    """Return what a package stores of an admission code; useless without the pepper, which is outside the database."""
    return MAC(pepper, "khaothi/admission-check/v1", number, code)
