"""Reading formulas of Word documents: OMML in, plain MathML out.

Sequences stay flat, as the reader of a line sees them: the operand of a sum and the argument of a function follow as
siblings. An ``mrow`` stands only where MathML wants one element and there are none or several, and around brackets with
what they enclose, whose height they take.
"""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from question_bank.formats.omml.names import ACCENTS, INTEGRALS, NAMESPACES, SIDES, STRIKES
from question_bank.questions.math_elements import (
    MAX_DEPTH,
    applied,
    depth_of,
    element,
    over,
    row,
    under,
    visible,
    written,
)
from question_bank.questions.math_tokens import Items, text_of, tokens

__all__ = ["mathml_of"]

#: Deleted or moved away under tracked changes, and what another program may show instead of what stands beside it.
_DROPPED = {"w:del", "w:moveFrom", "w:instrText", "Fallback"}


def mathml_of(element_: Element) -> str:
    """Return an ``m:oMath`` or ``m:oMathPara`` as MathML, raising ValueError when it is nested too deep."""
    if depth_of(element_) > MAX_DEPTH:
        raise ValueError("too deep")
    if _key(element_) != "m:oMathPara":
        return written(element("math", *_sequence(element_)))
    rows = [items for child in element_ if (items := _read(child))]
    content = rows[0] if len(rows) == 1 else [_aligned([[items] for items in rows])] if rows else []
    return written(element("math", *content, display="block"))


def _key(node: Element) -> str:
    space, _, local = str(node.tag).rpartition("}")
    prefix = NAMESPACES.get(space[1:])
    return f"{prefix}:{local}" if prefix else local


def _sequence(parent: Element) -> Items:
    items = _loose(parent.text)
    for child in parent:
        items += _read(child)
        items += _loose(child.tail)
    return items


def _loose(text: str | None) -> Items:
    """Text where Word puts none is kept; the line ends between elements of a file are not text."""
    return text_of(text) if text and text.strip() else []


def _read(node: Element) -> Items:
    key = _key(node)
    if key in _DROPPED or key.endswith("Pr"):
        return []
    if key not in _CONSTRUCTS:
        return _sequence(node)
    handler, places = _CONSTRUCTS[key]
    # What stands in a construct but in none of its places is shown behind it rather than lost.
    left = [item for child in node if _key(child) not in places for item in _read(child)]
    return [*handler(node), *left]


def _children(node: Element, name: str) -> Iterator[Element]:
    return (child for child in node if _key(child) == f"m:{name}")


def _items(node: Element, name: str) -> Items:
    return [item for child in _children(node, name) for item in _sequence(child)]


def _below(node: Element, *names: str) -> list[Element]:
    found = [node]
    for name in names:
        found = [child for parent in found for child in _children(parent, name)]
    return found


def _one(node: Element, name: str) -> Element:
    return row(_items(node, name))


def _value(node: Element, name: str, default: str) -> str:
    """Return the value of one property, without white space: they are single characters or words."""
    for properties in node:
        if _key(properties).endswith("Pr"):
            for found in _children(properties, name):
                return "".join(visible(_attribute(found, "")).split())
    return default


def _attribute(node: Element, default: str) -> str:
    return next((value for name, value in node.attrib.items() if name.rpartition("}")[2] == "val"), default)


def _on(node: Element, name: str, default: str = "0") -> bool:
    return _value(node, name, default) not in ("0", "off", "false")


# Runs


def _run(node: Element) -> Items:
    style, script = "i", ""
    for properties in _children(node, "rPr"):
        script = next((_attribute(found, "roman") for found in _children(properties, "scr")), "")
        style = next((_attribute(found, "i") for found in _children(properties, "sty")), style)
        for found in _children(properties, "nor"):
            style = "nor" if _attribute(found, "1") not in ("0", "off", "false") else style
    items: Items = []
    for child in node:
        if _key(child) in ("m:t", "w:t"):
            items += tokens("".join(child.itertext()), style, script)
        elif _key(child) in ("w:tab", "w:br", "w:cr"):
            items.append(element("mspace", width="1em"))
        elif _key(child) == "w:sym":
            items += tokens(_symbol(child), style)
    return items


