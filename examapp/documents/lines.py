"""Lines of text for the layout: how they are set, and where a heading is broken."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable
from reportlab.platypus import Paragraph as Lines

from examapp.documents.fonts import ITALIC, REGULAR, printable
from examapp.documents.parts import Basis, Paragraph, Small

BODY_SIZE = 13
_INDENT = 12.7 * mm
_LEADING = 1.22
#: words that a heading is not broken between
_TOGETHER = (
    *("ủy ban", "nhân dân", "thành phố", "hồ chí minh", "hội đồng", "tuyển dụng", "thi tuyển", "công chức"),
    *("viên chức", "sở nội vụ", "nội vụ", "kết quả", "thí sinh", "dự thi", "kỳ thi", "phòng thi", "ca thi"),
)


class SmallLines(Lines):  # type: ignore[misc]  # untyped library
    """Small lines, which go along with the signatures below or above them."""


def body_lines(part: Basis | Paragraph | Small) -> Lines:
    """Return the flowable of a paragraph, a legal basis or a small line."""
    if isinstance(part, Small):
        return SmallLines(markup(part.text), line_style(8, before=2))
    if isinstance(part, Basis):
        return Lines(markup(part.text), line_style(BODY_SIZE, ITALIC, TA_JUSTIFY, indent=_INDENT, after=6))
    lead = f"<b>{markup(part.lead)}</b> " if part.lead else ""
    return Lines(lead + markup(part.text), line_style(BODY_SIZE, align=TA_JUSTIFY, indent=_INDENT, after=6))


def centred(text: str, size: float, font: str = REGULAR) -> Lines:
    """Return one paragraph, centred."""
    return Lines(markup(text) or "&nbsp;", line_style(size, font, TA_CENTER))


def balanced(text: str, size: float, font: str, width: float) -> list[Lines]:
    """Return a heading as centred lines: as few as fit, then as even as they come, words of a name kept together."""
    return [centred(line, size, font) for line in broken_evenly(printable(text), size, font, width)]


def broken_evenly(text: str, size: float, font: str, width: float) -> list[str]:
    """Return the lines of a heading; a word longer than a line stands alone."""
    units = _units(text)
    # best[end]: (lines, the widest of them, where the last begins) of the units before `end`
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(units) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            length = stringWidth(" ".join(units[start:end]), font, size)
            if length > width and start < end - 1:
                break
            choices.append((best[start][0] + 1, max(best[start][1], length), start))
        best.append(min(choices))
    lines: list[str] = []
    end = len(units)
    while end:
        start = best[end][2]
        lines.insert(0, " ".join(units[start:end]))
        end = start
    return lines


def _units(text: str) -> list[str]:
    words, units = text.split(), []
    while words:
        taken = 1
        for length in (3, 2):
            if " ".join(words[:length]).lower().rstrip(",.;") in _TOGETHER:
                taken = length
                break
        units.append(" ".join(words[:taken]))
        words = words[taken:]
    return units


def markup(text: str) -> str:
    """Return the text as the library reads it, nothing of it a tag."""
    return escape(printable(text))


def line_style(
    size: float,
    font: str = REGULAR,
    align: int = TA_LEFT,
    *,
    indent: float = 0,
    before: float = 0,
    after: float = 0,
) -> ParagraphStyle:
    """Return how lines are set; no single line of a paragraph stands alone at the foot or the top of a page."""
    return ParagraphStyle(
        f"{font}-{size}-{align}-{indent}",
        fontName=font,
        bulletFontName=font,
        fontSize=size,
        leading=size * _LEADING,
        alignment=align,
        firstLineIndent=indent,
        spaceBefore=before,
        spaceAfter=after,
        textColor=black,
        allowWidows=0,
        allowOrphans=0,
        splitLongWords=1,
    )


class Rule(Flowable):  # type: ignore[misc]  # untyped library
    """A short line in the middle of the width it is given."""

    def __init__(self, length: float, gap: float = 3) -> None:
        super().__init__()
        self.length, self.gap = length, gap

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the whole width."""
        self.width = width
        return width, self.gap + 3

    def draw(self) -> None:
        """Draw the line."""
        self.canv.setLineWidth(0.7)
        self.canv.line((self.width - self.length) / 2, 2, (self.width + self.length) / 2, 2)


class Columns(Flowable):  # type: ignore[misc]  # untyped library
    """Blocks of lines side by side, from the top."""

    def __init__(self, blocks: Sequence[Sequence[Flowable]], widths: Sequence[float]) -> None:
        super().__init__()
        self.blocks, self.widths = blocks, widths

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of the highest block."""
        self.height = max(
            sum(one.wrap(column, height)[1] for one in block)
            for block, column in zip(self.blocks, self.widths, strict=True)
        )
        return sum(self.widths), self.height

    def draw(self) -> None:
        """Draw the blocks."""
        x = 0.0
        for block, column in zip(self.blocks, self.widths, strict=True):
            y = self.height
            for one in block:
                y -= one.wrap(column, self.height)[1]
                one.drawOn(self.canv, x, y)
            x += column


__all__ = ["BODY_SIZE", "Columns", "Lines", "Rule", "SmallLines", "balanced", "body_lines", "broken_evenly", "centred"]
__all__ += ["line_style", "markup"]
