"""An official document as NĐ 30/2020/NĐ-CP Phụ lục I lays it out: letterhead, title, body, tables, signatures.

A4, margins 20 mm above and below, 30 mm left, 15 mm right; page numbers from the second page on, in the top margin.
Equal input gives equal bytes: the date is an argument, and nothing else of the moment is in the file.
"""

import io
from collections.abc import Callable, Sequence

from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)

from examapp.documents.fonts import BOLD, REGULAR, printable, register_fonts
from examapp.documents.heading import heading
from examapp.documents.lines import Lines, SmallLines, body_lines
from examapp.documents.parts import (
    Basis,
    Closing,
    Column,
    Letterhead,
    NewPage,
    Paragraph,
    Part,
    Signature,
    Small,
    Table,
    Title,
)
from examapp.documents.rows import SPACE_BELOW, RowsTable, rows_table
from examapp.documents.signatures import Ending, Stack, signatures

TOP, BOTTOM, LEFT, RIGHT = 20 * mm, 20 * mm, 30 * mm, 15 * mm
WIDTH = A4[0] - LEFT - RIGHT
_DRAFT = "DỰ THẢO"
#: what stands between a table and its signatures stays with both up to this height
_FEW_LINES = 50 * mm
#: the first page of a document, and the others
_FIRST, _LATER = "first", "later"

__all__ = ["Basis", "Closing", "Column", "Letterhead", "NewPage", "Paragraph", "Part", "Signature", "Small", "Table"]
__all__ += ["Title", "official_pdf"]

#: how many of how many rows are drawn
Progress = Callable[[int, int], None]
_Draw = Callable[[Canvas, BaseDocTemplate], None]


