"""Every file format by its name: who reads it, who writes it, what it can hold, and how it is recognised."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from question_bank.errors import N_, Unit
from question_bank.formats import aiken, csv_table, foreign_json, gift, moodle, native, qti, word, xlsx
from question_bank.formats.decoding import MAX_FILE_ROWS, Refusal, decode, parse_json
from question_bank.formats.mapping import FieldMapping
from question_bank.formats.report import ReadResult
from question_bank.formats.written import Carries, Written
from question_bank.questions.record import QuestionRecord

__all__ = ["FORMATS", "MAPPED", "Format", "sniff"]

Reading = Callable[[bytes, str, FieldMapping, Collection[str]], ReadResult]


@dataclass(frozen=True)
class Format:
    """One file format."""

    name: str
    #: What people call it (a gettext message id).
    title: str
    suffixes: tuple[str, ...]
    #: Takes the file, its name, a mapping with defaults and the fields that no question may lack.
    read: Reading
    write: Callable[[Iterable[QuestionRecord]], Written] | None = None
    carries: Carries | None = None
    #: What its rows count.
    unit: Unit = "row"
    #: How many questions one file may hold; a longer one is not read.
    most: int = MAX_FILE_ROWS


def _whole(reader: Callable[..., ReadResult]) -> Reading:
    """Return a reader of questions that stand in no columns: of a mapping it needs only the defaults."""

    def read(data: bytes, file_name: str, mapping: FieldMapping, required: Collection[str]) -> ReadResult:
        return reader(data, file_name, defaults=mapping.defaults, required=required)

    return read


def _mapped(reader: Callable[..., ReadResult]) -> Reading:
    def read(data: bytes, file_name: str, mapping: FieldMapping, required: Collection[str]) -> ReadResult:
        return reader(data, file_name, mapping, required=required)

    return read


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("native", N_("dạng riêng"), (".jsonl",), _mapped(native.read), native.write, native.CARRIES),
        Format("json", "JSON", (".json",), _mapped(foreign_json.read)),
        Format("xlsx", "Excel", (".xlsx",), _mapped(xlsx.read), xlsx.write, xlsx.CARRIES),
        Format("csv", "CSV", (".csv", ".tsv"), _mapped(csv_table.read)),
        Format("word", "Word", (".docx",), _whole(word.read), word.write, word.CARRIES, "paragraph", 5_000),
        Format(
            "moodle", "Moodle XML", (".xml",), _whole(moodle.read), moodle.write, moodle.CARRIES, "question", 20_000
        ),
        Format("gift", "GIFT", (".gift",), _whole(gift.read), gift.write, gift.CARRIES, most=10_000),
        Format("aiken", "Aiken", (".aiken",), _whole(aiken.read), aiken.write, aiken.CARRIES, most=20_000),
        Format("qti", "QTI", (".zip",), _whole(qti.read), qti.write, qti.CARRIES, "question", 10_000),
    )
}

#: The formats whose columns or keys a person may have to join to fields.
MAPPED = frozenset({"json", "xlsx", "csv"})

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_WORKBOOK_NAMES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xls")
_WORD_NAMES = (".docx", ".doc", ".docm", ".dotx", ".rtf")
_PARTS = {"xl/workbook.xml": "xlsx", "word/document.xml": "word", "imsmanifest.xml": "qti"}
_LINES = 20


def sniff(data: bytes, file_name: str) -> str | None:
    """Return the name of the format of a file, by its content and then its name; None for none of them."""
    name = file_name.lower()
    if data.startswith(_ZIP):
        return _packed(data) or ("word" if name.endswith(_WORD_NAMES) else "xlsx")
    if data.startswith(_OLE):
        return "word" if name.endswith(_WORD_NAMES) else "xlsx"
    if name.endswith((*_WORKBOOK_NAMES, *_WORD_NAMES)):
        return _named(name)
    head = data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t")[:1]
    if head == b"<":
        return next((one for one, module in (("moodle", moodle), ("qti", qti)) if module.looks_like(data)), None)
    if head in (b"{", b"["):
        found = _json(data)
        if found is not None:
            return found
    if name.endswith((".csv", ".tsv")):
        return "csv"
    if name.endswith((".json", ".jsonl")):
        return "json"
    if name.endswith((".gift", ".aiken")):
        return _named(name)
    return next((one for one, module in (("aiken", aiken), ("gift", gift)) if module.looks_like(data)), None)


def _packed(data: bytes) -> str | None:
    """Return what a ZIP archive holds by the name of its main part, which a folder may stand around."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    found = {_PARTS.get(name) for name in names} | {
        "qti" for name in names if posixpath.basename(name) == "imsmanifest.xml"
    }
    return next((one for one in ("word", "xlsx", "qti") if one in found), None)


def _named(name: str) -> str | None:
    if name.endswith(_WORD_NAMES):
        return "word"
    if name.endswith(_WORKBOOK_NAMES):
        return "xlsx"
    return next((one.name for one in FORMATS.values() if name.endswith(one.suffixes)), None)


def _json(data: bytes) -> str | None:
    """Return "native" when one of the first lines is a native one, "json" for other text in braces."""
    try:
        text = decode(data).strip()
    except Refusal:
        return None
    if not text.startswith(("{", "[")):
        return None
    lines = text.split("\n", _LINES)[:_LINES]
    if any(map(_native_line, lines)):
        return "native"
    # A question of GIFT may begin with a mark such as "[html]", and that of Aiken with anything.
    first = text[:1] + text[1:].lstrip()[:1]
    return "json" if first[:1] == "{" or first in ("[{", "[[", "[]", '["') or first[1:].isdigit() else None


def _native_line(line: str) -> bool:
    try:
        value = parse_json(line)
    except Refusal:
        return False
    return isinstance(value, dict) and "kind" in value and ("stem" in value or "gaps" in value)
