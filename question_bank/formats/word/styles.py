"""How runs and paragraphs look by their styles: only what tells a right option, a heading or an old font apart."""

from typing import NamedTuple
from xml.etree.ElementTree import Element

from question_bank.formats.word.rich import PLAIN, Look
from question_bank.formats.word.xml import local_name

__all__ = ["NO_FORMAT", "Format", "ParagraphStyle", "Styles"]

_OFF = frozenset({"0", "false", "off", "none"})
_MOST_STEPS = 20
_LEAST_MOVED = 4
_RAISED = {"superscript": "sup", "subscript": "sub"}


class Format(NamedTuple):
    """The look of a run, its font, and whether it is hidden."""

    look: Look = PLAIN
    font: str = ""
    hidden: bool = False


NO_FORMAT = Format()


class ParagraphStyle(NamedTuple):
    """What a paragraph has from its style."""

    format: Format = NO_FORMAT
    #: "heading 1", "toc 2", or what the document calls it, in lower case.
    name: str = ""
    #: 0 for the highest heading, None for ordinary text.
    outline: int | None = None
    #: The list it belongs to and the level there.
    number: tuple[str, int] | None = None


class Styles:
    """The styles of a document, each worked out when it is first asked for."""

    def __init__(self, root: Element | None, w: str) -> None:
        self._w = w
        self._nodes: dict[str, Element] = {}
        self._known: dict[str, ParagraphStyle] = {}
        self._default = NO_FORMAT
        self._normal = ""
        for node in root if root is not None else ():
            name = local_name(node)
            if name == "style":
                self._nodes[self._get(node, "styleId")] = node
                if self._get(node, "type") == "paragraph" and self._get(node, "default") in ("1", "true", "on"):
                    self._normal = self._get(node, "styleId")
            elif name == "docDefaults":
                for inner in node.iter():
                    if local_name(inner) == "rPr":
                        self._default = self.run_format(inner, NO_FORMAT)

    def paragraph(self, style: str) -> ParagraphStyle:
        """Return what a paragraph of a style has; an unknown or empty name is the ordinary one."""
        return self._style(style if style in self._nodes else self._normal)

    def run_format(self, properties: Element, base: Format) -> Format:
        """Return the format of a run with these ``w:rPr`` in a paragraph of a format."""
        found = base
        for node in properties:
            if local_name(node) == "rStyle":
                found = self._with_style(self._get(node, "val"), found)
        look, font, hidden = found
        changes: dict[str, object] = {}
        for node in properties:
            name = local_name(node)
            value = self._get(node, "val")
            if name == "b":
                changes["bold"] = value not in _OFF
            elif name == "i":
                changes["italic"] = value not in _OFF
            elif name == "u":
                changes["underline"] = value not in _OFF
            elif name in ("strike", "dstrike"):
                changes["strike"] = value not in _OFF
            elif name == "vertAlign" and (value in _RAISED or "raised" not in changes):
                changes["raised"] = _RAISED.get(value, "")
            elif name == "position" and changes.get("raised", "") == "":
                changes["raised"] = _moved(value)
            elif name == "color":
                changes["colour"] = "" if _is_ink(value.upper()) else value.upper()
            elif name == "highlight":
                changes["highlight"] = "" if value in _OFF else value
            elif name == "shd":
                fill = self._get(node, "fill").upper()
                if not _is_paper(fill):
                    changes["highlight"] = fill
            elif name == "rFonts":
                font = self._get(node, "ascii") or self._get(node, "hAnsi") or font
            elif name == "vanish":
                hidden = value not in _OFF
        if changes:
            look = look._replace(**changes)  # type: ignore[arg-type]
        return Format(look, font, hidden)

    def _with_style(self, style: str, base: Format) -> Format:
        """Return a format with what a character style adds; links are underlined and blue without meaning it."""
        node = self._nodes.get(style)
        if node is None or "hyperlink" in style.lower():
            return base
        found = self._style(style).format
        own, below = found.look, base.look
        look = below._replace(**{name: value for name, value in own._asdict().items() if value})
        if style == CODE_STYLE:
            look = look._replace(code=True)
        font = found.font if found.font != self._default.font else base.font
        return Format(look, font or base.font, found.hidden or base.hidden)

    def _style(self, style: str) -> ParagraphStyle:
        if style in self._known:
            return self._known[style]
        chain: list[str] = []
        current = style
        while current in self._nodes and current not in chain and len(chain) < _MOST_STEPS:
            chain.append(current)
            current = next(
                (self._get(node, "val") for node in self._nodes[current] if local_name(node) == "basedOn"), ""
            )
        made = ParagraphStyle(self._default)
        for name in reversed(chain):
            made = self._extended(made, self._nodes[name])
        self._known[style] = made
        return made

    def _extended(self, base: ParagraphStyle, style: Element) -> ParagraphStyle:
        found = base
        for node in style:
            name = local_name(node)
            if name == "name":
                found = found._replace(name=self._get(node, "val").lower())
            elif name == "rPr":
                found = found._replace(format=self.run_format(node, found.format))
            elif name == "pPr":
                outline, number = self.paragraph_properties(node)
                found = found._replace(
                    outline=found.outline if outline is None else outline, number=number or found.number
                )
        return found

    def paragraph_properties(self, properties: Element) -> tuple[int | None, tuple[str, int] | None]:
        """Return the outline level and the list of some ``w:pPr``; None for what they do not say."""
        outline, number = None, None
        for node in properties:
            name = local_name(node)
            if name == "outlineLvl":
                outline = self._small(node)
            elif name == "numPr":
                values = {local_name(child): child for child in node}
                if "numId" in values:
                    level = self._small(values["ilvl"]) if "ilvl" in values else 0
                    number = (self._get(values["numId"], "val"), level or 0)
        return outline, number

    def _small(self, node: Element) -> int | None:
        value = self._get(node, "val")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 3 else None

    def _get(self, node: Element, name: str) -> str:
        return node.get(f"{self._w}{name}", "")


def _moved(written: str) -> str:
    """Return what text above or below its line is, by half points; less than two points is taste."""
    sign, digits = written[:1], written.lstrip("+-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4 or int(digits) < _LEAST_MOVED:
        return ""
    return "sub" if sign == "-" else "sup"


def _rgb(written: str) -> tuple[int, int, int] | None:
    if len(written) != 6 or any(sign not in "0123456789ABCDEF" for sign in written):
        return None
    return int(written[:2], 16), int(written[2:4], 16), int(written[4:], 16)


def _is_ink(written: str) -> bool:
    """Say whether a colour is that of ordinary text: black, nearly black or grey, as in texts copied from pages."""
    parts = _rgb(written)
    return written in ("", "AUTO") or (parts is not None and (max(parts) < 0x40 or max(parts) - min(parts) <= 24))


def _is_paper(written: str) -> bool:
    """Say whether a background is white or nearly so."""
    parts = _rgb(written)
    return written in ("", "AUTO") or (parts is not None and min(parts) >= 0xF0)


#: The character style that our own writer gives program text.
CODE_STYLE = "KtCode"
