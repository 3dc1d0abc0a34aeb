"""TeX in the text of a question: where it stands, and the formula it means as plain MathML."""

import re
from typing import Literal

from question_bank.questions.latex_tree import understood
from question_bank.questions.math_elements import visible, written

__all__ = ["MAX_LENGTH", "mathml_from_latex", "pieces_of", "split_latex"]

#: Longer than any formula that fits on a page.
MAX_LENGTH = 2_000

Kind = Literal["text", "inline", "display"]
Piece = tuple[Kind, str]

#: Every opening mark ends its formula at the first closing one and contains no second opening one, which keeps the
#: search in proportion to the text. Bodies do not go on past an empty line: there a person has forgotten to close.
_BODY = r"(?:(?!\n[ \t]*\n){inside}){{1,2000}}?"
_FORMULA = re.compile(
    r"\\\\|\\\$"
    r"|\\\((?P<round>"
    + _BODY.format(inside=r"(?:[^\\]|\\[^()])")
    + r")\\\)"
    + r"|\\\[(?P<square>"
    + _BODY.format(inside=r"(?:[^\\]|\\[^\[\]])")
    + r")\\\]"
    + r"|\$\$(?P<double>"
    + _BODY.format(inside=r"(?:[^$\\]|\\.)")
    + r")\$\$"
    + r"|\$(?P<single>"
    + _BODY.format(inside=r"(?:[^$\\]|\\.)")
    + r")\$",
    re.DOTALL,
)
_DISPLAYED = {"round": False, "square": True, "double": True, "single": False}
#: What nobody writes between two prices: a command, a script, a group.
_TEX = re.compile(r"\\[A-Za-z{}|,;:!%]|[\^_{]")
_NUMBER = re.compile(r"[+\-]?\d+(?:[.,]\d+)*")
#: Variables and short equations of them: x, 2x, f(x)=3, a + b = 2; AB, ABCD and Oxyz are points, lines and axes.
_SHORT = re.compile(r"[A-Za-z0-9+\-*/=<>()\[\].,;:|!' ]{1,40}")
_WORD = re.compile(r"[A-Za-z]+")
_NAME = re.compile(r"[A-Za-z]{1,2}|[A-Z]{3,6}|Oxyz?")


def mathml_from_latex(tex: str, *, display: bool = False) -> str | None:
    """Return TeX as one ``math`` element with the TeX itself in ``alttext``, or None when it cannot be understood."""
    if len(tex) > MAX_LENGTH:
        return None
    source = " ".join(visible(tex).split())
    if not source or not source.isprintable():
        return None
    math = understood(source, display=display)
    if math is None:
        return None
    if display:
        math.set("display", "block")
    math.set("alttext", source)
    return written(math)


def split_latex(text: str) -> list[Piece]:
    r"""Split a text at its formulas: ``\(…\)``, ``\[…\]``, ``$$…$$``, and ``$…$`` where it cannot be money.

    An escaped dollar is a dollar of the text.
    """
    return [(kind, piece) for kind, piece, _ in pieces_of(text)]


def pieces_of(text: str) -> list[tuple[Kind, str, str]]:
    """Return the pieces of ``split_latex``, each with how it stands in the text; together they are the text."""
    pieces: list[tuple[Kind, str, str]] = []
    start = position = 0
    while match := _FORMULA.search(text, position):
        kind = match.lastgroup
        body = match.group(kind) if kind else ""
        if kind is None:
            position = match.end()
        elif not body.strip() or (kind == "single" and not _is_formula(text, match)):
            # The mark that would have closed this one may open another.
            position = match.start() + (1 if kind == "single" else 2)
        else:
            _append_text(pieces, text[start : match.start()])
            pieces.append(("display" if _DISPLAYED[kind] else "inline", body.strip(), match[0]))
            start = position = match.end()
    _append_text(pieces, text[start:])
    return pieces


def _append_text(pieces: list[tuple[Kind, str, str]], text: str) -> None:
    if text:
        pieces.append(("text", text.replace(r"\$", "$"), text))


def _is_formula(text: str, match: re.Match[str]) -> bool:
    """Say whether what stands between two single dollars is mathematics and not the space between two prices."""
    body = match.group("single")
    before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
    if body != body.strip() or after.isdigit():
        return False
    if _TEX.search(body):
        return True
    if before.isalnum() or after.isalnum():
        return False
    words = _WORD.findall(body)
    named = bool(words) and all(_NAME.fullmatch(word) for word in words)
    return _NUMBER.fullmatch(body) is not None or (named and _SHORT.fullmatch(body) is not None)
