"""LaTeX in the texts of a question, made into formulas that every page and printer shows.

Nothing does this unasked: "$" may be money, and who writes about LaTeX means its signs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from html import escape
from typing import Any, TypeVar

from question_bank.questions.content import Content
from question_bank.questions.latex import mathml_from_latex, split_latex
from question_bank.questions.markup import Element, Node
from question_bank.questions.markup_reader import read_markup
from question_bank.questions.record import QuestionRecord

__all__ = ["formulas_from_latex"]

_T = TypeVar("_T")
_UNTOUCHED = frozenset({"math", "pre", "code"})


def formulas_from_latex(record: QuestionRecord) -> tuple[QuestionRecord, tuple[str, ...]]:
    """Return the record with its LaTeX as formulas, and the pieces of LaTeX that could not be understood.

    Those stay in the text as they were written.
    """
    failed: list[str] = []

    def changed(text: Content) -> Content:
        return _with_formulas(text, failed)

    return _changed(record, changed), tuple(failed)


def _changed(value: _T, change: Callable[[Content], Content]) -> _T:
    """Return a value with every Content in it changed, at whatever depth of dataclasses and tuples."""
    made: Any = value
    if isinstance(value, Content):
        made = change(value)
    elif isinstance(value, tuple):
        made = tuple(_changed(one, change) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: _changed(getattr(value, field.name), change) for field in fields(value) if field.init}
        made = replace(value, **changes)
    return made  # type: ignore[no-any-return]


def _with_formulas(text: Content, failed: list[str]) -> Content:
    if text.is_plain:
        pieces = split_latex(text)
        if all(kind == "text" for kind, _ in pieces):
            return text
        markup = "".join(_piece(*piece, failed) for piece in pieces)
    else:
        nodes = tuple(_nodes(text.nodes, failed))
        if nodes == text.nodes:
            return text
        return Content.of_nodes(nodes)
    return Content.of_markup(markup)


def _nodes(nodes: Iterable[Node], failed: list[str]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Element):
            inside = node.children if node.tag in _UNTOUCHED else tuple(_nodes(node.children, failed))
            yield Element(node.tag, node.attributes, inside)
            continue
        for kind, piece in split_latex(node):
            if kind == "text":
                yield piece
            else:
                yield from read_markup(_piece(kind, piece, failed), exact=True).nodes


def _piece(kind: str, piece: str, failed: list[str]) -> str:
    """Return a piece of text as markup; LaTeX that cannot be understood as it was written."""
    if kind != "text":
        made = mathml_from_latex(piece, display=kind == "display")
        if made is not None:
            return made
        failed.append(piece)
        piece = f"$${piece}$$" if kind == "display" else f"${piece}$"
    return escape(piece, quote=False)
