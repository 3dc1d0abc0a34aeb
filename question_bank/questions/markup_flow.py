"""Lines, lists and tables put in order: what a reader of HTML hands over becomes a tree that is always well formed."""

from collections.abc import Iterable
from typing import Protocol

from question_bank.questions.markup import MATHML, Element, Node

__all__ = ["SOFT", "Part", "Soft", "flow", "math_children", "soft_edges", "structure"]


class Soft:
    """The end of a line that shows only between two lines: the edge of a paragraph."""


SOFT = Soft()
Part = Element | str | Soft


class Open(Protocol):
    """An element that is being closed: its name, attributes and what was put into it."""

    @property
    def tag(self) -> str:
        """Return the name."""

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Return the attributes that it may have."""

    @property
    def children(self) -> list[Part]:
        """Return what was put into it."""


def soft_edges(parts: list[Part]) -> tuple[list[Part], list[Part], list[Part]]:
    """Return the paragraph edges in front of, the parts between, and the edges behind."""
    start = next((place for place, part in enumerate(parts) if part is not SOFT), len(parts))
    end = len(parts)
    while end > start and parts[end - 1] is SOFT:
        end -= 1
    return parts[:start], parts[start:end], parts[end:]


def flow(parts: list[Part], *, exact: bool, edges: bool = True) -> list[Node]:
    """Return parts as lines: paragraph edges become line ends where they are between two lines, spaces at the edges go.

    ``edges`` says that the parts begin and end a line of their own (not those inside bold text).
    """
    nodes: list[Node] = []
    pending = False
    for part in _with_line_ends(parts) if exact else parts:
        if isinstance(part, Soft):
            pending = bool(nodes)
        elif isinstance(part, str):
            text = part
            if not exact and (pending or (nodes and _ends_line(nodes[-1])) or (edges and not nodes)):
                text = text.lstrip(" ")
            if not text or (pending and not text.strip()):
                continue
            if pending and not _ends_line(nodes[-1]):
                _end_line(nodes)
                nodes.append(Element("br"))
            pending = False
            if nodes and isinstance(nodes[-1], str):
                nodes[-1] += text
            else:
                nodes.append(text)
        elif part.tag == "br":
            _end_line(nodes)
            if nodes or not edges:
                nodes.append(part)
            pending = False
        else:
            if part.is_block:
                _end_line(nodes)
                if nodes and isinstance(nodes[-1], Element) and nodes[-1].tag == "br":
                    nodes.pop()
            elif pending and not _ends_line(nodes[-1]):
                _end_line(nodes)
                nodes.append(Element("br"))
            pending = False
            nodes.append(part)
    return _trimmed(nodes) if edges else nodes


def _with_line_ends(parts: list[Part]) -> Iterable[Part]:
    for part in parts:
        if isinstance(part, str) and "\n" in part:
            for place, line in enumerate(part.split("\n")):
                if place:
                    yield Element("br")
                if line:
                    yield line
        else:
            yield part


def _ends_line(node: Node) -> bool:
    return isinstance(node, Element) and (node.tag == "br" or node.is_block)


def _end_line(nodes: list[Node]) -> None:
    """Take the spaces off the end of the line before."""
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip(" \t")
        if not nodes[-1]:
            nodes.pop()


def _trimmed(nodes: list[Node]) -> list[Node]:
    while nodes and ((isinstance(nodes[0], Element) and nodes[0].tag == "br") or nodes[0] == ""):
        nodes.pop(0)
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip()
        if not nodes[0]:
            nodes.pop(0)
            return _trimmed(nodes)
    while nodes:
        last = nodes[-1]
        if isinstance(last, str):
            stripped = last.rstrip()
            if stripped:
                nodes[-1] = stripped
                break
        elif last.tag != "br":
            break
        nodes.pop()
    # A line end beside what is a line of its own shows nothing.
    return [
        node
        for place, node in enumerate(nodes)
        if not (_is_break(node) and place and isinstance(nodes[place - 1], Element) and nodes[place - 1].is_block)  # type: ignore[union-attr]
    ]


def _is_break(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "br"


def structure(one: Open, *, exact: bool) -> list[Part]:
    """Return a list, a table, a quotation or fixed text as it may be; loose parts get the item or cell they lack."""
    if one.tag == "pre":
        text = "".join(_raw(one.children)).strip("\n")
        return [Element("pre", (), (text,))] if text.strip() else []
    if one.tag in ("ul", "ol"):
        items = _wrapped(one.children, "li", exact=exact)
        return [Element(one.tag, one.attributes, tuple(items))] if items else []
    if one.tag == "tr":
        cells = _wrapped(one.children, "td", exact=exact, also="th")
        return [Element("tr", (), tuple(cells))] if cells else []
    if one.tag == "table":
        loose = [part if _is(part, "tr") else _row(part, exact=exact) for part in one.children]
        rows = tuple(row for row in loose if isinstance(row, Element))
        return [Element("table", (), rows)] if rows else []
    inside = tuple(flow(one.children, exact=exact))
    if one.tag == "blockquote" and not inside:
        return []
    return [Element(one.tag, one.attributes, inside)]


def _row(part: Part, *, exact: bool) -> Element | None:
    cells = [part] if _is(part, "td") or _is(part, "th") else _wrapped([part], "td", exact=exact)
    return Element("tr", (), tuple(cell for cell in cells if isinstance(cell, Element))) if cells else None


def _wrapped(parts: list[Part], tag: str, *, exact: bool, also: str = "") -> list[Element]:
    """Return the parts, runs of loose ones put into an element of their own."""
    found: list[Element] = []
    loose: list[Part] = []
    for part in [*parts, None]:
        if part is not None and not (_is(part, tag) or (also and _is(part, also))):
            loose.append(part)
            continue
        inside = tuple(flow(loose, exact=exact))
        if inside:
            found.append(Element(tag, (), inside))
        loose = []
        if isinstance(part, Element):
            found.append(part)
    return found


def _is(part: Part, tag: str) -> bool:
    return isinstance(part, Element) and part.tag == tag


def _raw(parts: Iterable[Part]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Soft) or part.tag == "br":
            yield "\n"
        elif isinstance(part, Element):
            yield from _raw(part.children)


_TOKENS = frozenset({"mi", "mn", "mo", "mtext"})


def math_children(one: Open) -> Iterable[Node]:
    """Return the parts of a formula: text stands only in its tokens, elements only outside them."""
    if one.tag in _TOKENS:
        text = "".join(_raw(one.children))
        words = " ".join(text.split()) if one.tag != "mtext" else text
        if words:
            yield words
        return
    for part in one.children:
        if isinstance(part, Element):
            words = "" if part.tag in MATHML else "".join(_raw([part])).strip()
            if part.tag in MATHML:
                yield part
            elif words:
                yield Element("mtext", (), (words,))
        elif isinstance(part, str) and part.strip():
            yield Element("mtext", (), (part.strip(),))
