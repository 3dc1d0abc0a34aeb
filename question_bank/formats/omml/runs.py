"""The runs of Word's formulas, written from the tokens of MathML."""

import re
import unicodedata
from xml.etree.ElementTree import Element

from question_bank.formats.omml.names import M
from question_bank.questions.math_elements import UPRIGHT, element, styled, written
from question_bank.questions.math_tokens import PLAIN_SPACE, WIDTHS, tokens

__all__ = ["append_run"]

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def append_run(parent: Element, item: Element) -> None:
    """Write a token, into the run before it where that is still read as the same."""
    text, style = _spelling(item)
    if not text:
        return
    last = parent[-1] if len(parent) else None
    if last is not None and style == "i" and last.tag == f"{M}r" and len(last) == 1 and _joins(last[0], text):
        last[0].text = (last[0].text or "") + text
    else:
        property_ = {"nor": element(f"{M}nor"), "p": element(f"{M}sty", **{f"{M}val": "p"})}.get(style)
        properties = [] if property_ is None else [element(f"{M}rPr", property_)]
        last = element(f"{M}r", *properties, element(f"{M}t", text=text))
        parent.append(last)
    written_text = last[-1]
    if (written_text.text or "").strip() != written_text.text:
        written_text.set(_SPACE, "preserve")


def _joins(before: Element, text: str) -> bool:
    """Say whether a run may go on with this text and still be read as the same two pieces."""
    end = (before.text or "")[-1:]
    if unicodedata.category(text[0]).startswith("M"):
        return False
    return not (end in ".," or end.isdecimal()) or not (text[0] in ".," or text[0].isdecimal())


def _spelling(item: Element) -> tuple[str, str]:
    """Return the text of a token and the style of the run that is read as this token."""
    text = item.text or ""
    if item.tag == "mspace":
        return _space_of(item.get("width", "")), "i"
    if item.tag in ("mtext", "ms"):
        return text, "nor"
    variant = item.get("mathvariant", "")
    text = styled(text, variant) or text
    if variant == UPRIGHT or item.tag == "mo":
        # A word among the operators is a name such as lim.
        return text, "p" if variant == UPRIGHT or text[:1].isalpha() else "i"
    plain = [written(token) for token in tokens(text)]
    return text, "i" if plain == [written(element(item.tag, text=text))] or item.tag == "mn" else "p"


def _space_of(width: str) -> str:
    """Return the space character nearest to a width in em; "" for none and for a step backwards."""
    match = re.fullmatch(r"(\d*\.?\d+)em", width)
    if match is None or float(match.group(1)) <= 0:
        return ""
    widths = {PLAIN_SPACE: "\u00a0", **{known: character for character, known in WIDTHS.items()}}
    return widths[min(widths, key=lambda known: abs(float(known[:-2]) - float(match.group(1))))]
