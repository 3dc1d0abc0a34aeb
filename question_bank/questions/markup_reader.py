"""From any HTML to the tree of ``markup``: safe because only known elements are ever built, whatever is read."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from question_bank.questions.markup import ATTRIBUTES, BLOCKS, INLINES, MATHML, VOID, Element, Node
from question_bank.questions.markup_flow import SOFT, Part, flow, math_children, soft_edges, structure
from question_bank.questions.markup_style import NO_LOOKS, Looks, list_type, looks_of
from question_bank.questions.markup_tags import tags_only
from question_bank.questions.pictures import PictureRefused, picture_bytes, picture_uri
from question_bank.questions.text import clean, clean_inside

__all__ = ["FindPicture", "Reading", "read_markup"]

#: Returns the bytes of a picture by the address written in the file, None when the file does not hold it.
FindPicture = Callable[[str], bytes | None]

_SAME_AS = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    "del": "s",
    "ins": "u",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
}
_LINES = frozenset(
    {
        "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
        "html", "legend", "main", "nav", "p", "section", "summary", "caption",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th"})
#: Elements that mean nothing here of their own; their content stays.
_TRANSPARENT = frozenset(
    {
        "a", "abbr", "acronym", "bdi", "bdo", "big", "cite", "data", "dfn", "font", "label", "map", "mark", "meter",
        "nobr", "output", "progress", "q", "rp", "rt", "ruby", "slot", "small", "span", "time", "var", "wbr",
        "tbody", "thead", "tfoot", "colgroup", "col", "semantics", "mstyle", "mpadded", "head", "template", "link",
        "meta", "base", "area", "input", "select", "option", "optgroup", "button", "audio", "video", "canvas",
        "object", "embed", "iframe", "picture", "source", "track", "param", "noscript", "textarea",
    }
)  # fmt: skip
#: Of the above, those that have no end.
_ENDLESS = VOID | frozenset({
    "wbr", "col", "link", "meta", "base", "area", "input", "embed", "source", "track", "param", "hr",
})  # fmt: skip
_STRUCTURE = frozenset({"li", "tr", "td", "th"})
_PARENTS = {"li": ("ul", "ol"), "tr": ("table",), "td": ("tr", "table"), "th": ("tr", "table")}
#: What stands inside these is no text for a reader.
_SILENT = frozenset({"script", "style", "title", "svg", "annotation", "annotation-xml"})
#: Elements whose meaning is lost when they are taken out: they are named to the person.
_LOSSES = frozenset(
    {
        "a", "audio", "button", "canvas", "embed", "iframe", "input", "object", "script", "select", "svg",
        "textarea", "video", "form",
    }
)  # fmt: skip
_DEEPEST = 60
_SPACE_RUN = re.compile(r"[ \t\r\n\f]+")
_NUMBER = re.compile(r"\d{1,4}")
_ATTRIBUTE = re.compile(r"[A-Za-z_:@][\w:.@-]*")
_DATA_ADDRESS = re.compile(r"data:image/[a-z+.-]+;base64,[A-Za-z0-9+/=\s]*")
#: In characters without pictures. Longer ones are no questions; they stay text, which the limits of a text then refuse.
_LONGEST = 80_000
_NAMED = re.compile(r"[A-Za-z0-9 .,:;+#%()\[\]{}|-]{0,40}")


@dataclass
class Reading:
    """The tree of a text and what could not be kept of it."""

    nodes: tuple[Node, ...] = ()
    #: Names of elements that were taken out, in the order of their appearance, each once; where only an attribute
    #: could not be kept it stands behind the name.
    lost: list[str] = field(default_factory=list)
    #: The addresses of pictures that are not in the file, or cannot be shown, with the reason: "missing", "none",
    #: "kind", "large".
    pictures: list[tuple[str, str]] = field(default_factory=list)


def read_markup(written: str, find_picture: FindPicture | None = None, *, exact: bool = False) -> Reading:
    """Return the tree of some HTML; ``exact`` keeps all white space, as our own spelling needs it."""
    if len(written) > _LONGEST and len(_DATA_ADDRESS.sub("", written)) > _LONGEST:
        return Reading((written,))
    reader = _Reader(find_picture, exact=exact)
    reader.feed(tags_only(written))
    reader.close()
    reader.finish()
    return reader.reading


@dataclass
class _Open:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: list[Part] = field(default_factory=list)
    #: The element begins a new one of its own kind only inside its parent: a cell in a cell's table.
    written: str = ""
    #: How many items a list has so far.
    items: int = 0


class _Reader(HTMLParser):
    def __init__(self, find_picture: FindPicture | None, *, exact: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.reading = Reading()
        self._find_picture = find_picture
        self._exact = exact
        self._open = [_Open("", ())]
        self._silent: list[str] = []
        self._unread: list[str] = []
        #: The elements that have begun and not ended, with what their styles said; and how often each is among them.
        self._begun: list[tuple[str, Looks]] = []
        self._counts: Counter[str] = Counter()

    # --- what the parser calls -------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag in _SILENT or tag == self._silent[-1]:
                self._silent.append(tag)
            return
        if tag in _LOSSES and not (tag == "a" and not any(name == "href" for name, _ in attrs)):
            self._lose(tag)
        if tag in _SILENT:
            self._silent.append(tag)
            return
        name = _SAME_AS.get(tag, tag)
        if any(_ATTRIBUTE.fullmatch(key) is None for key, _ in attrs):
            name = ""  # "a <b && c> d"
        looks = self._looks(tag, name, attrs) if attrs else NO_LOOKS
        if looks.hidden:
            self._lose(f"{tag} {looks.hidden}")
            if tag not in _ENDLESS:
                self._silent.append(tag)
            return
        if looks.plain:
            name = "span"
        if tag not in _ENDLESS and name not in MATHML:
            self._begun.append((tag, looks))
            self._counts[tag] += 1
        if name in _LINES:
            self._put(SOFT)
            if name in _HEADINGS:
                self._begin("strong", (), written=tag)
        elif name == "br":
            self._put(Element("br"))
        elif name == "img":
            self._picture({key: value or "" for key, value in attrs})
        elif name in MATHML:
            self._math(name, attrs)
        elif name in INLINES or name in BLOCKS or name in _STRUCTURE:
            self._close_implied(name)
            if name == "li" and attrs:
                self._count_item(dict(attrs))
            self._begin(name, self._listed(dict(attrs)) if name == "ol" else _attributes(name, attrs), written=tag)
        elif name not in _TRANSPARENT:
            # Text that only looks like an element: "<s,d>", "<T>".
            self.handle_data(self.get_starttag_text() or f"<{tag}>")
        for look in looks.inside:
            self._begin(look, (), written="style")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if _SAME_AS.get(tag, tag) not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
                if not self._silent:
                    self._unread.clear()
            return
        name = _SAME_AS.get(tag, tag)
        if self._end_looks(tag):
            return
        if name in _LINES:
            if name in _HEADINGS:
                self._end("strong", written=tag)
            self._put(SOFT)
        elif name in INLINES or name in BLOCKS or name in _STRUCTURE or name in MATHML:
            self._end(name, written=tag)
        elif name not in _TRANSPARENT and name not in _SILENT and name != "br":
            self.handle_data(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._silent:
            self._unread.append(data)
        if self._silent or not data:
            return
        text = clean_inside(data) if self._exact or self._inside("pre") else clean_inside(_SPACE_RUN.sub(" ", data))
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        elif text:
            children.append(text)

    # --- what attributes say -----------------------------------------------------------------------------------------

    def _looks(self, tag: str, name: str, attrs: list[tuple[str, str | None]]) -> Looks:
        """Return what the attributes of an element say about its looks, without what is so already."""
        known = name in _TRANSPARENT or name in INLINES or name in _LINES or name in _STRUCTURE or name in BLOCKS
        if not (known or name in VOID) or not any(key in ("style", "hidden") for key, _ in attrs):
            return NO_LOOKS
        if self._inside("math"):
            return NO_LOOKS
        looks = looks_of(name, attrs, raised=name in _TRANSPARENT or name in INLINES)
        if not looks.inside:
            return looks
        if name in BLOCKS or name == "tr" or tag in _ENDLESS:
            if name not in VOID:
                self._lose(f"{tag} style")
            return Looks(hidden=looks.hidden)
        # A raised text may be raised again; what is bold already stays so.
        there = {one.tag for one in self._open} - {"sup", "sub"} | {"strong" if name in _HEADINGS else name}
        return Looks(tuple(look for look in looks.inside if look not in there), looks.plain, looks.hidden)

    def _end_looks(self, tag: str) -> bool:
        """Close what the style of an ending element began; say whether that was all that the element is."""
        if not self._counts[tag]:
            return False
        while True:
            begun, looks = self._begun.pop()
            self._counts[begun] -= 1
            for look in reversed(looks.inside):
                self._end(look, written="style")
            if begun == tag:
                return looks.plain

    def _listed(self, given: dict[str, str | None]) -> tuple[tuple[str, str], ...]:
        """Return the attributes of a numbered list, which its style may say."""
        if "reversed" in given:
            self._lose("ol reversed")
        kind = list_type(given)
        if kind is None:
            self._lose("ol style")
        return _attributes("ol", {**given, **({"type": kind} if kind else {})}.items())

    def _count_item(self, given: dict[str, str | None]) -> None:
        """Take the number and the way of counting that an item says for itself over to its list, where that has it."""
        above = self._open[-1]
        if above.tag != "ol":
            return
        attributes: dict[str, str | None] = dict(above.attributes)
        value, kind = (given.get("value") or "").strip(), list_type(given)
        if above.items == 0 and (value or kind):
            above.attributes = _attributes("ol", {**attributes, **({"start": value} if value else {}),
                                                  **({"type": kind} if kind else {})}.items())  # fmt: skip
        elif value and value != str(int(attributes.get("start") or 1) + above.items):
            self._lose("li value")

    # --- building ---------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        if self._silent:  # it never ended, so what stands in it may have been meant to be read
            self._silent.clear()
            self.handle_data("".join(self._unread))
        while len(self._open) > 1:
            self._pop()
        self.reading.nodes = tuple(flow(self._open[0].children, exact=self._exact))

    def _inside(self, tag: str) -> bool:
        return any(one.tag == tag for one in self._open)

    def _put(self, part: Part) -> None:
        self._open[-1].children.append(part)

    def _begin(self, tag: str, attributes: tuple[tuple[str, str], ...], *, written: str) -> None:
        if tag == "li":
            self._open[-1].items += 1
        if len(self._open) <= _DEEPEST:
            self._open.append(_Open(tag, attributes, written=written))

    def _close_implied(self, name: str) -> None:
        """Close what a new item, row or cell ends without saying so."""
        ends = {"li": ("li",), "tr": ("td", "th", "tr"), "td": ("td", "th"), "th": ("td", "th")}.get(name, ())
        within = ("ul", "ol", "table")
        for place in range(len(self._open) - 1, 0, -1):
            tag = self._open[place].tag
            if tag in ends:
                while len(self._open) > place:
                    self._pop()
            elif tag in within:
                return

    def _end(self, name: str, *, written: str) -> None:
        """Close the innermost open element of this name; an end without a beginning is ignored."""
        for place in range(len(self._open) - 1, 0, -1):
            one = self._open[place]
            if one.tag == name and one.written in (written, name):
                while len(self._open) > place:
                    self._pop()
                return
            if one.tag in ("td", "th", "li") and name not in ("tr", "table", "ul", "ol"):
                return

    def _pop(self) -> None:
        one = self._open.pop()
        above = self._open[-1].children
        if one.tag in INLINES:
            before, inside, after = soft_edges(one.children)
            children = tuple(flow(inside, exact=self._exact, edges=False))
            above += before
            if any(isinstance(child, Element) for child in children) or "".join(map(str, children)).strip():
                above.append(Element(one.tag, one.attributes, children))
            else:
                above += children
            above += after
        elif one.tag in MATHML:
            self._pop_math(one, above)
        elif one.tag in _PARENTS and self._open[-1].tag not in _PARENTS[one.tag]:
            # An item without its list would close the box that a page puts around the text.
            above += [SOFT, *one.children, SOFT]
        else:
            above += structure(one, exact=self._exact)

    def _pop_math(self, one: _Open, above: list[Part]) -> None:
        children = tuple(math_children(one))
        if one.tag in ("math", "mrow") and not children:
            return
        above.append(Element(one.tag, one.attributes, children))

    def _math(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self._inside("math")
        if (name == "math") == inside:
            return  # a formula inside a formula, or a part of one outside: only its content is kept
        if name in VOID:
            self._put(Element(name, _attributes(name, attrs)))
        else:
            self._begin(name, _attributes(name, attrs), written=name)

    def _lose(self, tag: str) -> None:
        if tag not in self.reading.lost:
            self.reading.lost.append(tag)

    def _picture(self, attributes: dict[str, str]) -> None:
        if self._inside("math"):
            return
        address = attributes.get("src", "").strip()
        try:
            if address.startswith("data:"):
                data: bytes | None = picture_bytes(address)[1]
            else:
                data = self._find_picture(address) if self._find_picture else None
            if data is None:
                self.reading.pictures.append((address[:200], "missing"))
                return
            uri = picture_uri(data)
        except PictureRefused as refused:
            self.reading.pictures.append((address[:80], str(refused)))
            return
        written = [("src", uri), ("alt", clean(attributes.get("alt", ""))[:300])]
        written += [(name, attributes[name].strip().removesuffix("px")) for name in ("width", "height")
                    if name in attributes]  # fmt: skip
        self._put(Element("img", _attributes("img", written)))


def _attributes(name: str, written: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    # The source of a picture was made by us, and is long.
    given = {key: (value or "") if key == "src" else clean(value or "") for key, value in written}
    return tuple(
        (key, given[key]) for key in ATTRIBUTES.get(name, ()) if given.get(key) and _fits(name, key, given[key])
    )


def _fits(name: str, key: str, value: str) -> bool:
    """Say whether a value may stand in an attribute; the source of a picture was checked before."""
    if (name, key) in (("img", "src"), ("img", "alt")):
        return True
    if key == "alttext":
        return len(value) <= 2_000
    if key in ("colspan", "rowspan"):
        return value.isdecimal() and 2 <= int(value[:3]) <= 100 and len(value) <= 3
    if name == "ol" and key == "type":
        return value in ("a", "A", "i", "I")
    if name == "ol":
        return _NUMBER.fullmatch(value) is not None and value != "1"
    if key in ("width", "height") and name == "img":
        return _NUMBER.fullmatch(value) is not None
    if key == "display":
        return value == "block"
    return _NAMED.fullmatch(value) is not None
