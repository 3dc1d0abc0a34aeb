"""From texts of questions to the XML of a Word document: runs, pictures, formulas, tables."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from question_bank.formats.omml import omml_of
from question_bank.formats.word.objects import AUTO_SIZE
from question_bank.formats.word.own import CONTINUED, OWN_TABLE
from question_bank.formats.word.rich import OBJECT, PLAIN, Look, Rich, Span, Thing
from question_bank.formats.word.styles import CODE_STYLE
from question_bank.questions.content import Content
from question_bank.questions.markup import Element, Node, plain_text, serialize
from question_bank.questions.pictures import picture_bytes

__all__ = ["Runs", "rich_of"]

_LOOKS = {"strong": "bold", "em": "italic", "u": "underline", "s": "strike", "code": "code"}
#: What XML cannot hold.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARTS = re.compile(r"([\t\n])")
_EMU_IN_PIXEL = 9525
#: The width of a page of A4 between its margins, in pixels.
_WIDEST = 640
_PROPERTIES = {
    "code": f'<w:rStyle w:val="{CODE_STYLE}"/>',
    "bold": "<w:b/>",
    "italic": "<w:i/>",
    "strike": "<w:strike/>",
    "underline": '<w:u w:val="single"/>',
}
_RAISED = {"sub": "subscript", "sup": "superscript"}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


@dataclass(frozen=True)
class _Node(Thing):
    """A thing with the element that it was made of."""

    node: Element | None = None


def rich_of(content: Content) -> Rich:
    """Return a text of a question as spans; what Word has no look for keeps its words, a line end around it."""
    if content.is_plain:
        return Rich.of(str(content))
    return Rich(_spans(content.nodes, PLAIN))


def _spans(nodes: Sequence[Node], look: Look) -> Iterator[Span]:
    for place, node in enumerate(nodes):
        if isinstance(node, str):
            yield Span(node, look)
        elif node.tag == "br":
            yield Span("\n", look)
        elif node.tag in ("img", "math", "table"):
            yield Span(OBJECT, PLAIN, _Node(serialize([node]), node=node, is_block=node.tag == "table"))
        elif node.tag in _LOOKS:
            yield from _spans(node.children, look._replace(**{_LOOKS[node.tag]: True}))  # type: ignore[arg-type]
        elif node.tag in ("sub", "sup"):
            yield from _spans(node.children, look._replace(raised=node.tag))
        else:
            before, behind = "\n" if place else "", "\n" if place + 1 < len(nodes) else ""
            yield Span(f"{before}{plain_text([node])}{behind}", look)


class Runs:
    """Writes texts; pictures go into the document, each once."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._pictures: dict[str, tuple[str, tuple[int, int]]] = {}
        self._drawn = 0

    def paragraphs(self, label: str, content: Content, style: str, look: Look = PLAIN) -> Iterator[str]:
        """Give the paragraphs and tables of a text with a label in front; ``look`` is that of the label."""
        yield from self._flow([Span(label, look), *rich_of(content).spans], style)

    def _flow(self, spans: Sequence[Span], style: str) -> Iterator[str]:
        runs: list[str] = []
        named = style
        last_table = False
        for span in spans:
            node = span.thing.node if isinstance(span.thing, _Node) else None
            if node is not None and node.tag == "table":
                if runs or named != style or last_table or not style or style != CONTINUED:
                    yield self._paragraph(runs, named)
                yield self.table(node)
                runs, named, last_table = [], CONTINUED if style else "", True
                continue
            runs.append(self._thing(node) if node is not None else _run(span.text, span.look))
            last_table = False
        if runs or not last_table or not style:
            yield self._paragraph(runs, named)

    @staticmethod
    def _paragraph(runs: Sequence[str], style: str) -> str:
        properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{properties}{''.join(runs)}</w:p>"

    def _thing(self, node: Element) -> str:
        if node.tag == "math":
            return _formula(node)
        return self._picture(node)

    def _picture(self, node: Element) -> str:
        uri = node.get("src") or ""
        if uri not in self._pictures:
            self._pictures[uri] = self._stored(uri)
        address, natural = self._pictures[uri]
        width, height = _size(node, natural)
        name = "hình" if node.get("width") and node.get("height") else AUTO_SIZE
        self._drawn += 1
        about = f'id="{self._drawn}" name="{name}"'
        alternative = f" descr={quoteattr(_possible(node.get('alt') or ''))}" if node.get("alt") else ""
        extent = f'cx="{width * _EMU_IN_PIXEL}" cy="{height * _EMU_IN_PIXEL}"'
        return (
            f"<w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr {about}{alternative}/><a:graphic>"
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self._drawn}" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{address}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    def _stored(self, uri: str) -> tuple[str, tuple[int, int]]:
        """Put a picture into the document and return its address and size; WebP, which Word may not show, as PNG."""
        media_type, data = picture_bytes(uri)
        with Image.open(io.BytesIO(data)) as picture:
            size = picture.size
            if media_type == "image/webp":
                file = io.BytesIO()
                picture.save(file, "PNG")
                data = file.getvalue()
        address, _ = self._document.part.get_or_add_image(io.BytesIO(data))
        return address, size

    # --- tables -----------------------------------------------------------------------------------------------------

    def table(self, node: Element) -> str:
        """Return a table, with merged cells as Word has them."""
        rows: list[list[str]] = []
        #: Column → rows still covered from above, and how wide that is.
        covered: dict[int, tuple[int, int]] = {}
        width = 1
        for row in node.children:
            cells, column = [], 0
            below: dict[int, tuple[int, int]] = {}
            waiting = [cell for cell in row.children if isinstance(cell, Element)] if isinstance(row, Element) else []
            while waiting or any(start >= column for start in covered):
                if column in covered:
                    left, span = covered.pop(column)
                    cells.append(_cell("<w:p/>", span, "<w:vMerge/>"))
                    if left > 1:
                        below[column] = (left - 1, span)
                elif waiting:
                    cell = waiting.pop(0)
                    span, down = int(cell.get("colspan") or 1), int(cell.get("rowspan") or 1)
                    inside = "".join(self._flow([*_spans(cell.children, PLAIN)], ""))
                    cells.append(_cell(inside, span, '<w:vMerge w:val="restart"/>' if down > 1 else ""))
                    if down > 1:
                        below[column] = (down - 1, span)
                else:
                    span = 1
                    cells.append(_cell("<w:p/>", 1, ""))
                column += span
            covered = below
            width = max(width, column)
            rows.append(cells)
        grid = f"<w:tblGrid>{'<w:gridCol/>' * width}</w:tblGrid>"
        properties = f'<w:tblStyle w:val="{OWN_TABLE}"/><w:tblW w:w="0" w:type="auto"/>'
        properties += f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
        written = "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows)
        return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{grid}{written}</w:tbl>"


