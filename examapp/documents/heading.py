"""The head of an official document: issuing body, state name and motto, number, place and date, title."""

from datetime import date

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Spacer

from examapp.documents.fonts import BOLD, ITALIC, REGULAR, printable
from examapp.documents.lines import Columns, Rule, balanced, centred
from examapp.documents.parts import Letterhead, Title

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_SIZE = 13
#: the issuing body; the rest is for the state's name and the date, which takes 100 mm
_LEFT = 64 * mm
_TITLE_WIDTH = 140 * mm
#: spaces that are kept, for a number written by hand
_GAP = "\u00a0" * 12
#: kinds of documents that are numbered, with their sign (NĐ 30/2020 Phụ lục III)
_SIGNS = {"thông báo": "TB", "quyết định": "QĐ", "biên bản": "BB", "báo cáo": "BC", "kế hoạch": "KH", "tờ trình": "TTr"}


def heading(letterhead: Letterhead, title: Title, width: float) -> list[Flowable]:
    """Return everything above the body."""
    right = width - _LEFT
    issuer = [
        *balanced(letterhead.superior.upper(), _SIZE - 0.5, REGULAR, _LEFT),
        *balanced(letterhead.council.upper(), _SIZE - 0.5, BOLD, _LEFT),
        Rule(18 * mm),
    ]
    motto_width = stringWidth(MOTTO, BOLD, _SIZE)
    state = [centred(COUNTRY, _SIZE - 0.5, BOLD), centred(MOTTO, _SIZE, BOLD), Rule(motto_width)]
    number, dated = [centred(_number(letterhead, title), _SIZE)], [_Dated(letterhead)]
    return [
        Columns([issuer, state], [_LEFT, right]),
        Columns([[Spacer(1, 4), *number], [Spacer(1, 4), *dated]], [_LEFT, right]),
        Spacer(1, 14),
        centred(title.kind.upper(), 14, BOLD),
        *balanced(title.subject, 14, BOLD, _TITLE_WIDTH),
        Rule(40 * mm),
        Spacer(1, 8),
    ]


def dated(day: date) -> str:
    """Return a date in words: a day below 10 and the months 1 and 2 with their zero, so that nothing can be added."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def initials(name: str) -> str:
    """Return how a body is written in the number of its documents: HĐTDCC."""
    return "".join(word[0] for word in printable(name).upper().split() if word[0].isalpha())


def _number(letterhead: Letterhead, title: Title) -> str:
    """Return the line of the number; a list has none, another document a gap for it until it is issued."""
    if letterhead.number is not None:
        return f"Số: {letterhead.number}"
    sign = next((sign for kind, sign in _SIGNS.items() if kind in title.kind.lower()), None)
    return f"Số:{_GAP}/{sign}-{initials(letterhead.council)}" if sign else ""


class _Dated(Flowable):  # type: ignore[misc]  # untyped library
    """Place and date on one line: centred, or set against the right margin where they are longer than the column."""

    def __init__(self, letterhead: Letterhead) -> None:
        super().__init__()
        self.text = printable(f"{letterhead.place}, {dated(letterhead.day)}")

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the height of a line."""
        self.width = width
        return width, _SIZE * 1.22

    def draw(self) -> None:
        """Draw the line."""
        length = stringWidth(self.text, ITALIC, _SIZE)
        self.canv.setFont(ITALIC, _SIZE)
        self.canv.drawString(min((self.width - length) / 2, self.width - length), 3.5, self.text)