def _symbol(node: Element) -> str:
    code = next((value for name, value in node.attrib.items() if name.endswith("}char")), "")
    return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""


def _plain_run(node: Element) -> Items:
    return text_of("".join(node.itertext()))


# Constructs


def _structure(tag: str, *names: str) -> tuple[Callable[[Element], Items], frozenset[str]]:
    """Return the reader of a construct whose arguments MathML takes as they come."""

    def read(node: Element) -> Items:
        return [element(tag, *(_one(node, name) for name in names))]

    return read, _places(*names)


def _places(*names: str) -> frozenset[str]:
    return frozenset(f"m:{name}" for name in names)


def _scripts_before(node: Element) -> Items:
    before = (element("mprescripts"), _one(node, "sub"), _one(node, "sup"))
    return [element("mmultiscripts", _one(node, "e"), *before)]


def _fraction(node: Element) -> Items:
    kind = _value(node, "type", "bar")
    if kind == "lin":
        return [*_items(node, "num"), element("mo", text="/"), *_items(node, "den")]
    # A skewed fraction is set upright: MathML has no word for it that browsers know.
    attributes = {"linethickness": "0"} if kind == "noBar" else {}
    return [element("mfrac", _one(node, "num"), _one(node, "den"), **attributes)]


def _radical(node: Element) -> Items:
    degree = [] if _on(node, "degHide") else _items(node, "deg")
    return [element("mroot", _one(node, "e"), row(degree)) if degree else element("msqrt", *_items(node, "e"))]


def _nary(node: Element) -> Items:
    sign = _value(node, "chr", "∫")
    base = row(tokens(sign))
    below = [] if _on(node, "subHide") else _items(node, "sub")
    above = [] if _on(node, "supHide") else _items(node, "sup")
    if _value(node, "limLoc", "subSup" if sign in INTEGRALS else "undOvr") == "undOvr":
        base = under(base, row(below)) if below else base
        base = over(base, row(above)) if above else base
    elif below and above:
        base = element("msubsup", base, row(below), row(above))
    elif below or above:
        base = element("msub" if below else "msup", base, row(below or above))
    signs = list(base) if base.tag == "mrow" else [base]
    return [*signs, *_items(node, "e")]


def _lower_limit(node: Element) -> Items:
    return [under(_one(node, "e"), _one(node, "lim"))]


def _upper_limit(node: Element) -> Items:
    return [over(_one(node, "e"), _one(node, "lim"))]


def _group_character(node: Element) -> Items:
    mark = row(tokens(_value(node, "chr", "⏟")))
    place = over if _value(node, "pos", "bot") == "top" else under
    return [place(_one(node, "e"), mark)]


def _accent(node: Element) -> Items:
    mark = _value(node, "chr", "\u0302")
    if not mark:
        return _items(node, "e")
    return [element("mover", _one(node, "e"), element("mo", text=ACCENTS.get(mark, mark)), accent="true")]


def _bar(node: Element) -> Items:
    base = _one(node, "e")
    if _value(node, "pos", "bot") == "top":
        return [element("mover", base, element("mo", text="¯"), accent="true")]
    return [element("munder", base, element("mo", text="_"), accentunder="true")]


def _delimiters(node: Element) -> Items:
    separator = _value(node, "sepChr", "|")
    separated = False
    items: Items = []
    for number, argument in enumerate(_children(node, "e")):
        if number and separator:
            separated = True
            items.append(element("mo", text=separator, separator="true"))
        items += _sequence(argument)
    opening, closing = (
        [element("mo", text=sign, fence="true")] if sign else []
        for sign in (_value(node, "begChr", "("), _value(node, "endChr", ")"))
    )
    if not opening and not closing and not separated:
        return items
    return [row([*opening, *items, *closing])]


