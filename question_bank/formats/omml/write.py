"""Writing formulas into Word documents: MathML in, OMML out.

What ``mathml_of`` made comes back as the same text when it is read again. MathML of other programs is written as near
to it as Word allows; what has no counterpart keeps its content.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from question_bank.formats.omml.names import ACCENTS, INTEGRALS, SIDES, STRIKES, M
from question_bank.formats.omml.plain import one_spelling
from question_bank.formats.omml.runs import append_run
from question_bank.questions.math_elements import (
    APPLY,
    GAP,
    GROUPING,
    MAX_DEPTH,
    depth_of,
    element,
    needs_gap,
)
from question_bank.questions.math_tokens import Items

__all__ = ["omml_of"]

_NARY = frozenset("∑∏∐⋀⋁⋂⋃⨀⨁⨂⨄⨆") | INTEGRALS
#: An operand in Word ends here; it only says where the placeholder would stand, nothing is drawn.
_RELATIONS = frozenset("=<>≤≥≠≈≡∼→⇒⇔,;.&")
#: Sums in the operand of a sum; further ones follow without, to keep the nesting bounded.
_NARY_NESTED = 3
_MARKS = {mark: combining for combining, mark in reversed(ACCENTS.items())}
_PAIRS = {"(": ")", "[": "]", "{": "}", "|": "|", "‖": "‖", "⟨": "⟩", "⌈": "⌉", "⌊": "⌋"}
#: Elements that only style or annotate what they hold.
_TRANSPARENT = {"math", "mrow", "mstyle", "mpadded", "merror", "maction", "mtd"}
_TOKENS = {"mi", "mn", "mo", "mtext", "mspace", "ms"}


def omml_of(math: Element) -> Element:
    """Return a ``math`` element as ``m:oMath``, or as ``m:oMathPara`` when it stands on a line of its own.

    Raises ValueError when it is nested too deep.
    """
    if depth_of(math) > MAX_DEPTH:
        raise ValueError("too deep")
    plain = one_spelling(math)
    if depth_of(plain) > 2 * MAX_DEPTH:
        raise ValueError("too deep")
    formula = _part("oMath", plain if plain.tag == "math" else element("math", plain))
    return _made("oMathPara", formula) if math.get("display") == "block" else formula


def _made(name: str, *children: Element, **values: str) -> Element:
    """Return a construct: its properties first, as the schema wants, then its arguments."""
    made = Element(M + name)
    if values:
        properties = Element(f"{M}{name}Pr")
        for key, value in values.items():
            properties.append(Element(M + key, {f"{M}val": value}))
        made.append(properties)
    made.extend(children)
    return made


def _part(name: str, *content: Element) -> Element:
    """Return an argument filled with items; a row that only groups them is not written."""
    part = Element(M + name)
    _fill(part, _flat(content))
    return part


def _flat(content: Items | tuple[Element, ...]) -> Items:
    items: Items = []
    for node in content:
        if node.tag in _TRANSPARENT and not _is_fenced(node):
            items += _flat(list(node))
        elif node.tag in _TOKENS or len(node) or node.tag in _WRITERS:
            items.append(node)
        elif node.text:
            items.append(element("mtext", text=node.text))
    return items


def _is_fenced(node: Element) -> bool:
    if node.tag != "mrow" or not len(node):
        return False
    first, last = node[0], node[-1]
    pair = len(node) > 1 and all(end.tag == "mo" and "stretchy" not in end.attrib for end in (first, last))
    return (
        any(_has(end, "fence") for end in (first, last))
        or any(_has(child, "separator") for child in node)
        or (pair and _PAIRS.get(first.text or "") == last.text)
    )


def _has(node: Element, attribute: str) -> bool:
    return node.tag == "mo" and node.get(attribute) == "true"


def _fill(parent: Element, items: Items, nary: int = _NARY_NESTED) -> None:
    position = 0
    while position < len(items):
        item = items[position]
        position += 1
        argument = _argument_at(items, position)
        sign = _nary_sign(item)
        if argument:
            parent.append(_made("func", _part("fName", item), _part("e", items[argument])))
            position = argument + 1
        elif sign:
            end = _operand_end(items, position, nested=nary > 0)
            parent.append(_nary(item, sign, items[position:end], nary - 1))
            position = end
        elif item.tag in _TOKENS and not _is_delimiter(item):
            append_run(parent, item)
        else:
            parent.append(_WRITERS.get(item.tag, _unknown)(item))


def _argument_at(items: Items, position: int) -> int:
    """Return where the argument stands of a function whose name stands before this position; 0 if it is none."""
    if position >= len(items) or items[position].tag != "mo" or items[position].text != APPLY:
        return 0
    following = items[position + 1 : position + 3]
    gap = bool(following) and following[0].tag == "mspace" and following[0].get("width") == GAP
    if len(following) < 1 + gap:
        return 0
    # Reading puts the gap in where it belongs; standing elsewhere it was typed.
    return position + 1 + gap if needs_gap(following[gap]) == gap else 0


def _nary_sign(item: Element) -> str:
    scripted = item.tag in ("munder", "mover", "munderover", "msub", "msup", "msubsup") and not item.attrib
    base = item[0] if scripted and len(item) else item
    if scripted and any(child.tag == "mrow" and not len(child) for child in item):
        return ""
    return base.text or "" if base.tag == "mo" and base.text in _NARY and not base.attrib else ""


def _operand_end(items: Items, position: int, *, nested: bool) -> int:
    while position < len(items):
        item = items[position]
        if (item.tag == "mo" and item.text in _RELATIONS) or (not nested and _nary_sign(item)):
            break
        position += 1
    return position


def _nary(item: Element, sign: str, operand: Items, nested: int) -> Element:
    limits = "undOvr" if item.tag in ("munder", "mover", "munderover") else "subSup"
    below = item[1] if item.tag in ("munder", "munderover", "msub", "msubsup") else None
    above = item[-1] if item.tag in ("mover", "munderover", "msup", "msubsup") else None
    hidden = {"subHide": "1"} if below is None else {}
    hidden |= {"supHide": "1"} if above is None else {}
    base = Element(M + "e")
    _fill(base, operand, nested)
    scripts = [
        _part("sub", *([] if below is None else [below])),
        _part("sup", *([] if above is None else [above])),
    ]
    return _made("nary", *scripts, base, chr=sign, limLoc=limits, **hidden)


# Constructs


def _parts(item: Element, *places: str) -> Items:
    """Return the children of an element as arguments of a construct, in this order; what is missing stays empty."""
    children = list(item)
    parts = []
    for number, place in enumerate(places):
        last = number == len(places) - 1
        parts.append(_part(place, *children[number : None if last else number + 1]))
    return parts


def _structure(name: str, *places: str) -> Callable[[Element], Element]:
    def write(item: Element) -> Element:
        return _made(name, *_parts(item, *places))

    return write


def _unknown(item: Element) -> Element:
    return _made("box", _part("e", *item))


def _scripts_before(item: Element) -> Element:
    base, _, below, above = item
    return _made("sPre", _part("sub", below), _part("sup", above), _part("e", base))


def _fraction(item: Element) -> Element:
    # Zero in any unit: 0, 0pt, 0.0em.
    stacked = item.get("linethickness", "1").strip("0. ") in ("", "px", "pt", "em", "ex", "%")
    return _made("f", *_parts(item, "num", "den"), **({"type": "noBar"} if stacked else {}))


def _square_root(item: Element) -> Element:
    return _made("rad", Element(f"{M}deg"), _part("e", *item), degHide="1")


def _root(item: Element) -> Element:
    base, degree = _parts(item, "e", "deg")
    return _made("rad", degree, base)


def _mark(item: Element) -> str:
    """Return the character above or below a base, if it is one plain character."""
    mark = item[1] if len(item) > 1 else item
    return mark.text or "" if mark.tag == "mo" and not len(mark) and not mark.attrib else ""


def _under(item: Element) -> Element:
    mark = _mark(item)
    if item.get("accentunder") == "true" and mark == "_":
        return _made("bar", _part("e", item[0]), pos="bot")
    if mark in GROUPING:
        return _made("groupChr", _part("e", item[0]), chr=mark, pos="bot")
    return _made("limLow", *_parts(item, "e", "lim"))


def _over(item: Element) -> Element:
    mark = _mark(item)
    if item.get("accent") == "true" and mark == "¯":
        return _made("bar", _part("e", item[0]), pos="top")
    if item.get("accent") == "true" and mark:
        return _made("acc", _part("e", item[0]), chr=_MARKS.get(mark, mark))
    if mark in GROUPING:
        return _made("groupChr", _part("e", item[0]), chr=mark, pos="top", vertJc="bot")
    return _made("limUpp", *_parts(item, "e", "lim"))


def _under_over(item: Element) -> Element:
    base, below, above = [*item, element("mrow"), element("mrow"), element("mrow")][:3]
    # Two limits on one base are two constructs in Word: in the order in which they are read as one again.
    upper_first = above.text in GROUPING or (base.tag == "mover" and not base.attrib)
    if upper_first and below.text not in GROUPING:
        return _under(element("munder", element("mover", base, above), below))
    return _over(element("mover", element("munder", base, below), above))


def _is_delimiter(item: Element) -> bool:
    return _has(item, "fence") or _has(item, "separator")


def _delimiters(item: Element) -> Element:
    """Write brackets with what they enclose; a mark that stands alone is a pair with nothing else in it."""
    content = list(item) if item.tag == "mrow" else [item]
    opening = closing = ""
    pair = not any(_is_delimiter(child) for child in content)
    if content and (pair or _has(content[0], "fence")):
        opening = content.pop(0).text or ""
    if content and (pair or _has(content[-1], "fence")):
        closing = content.pop().text or ""
    signs = [child.text or "" for child in content if _has(child, "separator")]
    arguments: list[Items] = [[]]
    for child in content:
        # Word knows one separator for one pair of brackets.
        if _has(child, "separator") and child.text == signs[0]:
            arguments.append([])
        else:
            arguments[-1].append(child)
    values = {"begChr": opening, **({"sepChr": signs[0]} if signs else {}), "endChr": closing}
    return _made("d", *(_part("e", *argument) for argument in arguments), **values)


def _table(item: Element) -> Element:
    rows = [list(line) if line.tag in ("mtr", "mlabeledtr") else [line] for line in item]
    sides = item.get("columnalign", "").split()
    width = max(map(len, rows), default=0)
    pattern = ["left"] if width == 1 else [("right", "left")[column % 2] for column in range(width)]
    has_mark = any(node.tag == "mo" and node.text == "&" for cells in rows for cell in cells for node in cell)
    if rows and all(rows) and sides == pattern and not has_mark:
        mark = element("mo", text="&")
        return _made("eqArr", *(_part("e", *_joined(cells, mark)) for cells in rows))
    columns = Element(f"{M}mcs")
    for column in range(width):
        side = sides[min(column, len(sides) - 1)] if sides else "center"
        one = Element(f"{M}mc")
        one.append(_made("mc", count="1", mcJc=side if side in ("left", "right") else "center")[0])
        columns.append(one)
    properties = Element(f"{M}mPr")
    properties.append(columns)
    lines = [_made("mr", *(_part("e", cell) for cell in cells)) for cells in rows]
    return _made("m", *([properties] if width else []), *lines)


def _joined(cells: Items, mark: Element) -> Items:
    return [item for number, cell in enumerate(cells) for item in ([mark, cell] if number else [cell])]


def _border(item: Element) -> Element:
    words = set(item.get("notation", "box").split())
    strikes = {name: "1" for name, word in STRIKES.items() if word in words}
    sides = {name: "1" for name, word in SIDES.items() if word not in words}
    # Frames that Word cannot draw, such as a circle, become a box rather than nothing.
    boxed = "box" in words or not (words & {*SIDES.values(), *STRIKES.values()})
    return _made("borderBox", _part("e", *item), **({} if boxed else sides), **strikes)


def _phantom(item: Element) -> Element:
    return _made("phant", _part("e", *item), show="0")


_WRITERS: dict[str, Callable[[Element], Element]] = {
    "mrow": _delimiters,
    "mo": _delimiters,
    "msup": _structure("sSup", "e", "sup"),
    "msub": _structure("sSub", "e", "sub"),
    "msubsup": _structure("sSubSup", "e", "sub", "sup"),
    "mmultiscripts": _scripts_before,
    "mfrac": _fraction,
    "msqrt": _square_root,
    "mroot": _root,
    "munder": _under,
    "mover": _over,
    "munderover": _under_over,
    "mtable": _table,
    "menclose": _border,
    "mphantom": _phantom,
}
