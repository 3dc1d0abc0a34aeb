"""TeX as a tree of plain MathML: what the converter makes of it, judged and brought to the spelling of this library."""

import re
from xml.etree.ElementTree import Element

from latex2mathml.commands import MATRICES
from latex2mathml.converter import convert_to_element

from question_bank.questions.math_elements import (
    APPLY,
    MAX_DEPTH,
    UPRIGHT,
    applied,
    depth_of,
    element,
    over,
    row,
    styled,
    under,
)
from question_bank.questions.math_tokens import Items, text_of, tokens

__all__ = ["understood"]

#: Commands that define others (a few lines can grow without end), copy their argument, or reach out of the formula.
_REFUSED = re.compile(
    r"\\(?:(?:re)?new(?:command|environment)|providecommand|[egx]?def|let|DeclareMathOperator|sideset|unicode|href"
    r"|class|style|cssId|require|input|include|verb|rule)(?![A-Za-z])"
)
_BRACE = re.compile(r"\\.|[{}]")
_MOST_BRACES = 40
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
#: Environments the converter does not know, or numbers the lines of, and how it sets the same.
_ENVIRONMENTS = {
    "align": "align*",
    "aligned": "align*",
    "eqnarray": "align*",
    "eqnarray*": "align*",
    "gather": "matrix",
    "gather*": "matrix",
    "gathered": "matrix",
    "dcases": "cases",
    "equation": "equation",
    "equation*": "equation",
    **{name[1:]: name[1:] for name in MATRICES if name != r"\align"},
}
#: In a question the percent sign is never a comment that hides the rest of the line.
_PERCENT = re.compile(r"(\\.)|%")
#: One comma between digits is the Vietnamese decimal mark, several are a list; TeX says so by braces. The converter
#: takes every comma for a list, so this one travels under another sign.
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(?=\d+(?![\d,]))|(?<=\d)\{,\}(?=\d)")
_COMMA = "\u066b"
_NOT_EQUAL = re.compile(r"\\not\s*=")
_ENTITY = re.compile(r"&#x([0-9A-Fa-f]{1,6});")
#: The converter writes upright single letters by their number and italic ones as they are.
_UPRIGHT_LETTER = re.compile(r"&#x0*(?:4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]);", re.IGNORECASE)

_ARITY = {"msup": 2, "msub": 2, "msubsup": 3, "mfrac": 2, "mroot": 2, "munder": 2, "mover": 2, "munderover": 3}
_LINES = {"msqrt", "mphantom", "menclose", "mtd"}
_ACCENTS = frozenset("^~¯˘˙¨˚ˇ←→↔´`\u20db\u20dc")
#: The converter draws lines above and below with the dash of a dialogue.
_LINE = "\u2015"
_PAIRS = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖"}
_ENCLOSURES = {"box", "updiagonalstrike", "downdiagonalstrike", "horizontalstrike", "verticalstrike"}
_EM = re.compile(r"(\d*\.?\d+)em")
_WIDEST = 4.0


class _NotUnderstood(Exception):
    """Something a reader would see as an error in the formula."""


def understood(source: str, *, display: bool) -> Element | None:
    """Return TeX as a ``math`` element, or None when it is not understood or its nesting has no end."""
    prepared = _prepared(source)
    if prepared is None:
        return None
    try:
        tree = convert_to_element(prepared, display="block" if display else "inline")
    except Exception:
        # The converter raises whatever it stumbles over: KeyError, StopIteration, RecursionError, its own.
        return None
    if depth_of(tree) > MAX_DEPTH:
        return None
    try:
        math = element("math", *_line(tree))
    except _NotUnderstood:
        return None
    has_text = any(text.strip() for text in math.itertext())
    return math if has_text and depth_of(math) <= MAX_DEPTH else None


def _prepared(source: str) -> str | None:
    if _REFUSED.search(source) or not _is_balanced(source):
        return None
    if any(name not in _ENVIRONMENTS for _, name in _ENVIRONMENT.findall(source)):
        return None
    source = _DECIMAL_COMMA.sub(lambda match: (match.group(1) or "") + _COMMA, source)
    source = _PERCENT.sub(lambda match: match.group(1) or r"\%", _NOT_EQUAL.sub(r"\\ne ", source))
    return _ENVIRONMENT.sub(lambda match: rf"\{match[1]}{{{_ENVIRONMENTS[match[2]]}}}", source)


