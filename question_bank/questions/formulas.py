"""LaTeX in the texts of a question, made into formulas that every page and printer shows.

Nothing does this unasked: "$" may be money, and who writes about LaTeX means its signs.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from question_bank.questions.content import Content
from question_bank.questions.latex import mathml_from_latex, pieces_of
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
        changes = {one.name: _changed(getattr(value, one.name), change) for one in fields(value) if one.init}
        made = replace(value, **changes)
    return made  # type: ignore[no-any-return]


def _with_formulas(text: Content, failed: list[str]) -> Content:
    turn = _Turn()
    nodes = tuple(turn.nodes(text.nodes or (str(text),)))
    failed += turn.failed
    if not turn.made:
        return text
    if turn.failed:
        # What is left of the LaTeX stays LaTeX, escaped dollars too.
        nodes = tuple(_Turn(as_written=True).nodes(text.nodes or (str(text),)))
    return Content.of_nodes(nodes)


@dataclass
class _Turn:
    """One way through a text: how many formulas were made, and the pieces that could not be understood."""

    as_written: bool = False
    made: int = 0
    failed: list[str] = field(default_factory=list)

    def nodes(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """Give the nodes with formulas in the place of LaTeX."""
        for node in nodes:
            if isinstance(node, Element):
                inside = node.children if node.tag in _UNTOUCHED else tuple(self.nodes(node.children))
                yield Element(node.tag, node.attributes, inside)
                continue
            for kind, piece, written in pieces_of(node):
                made = None if kind == "text" else mathml_from_latex(piece, display=kind == "display")
                if made is not None:
                    self.made += 1
                    yield from read_markup(made, exact=True).nodes
                elif kind == "text":
                    yield written if self.as_written else piece
                else:
                    self.failed.append(piece)
                    yield written
