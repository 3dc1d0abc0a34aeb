"""A .docx as a flat list of paragraphs and tables, as a reader of the paper would see it.

What tracked changes have taken out is gone and what they have put in is there; numbers of lists stand in front of their
paragraphs; text boxes follow the paragraph they hang on; of two alternatives of the same drawing one is read.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.word.legacy import OldFonts
from question_bank.formats.word.objects import Objects, formula
from question_bank.formats.word.package import Package
from question_bank.formats.word.rich import OBJECT, PLAIN, Rich, Span, Thing
from question_bank.formats.word.styles import Format
from question_bank.formats.word.symbols import symbol_text
from question_bank.formats.word.xml import local_name

__all__ = ["Block", "Cell", "Paragraph", "Table", "WordFile", "read_document"]


@dataclass(slots=True)
class Paragraph:
    """One paragraph; ``row`` is its ordinal in the document, counted from 1."""

    row: int
    text: Rich
    #: The name of its style as the file has it (``w:pStyle``), and whether it is a heading.
    style: str = ""
    heading: bool = False


@dataclass(slots=True)
class Cell:
    """One cell of a table; a vertical merge's lower cells hold nothing and say ``merged``."""

    blocks: list["Block"]
    #: The first column it covers, and how many.
    column: int
    span: int = 1
    merged: bool = False


@dataclass(slots=True)
class Table:
    """A table; ``row`` is that of its first paragraph."""

    row: int
    rows: list[list[Cell]]
    #: The name of its style as the file has it.
    style: str = ""


Block = Paragraph | Table


@dataclass
class WordFile:
    """The blocks of a document, and what is to be said of it as a whole."""

    blocks: list[Block]
    noticed: list[Problem] = field(default_factory=list)


