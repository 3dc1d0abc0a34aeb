"""What the attributes of foreign HTML say about looks: the few of them that our markup has elements for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["NO_LOOKS", "Looks", "list_type", "looks_of"]

#: Longer ones are no style that anybody wrote.
_LONGEST = 5_000
_LIST_TYPES = {
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
    "upper-roman": "I",
}  # fmt: skip
_PLAIN_TYPES = frozenset({"decimal", "1", "initial", "inherit", "unset"})
_HIDDEN = {"display": "none", "visibility": "hidden"}
#: Which look each element has by its name, so that a style may take it back.
_TAKEN_BACK = {
    "strong": ("font-weight", frozenset({"normal", "400", "lighter", "initial"})),
    "em": ("font-style", frozenset({"normal", "initial"})),
    "u": ("text-decoration", frozenset({"none", "initial"})),
    "s": ("text-decoration", frozenset({"none", "initial"})),
    "sup": ("vertical-align", frozenset({"baseline", "initial"})),
    "sub": ("vertical-align", frozenset({"baseline", "initial"})),
}


@dataclass(frozen=True)
class Looks:
    """What the attributes of one element say."""

    #: Elements of our markup that say the same, outer ones first.
    inside: tuple[str, ...] = ()
    #: The element does not look as its name says: ``<b style="font-weight: normal">``, as word processors write.
    plain: bool = False
    #: What hides the element from readers, as it is written; empty when they see it.
    hidden: str = ""


NO_LOOKS = Looks()


def looks_of(tag: str, attributes: Iterable[tuple[str, str | None]], *, raised: bool) -> Looks:
    """Return the looks of an element; ``raised`` says that its vertical place is that of its text in the line."""
    given = dict(attributes)
    style = _style(given.get("style"))
    hidden = "hidden" if "hidden" in given else ""
    hidden = hidden or next(
        (f'style="{name}:{value}"' for name, value in _HIDDEN.items() if style.get(name) == value), ""
    )
    if not style:
        return Looks(hidden=hidden) if hidden else NO_LOOKS
    own, values = _TAKEN_BACK.get(tag, ("", frozenset()))
    return Looks(tuple(_inside(style, raised=raised)), style.get(own, "") in values, hidden)


def list_type(attributes: Mapping[str, str | None]) -> str | None:
    """Return how a list counts by its style: the value of ``type``, "" for numbers or nothing said, None for others."""
    style = _style(attributes.get("style"))
    words = [*style.get("list-style", "").split(), style.get("list-style-type", "")]
    named = [word for word in words if word and word not in ("inside", "outside")]
    if not named or named[-1] in _PLAIN_TYPES:
        return ""
    return _LIST_TYPES.get(named[-1])


def _style(written: str | None) -> dict[str, str]:
    if not written or len(written) > _LONGEST:
        return {}
    found = {}
    for declaration in written.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    if line := found.get("text-decoration-line"):
        found["text-decoration"] = f"{found.get('text-decoration', '')} {line}".strip()
    return found


def _inside(style: Mapping[str, str], *, raised: bool) -> Iterable[str]:
    weight = style.get("font-weight", "")
    if weight in ("bold", "bolder") or (weight.isascii() and weight.isdecimal() and 600 <= int(weight[:4]) <= 1000):
        yield "strong"
    if style.get("font-style", "").startswith(("italic", "oblique")):
        yield "em"
    lines = style.get("text-decoration", "").split()
    if "underline" in lines:
        yield "u"
    if "line-through" in lines:
        yield "s"
    place = style.get("vertical-align")
    if raised and place in ("super", "sub"):
        yield "sup" if place == "super" else "sub"