def _is_balanced(source: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(source):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if not 0 <= depth <= _MOST_BRACES:
            return False
    return depth == 0


def _line(parent: Element) -> Items:
    """Return the children of an element as a flat sequence; groups that TeX needs braces for are not kept."""
    items: Items = []
    decimal = False
    for child in parent:
        found = _items(child)
        last = items[-1] if items and items[-1].tag == "mn" else None
        following = _leading_number(found)
        if last is not None and following is not None and decimal:
            following.text = f"{last.text},{following.text}"
            items[-1:] = found
            decimal = False
            continue
        if decimal:
            items += tokens(",")
        decimal = last is not None and child.text == _COMMA
        items += [] if decimal else found
    items += tokens(",") if decimal else []
    return _with_functions(_with_brackets(_with_words(items)))


def _leading_number(items: Items) -> Element | None:
    """Return the number a piece begins with, which may carry an exponent."""
    first = items[0] if items else None
    while first is not None and first.tag in ("msup", "msub", "msubsup"):
        first = first[0]
    return first if first is not None and first.tag == "mn" else None


def _items(node: Element) -> Items:
    if node.tag in ("mi", "mo", "mn", "mtext"):
        return _token(node)
    if node.tag == "mspace":
        return _space(node)
    if node.tag == "mtable":
        return [_table(node)]
    if node.tag in _LINES:
        notation = [word for word in node.get("notation", "").split() if word in _ENCLOSURES]
        attributes = {"notation": " ".join(notation)} if node.tag == "menclose" and notation else {}
        return (
            _line(node) if node.tag == "menclose" and not notation else [element(node.tag, *_line(node), **attributes)]
        )
    if node.tag in _ARITY:
        if len(node) != _ARITY[node.tag]:
            raise _NotUnderstood
        return [_construct(node, [row(_items_of_argument(child)) for child in node])]
    items = _line(node)
    fenced = any(item.get("fence") for item in (*items[:1], *items[-1:]))
    return [row(items)] if fenced else items


def _items_of_argument(node: Element) -> Items:
    return _line(element("mrow", node))


def _decoded(node: Element) -> str:
    text = "".join(node.itertext())
    return _ENTITY.sub(lambda match: _character(int(match.group(1), 16)), text).replace(_COMMA, ",")


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _token(node: Element) -> Items:
    raw = "".join(node.itertext())
    # An unknown command comes out as its own name, and a "&" outside of a table as a letter.
    if "\\" in raw or raw == "&":
        raise _NotUnderstood
    text = _decoded(node)
    if node.tag == "mtext":
        return text_of(text.replace("\u00a0", " "))
    text = text.strip()
    if node.tag == "mo" and node.get("fence") == "true":
        return [element("mo", text=text, fence="true")] if text else []
    variant = node.get("mathvariant", "")
    if _UPRIGHT_LETTER.fullmatch(raw):
        variant = UPRIGHT
    letters = styled(text, variant)
    upright = variant == UPRIGHT or (len(text) > 1 and text.isalpha() and not letters)
    found = tokens(letters or text, "p" if upright else "i")
    # Brackets around a table or a binomial are told from those of a line by what the converter leaves open.
    for item in found:
        if node.tag == "mo" and "stretchy" in item.attrib and "stretchy" not in node.attrib:
            del item.attrib["stretchy"]
    return found


def _space(node: Element) -> Items:
    if node.get("linebreak"):
        return [element("mspace", width="1em")]
    match = _EM.fullmatch(node.get("width", ""))
    if match is None or not 0 < float(match.group(1)) <= _WIDEST:
        return []
    return [element("mspace", width=node.get("width", ""))]


def _construct(node: Element, arguments: Items) -> Element:
    stacked = {"munder": under, "mover": over}.get(node.tag)
    made = stacked(*arguments) if stacked else element(node.tag, *arguments)
    if node.tag == "mfrac" and node.get("linethickness", "1").startswith("0"):
        made.set("linethickness", "0")
    mark = arguments[-1]
    sign = mark.text or ""
    if made.tag in ("mover", "munder") and mark.tag == "mo" and not len(mark):
        if sign == _LINE:
            mark.text = "¯" if node.tag == "mover" else "_"
            made.set("accent" if node.tag == "mover" else "accentunder", "true")
        elif node.tag == "mover" and sign in _ACCENTS:
            made.set("accent", "true")
    return made


def _table(node: Element) -> Element:
    lines = [list(line) for line in node]
    widest = max(lines, key=len, default=[])
    sides = [side if (side := cell.get("columnalign", "center")) in ("left", "right") else "center" for cell in widest]
    attributes = {"columnalign": " ".join(sides)} if set(sides) - {"center"} else {}
    rows = (element("mtr", *(element("mtd", *_line(cell)) for cell in cells)) for cells in lines)
    return element("mtable", *rows, **attributes)


def _with_words(items: Items) -> Items:
    r"""Join upright letters that stood together, as in ``\mathrm{cm}``, to one word."""
    joined: Items = []
    for item in items:
        before = joined[-1] if joined else None
        if before is not None and _is_upright(before) and _is_upright(item) and item.get("mathvariant"):
            before.text = f"{before.text}{item.text}"
            before.set("joined", "true")
        else:
            joined.append(item)
    for item in joined:
        if item.attrib.pop("joined", None):
            item.attrib.pop("mathvariant", None)
    return joined


def _is_upright(item: Element) -> bool:
    return item.tag == "mi" and item.get("mathvariant") == UPRIGHT


def _with_brackets(items: Items) -> Items:
    """Wrap brackets around one table or binomial into a row, so that they take its height and no other."""
    wrapped: Items = []
    for item in items:
        wrapped.append(item)
        before = wrapped[-3:]
        if len(before) == 3 and before[1].tag in ("mtable", "mfrac") and _are_pair(before[0], before[2]):
            for bracket in (before[0], before[2]):
                bracket.set("fence", "true")
            wrapped[-3:] = [element("mrow", *before)]
    for item in wrapped:
        if item.tag == "mo" and (item.text or "") in "()[]{}|∣‖∥⟨⟩⌈⌉⌊⌋" and not item.attrib:
            item.set("stretchy", "false")
    return wrapped


def _are_pair(first: Element, last: Element) -> bool:
    return (
        first.tag == last.tag == "mo"
        and not first.attrib
        and not last.attrib
        and _PAIRS.get(first.text or "") == (last.text or "")
    )


def _with_functions(items: Items) -> Items:
    """Put the sign of application between the name of a function and what follows it, if that is no operator."""
    result: Items = []
    for item in items:
        named = bool(result) and _is_function(result[-1]) and item.tag not in ("mo", "mspace", "mtable")
        result[-1:] = applied(result[-1:], [item]) if named else [*result[-1:], item]
    return result


def _is_function(item: Element) -> bool:
    while item.tag in ("msup", "msub", "msubsup", "munder", "mover", "munderover") and len(item):
        item = item[0]
    text = item.text or ""
    return item.tag == "mi" and len(text) > 1 and text.isascii() and text.islower() and APPLY not in text