def _matrix(node: Element) -> Items:
    rows = [[_sequence(cell) for cell in _children(line, "e")] for line in _children(node, "mr")]
    width = max(map(len, rows), default=0)
    sides: list[str] = []
    for properties in _below(node, "mPr", "mcs", "mc", "mcPr"):
        count = next((_attribute(found, "1") for found in _children(properties, "count")), "1")
        side = next((_attribute(found, "center") for found in _children(properties, "mcJc")), "center")
        times = int(count) if re.fullmatch(r"[0-9]{1,4}", count) else 1
        sides += [side if side in ("left", "right") else "center"] * min(times, width - len(sides))
    return [_table(rows, [*sides, *["center"] * (width - len(sides))])]


def _equations(node: Element) -> Items:
    return [_aligned([_cells(_sequence(line)) for line in _children(node, "e")])]


def _cells(items: Items) -> list[Items]:
    """Split a line at the marks "&" that Word aligns the lines of an array at."""
    cells: list[Items] = [[]]
    for item in items:
        if item.tag == "mo" and item.text == "&":
            cells.append([])
        else:
            cells[-1].append(item)
    return cells


def _aligned(rows: list[list[Items]]) -> Element:
    """Return lines of equations: their cells meet at the alignment marks, right to left; one cell stands left."""
    width = max(map(len, rows), default=0)
    return _table(rows, ["left"] if width == 1 else [("right", "left")[column % 2] for column in range(width)])


def _table(rows: list[list[Items]], sides: list[str]) -> Element:
    attributes = {"columnalign": " ".join(sides)} if set(sides) - {"center"} else {}
    lines = (element("mtr", *(element("mtd", *cell) for cell in cells)) for cells in rows)
    return element("mtable", *lines, **attributes)


def _function(node: Element) -> Items:
    return applied(_items(node, "fName"), _items(node, "e"))


def _border(node: Element) -> Items:
    sides = [word for name, word in SIDES.items() if not _on(node, name)]
    words = [*(["box"] if len(sides) == len(SIDES) else sides), *(w for n, w in STRIKES.items() if _on(node, n))]
    items = _items(node, "e")
    return [element("menclose", *items, notation=" ".join(words))] if words else items


def _phantom(node: Element) -> Items:
    # Shown unless it says otherwise: the same construct also only changes how much room its content takes.
    items = _items(node, "e")
    return items if _on(node, "show", "1") else [element("mphantom", *items)]


_CONSTRUCTS: dict[str, tuple[Callable[[Element], Items], frozenset[str]]] = {
    "m:r": (_run, frozenset({"m:t", "w:t", "w:tab", "w:br", "w:cr", "w:sym"})),
    "w:t": (_plain_run, frozenset()),
    "m:sSup": _structure("msup", "e", "sup"),
    "m:sSub": _structure("msub", "e", "sub"),
    "m:sSubSup": _structure("msubsup", "e", "sub", "sup"),
    "m:sPre": (_scripts_before, _places("sub", "sup", "e")),
    "m:f": (_fraction, _places("num", "den")),
    "m:rad": (_radical, _places("deg", "e")),
    "m:nary": (_nary, _places("sub", "sup", "e")),
    "m:d": (_delimiters, _places("e")),
    "m:m": (_matrix, _places("mr")),
    "m:eqArr": (_equations, _places("e")),
    "m:acc": (_accent, _places("e")),
    "m:bar": (_bar, _places("e")),
    "m:groupChr": (_group_character, _places("e")),
    "m:limLow": (_lower_limit, _places("e", "lim")),
    "m:limUpp": (_upper_limit, _places("e", "lim")),
    "m:func": (_function, _places("fName", "e")),
    "m:borderBox": (_border, _places("e")),
    "m:phant": (_phantom, _places("e")),
}
