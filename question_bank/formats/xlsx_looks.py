"""What stands on a sheet beside the values of its cells: pictures and shapes, comments, and cells that show something
else than their value. Nobody reads it, so that it is named.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from xml.parsers import expat

__all__ = ["Look", "SheetLooks", "looks_of_sheets", "shown_number"]

#: Cells with a look of their own in a file, shapes on a sheet, relations of a part: no person's file has more.
_MOST_CELLS, _MOST_SHAPES, _MOST_RELATIONS = 500_000, 10_000, 5_000
#: What Excel itself allows in a file, and far more than its styles are nested.
_MOST_STYLES, _DEEPEST = 65_500, 50
_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_STYLE = re.compile(rb"""\bs=["'](\d{1,6})["']""")
_PLACE = re.compile(rb"""\br=["']([A-Za-z]{1,3})(\d{1,7})["']""")
#: Those of Excel's own number formats that are no plain decimals, dates aside: those are told from the value.
_FORMATS = {9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0"}
_PLAIN = re.compile(r"(?:general|standard|@|[#,?]*0?(?:\.[0#?]*)?)(?:;.*)?", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_ZEROS = re.compile(r"00+")
_SUFFIX = re.compile(r'(?:0|General|#,##0)"([^"]{1,30})"')
_Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True)
class Look:
    """What the style of a cell says: its number format when that is a special one, and marks on the whole cell."""

    number_format: str = ""
    marked: bool = False


@dataclass
class SheetLooks:
    """What stands on one sheet beside the values of its cells; rows and columns are counted from 0."""

    #: The rows in which pictures, shapes and objects begin, and how many of these lie in no row.
    shapes: set[int] = field(default_factory=set)
    floating: int = 0
    comments: bool = False
    #: The cells with a look of their own.
    cells: dict[tuple[int, int], Look] = field(default_factory=dict)


def looks_of_sheets(archive: zipfile.ZipFile) -> dict[str, SheetLooks]:
    """Return the looks of each sheet by its name; the parts of the workbook were measured before.

    Raises ``expat.ExpatError`` for parts that are no XML.
    """
    parts = set(archive.namelist())
    looks = _looks(archive.read("xl/styles.xml")) if "xl/styles.xml" in parts else {}
    found: dict[str, SheetLooks] = {}
    drawn: set[str] = set()
    room = _MOST_CELLS
    for name, part in _sheets(archive, parts).items():
        one = found[name] = SheetLooks()
        content = archive.read(part)
        if looks:
            one.cells = _cells(content, looks, room)
            room -= len(one.cells)
        if b"oleObject" in content:
            _anchors(content, one)
        for kind, target in _relations(archive, part, parts).values():
            if kind == "drawing" and target not in drawn:
                drawn.add(target)
                _anchors(archive.read(target), one)
            one.comments |= kind in ("comments", "threadedComment")
    return found


def shown_number(value: float, number_format: str) -> str | None:
    """Return what Excel shows for a number under a format, where that is easily said."""
    if percent := _PERCENT.fullmatch(number_format):
        return f"{Decimal(str(value)) * 100:.{len(percent[1] or '')}f}%".replace(".", ",")
    if value != int(value):
        return None
    if _ZEROS.fullmatch(number_format):
        return f"{int(value):0{len(number_format)}d}"
    suffix = _SUFFIX.fullmatch(number_format)
    return f"{int(value)}{suffix[1]}" if suffix and (abs(value) < 1000 or "," not in number_format) else None


def _sheets(archive: zipfile.ZipFile, parts: Collection[str]) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    relations = _relations(archive, "xl/workbook.xml", parts)
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            target = next((relations[value] for key, value in attributes.items() if _local(key) == "id"
                           and value in relations), None)  # fmt: skip
            if target:
                found[attributes.get("name", "")] = target[1]

    _parse(archive.read("xl/workbook.xml"), start)
    return found


def _relations(archive: zipfile.ZipFile, part: str, parts: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the kind and the target of each relation of a part, by its id; those to parts that are not there go."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            if target in parts and len(found) < _MOST_RELATIONS:
                found[attributes.get("Id", "")] = (posixpath.basename(attributes.get("Type", "")), target)

    if path in parts:
        _parse(archive.read(path), start)
    return found


def _anchors(content: bytes, looks: SheetLooks) -> None:
    """Note where pictures, shapes and objects begin."""
    text, inside = "", False
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal text, inside
        tag = _local(name)
        inside = inside or tag == "from"
        looks.floating += tag == "absoluteAnchor"
        if tag == "row" and inside:
            text, parser.CharacterDataHandler = "", hear

    def hear(letters: str) -> None:
        nonlocal text
        text += letters[:20]

    def end(name: str) -> None:
        nonlocal inside
        tag = _local(name)
        if tag == "row" and inside:
            parser.CharacterDataHandler = None
            row = text.strip()[:9]
            if row.isascii() and row.isdecimal() and len(looks.shapes) < _MOST_SHAPES:
                looks.shapes.add(int(row))
        inside = inside and tag != "from"

    parser.EndElementHandler = end
    _parse(content, start, parser)


def _cells(content: bytes, looks: Mapping[bytes, Look], room: int) -> dict[tuple[int, int], Look]:
    found: dict[tuple[int, int], Look] = {}
    for cell in _CELL.finditer(content):
        if len(found) >= room:
            break
        style, place = _STYLE.search(cell[1]), _PLACE.search(cell[1])
        if style and place and style[1] in looks:
            column = 0
            for letter in place[1].upper():
                column = column * 26 + letter - ord("A") + 1
            found[int(place[2]) - 1, column - 1] = looks[style[1]]
    return found


def _looks(content: bytes) -> dict[bytes, Look]:
    """Return the styles of cells that have a look of their own, by the number under which cells name them."""
    formats = dict(_FORMATS)
    marked: list[bool] = []
    found: dict[bytes, Look] = {}
    count = 0
    above: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        tag, parent = _local(name), above[-1] if above else ""
        above.append(tag)
        if len(above) > _DEEPEST or max(len(formats), len(marked), count) > _MOST_STYLES:
            raise expat.ExpatError("no styles that a program writes")
        value = attributes.get("val", "")
        if tag == "numFmt" and parent == "numFmts":
            formats[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "font" and parent == "fonts":
            marked.append(False)
        elif parent == "font" and marked and ((tag == "strike" and value not in ("0", "false"))
                                              or (tag == "vertAlign" and value != "baseline")):  # fmt: skip
            marked[-1] = True
        elif tag == "xf" and parent == "cellXfs":
            code, font = formats.get(_number(attributes.get("numFmtId")), ""), _number(attributes.get("fontId"))
            look = Look(code if _is_special(code) else "", font < len(marked) and marked[font])
            if look != Look():
                found[str(count).encode()] = look
            count += 1

    parser = expat.ParserCreate()
    parser.EndElementHandler = lambda _name: above.pop()
    _parse(content, start, parser)
    return found


def _is_special(code: str) -> bool:
    """Say whether a number format shows more than a decimal number, and no date."""
    return bool(code) and _PLAIN.fullmatch(code[:300]) is None and _DATE.search(_QUOTED.sub("", code[:300])) is None


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdecimal() and len(written) < 7 else 0


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(content: bytes, start: _Start, parser: expat.XMLParserType | None = None) -> None:
    parser = parser or expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.Parse(content, True)
