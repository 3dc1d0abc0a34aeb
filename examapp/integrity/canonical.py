"""One byte form for everything that is hashed, signed or sealed.

`enc` is an injective framing of fields, `H`, `MAC` and `KDF` always carry a tag that names their one use, and `jcs`
is RFC 8785 narrowed (no floats, keys `[a-z0-9_]+`, NFC text, integers within 2^53-1) until the standard library alone
can reproduce it. A verifier hashes the bytes it received and then requires `jcs(parse_jcs(data)) == data`.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from examapp.core.i18n import N_
from examapp.integrity.errors import BadCode, CanonicalError

Field = bytes | str | int

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

_TAG = re.compile(r"khaothi/[a-z0-9-]+/v[0-9]+")
_KEY = re.compile(r"[a-z0-9_]+")
_UTC_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
# Signs that people and word processors put between the groups of a printed code.
_SEPARATORS = re.compile(r"[\s\-_.\u2010-\u2015\u2212]+")
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


# --- fields, tagged hashes -------------------------------------------------------------------------------------------


def enc(*fields: Field) -> bytes:
    """Frame fields so that no two different lists give the same bytes.

    Text is UTF-8 and must already be NFC; an integer is a counter of eight bytes.
    """
    parts = [len(fields).to_bytes(4, "big")]
    for field in fields:
        data = _field_bytes(field)
        parts.append(len(data).to_bytes(4, "big"))
        parts.append(data)
    return b"".join(parts)


def _field_bytes(field: Field) -> bytes:
    if isinstance(field, bytes):
        return field
    if isinstance(field, str):
        _check_text(field)
        return _utf8(field)
    if isinstance(field, bool) or not isinstance(field, int):
        raise CanonicalError("field_type", N_("Trường có kiểu %(kind)s không mã hoá được."), kind=type(field).__name__)
    if not 0 <= field < 2**64:
        raise CanonicalError("field_range", N_("Số đếm %(value)s nằm ngoài 0 đến 2^64-1."), value=field)
    return field.to_bytes(8, "big")


def H(tag: str, *fields: Field) -> bytes:
    """Return SHA-256 over the tagged fields."""
    return hashlib.sha256(enc(_checked_tag(tag), *fields)).digest()


def MAC(key: bytes, tag: str, *fields: Field) -> bytes:
    """Return HMAC-SHA256 over the tagged fields."""
    return hmac.digest(key, enc(_checked_tag(tag), *fields), "sha256")


def KDF(key: bytes, salt: bytes, tag: str, *fields: Field) -> bytes:
    """Derive a 32-byte key with HKDF-SHA256; the tag and fields name what the key is for."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=enc(_checked_tag(tag), *fields)).derive(key)


def _checked_tag(tag: str) -> str:
    if not _TAG.fullmatch(tag):
        raise CanonicalError("tag", N_("Nhãn băm %(tag)s không đúng dạng khaothi/<việc>/v<số>."), tag=tag)
    return tag


# --- canonical JSON --------------------------------------------------------------------------------------------------


