"""The markup that a text of a question may have, as a small tree, and its one canonical spelling.

Whatever is read from a file is taken apart and built again from the elements below: nothing that is not named here can
come out, whatever went in. Lines are separated by ``<br/>``; there are no paragraphs.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from question_bank.questions.text import clean

__all__ = ["ATTRIBUTES", "BLOCKS", "INLINES", "MATHML", "Element", "Node", "plain_text", "serialize", "walk"]

#: Parts of a line.
INLINES = frozenset({"strong", "em", "u", "s", "sub", "sup", "code"})
#: What stands between lines.
BLOCKS = frozenset({"ul", "ol", "table", "pre", "blockquote"})
#: Presentation MathML as Word and LaTeX need it (https://www.w3.org/TR/mathml-core/ and mmultiscripts, mfenced).
MATHML = frozenset({
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mmultiscripts", "mprescripts", "none", "mphantom", "menclose",
    "mfenced",
})  # fmt: skip
#: The attributes that an element may have; every other one is dropped.
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "img": ("src", "alt", "width", "height"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start", "type"),
    "math": ("display", "alttext"),
    "mi": ("mathvariant",),
    "mo": ("stretchy", "fence", "separator"),
    "mfrac": ("linethickness",),
    "menclose": ("notation",),
    "mtable": ("columnalign",),
    "mover": ("accent",),
    "munder": ("accentunder",),
    "munderover": ("accent", "accentunder"),
    "mspace": ("width",),
    "mfenced": ("open", "close", "separators"),
}
VOID = frozenset({"br", "img", "mspace", "mprescripts", "none"})

_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_BLANK_LINES = re.compile(r"[ \t]*\n[ \t]*(?:\n[ \t]*)+")


@dataclass(frozen=True)
class Element:
    """One element with its attributes in the order of ``ATTRIBUTES`` and its children."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Node", ...] = ()

    def get(self, name: str) -> str | None:
        """Return the value of an attribute, None when it is not there."""
        return next((value for attribute, value in self.attributes if attribute == name), None)

    @property
    def is_block(self) -> bool:
        """Say whether the element stands between lines."""
        return self.tag in BLOCKS or (self.tag == "math" and self.get("display") == "block")


Node = Element | str


def serialize(nodes: Sequence[Node]) -> str:
    """Return the canonical spelling of some nodes: XHTML without namespaces."""
    return "".join(_spelled(nodes))


def _spelled(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield escape(node, quote=False)
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes)
        if node.tag in VOID:
            yield f"<{node.tag}{attributes}/>"
        else:
            yield f"<{node.tag}{attributes}>"
            yield from _spelled(node.children)
            yield f"</{node.tag}>"


def walk(nodes: Sequence[Node]) -> Iterator[Element]:
    """Return every element of some nodes, outer ones first."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from walk(node.children)


def plain_text(nodes: Sequence[Node]) -> str:
    """Return what a reader without pictures and formulas sees; a picture leaves the beginning of its digest."""
    return clean(_BLANK_LINES.sub("\n", "".join(_plain(nodes))))


def _plain(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif node.is_block and node.tag != "math":
            yield f"\n{_block(node)}\n"
        elif node.tag in _WORDS:
            yield _WORDS[node.tag](node)
        else:
            yield from _plain(node.children)


def _block(node: Element) -> str:
    if node.tag in ("ul", "ol"):
        items = ["".join(_plain(item.children)).strip() for item in node.children if isinstance(item, Element)]
        first = node.get("start") or "1"
        start = int(first) if first.isdigit() else 1
        kind = node.get("type") or ""
        marks = [f"{_counted(start + place, kind)}." if node.tag == "ol" else "–" for place in range(len(items))]
        return "\n".join(f"{mark} {item}" for mark, item in zip(marks, items, strict=True))
    if node.tag == "table":
        rows = [row for row in node.children if isinstance(row, Element)]
        cells = [[cell for cell in row.children if isinstance(cell, Element)] for row in rows]
        return "\n".join(" | ".join("".join(_plain(cell.children)).strip() for cell in row) for row in cells)
    return "".join(_plain(node.children))


def _counted(number: int, kind: str) -> str:
    """Return a number as a list of this ``type`` shows it."""
    words = str(number)
    if kind in ("a", "A") and 1 <= number <= 26:
        words = chr(ord("a") + number - 1)
    elif kind in ("i", "I") and 1 <= number < 40:
        tens, ones = divmod(number, 10)
        words = "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]
    return words.upper() if kind in ("A", "I") else words


def _picture(node: Element) -> str:
    name = hashlib.sha256((node.get("src") or "").encode()).hexdigest()[:6]
    alternative = node.get("alt")
    return f"[hình {name}: {alternative}]" if alternative else f"[hình {name}]"


def _formula(node: Element) -> str:
    words = node.get("alttext") or _linear(node)
    return f"\n{words}\n" if node.is_block else words


def _linear(node: Element) -> str:
    """Return a formula on one line: (a)/(b), √(x), x^(2)."""
    parts = [_linear(child) if isinstance(child, Element) else child for child in node.children]
    grouped = [part if len(part) <= 1 or part.isdecimal() else f"({part})" for part in parts]
    match node.tag, len(parts):
        case "mfrac", 2:
            return "/".join(grouped)
        case "msqrt", _:
            return f"√({''.join(parts)})"
        case "mroot", 2:
            return f"{grouped[1]}√({parts[0]})"
        case (("msup" | "mover"), 2):
            return f"{parts[0]}^{grouped[1]}"
        case (("msub" | "munder"), 2):
            return f"{parts[0]}_{grouped[1]}"
        case (("msubsup" | "munderover"), 3):
            return f"{parts[0]}_{grouped[1]}^{grouped[2]}"
        case "mtable", _:
            return f"[{'; '.join(parts)}]"
        case "mtr", _:
            return ", ".join(parts)
        case "mspace", _:
            return " "
    return "".join(parts)


def _raised(node: Element) -> str:
    text = "".join(_plain(node.children))
    table, mark = (_SUPERSCRIPTS, "^") if node.tag == "sup" else (_SUBSCRIPTS, "_")
    if text and all(ord(character) in table for character in text):
        return text.translate(table)
    return f"{mark}({text})" if len(text) > 1 else f"{mark}{text}"


_WORDS = {
    "br": lambda node: "\n",
    "img": _picture,
    "math": _formula,
    "sub": _raised,
    "sup": _raised,
}
