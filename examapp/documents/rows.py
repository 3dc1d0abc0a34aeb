"""A table that may have thousands of rows: drawn row by row, its head repeated on every page.

The library's own table lays out every cell before it draws one and splits slowly; this one measures a row once.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, repeat
from typing import Any

from reportlab.lib.colors import black
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from examapp.documents.fonts import BOLD, REGULAR, printable
from examapp.documents.parts import Column

__all__ = ["Column", "RowsTable", "rows_table"]

SIZE = 12.0
LEADING = 14.5
PADDING = 3.0
#: before a table and after it, wherever it was parted
_SPACE_ABOVE, SPACE_BELOW = 3, 8
#: from the lower edge of a line's box to its foot
_DESCENT = LEADING - SIZE + 1
#: rows that go along to the next page with a closing that does not fit any more: it never stands alone
ROWS_WITH_CLOSING = 2
#: a row with more lines goes on in a row below it: no page holds more
_MOST_LINES = 36

#: the lines of each cell of a row
Cells = list[list[str]]


@dataclass(frozen=True)
class _Layout:
    """Everything about the table that its pieces on several pages share."""

    columns: Sequence[Column]
    width: float
    head: Cells
    rows: Sequence[Cells]
    #: the foot of each row measured from the foot of the head, beginning with 0
    feet: Sequence[float]
    closing: Flowable | None
    on_rows: Callable[[int], None] | None

    @property
    def widths(self) -> list[float]:
        """Return the width of each column in points."""
        return _widths(self.columns, self.width)

    @property
    def head_height(self) -> float:
        """Return the height of the head in points."""
        return _needed(self.head)

    def height_of(self, first: int, last: int) -> float:
        """Return the height of the rows from `first` up to `last`, without the head."""
        return self.feet[last] - self.feet[first]


class RowsTable(Flowable):  # type: ignore[misc]  # untyped library
    """The rows `first` to `last` of a table under their head; the last piece carries the closing."""

    def __init__(self, layout: _Layout, first: int, last: int) -> None:
        super().__init__()
        self.layout, self.first, self.last = layout, first, last
        self.spaceBefore, self.spaceAfter = _SPACE_ABOVE, SPACE_BELOW

    @property
    def closing(self) -> Flowable | None:
        """Return what stands under the last row, if this piece has it."""
        return self.layout.closing if self.last == len(self.layout.rows) else None

    def with_closing(self, closing: Flowable) -> "RowsTable":
        """Return the table with something under its last row that is never parted from it."""
        return RowsTable(replace(self.layout, closing=closing), self.first, self.last)

    def opening_height(self) -> float:
        """Return the height of the head with the first rows."""
        return self.layout.head_height + self.layout.height_of(0, min(ROWS_WITH_CLOSING, self.last))

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Return the size of this piece."""
        below = self.closing.wrap(self.layout.width, height)[1] if self.closing else 0.0
        self.height = self.layout.head_height + self.layout.height_of(self.first, self.last) + below
        return self.layout.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the piece that fits, and the rest; nothing when not even one row fits under the head."""
        foot = self.layout.feet[self.first] + height - self.layout.head_height
        row = min(self.last, bisect_right(self.layout.feet, foot - 1e-6) - 1)
        if self.closing is not None:
            # else the next page could begin with the closing, or with one row above it
            row = min(row, self.last - ROWS_WITH_CLOSING)
        if row <= self.first:
            return []
        return [RowsTable(self.layout, self.first, row), RowsTable(self.layout, row, self.last)]

    def draw(self) -> None:
        """Draw head and rows from the top, then the closing."""
        layout, closing = self.layout, self.closing
        top = self.height
        feet = [top - layout.head_height - (foot - layout.feet[self.first]) for foot in self._feet()]
        self._draw_texts(BOLD, [(layout.head, top, feet[0])], centred=True)
        self._draw_texts(REGULAR, zip(layout.rows[self.first : self.last], feet, feet[1:], strict=False))
        self._draw_grid(top, feet)
        if closing is not None:
            closing.drawOn(self.canv, 0, 0)
        if layout.on_rows:
            layout.on_rows(self.last - self.first)

    def _feet(self) -> Sequence[float]:
        return self.layout.feet[self.first : self.last + 1]

    def _draw_texts(self, font: str, rows: Iterable[tuple[Cells, float, float]], *, centred: bool = False) -> None:
        drawn = self.canv.beginText()
        drawn.setFillColor(black)
        columns = [("center", SIZE) if centred else (one.align, one.size) for one in self.layout.columns]
        now = 0.0
        for cells, top, foot in rows:
            x = 0.0
            for lines, width, (align, size) in zip(cells, self.layout.widths, columns, strict=True):
                if size != now:
                    drawn.setFont(font, now := size)
                leading = _leading(size)
                y = (top + foot + len(lines) * leading) / 2 - leading + _DESCENT * size / SIZE
                for number, line in enumerate(lines):
                    if line:
                        drawn.setTextOrigin(x + _indent(line, font, size, width, align), y - number * leading)
                        drawn.textOut(line)
                x += width
        self.canv.drawText(drawn)

    def _draw_grid(self, top: float, feet: Sequence[float]) -> None:
        canvas: Any = self.canv
        canvas.setStrokeColor(black)
        canvas.setLineWidth(0.5)
        width = self.layout.width
        rows = [(0, y, width, y) for y in (top, *feet)]
        columns = [(x, top, x, feet[-1]) for x in accumulate(self.layout.widths, initial=0.0)]
        canvas.lines([*rows, *columns])


def rows_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    width: float,
    least: float = 0.0,
    closing: Flowable | None = None,
    on_rows: Callable[[int], None] | None = None,
) -> RowsTable:
    """Return a table of this width in points; `least` is the least height of a row, `closing` stands below it.

    `on_rows` is told the number of rows of every piece that is drawn.
    """
    insides = [one - 2 * PADDING for one in _widths(columns, width)]
    head = [
        _lines(column.title, BOLD, SIZE, inside)[:_MOST_LINES] for column, inside in zip(columns, insides, strict=True)
    ]
    sizes = [column.size for column in columns]
    set_rows = [piece for row in rows for piece in _pieces(row, sizes, insides)]
    feet = list(accumulate((max(least, _needed(cells, sizes)) for cells in set_rows), initial=0.0))
    return RowsTable(_Layout(columns, width, head, set_rows, feet, closing, on_rows), 0, len(set_rows))


def _widths(columns: Sequence[Column], width: float) -> list[float]:
    total = sum(column.share for column in columns)
    return [width * column.share / total for column in columns]


def _pieces(row: Sequence[str], sizes: Sequence[float], insides: Sequence[float]) -> Iterator[Cells]:
    """Give the row as its cells' lines, in several rows when no page could hold it."""
    cells = [_lines(text, REGULAR, size, inside) for text, size, inside in zip(row, sizes, insides, strict=True)]
    for start in range(0, max(map(len, cells)), _MOST_LINES):
        yield [lines[start : start + _MOST_LINES] or [""] for lines in cells]


def _lines(text: str, font: str, size: float, width: float) -> list[str]:
    text = printable(text)
    if stringWidth(text, font, size) <= width:
        return [text]
    lines: list[str] = []
    for line in simpleSplit(text, font, size, width):
        while stringWidth(line, font, size) > width and len(line) > 1:  # a word longer than the column
            cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or stringWidth(line[:n], font, size) <= width)
            lines.append(line[:cut])
            line = line[cut:]  # noqa: PLW2901 - the rest of the same word
        lines.append(line)
    return lines or [""]


def _needed(cells: Cells, sizes: Iterable[float] = repeat(SIZE)) -> float:
    return max(len(lines) * _leading(size) for lines, size in zip(cells, sizes, strict=False)) + 2 * PADDING


def _leading(size: float) -> float:
    return LEADING * size / SIZE


def _indent(line: str, font: str, size: float, width: float, align: str) -> float:
    if align == "left":
        return PADDING
    free = width - float(stringWidth(line, font, size))
    return free / 2 if align == "center" else free - PADDING
