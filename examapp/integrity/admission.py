"""Admission codes (mã dự thi): computed from a key outside the database, never stored, compared by peppered digest.

No slow hash on purpose: 60 random bits do not fall to guessing, and one argon2 check would cost more than a whole
sitting may.
"""

from examapp.integrity.canonical import MAC, crockford, fold_crockford, grouped

CODE_SYMBOLS = 12


def admission_code(slip_key: bytes, exam_id: bytes, number: str, issue: int) -> str:
    """Return the 12 Crockford symbols (60 bits) on a slip (decision 18): computed, so it can be printed again."""
    return crockford(MAC(slip_key, "khaothi/admission-code/v1", exam_id, number, issue), CODE_SYMBOLS)


def group_code(code: str) -> str:
    """Return an admission code in groups of four, as it is printed and read aloud."""
    return grouped(code)


def normalize_code(typed: str) -> str:
    """Return what was typed as the code's own symbols: capitals, no spaces or hyphens, O read as 0, I and L as 1."""
    return fold_crockford(typed)


def code_hmac(pepper: bytes, number: str, code: str) -> bytes:
    """Return what a package stores of an admission code; useless without the pepper, which is outside the database."""
    return MAC(pepper, "khaothi/admission-check/v1", number, code)
