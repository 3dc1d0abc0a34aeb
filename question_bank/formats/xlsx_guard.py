"""What must be true of an .xlsx before its bytes reach the spreadsheet reader.

An .xlsx is a ZIP of XML: a few kilobytes can unpack to gigabytes, two readers can see different contents in one file,
and a cell far out can make a reader reserve memory for a billion cells. So every part is unpacked here under limits and
packed again: the reader sees exactly what was measured, without macros and pictures. The reader would also show a cell
with an error, or with a formula that was never computed, as empty: such cells are marked on the way, and so are texts
of which parts look different.
"""

import io
import re
import zipfile
import zlib
from xml.parsers.expat import ExpatError

from question_bank.errors import N_, Problem, error
from question_bank.formats.decoding import Refusal, check_size
from question_bank.formats.xlsx_extent import Extent, TooFar, TooMuch
from question_bank.formats.xlsx_rich import MAX_MARKUP, with_rich_texts

__all__ = ["FAILED", "MAX_COLUMNS", "MAX_ENTRIES", "MAX_RATIO", "MAX_ROWS", "MAX_UNPACKED", "checked_copy"]

MAX_ENTRIES = 1_000
MAX_UNPACKED = 200 * 1024 * 1024
#: Real sheets compress about 10 to 20 times; only parts that unpack above ``_SMALL`` are measured by it.
MAX_RATIO = 200
MAX_ROWS = 100_000
MAX_COLUMNS = 256
#: Stands in front of what is left of a failed cell; a private character that no program writes.
FAILED = "\ue000"
_SMALL = 1024 * 1024
_CHUNK = 256 * 1024

_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# No part of these two runs over the next "<": a hostile sheet must not make them look at everything for each cell.
_FORMULA = rb"<\1f\b(?:[^<>]*/>|[^<>]*>[^<]*</\1f>)"
#: A cell of the type "error".
_ERROR_CELL = re.compile(rb"""<((?:\w+:)?)c\b([^<>]*?\bt=)["']e["']([^<>]*>\s*(?:""" + _FORMULA + rb"""\s*)?<\1v>)""")
#: A cell with a formula and no value; "str" with no value is a formula that gave an empty text.
_UNCOMPUTED = re.compile(
    rb"""<((?:\w+:)?)c\b((?:(?!\bt=["']str["'])[^<>/])*>\s*""" + _FORMULA + rb""")\s*"""
    rb"(?:(?:<\1v\s*/>|<\1v>\s*</\1v>)\s*)?</\1c>"
)
_TYPE = re.compile(rb"""\bt=["']\w+["']""")
_BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError, ExpatError)


def checked_copy(data: bytes, file_name: str) -> bytes:
    """Return a copy of a workbook that is safe to read; raises Refusal with the reason otherwise."""
    check_size(data)
    if data.startswith(_OLE_MARK):
        message = N_("tệp Excel kiểu cũ (.xls) hoặc có mật khẩu; hãy mở và lưu lại thành .xlsx không mật khẩu.")
        raise Refusal(error("xlsx_old_or_locked", message))
    if file_name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise Refusal(_macros())
    if not data.startswith(b"PK"):
        raise Refusal(_no_workbook())
    try:
        return _repack(data)
    except TooFar as far:
        raise Refusal(sheet_too_large()) from far
    except TooMuch as much:
        raise Refusal(_too_much()) from much
    except _BROKEN as broken:
        raise Refusal(broken_workbook()) from broken


def broken_workbook() -> Problem:
    """Return the problem of a file that is no whole workbook."""
    message = N_("tệp .xlsx bị hỏng hoặc tải chưa hết; hãy mở bằng Excel, lưu lại rồi thử lại.")
    return error("xlsx_broken", message)


def sheet_too_large() -> Problem:
    """Return the problem of a table with more rows or columns than are read."""
    message = N_("bảng quá lớn: nhiều nhất %(rows)s dòng và %(columns)s cột; hãy xóa phần thừa hoặc chia tệp.")
    return error("xlsx_sheet_too_large", message, rows=MAX_ROWS, columns=MAX_COLUMNS)


def _no_workbook() -> Problem:
    message = N_("tệp không phải bảng tính .xlsx; hãy mở bằng Excel, chọn “Lưu thành” loại .xlsx rồi thử lại.")
    return error("xlsx_none", message)


def _macros() -> Problem:
    return error("xlsx_macros", N_("tệp có macro; hãy lưu lại thành .xlsx thường (không macro)."))


def _repack(data: bytes) -> bytes:
    copy = io.BytesIO()
    total, extent, markup = 0, Extent(MAX_ROWS, MAX_COLUMNS), 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        entries = source.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Refusal(_too_much())
        names = [entry.filename for entry in entries]
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Refusal(_macros())
        if "xl/workbook.xml" not in names:
            raise Refusal(_no_workbook())
        if len(set(names)) != len(names):
            raise Refusal(broken_workbook())
        for entry in entries:
            if not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            content = _unpack(source, entry, MAX_UNPACKED - total)
            total += len(content)
            _check_part(content)
            content, made = with_rich_texts(content, MAX_MARKUP - markup)
            markup += made
            extent.take(entry.filename, content)
            target.writestr(zipfile.ZipInfo(entry.filename), _with_failed_cells(content))
    extent.check()
    return copy.getvalue()


def _unpack(source: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return the content of one part, stopping as soon as it is too much, whatever size it claims."""
    parts: list[bytes] = []
    size = 0
    with source.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > room or (size > _SMALL and size > MAX_RATIO * max(entry.compress_size, 1)):
                raise Refusal(_too_much())
            parts.append(chunk)
    return b"".join(parts)


def _too_much() -> Problem:
    message = N_("tệp .xlsx bung ra lớn bất thường nên không được đọc; hãy chép các câu hỏi sang một tệp mới.")
    return error("xlsx_too_much", message)


def _check_part(content: bytes) -> None:
    """Refuse XML that could say what the measuring and the look-ups below would not see."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content[:1024]:
        raise Refusal(broken_workbook())


def _with_failed_cells(content: bytes) -> bytes:
    """Return a sheet in which every failed cell is a text that begins with ``FAILED``."""
    if b"sheetData" not in content:
        return content
    mark = b"&#x%X;" % ord(FAILED)
    content = _ERROR_CELL.sub(rb'<\1c\2"str"\3' + mark, content)
    return _UNCOMPUTED.sub(
        lambda cell: (
            b'<%bc t="str"%b<%bv>%b</%bv></%bc>'
            % (cell[1], _TYPE.sub(b"", cell[2], count=1), cell[1], mark, cell[1], cell[1])
        ),
        content,
    )