_WIDE_SPACE = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NO_WIDTH = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
_THROUGH = frozenset({"hyperlink", "smartTag", "customXml", "ins", "moveTo", "fldSimple", "dir", "bdo", "sdtContent"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "br": "\n"}
#: Kinds of things that are left unread, with their sentences.
_NOTICES = {
    "tracked": ("tracked_changes", N_("tệp còn dấu vết sửa đổi: phần thêm được đọc, phần xóa thì không; hãy xem lại.")),
    "comments": ("comments_unread", N_("các lời bình trong tệp không được đọc.")),
    "hidden": ("hidden_text", N_("tệp có chữ bị ẩn; phần đó không được đọc.")),
    "notes": ("notes_unread", N_("%(count)s chú thích cuối trang không được đọc; hãy đưa phần cần thiết vào câu hỏi.")),
    "chunks": ("chunk_unread", N_("%(count)s phần chèn từ tệp khác không được đọc; hãy mở bằng Word và lưu lại.")),
    "symbols": ("symbols_unknown", N_("%(count)s ký hiệu của phông riêng không nhận ra; hãy gõ lại bằng chữ thường.")),
}  # fmt: skip


def read_document(package: Package) -> WordFile:
    """Return what stands in a document; raises Refusal for parts that cannot be unpacked."""
    fonts = OldFonts(package)
    if fonts.possible:
        # A font tells how its letters are meant only when the text of all its runs agrees: read once to see it.
        _Reader(package, fonts).read()
        fonts.decide()
    return _Reader(package, fonts).read()


class _Reader:
    def __init__(self, package: Package, fonts: OldFonts) -> None:
        self._w = package.w
        self._styles = package.styles
        self._numbering = package.fresh_numbering()
        self._objects = Objects(package)
        self._fonts = fonts
        self._root = package.document
        self._row = 0
        self._links = 0
        self._counts: dict[str, int] = {}
        #: Text of paragraphs whose end was taken out: it goes on in the next one.
        self._carried: tuple[Span, ...] = ()

    def read(self) -> WordFile:
        blocks: list[Block] = []
        for child in self._root:
            if local_name(child) == "body":
                blocks += self._blocks(child)
        noticed = [
            warning(code, message, Place(), **({"count": self._counts[name]} if "%(count)" in message else {}))
            for name, (code, message) in _NOTICES.items()
            if name in self._counts
        ]
        return WordFile(blocks, noticed + self._fonts.notices())

    def _note(self, name: str) -> None:
        self._counts[name] = self._counts.get(name, 0) + 1

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            name = local_name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield self._table(child)
            elif name == "sdt":
                yield from self._controlled(child)
            elif name in _THROUGH:
                yield from self._blocks(child)
            elif name == "AlternateContent":
                yield from self._blocks(_choice(child))
            elif name == "altChunk":
                self._note("chunks")
            elif name in ("del", "moveFrom"):
                self._note("tracked")

    def _controlled(self, node: Element) -> Iterator[Block]:
        """Give the blocks of a content control, unless it is a table of contents."""
        for child in node:
            if local_name(child) == "sdtPr" and any(
                local_name(one) == "docPartGallery" and "contents" in self._get(one, "val").lower()
                for one in child.iter()
            ):
                return
        for child in node:
            if local_name(child) == "sdtContent":
                yield from self._blocks(child)

    # --- paragraphs -------------------------------------------------------------------------------------------------

    def _paragraph(self, node: Element) -> Iterator[Block]:
        self._row += 1
        row = self._row
        properties = next((child for child in node if local_name(child) == "pPr"), None)
        name, heading, number, removed = "", None, None, False
        if properties is not None:
            for child in properties:
                tag = local_name(child)
                if tag == "pStyle":
                    name = self._get(child, "val")
                elif tag == "rPr":
                    removed = any(local_name(one) in ("del", "moveFrom") for one in child)
            heading, number = self._styles.paragraph_properties(properties)
        style = self._styles.paragraph(name)
        if style.name.startswith("toc "):
            return
        number = number if number is not None else style.number
        label = self._numbering.label(*number) if number is not None and not removed else ""
        boxes: list[Block] = []
        spans = _Spans(self._fonts)
        self._inline(node, style.format, spans, boxes)
        found = spans.finish()
        if self._carried:
            found, self._carried = (*self._carried, *found), ()
        if removed:
            self._note("tracked")
            self._carried = found
            return
        if label and any(span.text.strip() for span in found):
            found = (Span(f"{label} ", PLAIN), *found)
        outline = heading if heading is not None else style.outline
        is_heading = (outline is not None and outline < 9) or style.name.startswith(("heading", "title"))
        yield Paragraph(row, Rich(found), name, is_heading)
        yield from boxes

    def _inline(self, parent: Element, base: Format, spans: "_Spans", boxes: list[Block]) -> None:
        for child in parent:
            name = local_name(child)
            if name == "r":
                self._run(child, base, spans, boxes)
            elif name in _THROUGH:
                if name in ("ins", "moveTo"):
                    self._note("tracked")
                self._links += name == "hyperlink"
                self._inline(child, base, spans, boxes)
                self._links -= name == "hyperlink"
            elif name == "sdt":
                self._inline(child, base, spans, boxes)
            elif name in ("del", "moveFrom"):
                self._note("tracked")
            elif name in ("oMath", "oMathPara"):
                spans.thing(formula(child))
            elif name == "AlternateContent":
                self._inline(_choice(child), base, spans, boxes)

    def _run(self, node: Element, base: Format, spans: "_Spans", boxes: list[Block]) -> None:
        form = base
        for child in node:
            name = local_name(child)
            if name == "rPr":
                form = self._styles.run_format(child, base)
                if self._links:  # how links look means nothing
                    form = form._replace(look=form.look._replace(underline=False, colour=""))
                continue
            if form.hidden:
                if name in ("t", "sym") or name in _DRAWN:
                    self._note("hidden")
                continue
            if name == "t":
                spans.text(self._known_signs(child.text or "", form.font), form)
            elif name in _CHARACTERS:
                spans.text(_CHARACTERS[name], form)
            elif name == "sym":
                code = self._get(child, "char")
                sign = chr(int(code, 16)) if _is_code(code) else ""
                spans.text(self._known_signs(sign, self._get(child, "font")), form)
            else:
                self._rare(child, name, form, spans, boxes)

    def _rare(self, node: Element, name: str, form: Format, spans: "_Spans", boxes: list[Block]) -> None:
        """Read what few runs have: drawings, alternatives, notes."""
        if name in _DRAWN:
            for thing in self._objects.drawing(node):
                spans.thing(thing)
            for box in _boxes(node):
                boxes += self._blocks(box)
        elif name == "AlternateContent":
            for child in _choice(node):
                self._rare(child, local_name(child), form, spans, boxes)
        elif name in ("footnoteReference", "endnoteReference"):
            self._note("notes")
        elif name in ("commentReference", "annotationRef"):
            self._note("comments")
        elif name == "ruby":
            for child in node:
                if local_name(child) == "rubyBase":
                    self._inline(child, form, spans, boxes)
        elif name == "instrText" and (node.text or "").strip().upper().startswith("EQ "):
            message = N_("có công thức viết bằng trường EQ, không đọc được; hãy chuyển sang công thức của Word.")
            spans.thing(Thing("", error("formula_unread", message, Place(field="stem"))))

    def _known_signs(self, text: str, font: str) -> str:
        signs, unknown = symbol_text(text, font)
        if unknown:
            self._note("symbols")
        return signs

    # --- tables -----------------------------------------------------------------------------------------------------

    def _table(self, node: Element) -> Table:
        first = self._row + 1
        rows = [made for row in _inside(node, "tr") if (made := self._table_row(row)) is not None]
        style = next(
            (self._get(one, "val") for child in node if local_name(child) == "tblPr" for one in child
             if local_name(one) == "tblStyle"), "",
        )  # fmt: skip
        return Table(first, rows, style)

    def _table_row(self, node: Element) -> list[Cell] | None:
        column = 0
        for child in node:
            if local_name(child) == "trPr":
                for one in child:
                    if local_name(one) == "del":
                        self._note("tracked")
                        return None
                    if local_name(one) == "gridBefore":
                        column = self._span(one)
        cells: list[Cell] = []
        for child in _inside(node, "tc"):
            span, merged = 1, False
            for properties in child:
                if local_name(properties) == "tcPr":
                    for one in properties:
                        if local_name(one) == "gridSpan":
                            span = max(1, self._span(one))
                        elif local_name(one) == "vMerge":
                            merged = self._get(one, "val") != "restart"
            cells.append(Cell(list(self._blocks(child)), column, span, merged))
            column += span
        return cells

    def _span(self, node: Element) -> int:
        value = self._get(node, "val")
        return min(int(value), 100) if value.isascii() and value.isdigit() and len(value) < 6 else 0

    def _get(self, node: Element, name: str) -> str:
        return node.get(f"{self._w}{name}", "")


class _Spans:
    """Collects the spans of one paragraph, neighbours with one look as one."""

    def __init__(self, fonts: OldFonts) -> None:
        self._fonts = fonts
        self._found: list[tuple[list[str], Format]] = []
        self._done: list[Span] = []

    def text(self, text: str, form: Format) -> None:
        if not text:
            return
        if self._found and self._found[-1][1] == form:
            self._found[-1][0].append(text)
        else:
            self._found.append(([text], form))

    def thing(self, thing: Thing) -> None:
        self._settle()
        self._done.append(Span(OBJECT, PLAIN, thing))

    def _settle(self) -> None:
        for span in self._fonts.spans([("".join(texts), form) for texts, form in self._found]):
            self._done.append(span if span.text.isascii() else span._replace(text=_composed(span.text)))
        self._found = []

    def finish(self) -> tuple[Span, ...]:
        self._settle()
        return tuple(self._done)


def _composed(text: str) -> str:
    """Return a text with composed letters, plain spaces and without what has no width: "Câu" must be "Câu"."""
    return unicodedata.normalize("NFC", _NO_WIDTH.sub("", _WIDE_SPACE.sub(" ", text)))


def _choice(node: Element) -> Element:
    """Return the first choice of an ``mc:AlternateContent``, its fallback when it has no other."""
    return next((child for child in node if local_name(child) == "Choice"), next(iter(node), node))


def _boxes(node: Element) -> Iterator[Element]:
    """Give the contents of the text boxes of a drawing; boxes inside them are read with them."""
    for child in node:
        name = local_name(child)
        if name == "txbxContent":
            yield child
        elif name == "AlternateContent":
            yield from _boxes(_choice(child))
        else:
            yield from _boxes(child)


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Give the rows of a table or the cells of a row, through what may stand around them."""
    for child in parent:
        local = local_name(child)
        if local == name:
            yield child
        elif local in _THROUGH or local == "sdt":
            yield from _inside(child, name)


def _is_code(written: str) -> bool:
    return len(written) == 4 and all(sign in "0123456789abcdefABCDEF" for sign in written)
