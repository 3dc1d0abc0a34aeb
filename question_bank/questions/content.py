"""A text of a question: the words that everybody can read, and its markup when it has any."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Self

from question_bank.errors import InvalidSpec
from question_bank.questions.markup import Element, Node, plain_text, serialize, walk
from question_bank.questions.markup_reader import FindPicture, read_markup
from question_bank.questions.text import clean, comparable

__all__ = ["MAX_MARKUP", "NO_TEXT", "Content", "content_of"]

#: In characters, pictures included: what one text of a question may weigh.
MAX_MARKUP = 6 * 1024 * 1024


#: What is stored must read back as itself; one more reading puts right what two pieces of text make together.
_MOST_READINGS = 4
_SHORT = 4_000
_READ_ALOUD = re.compile(r' alttext="[^"]*"')


class Content(str):
    """The plain view of a text, and beside it the canonical markup; a text without markup is its own plain view.

    As a ``str`` it is what searching, comparing and counting work on. ``html`` is what a page shows: it is built from
    known elements only, so it may stand in a page as it is.
    """

    __slots__ = ("_nodes",)
    _nodes: tuple[Node, ...]

    def __new__(cls, text: str = "") -> Self:
        """Return a text without markup, cleaned; a Content stays what it is."""
        if isinstance(text, cls):
            return text
        made = super().__new__(cls, clean(text))
        made._nodes = ()
        return made

    @classmethod
    def of_nodes(cls, nodes: tuple[Node, ...]) -> Self:
        """Return the text of a tree made by ``read_markup``; plain when lines are all that it has."""
        for _ in range(_MOST_READINGS):
            if all(isinstance(node, str) or node.tag == "br" for node in nodes):
                return cls("".join(node if isinstance(node, str) else "\n" for node in nodes))
            again = read_markup(serialize(nodes), exact=True).nodes
            if again == nodes:
                break
            nodes = again
        else:  # markup that never comes to rest is kept as its words
            return cls(plain_text(nodes))
        made = super().__new__(cls, plain_text(nodes))
        made._nodes = nodes
        return made

    @classmethod
    def of_html(cls, written: str, find_picture: FindPicture | None = None) -> Self:
        """Return the text of foreign HTML; what it cannot keep is told by ``read_markup`` alone."""
        return cls.of_nodes(read_markup(written, find_picture).nodes)

    @staticmethod
    def of_markup(markup: str) -> "Content":
        """Return the text of our own markup, its white space kept."""
        return _of_short(markup) if len(markup) <= _SHORT else Content.of_nodes(read_markup(markup, exact=True).nodes)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the tree of the markup; empty for a plain text."""
        return self._nodes

    @property
    def is_plain(self) -> bool:
        """Say whether the text has no markup at all."""
        return not self._nodes

    @property
    def markup(self) -> str | None:
        """Return the canonical markup, None for a plain text."""
        return serialize(self._nodes) if self._nodes else None

    @property
    def html(self) -> str:
        """Return the text as safe HTML."""
        return serialize(self._nodes) if self._nodes else escape(str(self), quote=False).replace("\n", "<br/>")

    @property
    def identity(self) -> str:
        """Return what two texts are compared by: their words, or their markup when they have any."""
        return comparable(_READ_ALOUD.sub("", serialize(self._nodes))) if self._nodes else comparable(str(self))

    @property
    def features(self) -> frozenset[str]:
        """Return which kinds of markup occur: the names of elements; those of formulas count as ``math``."""
        found = {element.tag for element in walk(self._nodes)}
        return frozenset({"math"} | {tag for tag in found if not tag.startswith("m")} if "math" in found else found)

    def elements(self, tag: str) -> list[Element]:
        """Return the elements of one name, outer ones first."""
        return [element for element in walk(self._nodes) if element.tag == tag]

    def to_json(self) -> str | dict[str, str]:
        """Return the text as plain values: a text, or ``{"html": markup}``."""
        return {"html": serialize(self._nodes)} if self._nodes else str(self)

    @classmethod
    def from_json(cls, value: object) -> "Content":
        """Return the text that ``to_json`` gave; raises InvalidSpec for anything else."""
        if isinstance(value, str):
            return cls(value)
        if isinstance(value, Mapping) and isinstance(value.get("html"), str) and len(value) == 1:
            return cls.of_markup(value["html"])
        raise InvalidSpec("a text must be a string or {html}")

    def __str__(self) -> str:
        return str.__str__(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Content):
            return str.__eq__(self, other) and self._nodes == other._nodes
        return not self._nodes and str.__eq__(self, other) if isinstance(other, str) else NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __reduce__(self) -> tuple[object, ...]:
        return (Content.of_nodes, (self._nodes,)) if self._nodes else (Content, (str(self),))


@lru_cache(maxsize=128)
def _of_short(markup: str) -> Content:
    """Return a short text of our own markup; all questions of a stimulus repeat its text."""
    return Content.of_nodes(read_markup(markup, exact=True).nodes)


def content_of(text: str) -> Content:
    """Return a text as Content; one that is Content already stays as it is, markup and all."""
    return text if isinstance(text, Content) else Content(text)


NO_TEXT = Content()
