"""From bytes to text and from text to JSON, with a sentence instead of an exception for everything that is broken."""

import codecs
import json
import math
import re

from question_bank.errors import N_, Problem, error, warning
from question_bank.formats.legacy_text import decode_legacy

__all__ = [
    "MAX_FILE_BYTES",
    "Refusal",
    "check_size",
    "decode",
    "decode_beginning",
    "decode_noticing",
    "parse_json",
    "storable",
    "MAX_FILE_ROWS",
    "too_many_rows",
]

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_FILE_ROWS = 100_000

#: Longest first, because the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: So many bytes from the start show whether a text is UTF-16.
_SEEN = 4096
_BEGINNING = 64 * 1024
#: NUL as JSON writes it, and not the six characters after a backslash of their own.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Refusal(Exception):
    """Carries the problem that ends the reading of a file or a row."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def check_size(data: bytes) -> None:
    """Refuse an empty file and one above the limit."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):  # with or without a byte order mark
        raise Refusal(error("file_empty", N_("tệp rỗng; hãy kiểm tra lại rồi chọn tệp khác.")))
    if len(data) > MAX_FILE_BYTES:
        message = N_("tệp nặng %(size)s MB, giới hạn là %(limit)s MB; hãy chia thành nhiều tệp.")
        megabyte = 1024 * 1024
        raise Refusal(error("file_too_large", message, size=len(data) // megabyte, limit=MAX_FILE_BYTES // megabyte))


def decode(data: bytes) -> str:
    """Return the text of a file as ``decode_noticing`` does, without its warning."""
    return decode_noticing(data)[0]


def decode_beginning(data: bytes) -> str:
    """Return the first lines of a file with plain line ends, "" if it is no text; enough to see what format it is."""
    head = data[:_BEGINNING]
    if len(data) > _BEGINNING:
        head = head[: head.rfind(b"\n") + 1]
    try:
        return decode(head).replace("\r", "\n")
    except Refusal:
        return ""


def decode_noticing(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a file, and a warning if its encoding had to be guessed.

    A byte order mark decides, else UTF-16 when the zeros in it say so, else UTF-8. What is none of these is taken for
    one of the encodings from before Unicode if it clearly reads as one, and refused otherwise.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _unmarked(data)
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as broken:
        legacy = decode_legacy(data) if encoding == "utf-8" else None
        if legacy is not None:
            message = N_(
                "tệp không phải văn bản Unicode, đã đọc theo bảng mã %(encoding)s là bảng mã có vẻ đúng nhất;"
                " hãy xem lại các chữ có dấu."
            )
            return legacy.text, (warning("encoding_guessed", message, encoding=legacy.encoding),)
        message = N_("tệp không phải văn bản Unicode (hỏng ở dòng %(line)s); hãy lưu lại bằng bảng mã UTF-8.")
        raise Refusal(error("encoding_unknown", message, line=data.count(b"\n", 0, broken.start) + 1)) from broken


def _unmarked(data: bytes) -> str:
    """Return the encoding of Unicode without a mark: in UTF-16 one half of all bytes is mostly zero."""
    if data[:2].count(0) == 1:
        return "utf-16-be" if data[0] == 0 else "utf-16-le"
    # A first letter such as Đ has no zero; the spaces, digits and plain letters after it have.
    first, second = data[:_SEEN:2].count(0), data[1:_SEEN:2].count(0)
    if max(first, second) * 8 < len(data[:_SEEN]) or min(first, second) > 0:
        return "utf-8"
    return "utf-16-be" if first else "utf-16-le"


def too_many_rows() -> Problem:
    """Return the problem of a file with more questions than are read at once."""
    message = N_("tệp có hơn %(limit)s câu; hãy chia thành nhiều tệp.")
    return error("rows_too_many", message, limit=MAX_FILE_ROWS)


def parse_json(text: str) -> object:
    """Return the value of a JSON text; a field written twice, NaN, infinity and absurd nesting are refused."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_finite, parse_float=_finite)
    except json.JSONDecodeError as broken:
        message = N_("không phải JSON hợp lệ (ký tự thứ %(position)s); hãy sửa chỗ đó.")
        if "\n" in text:
            message = N_("không phải JSON hợp lệ (dòng %(line)s, ký tự thứ %(position)s); hãy sửa chỗ đó.")
        raise Refusal(error("json_broken", message, line=broken.lineno, position=broken.colno)) from broken
    except (ValueError, RecursionError) as broken:
        message = N_("JSON lồng quá sâu hoặc chứa số không dùng được (NaN, vô cực, quá dài); hãy sửa tệp.")
        raise Refusal(error("json_unusable", message)) from broken


def storable(value: object) -> bool:
    """Say whether a value can be written to a file or a database: no half characters, no NUL."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return False
    return _NUL.search(text) is None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in pairs:
        if name in values:
            # json would silently keep the last one: of two keys to one question only a person can tell the right one.
            message = N_("trường “%(name)s” ghi hai lần trong một câu (“%(start)s…”); hãy để lại một chỗ.")
            start = next((text[:60] for _, text in pairs if isinstance(text, str)), "")
            raise Refusal(error("field_twice", message, name=name[:80], start=start))
        values[name] = value
    return values


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number
