"""From bytes to text and from text to JSON, with a sentence instead of an exception for everything that is broken."""

import codecs
import json

from question_bank.errors import N_, Problem, error

__all__ = ["MAX_FILE_BYTES", "Refusal", "broken_characters", "check_size", "decode", "parse_json", "storable"]

MAX_FILE_BYTES = 50 * 1024 * 1024

#: Longest first, because the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Refusal(Exception):
    """Carries the problem that ends the reading of a file or a row."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def check_size(data: bytes) -> None:
    """Refuse an empty file and one above the limit."""
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal(error("file_empty", N_("tệp rỗng.")))
    if len(data) > MAX_FILE_BYTES:
        message = N_("tệp nặng %(size)s MB, giới hạn là %(limit)s MB.")
        megabyte = 1024 * 1024
        raise Refusal(error("file_too_large", message, size=len(data) // megabyte, limit=MAX_FILE_BYTES // megabyte))


def decode(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else UTF-8, else UTF-16 when every second byte says so."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:64]:
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as broken:
        message = N_("tệp không phải văn bản Unicode (hỏng ở byte %(position)s); hãy lưu lại bằng bảng mã UTF-8.")
        raise Refusal(error("encoding_unknown", message, position=broken.start)) from broken


def parse_json(text: str) -> object:
    """Return the value of a JSON text; a field written twice, NaN and absurd nesting are refused."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as broken:
        message = N_("không phải JSON hợp lệ (ký tự thứ %(position)s).")
        raise Refusal(error("json_broken", message, position=broken.pos + 1)) from broken
    except (ValueError, RecursionError) as broken:
        raise Refusal(error("json_unusable", N_("JSON lồng quá sâu hoặc chứa số không dùng được."))) from broken


def storable(value: object) -> bool:
    """Say whether a value can be written to a file or a database: no half characters, no NUL."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text


def broken_characters() -> Problem:
    """Return the problem of a row that holds characters which nothing can store."""
    return error("broken_characters", N_("có ký tự hỏng, không lưu được; hãy gõ lại câu này."))


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, value in pairs:
        if name in values:
            # json would silently keep the last one: of two keys to one question only a person can tell the right one.
            raise Refusal(error("field_twice", N_("trường “%(name)s” ghi hai lần trong một câu."), name=name[:80]))
        values[name] = value
    return values


def _no_constant(name: str) -> object:
    raise ValueError(name)
