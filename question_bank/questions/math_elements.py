"""Plain MathML: the small pieces that every reader of formulas builds its trees from.

Plain means Presentation MathML without namespaces, prefixes or styling, so that the same formula has the same text
whatever program it came from.
"""

import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

__all__ = [
    "APPLY",
    "BRACKETS",
    "GAP",
    "GROUPING",
    "MAX_DEPTH",
    "UPRIGHT",
    "applied",
    "depth_of",
    "element",
    "needs_gap",
    "over",
    "row",
    "styled",
    "under",
    "visible",
    "written",
]

#: No person nests deeper; programs that walk the tree after us would run out of stack.
MAX_DEPTH = 100
#: Function application, between the name of a function and its argument.
APPLY = "\u2061"
#: Browsers draw nothing for APPLY, and "sinx" is hard to read.
GAP = "0.167em"
UPRIGHT = "normal"
#: Characters that MathML would stretch to the height of their row; typed in a line of text they keep their size.
BRACKETS = frozenset("()[]{}|∣‖∥⟨⟩⟪⟫⌈⌉⌊⌋⟦⟧")
#: Marks that stretch over or under all of what they group.
GROUPING = frozenset("⏞⏟⏜⏝⎴⎵→←↔⇒⇐⇔")

_INVISIBLE_OPERATORS = "\u2061\u2062\u2063\u2064"
#: mathvariant: the words Unicode uses in the names of these letters
_ALPHABETS = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "bold-fraktur": "BOLD FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC",
    "monospace": "MONOSPACE",
}


def element(tag: str, *children: Element, text: str = "", **attributes: str) -> Element:
    """Return a new element."""
    made = Element(tag, attributes)
    made.text = text or None
    made.extend(children)
    return made


def row(items: Iterable[Element]) -> Element:
    """Return one element for a place that takes exactly one: the only item, or an ``mrow`` around none or several."""
    listed = list(items)
    return listed[0] if len(listed) == 1 else element("mrow", *listed)


def under(base: Element, mark: Element) -> Element:
    """Return a base with something below it; one that has something above already gets both at once."""
    if base.tag == "mover" and not base.attrib and mark.text not in GROUPING:
        return element("munderover", base[0], mark, base[1])
    return element("munder", base, mark)


def over(base: Element, mark: Element) -> Element:
    """Return a base with something above it; one that has something below already gets both at once."""
    if base.tag == "munder" and not base.attrib and mark.text not in GROUPING:
        return element("munderover", base[0], base[1], mark)
    return element("mover", base, mark)


def needs_gap(argument: Element) -> bool:
    """Say whether a function's name and this argument need a gap: "sin x" does, "sin(x)" does not."""
    first = argument
    while len(first) and first.tag in ("mrow", "msub", "msup", "msubsup"):
        first = first[0]
    return first.tag != "mo"


def applied(name: list[Element], argument: list[Element]) -> list[Element]:
    """Return a function's name applied to an argument, as one flat sequence."""
    if not name or not argument:
        return [*name, *argument]
    gap = [element("mspace", width=GAP)] if needs_gap(argument[0]) else []
    return [*name, element("mo", text=APPLY), *gap, *argument]


def styled(text: str, variant: str) -> str | None:
    """Return a text in a mathematical alphabet such as bold or double-struck; None if Unicode lacks one of its letters.

    Letters instead of ``mathvariant``, because browsers obey that attribute for one value only, ``normal``, and ℝ shown
    as an italic R is another quantity.
    """
    alphabet = _ALPHABETS.get(variant)
    if alphabet is None:
        return None
    letters = [_letter(character, alphabet) for character in text]
    return None if None in letters else "".join(letter for letter in letters if letter)


def _letter(character: str, alphabet: str) -> str | None:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace(" LETTER ", " ")
    if not name.startswith(("SMALL ", "CAPITAL ", "DIGIT ")):
        return None
    # A few stood in Unicode before the alphabets were added: ℝ, ℒ, ℌ, ℎ.
    older = {"ITALIC SMALL H": "PLANCK CONSTANT"}.get(f"{alphabet} {name}", f"{alphabet} {name}")
    for candidate in (f"MATHEMATICAL {alphabet} {name}", older, older.replace("FRAKTUR", "BLACK-LETTER")):
        try:
            return unicodedata.lookup(candidate)
        except KeyError:
            continue
    return None


def visible(text: str) -> str:
    """Return a text without characters that nobody sees, except the operators that mathematics leaves unwritten."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in _INVISIBLE_OPERATORS
        or character.isspace()
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )


def depth_of(tree: Element) -> int:
    """Return how deep elements stand inside each other, without recursion."""
    deepest = 0
    level = [tree]
    while level:
        deepest += 1
        level = [child for parent in level for child in parent]
    return deepest


def written(tree: Element) -> str:
    """Return a tree as text, every element with its end tag: a page would take ``<mrow />`` for an open element."""
    return tostring(tree, encoding="unicode", short_empty_elements=False)
