"""Numbers in front of stems ("Câu 81.", "133:") and letters in front of options ("A.", "a)"), as typists leave them."""

import re
from collections.abc import Sequence

from question_bank.questions.content import Content
from question_bank.questions.markup import Element, Node
from question_bank.questions.text import clean

__all__ = ["bare_number", "split_label", "strip_stem_number", "without_beginning"]

_STEM_NUMBER = re.compile(
    r"(?:câu(?:\s+hỏi)?|bài|question)\s*(?:số\s*)?\d{1,5}(?:\s*[.:)\-–/]+\s*|(?P<space>\s+)(?=\S))", re.IGNORECASE
)
_BARE_NUMBER = re.compile(r"(\d{1,5})\s*(?::|\)|\.(?=\s)|\.(?=[^\d\s]))\s*(?=\D)")
_LABEL = re.compile(r"([A-Ja-j])\s*(?:[.)\]:]\s*|[ ]*\t\s*|\s+[-–]\s+)")


def strip_stem_number(stem: str, *, bare: bool) -> str:
    """Return the stem without its number, if there is one.

    A number without the word "Câu" goes only when ``bare`` says that the file numbers its questions so: "1945: sự kiện
    nào?" is a question.
    """
    text = clean(stem)
    match = _STEM_NUMBER.match(text) or (_BARE_NUMBER.match(text) if bare else None)
    if match is None or match.end() == len(text):
        return text
    # Without a mark only a capital shows that the question begins here: "Câu 5 trong bài thơ nói gì?" is one itself.
    if match.groupdict().get("space") and not text[match.end()].isupper():
        return text
    return text[match.end() :]


def bare_number(stem: str) -> bool:
    """Say whether a stem begins with a number and a mark, like "133:" or "7."."""
    return _BARE_NUMBER.match(clean(stem)) is not None


def split_label(option: str) -> tuple[int | None, str]:
    """Return the index of the letter in front of an option, if there is one, and the text behind it."""
    match = _LABEL.match(option.lstrip("\ufeff\u200b \n\u00a0"))
    if match is None:
        return None, option
    return ord(match.group(1).upper()) - ord("A"), option.lstrip("\ufeff\u200b \n\u00a0")[match.end() :]


#: Elements of which a part may go.
_OPENED = frozenset({"strong", "em", "u", "s"})


def without_beginning(text: Content, rest: str) -> Content:
    """Return a text of which only the end ``rest`` of its words stays, with its markup; unchanged if that cannot be."""
    if text.is_plain:
        return Content(rest)
    cut = Content.of_nodes(tuple(_behind(text.nodes, len(text) - len(rest))[0]))
    return cut if str(cut) == clean(rest) else text


def _behind(nodes: Sequence[Node], length: int) -> tuple[list[Node], int]:
    """Return the nodes without so many letters in front, and how many of these were not found."""
    kept: list[Node] = []
    for place, node in enumerate(nodes):
        if not length:
            return [*kept, *nodes[place:]], 0
        if isinstance(node, str):
            cut, length = node[length:], max(0, length - len(node))
            kept += [cut] if cut else []
        elif node.tag in _OPENED:
            inside, length = _behind(node.children, length)
            kept += [Element(node.tag, node.attributes, tuple(inside))] if inside else []
        else:
            return [*kept, *nodes[place:]], length
    return kept, length
