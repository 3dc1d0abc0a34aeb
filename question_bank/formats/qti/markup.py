"""From texts of questions to the XHTML that all versions of QTI allow, and the small pieces that items are made of."""

import hashlib
import re
from collections.abc import Mapping
from fractions import Fraction
from html import escape

from question_bank.formats.decoding import Refusal
from question_bank.formats.qti.declarations import mark_of
from question_bank.formats.qti.names import Version
from question_bank.questions.content import Content
from question_bank.questions.markup import Element, Node
from question_bank.questions.pictures import PictureRefused, picture_bytes

__all__ = ["Spelling", "mark_text", "split_gaps", "xml_text"]

_MATHML = "http://www.w3.org/1998/Math/MathML"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GAP = re.compile(r"\[\[([1-9]\d{0,2})\]\]")
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_VOID = frozenset({"br", "mspace", "mprescripts", "none"})
#: No element of XHTML 1 in QTI 2 has these meanings.
_CLASSES = {"u": "underline", "s": "line-through"}
_MOST_DECIMALS = 15


def xml_text(text: str) -> str:
    """Return a text as it may stand in XML, in elements and in attributes."""
    return escape(_FORBIDDEN.sub("\ufffd", text)).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def mark_text(mark: Fraction) -> str:
    """Return the shortest decimal that is read back as a mark."""
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = round(mark * 10**decimals)
        digits = f"{abs(scaled):0{decimals + 1}d}"
        written = f"{'-' if scaled < 0 else ''}{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}"
        written = written.rstrip(".")
        try:
            if mark_of(written) == mark:
                return written
        except Refusal:
            break
    return f"{float(mark):.{_MOST_DECIMALS}f}"


class Spelling:
    """Spells texts and elements for one version; the pictures of the texts gather in ``pictures``."""

    def __init__(self, version: Version, up: str = "../") -> None:
        self.version = version
        self.pictures: dict[str, bytes] = {}
        self._up = up
        self._known: dict[str, str] = {}
        #: The pictures of the item that is being written.
        self.used: list[str] = []

    def element(self, name: str, attributes: Mapping[str, object], inside: str = "") -> str:
        """Return an element of QTI; names are written as in version 2, None is an attribute that is not there."""
        tag = self.version.name(name)
        written = "".join(
            f' {key if key == "xml:lang" else self.version.attribute(key)}="{xml_text(_word(value))}"'
            for key, value in attributes.items()
            if value is not None
        )
        return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"

    def inside(self, text: Content, gaps: Mapping[int, str] | None = None) -> str:
        """Return a text for the inside of a block; ``gaps`` are the interactions in the place of their marks."""
        nodes: tuple[Node, ...] = (str(text),) if text.is_plain else text.nodes
        return "".join(self._node(node, gaps or {}) for node in nodes)

    def block(self, text: Content, name: str | None = None, gaps: Mapping[int, str] | None = None) -> str:
        """Return a text as a block."""
        marked = f' class="{name}"' if name else ""
        return f"<div{marked}>{self.inside(text, gaps)}</div>"

    def _node(self, node: Node, gaps: Mapping[int, str]) -> str:
        if isinstance(node, str):
            return "".join(
                gaps.get(part, f"[[{part}]]") if isinstance(part, int) else _lines(part)
                for part in (split_gaps(node) if gaps else [node])
            )
        if node.tag == "img":
            return self._picture(node)
        tag, attributes = node.tag, dict(node.attributes)
        if tag == "ol":
            attributes = {"class": " ".join(f"{key}-{value}" for key, value in node.attributes)} if attributes else {}
        elif tag in _CLASSES:
            tag, attributes = "span", {"class": _CLASSES[tag]}
        elif tag == "math":
            attributes = {"xmlns": _MATHML, **attributes}
        written = "".join(f' {key}="{xml_text(value)}"' for key, value in attributes.items())
        if tag in _VOID:
            return f"<{tag}{written}/>"
        inside = "".join(self._node(child, {} if tag == "math" else gaps) for child in node.children)
        if node.tag == "pre":
            inside = inside.replace("<br/>", "\n")
        # XHTML has rows in bodies of tables and blocks in quotations.
        inside = {"table": f"<tbody>{inside}</tbody>", "blockquote": f"<div>{inside}</div>"}.get(tag, inside)
        return f"<{tag}{written}>{inside}</{tag}>"

    def _picture(self, node: Element) -> str:
        attributes = {"src": self._address(node.get("src") or ""), "alt": node.get("alt") or ""}
        attributes |= {name: value for name in ("width", "height") if (value := node.get(name))}
        written = "".join(f' {key}="{xml_text(value)}"' for key, value in attributes.items())
        return f"<img{written}/>"

    def _address(self, uri: str) -> str:
        path = self._known.get(uri)
        if path is None:
            try:
                media_type, data = picture_bytes(uri)
            except PictureRefused:
                return uri
            path = f"images/{hashlib.sha256(data).hexdigest()[:16]}.{_EXTENSIONS[media_type]}"
            self.pictures[path] = data
            self._known[uri] = path
        if path not in self.used:
            self.used.append(path)
        return self._up + path


def split_gaps(text: str) -> list[str | int]:
    """Return a text cut at its marks of gaps, these as numbers."""
    parts = _GAP.split(text)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def _lines(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text), quote=False).replace("\n", "<br/>")


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
