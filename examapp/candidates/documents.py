"""Admission slips (phiếu báo dự thi): two on a page of A4 with a line to cut along, plain values in, PDF out.

The QR code holds number and admission code as they are printed beside it, and nothing else.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from examapp.documents.fonts import BOLD, ITALIC, REGULAR, printable, register_fonts
from examapp.documents.lines import broken_evenly
from examapp.documents.qr import draw_qr

#: font and size
Style = tuple[str, float]
#: where a line of text stands, and how wide it may be
Spot = tuple[float, float, float]

WIDTH, HEIGHT = A4[0], A4[1] / 2
_LEFT, _RIGHT = 20 * mm, WIDTH - 15 * mm
_QR_SIDE = 34 * mm
#: where values begin, measured from the left edge of the text, and the code
_VALUE_AT, _CODE_AT = 28 * mm, 48 * mm
_ADVICE_SIZE = 11
#: from the first to the last line between number and advice
_LINES_HEIGHT = 44 * mm
#: so many places fit between number and advice
_MOST_PLACES = 2
_NAME_LABEL = "Họ và tên:"
#: where a line would be printed smaller than this, two of the other size take its place
_SMALLEST, _HALF_SIZE = 9.5, 9.0
#: sizes and numbers of lines for the name of the council, the first that fits; it has so much height
_COUNCIL_SETTINGS = ((11, 1), (10, 2), (9, 3), (7.5, 4), (6, 5), (4, 1000))
_COUNCIL_HEIGHT = 9 * mm
#: what stands to the left of the QR code ends here
_TEXT_RIGHT = _RIGHT - _QR_SIDE - 8 * mm

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
TITLE = "PHIẾU BÁO DỰ THI"
#: what a candidate is to bring and to do
ADVICE = (
    (
        "1. Mang theo phiếu này và thẻ căn cước, căn cước công dân (kể cả trên VNeID) hoặc giấy tờ tùy thân hợp pháp "
        "khác có ảnh, còn giá trị sử dụng; đến sớm để làm thủ tục vào phòng thi."
    ),
    "2. Không mang điện thoại, thiết bị thu phát, tài liệu vào phòng thi.",
    "3. Đăng nhập máy thi bằng số báo danh và mã dự thi. Giữ kín mã; mất phiếu hoặc lộ mã, báo ngay Hội đồng.",
    "4. Thông tin trên phiếu có sai sót, báo Hội đồng trước ngày thi để sửa.",
)
_NAME = "letterhead"


@dataclass(frozen=True)
class SlipExam:
    """Who issues the slips, and for which exam."""

    name: str
    superior: str
    council: str


@dataclass(frozen=True)
class SlipPlace:
    """Where and when the candidate sits, in words."""

    test: str
    sitting: str
    starts: str
    room: str
    seat: str
    rehearsal: bool = False


@dataclass(frozen=True)
class Slip:
    """What stands on one slip."""

    number: str
    full_name: str
    birth_date: date | None
    #: in groups, as it is read aloud
    code: str
    issue: int = 1
    extra_minutes: int = 0
    places: Sequence[SlipPlace] = ()
    #: where the exam is sat, name and address
    venue: str = ""


def slip_pdf(exam: SlipExam, slips: Sequence[Slip], progress: Callable[[int, int], None] | None = None) -> bytes:
    """Return the slips as a PDF, in their order, the second half of an odd last page empty."""
    register_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, lang="vi-VN", initialFontName=REGULAR)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setTitle(f"{TITLE} – {printable(exam.name)}")
    _define_letterhead(canvas, exam)
    for place, slip in enumerate(slips):
        upper = place % 2 == 0
        canvas.saveState()
        canvas.translate(0, HEIGHT if upper else 0)
        _draw(canvas, slip)
        canvas.restoreState()
        if not upper or place + 1 == len(slips):
            _cut_line(canvas)
            canvas.showPage()
        if progress and (place + 1) % 50 == 0:
            progress(place + 1, len(slips))
    canvas.save()
    return out.getvalue()


def slip_lines(slip: Slip) -> list[tuple[str, str]]:
    """Return label and value of everything a slip says of its candidate, but for number and code."""
    lines = [
        (_NAME_LABEL, printable(slip.full_name)),
        ("Ngày sinh:", f"{slip.birth_date:%d/%m/%Y}" if slip.birth_date else "…………………………"),
    ]
    if slip.extra_minutes:
        lines.append(("Được thêm:", f"{slip.extra_minutes} phút làm bài"))
    for place in slip.places[:_MOST_PLACES]:
        kind = "Thi thử" if place.rehearsal else "Thi"
        lines.append((f"{kind}:", printable(f"{place.starts} (ca {place.sitting})")))
        lines.append(("", printable(f"{place.room}, chỗ {place.seat} – {place.test}")))
    if slip.places[_MOST_PLACES:]:
        lines.append(("", "Các ca thi khác: theo danh sách niêm yết của Hội đồng"))
    if not slip.places:
        lines.append(("Ca thi, phòng:", "theo danh sách niêm yết của Hội đồng"))
    if slip.venue:
        lines.append(("Địa điểm:", printable(slip.venue)))
    return lines


def qr_text(slip: Slip) -> str:
    """Return what the QR code holds: number and code, in capitals and digits only, so that it stays coarse."""
    return f"{slip.number} {slip.code}"


def _define_letterhead(canvas: Canvas, exam: SlipExam) -> None:
    """Draw once what is the same on every slip, so that the file holds it once."""
    canvas.beginForm(_NAME)
    canvas.setLineWidth(0.6)
    left, right, top = _LEFT + 37 * mm, _RIGHT - 48 * mm, HEIGHT - 14 * mm
    _centred(canvas, (REGULAR, 11), (left, top, 78 * mm), printable(exam.superior).upper())
    below = _council(canvas, (left, top - 5 * mm, 78 * mm), printable(exam.council).upper())
    canvas.line(left - 14 * mm, below - 1.8 * mm, left + 14 * mm, below - 1.8 * mm)
    _centred(canvas, (BOLD, 11), (right, top, 96 * mm), COUNTRY)
    _centred(canvas, (BOLD, 12), (right, top - 5 * mm, 96 * mm), MOTTO)
    under = stringWidth(MOTTO, BOLD, 12) / 2
    canvas.line(right - under, top - 6.8 * mm, right + under, top - 6.8 * mm)
    _centred(canvas, (BOLD, 15), (WIDTH / 2, top - 19 * mm, 160 * mm), TITLE)
    _exam_name(canvas, (WIDTH / 2, top - 25 * mm, 170 * mm), printable(exam.name))
    canvas.roundRect(_LEFT - 3 * mm, HEIGHT - 63.5 * mm, _TEXT_RIGHT - _LEFT + 5 * mm, 19 * mm, 1.5 * mm)
    canvas.setFont(REGULAR, 12)
    canvas.drawString(_LEFT, HEIGHT - 50 * mm, "Số báo danh:")
    _centred(canvas, (ITALIC, 9), (_RIGHT - _QR_SIDE / 2, HEIGHT - 79.5 * mm, _QR_SIDE), "Số báo danh và mã dự thi")
    canvas.setFont(REGULAR, _ADVICE_SIZE)
    parts = [part for line in ADVICE for part in simpleSplit(line, REGULAR, _ADVICE_SIZE, _RIGHT - _LEFT)]
    for below, part in enumerate(parts, start=1):
        canvas.drawString(_LEFT, 8.5 * mm + (len(parts) - below) * 4.7 * mm, part)
    canvas.endForm()


def _draw(canvas: Canvas, slip: Slip) -> None:
    canvas.doForm(_NAME)
    canvas.setFont(REGULAR, 12)
    again = f" (cấp lần {slip.issue})" if slip.issue > 1 else ""
    canvas.drawString(_LEFT + _CODE_AT, HEIGHT - 50 * mm, f"Mã dự thi{again}:")
    canvas.setFont(BOLD, 24)
    canvas.drawString(_LEFT, HEIGHT - 60 * mm, slip.number)
    _fitted(canvas, (BOLD, 20), (_LEFT + _CODE_AT, HEIGHT - 60 * mm, _TEXT_RIGHT - _LEFT - _CODE_AT), slip.code)
    baseline, lines = HEIGHT - 71 * mm, slip_lines(slip)
    step = min(6.3 * mm, _LINES_HEIGHT / (len(lines) - 1))
    for label, value in lines:
        canvas.setFont(REGULAR, 12)
        canvas.drawString(_LEFT, baseline, label)
        font = BOLD if label == _NAME_LABEL else REGULAR
        width = (_TEXT_RIGHT if baseline > HEIGHT - 82 * mm else _RIGHT) - _LEFT - _VALUE_AT
        _fitted(canvas, (font, 12), (_LEFT + _VALUE_AT, baseline, width), value)
        baseline -= step
    draw_qr(canvas, qr_text(slip), _RIGHT - _QR_SIDE, HEIGHT - 77.5 * mm, _QR_SIDE)


def _cut_line(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setDash(2, 3)
    canvas.setLineWidth(0.4)
    canvas.line(6 * mm, HEIGHT, WIDTH - 6 * mm, HEIGHT)
    canvas.restoreState()


def _centred(canvas: Canvas, style: Style, spot: Spot, text: str) -> None:
    canvas.setFont(style[0], _size(style, text, spot[2]))
    canvas.drawCentredString(spot[0], spot[1], text)


def _council(canvas: Canvas, spot: Spot, name: str) -> float:
    """Draw the name of the council in as many lines as it takes, and return where the last of them stands."""
    size, lines = next(
        setting
        for size, most in _COUNCIL_SETTINGS
        if len((setting := (size, broken_evenly(name, size, BOLD, spot[2])))[1]) <= most
    )
    leading = min(4.5 * mm, _COUNCIL_HEIGHT / max(len(lines) - 1, 1))
    for place, line in enumerate(lines):
        _centred(canvas, (BOLD, size), (spot[0], spot[1] - place * leading, spot[2]), line)
    return float(spot[1] - max(len(lines) - 1, 0) * leading)


def _exam_name(canvas: Canvas, spot: Spot, name: str) -> None:
    """Draw the name of the exam below the title, a long one in two lines."""
    size, lines = _few_lines((REGULAR, 12), spot[2], name)
    for place, line in enumerate(lines):
        up = 1.2 * mm - place * 4.4 * mm if len(lines) > 1 else 0
        _centred(canvas, (REGULAR, min(size, 11) if len(lines) > 1 else size), (spot[0], spot[1] + up, spot[2]), line)


def _fitted(canvas: Canvas, style: Style, spot: Spot, text: str) -> None:
    """Draw a text in the room of one line: smaller, or as two lines when it would be too small to read."""
    size = _size(style, text, spot[2])
    if size >= _SMALLEST or " " not in text:
        canvas.setFont(style[0], size)
        canvas.drawString(spot[0], spot[1], text)
        return
    size, lines = _few_lines((style[0], _HALF_SIZE), spot[2], text)
    for place, line in enumerate(lines):
        canvas.setFont(style[0], _size((style[0], size), line, spot[2]))
        canvas.drawString(spot[0], spot[1] + (1.6 - place * 3.1) * mm, line)


def _few_lines(style: Style, width: float, text: str) -> tuple[float, list[str]]:
    """Return a text as at most two lines, with the size at which it comes to that."""
    font, size = style
    lines = broken_evenly(text, size, font, width)
    while len(lines) > 2:
        size *= 0.95
        lines = broken_evenly(text, size, font, width)
    return size, lines


def _size(style: Style, text: str, width: float) -> float:
    """Return the size at which the text fits: long names of exams and people are printed smaller, never cut."""
    font, size = style
    return min(size, float(size * width / max(stringWidth(text, font, size), 1)))