def _cell(inside: str, span: int, merge: str) -> str:
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/>{wide}{merge}</w:tcPr>{inside}</w:tc>'


def _run(text: str, look: Look) -> str:
    """Return a stretch of text in one look."""
    properties = "".join(written for name, written in _PROPERTIES.items() if getattr(look, name))
    if look.raised:
        properties += f'<w:vertAlign w:val="{_RAISED[look.raised]}"/>'
    parts = [
        "<w:tab/>" if part == "\t" else "<w:br/>" if part == "\n" else
        f'<w:t xml:space="preserve">{escape(_possible(part))}</w:t>'
        for part in _PARTS.split(text) if part
    ]  # fmt: skip
    return f"<w:r><w:rPr>{properties}</w:rPr>{''.join(parts)}</w:r>" if properties else f"<w:r>{''.join(parts)}</w:r>"


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)


def _formula(node: Element) -> str:
    try:
        made = omml_of(ElementTree.fromstring(serialize([node])))  # noqa: S314 - it is our own spelling
    except ValueError:
        return _run(plain_text([node]), PLAIN)
    return ElementTree.tostring(made, encoding="unicode")


def _size(node: Element, natural: tuple[int, int]) -> tuple[int, int]:
    """Return how large a picture is shown, in pixels: as the question says, else as it is, at most a page wide."""
    width, height = node.get("width"), node.get("height")
    if width and height:
        return int(width) or 1, int(height) or 1
    wide = int(width or 0) or min(natural[0], _WIDEST)
    return wide, int(height or 0) or max(1, round(natural[1] * wide / natural[0]))
