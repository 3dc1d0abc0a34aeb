"""Makers of Word documents for the tests: with python-docx, and with raw XML where it cannot."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.shared import RGBColor

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def saved(document: Any) -> bytes:
    """Return the bytes of a document."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def paragraphs(*texts: str) -> bytes:
    """Return a document with these paragraphs: **bold**, __underlined__, ^^red^^, ##highlighted##."""
    return body("".join(f"<w:p>{''.join(_run(*piece) for piece in _pieces(text))}</w:p>" for text in texts))


_LOOKS = {
    "**": "<w:b/>",
    "__": '<w:u w:val="single"/>',
    "^^": '<w:color w:val="FF0000"/>',
    "##": '<w:highlight w:val="yellow"/>',
}


def _run(text: str, looks: frozenset[str]) -> str:
    properties = "".join(written for mark, written in _LOOKS.items() if mark in looks)
    return r(escape(text).replace("\n", "</w:t><w:br/><w:t>"), properties)


def _pieces(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    looks: frozenset[str] = frozenset()
    for part in re.split(r"(\*\*|__|\^\^|##)", text):
        if part in _LOOKS:
            looks ^= {part}
        elif part:
            yield part, looks


def add(parent: Any, text: str, style: str | None = None) -> Any:
    """Add a paragraph with python-docx, bold and the like as in ``paragraphs``."""
    paragraph = parent.add_paragraph(style=style)
    for piece, looks in _pieces(text):
        run = paragraph.add_run(piece)
        run.bold = "**" in looks or None
        run.underline = "__" in looks or None
        if "^^" in looks:
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
        if "##" in looks:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    return paragraph


def table(parent: Any, *rows: Iterable[str]) -> Any:
    """Add a table with these texts in its cells, a line end begins a new paragraph."""
    lists = [list(row) for row in rows]
    made = parent.add_table(len(lists), max(map(len, lists)))
    for place, row in enumerate(lists):
        for column, text in enumerate(row):
            first, *others = text.split("\n")
            cell = made.cell(place, column)
            cell.paragraphs[0].add_run(first)
            for other in others:
                cell.add_paragraph(other)
    return made


def raw(*parts: str) -> bytes:
    """Return a document whose body is this XML, without the last section."""
    document = Document()
    body = document.element.body
    section = body[-1]
    for part in parts:
        for node in parse_xml(f"<w:body {NAMESPACES}>{part}</w:body>"):
            section.addprevious(node)
    return saved(document)


def p(text: str, properties: str = "") -> str:
    """Return the XML of a paragraph with one run."""
    made = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{made}{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """Return the XML of a run."""
    made = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{made}<w:t xml:space="preserve">{text}</w:t></w:r>'


def body(content: str, *, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a document whose body is exactly this XML, stored as it is unless it is to be compressed."""
    return with_body(_empty(), content, compression)


@cache
def _empty() -> bytes:
    """Return the least that is a document: no styles, no lists, nothing to unpack that a test does not ask for."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    return file.getvalue()


def with_body(data: bytes, content: str, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a document with this XML as its whole body."""
    whole = f"<w:document {NAMESPACES}><w:body>{content}</w:body></w:document>"
    return edited(data, {"word/document.xml": whole.encode()}, compression)


def edited(
    data: bytes,
    changes: Mapping[str, bytes | Callable[[bytes], bytes] | None],
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a document with some parts replaced, added or (None) taken away."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", compression) as new:
        for name in old.namelist():
            change = changes.get(name, b"")
            if name not in changes:
                new.writestr(name, old.read(name))
            elif callable(change):
                new.writestr(name, change(old.read(name)))
        for name, change in changes.items():
            if isinstance(change, bytes):
                new.writestr(name, change)
    return file.getvalue()
