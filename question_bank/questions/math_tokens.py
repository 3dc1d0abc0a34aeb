"""The words of a formula: its letters, numbers, operators and spaces, told apart by their characters alone.

Every reader asks here, so that "2x+1" becomes the same elements whether it was typed in Word or in TeX.
"""

import re
import unicodedata
from xml.etree.ElementTree import Element

from question_bank.questions.math_elements import BRACKETS, UPRIGHT, element, styled, visible

__all__ = ["PLAIN_SPACE", "WIDTHS", "Items", "text_of", "tokens"]

#: A piece of a line, flat.
Items = list[Element]

#: Spaces by their width in em; a space of another kind is a quarter, as the plain one is.
WIDTHS = {
    "\u2002": "0.5em",
    "\u2003": "1em",
    "\u2004": "0.333em",
    "\u2006": "0.167em",
    "\u2009": "0.167em",
    "\u200a": "0.1em",
    "\u205f": "0.222em",
}
PLAIN_SPACE = "0.25em"
#: One comma between digits is the Vietnamese decimal mark; several are a list, unless they part thousands.
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.\d+)*(?:,\d+(?![\d,]))?")
_LISTED_NUMBER = re.compile(r"\d+(?:\.\d+)*")
#: Punctuation to MathML, but no operators: set as such they would get spaces around them.
_ORDINARY = frozenset("%‰#@∞∅")
_LINE_END = re.compile(r"[\t-\r\x85\u2028\u2029]")
_EDGE_SPACE = re.compile(r"^\s|\s$|(?<=\s)\s|\s(?=\s)")


def text_of(text: str) -> Items:
    """Return words as they are, spaces and all."""
    # MathML drops spaces at the edges and joins several, unless they do not break.
    kept = _EDGE_SPACE.sub("\u00a0", visible(_LINE_END.sub(" ", text)))
    return [element("mtext", text=kept)] if kept else []


def tokens(text: str, style: str = "i", script: str = "") -> Items:
    """Return the letters, numbers and operators of one run; a style is ``i``, ``p``, ``b``, ``bi`` or ``nor``."""
    if style == "nor":
        return text_of(text)
    variant = _variant(style, script)
    text = visible(text)
    items: Items = []
    position = 0
    while position < len(text):
        listed = text[position - 1 : position] == ","
        number = (_LISTED_NUMBER if listed else _NUMBER).match(text, position)
        if number:
            position = number.end()
            items.append(element("mn", text=styled(number.group(), variant) or number.group()))
            continue
        end = _end_of_letter(text, position)
        # Upright letters side by side are one word: sin, max.
        while text[position].isalpha() and style in ("p", "b") and end < len(text) and text[end].isalpha():
            end = _end_of_letter(text, end)
        items += _signs(text[position:end], variant, upright=style in ("p", "b"))
        position = end
    return items


def _end_of_letter(text: str, position: int) -> int:
    position += 1
    while position < len(text) and unicodedata.category(text[position]).startswith("M"):
        position += 1
    return position


def _variant(style: str, script: str) -> str:
    weight = "bold" if style in ("b", "bi") else ""
    if script == "sans-serif":
        return {"bi": "sans-serif-bold-italic", "b": "bold-sans-serif", "i": "sans-serif-italic"}.get(style, script)
    if script in ("script", "fraktur"):
        return f"{weight}-{script}".lstrip("-")
    if script in ("double-struck", "monospace"):
        return script
    return "bold-italic" if style == "bi" else weight


def _signs(sign: str, variant: str, *, upright: bool) -> Items:
    """Return the elements of one letter with its marks, one upright word, or one other character."""
    first = sign[0]
    category = unicodedata.category(first)
    if first.isspace():
        return [element("mspace", width=WIDTHS.get(first, PLAIN_SPACE))]
    if first.isalpha():
        letters = styled(sign, variant)
        if letters:
            return [element("mi", text=letter) for letter in letters]
        if not upright:
            return [element("mi", text=sign)]
        several = sum(letter.isalpha() for letter in sign) > 1
        return [element("mi", text=sign) if several else element("mi", text=sign, mathvariant=UPRIGHT)]
    if category in ("Nl", "No", "Nd"):
        return [element("mn", text=sign)]
    if first in BRACKETS:
        return [element("mo", text=sign, stretchy="false")]
    operator = category == "Sm" or category.startswith("P") or category in ("Sk", "Cf") or "\u2190" <= first <= "\u2bff"
    # Word draws the hyphen of a formula as a minus.
    sign = sign.replace("-", "−") if first == "-" else sign
    return [element("mo" if operator and first not in _ORDINARY else "mi", text=sign)]
