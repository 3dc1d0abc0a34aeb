"""How large a workbook becomes once it is read, measured before it is.

The reader lays a sheet out as a table from A1 to its farthest cell, and copies a shared text into every cell that names
it: a file of a kilobyte with one cell far out becomes gigabytes, and so does one long text that a thousand cells share.
"""

import re
from collections import Counter
from collections.abc import Callable
from itertools import zip_longest
from xml.parsers import expat

__all__ = ["MAX_CELLS", "MAX_LETTERS", "Extent", "TooFar", "TooMuch"]

#: cells of all sheets laid out; 20,000 questions in 20 columns are 400,000
MAX_CELLS = 5_000_000
#: bytes of shared texts, each counted as often as a cell names it
MAX_LETTERS = 200 * 1024 * 1024

_PLACE = re.compile(r"\s*([A-Za-z]{0,8})\s*([0-9]{1,12})")
_Start = Callable[[str, dict[str, str]], None]


class TooFar(Exception):
    """A cell lies further out than is read."""


class TooMuch(Exception):
    """The workbook becomes larger than is read."""


class Extent:
    """Takes the parts of a workbook one by one, in any order; `check` says whether all of them may be read.

    Both raise TooFar, TooMuch, or `expat.ExpatError` for what is no XML.
    """

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self.most_rows, self.most_columns = most_rows, most_columns
        self.cells = 0
        #: how many cells name a shared text, by its place
        self.uses: Counter[int] = Counter()
        self.lengths: list[int] = []
        self.sheets: list[str] = []
        self.targets: dict[str, str] = {}

    def take(self, name: str, content: bytes) -> None:
        """Measure one part."""
        if b"sheetData" in content:
            self.cells += self._area(content)
            if self.cells > MAX_CELLS:
                raise TooMuch
        if b"sst" in content and b"si" in content:
            # the longer of two parts counts, whichever is read
            self.lengths = [max(pair) for pair in zip_longest(self.lengths, _lengths(content), fillvalue=0)]
        if name.lower() == "xl/workbook.xml":
            _parse(content, self._sheet)
        elif name.lower() == "xl/_rels/workbook.xml.rels":
            _parse(content, self._relation)

    def check(self) -> None:
        """Raise when the parts together are too much: shared texts too often, or one part as several sheets."""
        if sum(self.lengths[place] * count for place, count in self.uses.items() if place < len(self.lengths)) > (
            MAX_LETTERS
        ):
            raise TooMuch
        parts = ["/".join(self.targets.get(one, one).lower().split("/")[-2:]) for one in self.sheets]
        if len(set(parts)) < len(parts):
            raise TooMuch

    def _sheet(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            self.sheets += [value for key, value in attributes.items() if key.endswith(":id")]

    def _relation(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _area(self, content: bytes) -> int:
        """Return how many cells the sheet is laid out as, and count what its cells name."""
        rows = columns = row = column = 0
        shared, text = False, ""
        parser = expat.ParserCreate()

        def hear(letters: str) -> None:
            nonlocal text
            text += letters[:20]

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal rows, columns, row, column, shared, text
            tag = _local(name) if ":" in name else name
            if tag == "c":
                # one without a place stands beside the one before
                row, column = _place(attributes, row, column + 1)
                shared = attributes.get("t") == "s"
            elif tag == "row":
                # without cells it takes no room, wherever it lies
                row, column = _place(attributes, row + 1, 0)[0], 0
                return
            elif tag == "v" and shared:
                # called for these few elements only: calls are what takes the time
                text, parser.CharacterDataHandler, parser.EndElementHandler = "", hear, end
                return
            else:
                return
            rows, columns = max(rows, row), max(columns, column)
            if rows > self.most_rows or columns > self.most_columns:
                raise TooFar

        def end(name: str) -> None:
            if _local(name) == "v":
                parser.CharacterDataHandler = parser.EndElementHandler = None
                named = text.strip()
                if named.isascii() and named.isdigit():
                    self.uses[int(named)] += 1

        _parse(content, start, parser)
        return rows * columns


def _lengths(content: bytes) -> list[int]:
    """Return how long each shared text is, in bytes."""
    lengths: list[int] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if _local(name) == "si":
            lengths.append(0)

    def hear(letters: str) -> None:
        if lengths:
            lengths[-1] += len(letters.encode())

    parser = expat.ParserCreate()
    parser.CharacterDataHandler = hear
    _parse(content, start, parser)
    return lengths


def _parse(content: bytes, start: _Start, parser: expat.XMLParserType | None = None) -> None:
    parser = parser or expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.Parse(content, True)


def _place(attributes: dict[str, str], row: int, column: int) -> tuple[int, int]:
    """Return row and column that an element names, or those it has without a name."""
    found = _PLACE.match(attributes.get("r", ""))
    if found is None:
        return row, column
    if found[1]:
        column = 0
        for letter in found[1].upper():
            column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _local(name: str) -> str:
    return name.rpartition(":")[2]