def jcs(value: object) -> bytes:
    """Return the canonical JSON of a value; tuples count as lists. Raise CanonicalError when it has none."""
    _check_value(value, 0)
    return _utf8(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def parse_jcs(data: bytes) -> Any:
    """Return the value of canonical JSON; any other spelling of the same value is refused."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except CanonicalError:
        raise
    except (ValueError, RecursionError) as error:
        raise CanonicalError("not_json", N_("Dữ liệu không phải JSON hợp lệ.")) from error
    if jcs(value) != data:
        raise CanonicalError(
            "not_canonical", N_("JSON không ở dạng chuẩn tắc, có thể đã bị ghi lại bằng công cụ khác.")
        )
    return value


def _check_value(value: object, depth: int) -> None:
    """Walk a value and refuse what has no single spelling; ordered by how often a type occurs in an answer log."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise CanonicalError("integer_range", N_("Số nguyên %(value)s vượt quá 2^53-1."), value=value)
    elif isinstance(value, str):
        _check_text(value)
    elif isinstance(value, list | tuple):
        _check_depth(depth)
        for item in value:
            _check_value(item, depth + 1)
    elif isinstance(value, dict):
        _check_depth(depth)
        for key, item in value.items():
            if not isinstance(key, str) or not _KEY.fullmatch(key):
                raise CanonicalError(
                    "key", N_("Khoá JSON %(key)s chỉ được gồm a-z, 0-9 và dấu gạch dưới."), key=repr(key)
                )
            _check_value(item, depth + 1)
    else:
        raise CanonicalError(
            "value_type", N_("Giá trị kiểu %(kind)s không có dạng JSON chuẩn tắc."), kind=type(value).__name__
        )


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise CanonicalError("depth", N_("JSON lồng nhau quá %(limit)s tầng."), limit=MAX_DEPTH)


def _check_text(text: str) -> None:
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise CanonicalError("not_nfc", N_("Văn bản chưa ở dạng Unicode dựng sẵn (NFC)."))


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("surrogate", N_("Văn bản chứa nửa ký tự Unicode (surrogate) lẻ.")) from error


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise CanonicalError("duplicate_key", N_("JSON có khoá bị lặp trong cùng một đối tượng."))
    return value


def _refuse_number(text: str) -> NoReturn:
    raise CanonicalError("number", N_("JSON chứa số %(text)s; chỉ chấp nhận số nguyên."), text=text[:40])


# --- bytes and times as text -----------------------------------------------------------------------------------------


def b64u(data: bytes) -> str:
    """Return unpadded base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64u_decode(text: str) -> bytes:
    """Return the bytes of unpadded base64url; padding, foreign signs and loose trailing bits are refused."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CanonicalError("base64", N_("Chuỗi base64url không hợp lệ.")) from error
    if b64u(data) != text:
        raise CanonicalError("base64", N_("Chuỗi base64url không hợp lệ."))
    return data


def utc_text(moment: datetime) -> str:
    """Return `YYYY-MM-DDTHH:MM:SS.mmmZ`; a time without a zone is refused, finer digits are cut off."""
    if moment.tzinfo is None:
        raise CanonicalError("naive_time", N_("Thời điểm thiếu múi giờ."))
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z".rjust(24, "0")


def parse_utc(text: str) -> datetime:
    """Return the moment that `utc_text` wrote."""
    if not _UTC_TEXT.fullmatch(text):
        raise CanonicalError("time", N_("Thời điểm %(text)s không đúng dạng YYYY-MM-DDTHH:MM:SS.mmmZ."), text=text[:40])
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CanonicalError(
            "time", N_("Thời điểm %(text)s không đúng dạng YYYY-MM-DDTHH:MM:SS.mmmZ."), text=text
        ) from error


def crockford(data: bytes, length: int) -> str:
    """Return the first `length` Crockford characters of the bytes, zero bits appended where they run out."""
    bits = length * 5
    have = len(data) * 8
    value = int.from_bytes(data, "big")
    value = value >> (have - bits) if have >= bits else value << (bits - have)
    return "".join(CROCKFORD[value >> shift & 31] for shift in range(bits - 5, -1, -5))


def crockford_bytes(symbols: str, length: int) -> bytes:
    """Return `length` bytes from folded Crockford symbols; leftover bits must be zero."""
    value = 0
    for symbol in symbols:
        value = value << 5 | CROCKFORD.index(symbol)
    spare = len(symbols) * 5 - length * 8
    if spare < 0 or value & ((1 << spare) - 1):
        raise BadCode("code_typo", N_("Mã gõ chưa đúng. Hãy đối chiếu lại từng nhóm ký tự trên phiếu."))
    return (value >> spare).to_bytes(length, "big")


def grouped(symbols: str, size: int = 4, separator: str = "-") -> str:
    """Return symbols in printed groups, such as `7F3A-91C2-D8E4`."""
    return separator.join(symbols[i : i + size] for i in range(0, len(symbols), size))


def fold_crockford(text: str) -> str:
    """Return typed text as bare Crockford symbols: case, spaces, hyphens, full-width and o/0 i/l/1 slips forgiven."""
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKES)
    strange = sorted({symbol for symbol in folded if symbol not in CROCKFORD})
    if any(not symbol.isascii() for symbol in strange):
        # Telex turns "AA" into "Â" and "DD" into "Đ" while a code is typed: say what happened, not just "wrong sign".
        raise BadCode("code_ime", N_("Mã chứa chữ có dấu. Hãy tắt bộ gõ tiếng Việt rồi gõ lại."))
    if strange:
        raise BadCode(
            "code_symbol",
            N_("Mã không dùng ký tự %(symbols)s. Hãy xem lại phiếu và gõ lại."),
            symbols=_shown(strange),
        )
    return folded


def _shown(symbols: Iterable[str]) -> str:
    return " ".join(symbols)
