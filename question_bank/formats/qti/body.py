"""From the XHTML of a QTI body to texts of questions: pictures found in the package, everything that is lost named."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank.errors import N_, Place, Problem, error, warning
from question_bank.formats.decoding import Refusal
from question_bank.formats.qti.names import classes
from question_bank.formats.zip_guard import Archive
from question_bank.questions.content import Content
from question_bank.questions.markup import BLOCKS, INLINES, MATHML
from question_bank.questions.markup_reader import read_markup
from question_bank.questions.pictures import MAX_PICTURE_BYTES

__all__ = ["Body", "Pictures"]

#: Elements that ``read_markup`` gives a meaning.
_KEPT = INLINES | BLOCKS | MATHML | frozenset({
    "b", "i", "strike", "del", "ins", "tt", "kbd", "samp", "li", "tr", "td", "th", "tbody", "thead", "tfoot", "caption",
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "address", "figure", "figcaption", "section",
    "article", "aside", "header", "footer", "main", "nav", "center", "details", "summary", "br", "hr",
})  # fmt: skip
#: Elements without a meaning of their own; their content stays.
_OPENED = frozenset({
    "span", "a", "abbr", "acronym", "bdi", "bdo", "big", "small", "cite", "dfn", "font", "label", "q", "time", "var",
    "ruby", "rb", "rt", "rtc", "rp", "col", "colgroup", "semantics", "mstyle", "mpadded", "prompt", "contentBody",
    "stimulusBody", "itemBody", "rubricBlock", "modalFeedback", "picture", "mlabeledtr", "content",
    "simpleChoice", "simpleAssociableChoice", "inlineChoice",
})  # fmt: skip
#: Those of them whose style may say what an element of markup says.
_STYLED = frozenset({"span", "a", "big", "small", "font", "abbr", "q", "cite", "label", "var"})
#: What stands in these is nothing that candidates read.
_SILENT = frozenset({"script", "style", "title", "annotation", "annotation-xml", "stylesheet", "source", "track"})
#: Without these a question cannot be answered.
_NEEDED = frozenset({"audio", "video", "embed", "iframe", "object", "svg", "canvas", "include", "form", "input",
                     "textarea", "select", "button"})  # fmt: skip
_FEEDBACK = frozenset({"feedbackInline", "feedbackBlock"})
#: Aids beside the text; they are no part of it.
_ASIDE = frozenset({"catalogInfo", "companionMaterialsInfo", "infoControl"})
_ATTRIBUTES = frozenset({
    "src", "alt", "width", "height", "colspan", "rowspan", "start", "type", "display", "alttext", "mathvariant",
    "stretchy", "fence", "separator", "linethickness", "notation", "columnalign", "accent", "accentunder", "open",
    "close", "separators", "style", "value", "reversed", "hidden",
})  # fmt: skip
#: Whose children are blocks: white space between those is layout.
_BLOCKS_ONLY = frozenset({"itemBody", "rubricBlock", "contentBody", "stimulusBody", "table", "tbody", "thead", "tr",
                          "ul", "ol", "modalFeedback"})  # fmt: skip
#: Classes by which our own files write what XHTML in QTI has no element for.
_UNDERLINED, _STRUCK = "underline", "line-through"


#: In elements of markup, of all texts of a file together: what is read in two seconds.
_MOST_MARKUP = 100_000


class Pictures:
    """The pictures of a package; what all questions of a file together embed, and their markup, is limited."""

    def __init__(self, archive: Archive | None, room: int = 0) -> None:
        self._archive = archive
        self._room = room
        self._markup_left = _MOST_MARKUP
        self._read = lru_cache(maxsize=8)(self._unpacked)
        self.used: set[str] = set()
        #: The addresses that were refused because a file embeds too much.
        self.over: set[str] = set()

    def find(self, base: str, address: str) -> bytes | None:
        """Return the bytes of a picture by its address in a part of the package, None when it is not there."""
        if self._archive is None:
            return None
        name = self._archive.resolve(base, address) or self._archive.resolve(base, unquote(address))
        if name is None:
            return None
        self.used.add(name)
        data = self._read(name)
        if data is None or not self.spend(len(data)):
            self.over.add(address[:200])
            return None
        return data

    def spend(self, size: int) -> bool:
        """Say whether so many bytes more may be embedded."""
        self._room -= size
        return self._room >= 0

    def spend_markup(self, count: int = 0) -> None:
        """Take so many elements from what may be read; raises Refusal when nothing is left."""
        self._markup_left -= count
        if self._markup_left < 0:
            message = N_("các câu trước trong tệp có quá nhiều định dạng nên câu này không đọc; hãy chia tệp.")
            raise Refusal(error("markup_too_much", message))

    def _unpacked(self, name: str) -> bytes | None:
        assert self._archive is not None
        try:
            data = self._archive.read(name)
        except Refusal:
            return None
        # One byte too many is enough to be refused for its size.
        return data[: MAX_PICTURE_BYTES + 1]


@dataclass
class Body:
    """Reads the texts of one part of a package and gathers what was lost of them."""

    pictures: Pictures
    #: The path of the part in the package; addresses are relative to it.
    path: str
    #: All white space counts, as our own files have it.
    exact: bool = False
    #: What stands in the place of an element: another element's content, a mark, or nothing.
    replaced: dict[Element, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    feedback: int = 0

    def content(self, *elements: Element, field_name: str = "stem") -> Content:
        """Return the text inside some elements, each beginning a line of its own."""
        html = "".join(f"<div>{''.join(self._inside(element))}</div>" for element in elements)
        return self._read(html, field_name)

    def plain(self, text: str) -> Content:
        """Return a text that holds no elements."""
        return self._read(escape(text, quote=False), "options")

    def html(self, element: Element) -> str:
        """Return what is inside an element as HTML without namespaces."""
        return "".join(self._inside(element))

    def told(self) -> Iterator[Problem]:
        """Give the problems of everything read so far."""
        yield from self.problems
        if self.lost:
            message = N_("đã bỏ các phần tử không dùng được trong câu hỏi: %(names)s; hãy xem lại nội dung.")
            yield warning("elements_lost", message, names=", ".join(dict.fromkeys(self.lost))[:200])
        if self.feedback:
            message = N_("đã bỏ %(count)s lời phản hồi cho thí sinh; hệ thống không dùng phản hồi theo câu trả lời.")
            yield warning("feedback_left_out", message, count=self.feedback)

    def _read(self, html: str, field_name: str) -> Content:
        self.pictures.spend_markup(html.count("<") // 2)
        reading = read_markup(html, self._find, exact=self.exact)
        place = Place(field=field_name)
        self.lost += reading.lost
        for address, reason in reading.pictures:
            message = _PICTURES.get(reason, _PICTURES["missing"])
            if address in self.pictures.over:
                message = N_(
                    "hình và ngữ liệu trong tệp nặng quá giới hạn nên không lấy được “%(name)s”; hãy chia tệp."
                )
            shown = posixpath.basename(address) if not address.startswith("data:") else "data:"
            self.problems.append(error("picture_missing", message, place, name=shown[:80]))
        return Content.of_nodes(reading.nodes)

    def _find(self, address: str) -> bytes | None:
        return self.pictures.find(self.path, address)

    # --- serialising: the depth of the tree is bounded by the guard that parsed it -----------------------------------

    def _inside(self, element: Element) -> Iterator[str]:
        layout = self.exact and element.tag in _BLOCKS_ONLY
        if element.text and not (layout and not element.text.strip()):
            yield escape(element.text, quote=False)
        for child in element:
            yield from self._whole(child)
            if child.tail and not (layout and not child.tail.strip()):
                yield escape(child.tail, quote=False)

    def _whole(self, element: Element) -> Iterator[str]:
        name = str(element.tag)
        if element in self.replaced:
            yield self.replaced[element]
        elif name in _FEEDBACK:
            self.feedback += 1
        elif name in _ASIDE:
            self.lost.append(name)
        elif name == "img" or (name == "object" and element.get("type", "").startswith("image/")):
            yield _picture(element)
        elif name in _NEEDED:
            message = N_("có phần tử “%(name)s” (%(source)s) không đọc được; câu thiếu nó thì không dùng được.")
            source = next(
                (one.get(key) for one in element.iter() for key in ("data", "src", "href") if one.get(key)), "?"
            )
            self.problems.append(
                error("part_unreadable", message, Place(field="stem"), name=name, source=str(source)[:80])
            )
        elif name == "span" and classes(element) & {_UNDERLINED, _STRUCK}:
            yield from self._wrapped("u" if _UNDERLINED in classes(element) else "s", element)
        elif name in _KEPT or (name in _STYLED and (element.get("style") or element.get("hidden"))):
            if name == "a" and element.get("href"):
                self.lost.append(name)
            yield from self._wrapped(name, element)
        elif name in ("rt", "rp"):
            # What stands above a word would run into it.
            yield f"({''.join(self._inside(element))})" if name == "rt" else ""
        elif name not in _SILENT:
            if name not in _OPENED or (name == "a" and element.get("href")):
                self.lost.append(name)
            yield from self._inside(element)

    def _wrapped(self, name: str, element: Element) -> Iterator[str]:
        written = dict(element.attrib)
        if name == "ol":
            written |= dict(word.split("-", 1) for word in classes(element) if word.startswith(("start-", "type-")))
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in written.items() if key in _ATTRIBUTES)
        yield f"<{name}{attributes}>"
        yield from self._inside(element)
        if name not in _VOID:
            yield f"</{name}>"


_VOID = frozenset({"br", "hr", "mspace", "mprescripts", "none"})
_PICTURES = {
    "missing": N_("không có hình “%(name)s” trong tệp; hãy đưa hình vào gói rồi nhập lại."),
    "none": N_("hình “%(name)s” bị hỏng hoặc không phải hình; hãy lưu lại hình dạng PNG hay JPEG."),
    "kind": N_("hình “%(name)s” thuộc dạng không hiển thị được; hãy lưu lại hình dạng PNG hay JPEG."),
    "large": N_("hình “%(name)s” quá lớn; hãy giảm cỡ hình."),
}


def _picture(element: Element) -> str:
    source = element.get("src") or element.get("data") or ""
    described = element.get("alt")
    if described is None and element.tag == "object":
        described = " ".join("".join(element.itertext()).split())
    written = {"src": source, "alt": described or "", "width": element.get("width"), "height": element.get("height")}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in written.items() if value)
    return f"<img{attributes}/>"
