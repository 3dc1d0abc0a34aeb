"""MathML of other programs brought to one spelling, before it is written into a Word document."""

from xml.etree.ElementTree import Element

from question_bank.questions.math_elements import element
from question_bank.questions.math_tokens import Items

__all__ = ["one_spelling"]


def one_spelling(node: Element) -> Element:
    """Return a tree without namespaces, comments, annotations and other spellings of the same thing."""
    tag = str(node.tag).rpartition("}")[2]
    children = [one_spelling(child) for child in node if isinstance(child.tag, str)]
    if tag == "semantics":
        return element("mrow", *children[:1])
    if tag == "mfenced":
        return _fenced(node, children)
    if tag == "mmultiscripts":
        return _scripted(children)
    made = element(tag, *children, text=(node.text or "").strip(" \t\r\n"))
    made.attrib.update(node.attrib)
    return made


def _fenced(node: Element, children: Items) -> Element:
    separators = list("".join(node.get("separators", ",").split()))
    items = [element("mo", text=node.get("open", "("), fence="true")]
    for number, child in enumerate(children):
        if number and separators:
            sign = separators[min(number, len(separators)) - 1]
            items.append(element("mo", text=sign, separator="true"))
        items.append(child)
    return element("mrow", *items, element("mo", text=node.get("close", ")"), fence="true"))


def _scripted(children: Items) -> Element:
    """Return scripts on both sides of a base as one ``mmultiscripts`` for each pair in front."""
    tags = [child.tag for child in children]
    end = tags.index("mprescripts") if "mprescripts" in tags else len(tags)
    base = children[0] if end else element("mrow")
    for pair in _pairs(children[1:end]):
        base = element("msubsup", base, *pair)
    for pair in _pairs(children[end + 1 :]):
        base = element("mmultiscripts", base, element("mprescripts"), *pair)
    return base


def _pairs(scripts: Items) -> list[Items]:
    filled = [element("mrow") if script.tag == "none" else script for script in scripts]
    return [[*filled[start : start + 2], element("mrow")][:2] for start in range(0, len(filled), 2)]