def official_pdf(
    letterhead: Letterhead,
    title: Title,
    parts: Sequence[Part],
    closing: Closing | None = None,
    *,
    draft: bool = False,
    mark: str = "",
    progress: Progress | None = None,
) -> bytes:
    """Return the document; `closing` stands at its end and is never alone on a page.

    A part may be a closing too: each section of a document with several has its own signatures. A draft says so on
    every page. `mark` is a short code in small type at the foot of every page, `progress` is told of table rows.
    """
    register_fonts()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        title=_name(title, parts),
        author=printable(letterhead.council),
        lang="vi-VN",
        displayDocTitle=1,
        invariant=1,
        initialFontName=REGULAR,
    )
    frame = Frame(
        LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    head, foot = _above(draft), _below(printable(mark))
    document.addPageTemplates(
        [
            PageTemplate(_FIRST, [frame], onPage=_beginning(head), onPageEnd=foot, autoNextPageTemplate=_LATER),
            PageTemplate(_LATER, [frame], onPage=head, onPageEnd=foot),
        ]
    )
    ended = [*parts, *([closing] if closing else [])]
    document.build(_flow(letterhead, title, ended, _row_counter(parts, progress)))
    return out.getvalue()


def _name(title: Title, parts: Sequence[Part]) -> str:
    """Return what the file is called; one that holds several documents is not named after the first."""
    alone = not any(isinstance(part, NewPage) for part in parts)
    return printable(f"{title.kind} {title.subject if alone else ''}".strip())


def _above(draft: bool) -> _Draw:
    """Return what draws the top margin of a page."""

    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        number = canvas.getPageNumber() - document.begun_on + 1
        canvas.setFillColor(black)
        if number > 1:
            canvas.setFont(REGULAR, 13)
            canvas.drawCentredString(LEFT + WIDTH / 2, A4[1] - TOP / 2 - 4, str(number))
        if draft:
            _draw_draft(canvas)

    return draw


def _below(mark: str) -> _Draw:
    """Return what draws the bottom margin; it is drawn last, so that who is read the page to hears it last."""

    def draw(canvas: Canvas, _document: BaseDocTemplate) -> None:
        if mark:
            canvas.setFillColor(black)
            canvas.setFont(REGULAR, 9)
            canvas.drawRightString(LEFT + WIDTH, BOTTOM / 2, mark)

    return draw


def _beginning(draw: _Draw) -> _Draw:
    """Return the same for a page from which pages are counted."""

    def begin(canvas: Canvas, document: BaseDocTemplate) -> None:
        document.begun_on = canvas.getPageNumber()
        draw(canvas, document)

    return begin


def _draw_draft(canvas: Canvas) -> None:
    width = stringWidth(_DRAFT, BOLD, 12) + 10
    canvas.setLineWidth(0.7)
    canvas.rect(LEFT, A4[1] - TOP + 4, width, 18)
    canvas.setFont(BOLD, 12)
    canvas.drawString(LEFT + 5, A4[1] - TOP + 9, _DRAFT)


def _row_counter(parts: Sequence[Part], progress: Progress | None) -> Callable[[int], None] | None:
    """Return what is told of every piece of a table as it is drawn."""
    if progress is None:
        return None
    drawn, total = 0, sum(len(part.rows) for part in parts if isinstance(part, Table))

    def count(rows: int) -> None:
        nonlocal drawn
        drawn = min(total, drawn + rows)
        progress(drawn, total)

    return count


def _flow(
    letterhead: Letterhead, title: Title, parts: Sequence[Part], on_rows: Callable[[int], None] | None
) -> list[Flowable]:
    flow: list[Flowable] = heading(letterhead, title, WIDTH)
    ended: Stack | None = None  # what small lines after the signatures stay with
    for part in parts:
        if isinstance(part, NewPage):
            flow += [NextPageTemplate(_FIRST), PageBreak(), *heading(letterhead, part.title, WIDTH)]
        elif isinstance(part, Closing):
            ended = _close(flow, part)
            continue
        elif isinstance(part, Table):
            _add_table(flow, part, on_rows)
        elif ended is not None and isinstance(part, Small):
            ended.members = [*ended.members, body_lines(part)]
            continue
        else:
            flow.append(body_lines(part))
        ended = None
    return flow


def _add_table(flow: list[Flowable], part: Table, on_rows: Callable[[int], None] | None) -> None:
    """Add a table; the paragraph above it, which says what it is, is never the last on its page."""
    table = rows_table(part.columns, part.rows, width=WIDTH, least=part.row_height * mm, on_rows=on_rows)
    if flow and isinstance(flow[-1], Lines):
        above = flow.pop()
        flow += [CondPageBreak(above.wrap(WIDTH, A4[1])[1] + 10 + table.opening_height()), above]
    flow.append(table)


def _close(flow: list[Flowable], closing: Closing) -> Stack:
    """Put the signatures under what stands last, so that they never begin a page without it; small lines go along.

    So do a few lines below a table: what is signed has rows of the table above it on the same page.
    """
    small: list[Flowable] = []
    while isinstance(flow[-1], SmallLines):
        small.insert(0, flow.pop())
    below = Stack([*small, signatures(closing, WIDTH)])
    lines = _lines_below_table(flow)
    if lines:
        below.members = [*lines, *below.members]
    last = flow.pop()
    if isinstance(last, RowsTable):
        flow.append(last.with_closing(below))
    elif isinstance(last, Lines):
        flow.append(Ending(last, below))
    else:
        flow += [last, below]
    return below


def _lines_below_table(flow: list[Flowable]) -> list[Flowable]:
    """Take the lines after the last table off the flow, and return them; nothing when they are more than a few."""
    lines: list[Flowable] = []
    for one in reversed(flow):
        if isinstance(one, RowsTable):
            break
        lines.insert(0, one)
    else:
        return []
    if not all(isinstance(one, Lines) for one in lines) or Stack(lines).wrap(WIDTH, A4[1])[1] > _FEW_LINES:
        return []
    del flow[len(flow) - len(lines) :]
    return [Spacer(1, SPACE_BELOW), *lines] if lines else []
