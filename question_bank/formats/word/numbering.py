"""Automatic numbers of Word: what stands on paper in front of a paragraph but not in its text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from question_bank.formats.word.xml import local_name

__all__ = ["Numbering"]

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9
_LONGEST_LABEL = 40


@dataclass(frozen=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""


@dataclass
class _List:
    """One abstract list with the numbers reached on each of its levels."""

    levels: dict[int, _Level] = field(default_factory=dict)
    #: None: no paragraph of the level has come yet, or a higher one has restarted it.
    reached: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)
    #: The name of the list style that this list lends its levels from.
    style: str = ""


@dataclass
class _Use:
    """One ``w:num``: a list with levels of its own, and where it starts anew."""

    list: _List
    own: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)


class Numbering:
    """The lists of a document; ``label`` is asked once for each numbered paragraph in order."""

    def __init__(self, root: Element | None, w: str) -> None:
        self._w = w
        self._uses: dict[str, _Use] = {}
        if root is not None:
            self._load(root)

    def label(self, number: str, level: int) -> str:
        """Count a paragraph of a list and return its label, such as "Câu 3." or "B)"; empty when it shows none."""
        use = self._uses.get(number)
        if use is None or not 0 <= level < _LEVELS:
            return ""
        reached = use.list.reached
        if level in use.starts and level not in use.begun:
            reached[level] = None
        use.begun.add(level)
        current = reached[level]
        reached[level] = self._start(use, level) if current is None else current + 1
        for deeper in range(level + 1, _LEVELS):
            reached[deeper] = None
        about = self._level(use, level)
        if about.format == "bullet":
            return "–"
        if about.format == "none":
            return ""
        text = about.text
        for place in range(level + 1):
            mark = f"%{place + 1}"
            if mark in text:
                value = reached[place]
                value = self._start(use, place) if value is None else value
                text = text.replace(mark, _formatted(value, self._level(use, place).format))
        return text[:_LONGEST_LABEL].strip()

    def _level(self, use: _Use, level: int) -> _Level:
        return use.own.get(level) or use.list.levels.get(level) or _Level(text=f"%{level + 1}.")

    def _start(self, use: _Use, level: int) -> int:
        return use.starts.get(level, self._level(use, level).start)

    def _load(self, root: Element) -> None:
        lists: dict[str, _List] = {}
        styles: dict[str, _List] = {}
        for node in _named(root, "abstractNum"):
            made = _List(dict(self._levels(node)))
            lists[self._attribute(node, "abstractNumId")] = made
            for child in node:
                if local_name(child) == "styleLink":
                    styles[self._attribute(child, "val")] = made
                elif local_name(child) == "numStyleLink":
                    made.style = self._attribute(child, "val")
        for node in _named(root, "num"):
            abstract = next((self._attribute(one, "val") for one in _named(node, "abstractNumId")), "")
            found = lists.get(abstract)
            if found is None:
                continue
            use = _Use(styles.get(found.style, found))
            for override in _named(node, "lvlOverride"):
                level = _number(self._attribute(override, "ilvl"))
                for start in _named(override, "startOverride"):
                    use.starts[level] = _number(self._attribute(start, "val"))
                use.own |= dict(self._levels(override))
            self._uses[self._attribute(node, "numId")] = use

    def _levels(self, parent: Element) -> Iterator[tuple[int, _Level]]:
        for node in _named(parent, "lvl"):
            values: Mapping[str, str] = {local_name(child): self._attribute(child, "val") for child in node}
            yield (
                _number(self._attribute(node, "ilvl")),
                _Level(_number(values.get("start", "1")), values.get("numFmt", "decimal"), values.get("lvlText", "")),
            )

    def _attribute(self, node: Element, name: str) -> str:
        return node.get(f"{self._w}{name}", "")


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (child for child in parent if local_name(child) == name)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0


def _formatted(value: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter"):
        # After z comes aa, then bb.
        place, times = (value - 1) % 26, min((value - 1) // 26 + 1, _LONGEST_LABEL)
        letters = chr(ord("a") + place) * times if value > 0 else ""
        return letters.upper() if form == "upperLetter" else letters
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{value:02}"
    return str(value)


def _roman(value: int) -> str:
    if not 0 < value < 5000:
        return str(value)
    letters = ""
    for worth, sign in _ROMAN:
        while value >= worth:
            letters += sign
            value -= worth
    return letters
