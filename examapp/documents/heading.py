"""The head of an official document: issuing body, state name and motto, number, place and date, title."""

from datetime import date, datetime

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Spacer

from examapp.core.clock import LOCAL_ZONE
from examapp.documents.fonts import BOLD, ITALIC, REGULAR, printable
from examapp.documents.lines import Columns, Rule, balanced, broken_evenly, centred
from examapp.documents.parts import Letterhead, Title

COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
#: the names of bodies and state, and the lines below them
_NAME_SIZE, _SIZE = 12, 13
#: the issuing body; the rest is for the state's name and the date, which takes 100 mm
_LEFT = 64 * mm
_TITLE_WIDTH = 140 * mm
#: so far may place and date reach into the column of the number; what is longer is printed smaller
_DATE_OVERHANG = 6 * mm
#: the line below a name or a title in relation to it: a third to a half is asked for
_RULE_SHARE = 0.45
#: spaces that are kept, for a number written by hand
_GAP = "\u00a0" * 12
#: words at which the name of a body begins to say what it is for, and the longest abbreviation that is read as one
_QUALIFIERS = ("vào", "tại", "thuộc", "của", "cho", "các", "năm")
_LONGEST_SIGN = 8
#: kinds of documents that are numbered, with their sign (NĐ 30/2020 Phụ lục III)
_SIGNS = {"thông báo": "TB", "quyết định": "QĐ", "biên bản": "BB", "báo cáo": "BC", "kế hoạch": "KH", "tờ trình": "TTr"}


def heading(letterhead: Letterhead, title: Title, width: float) -> list[Flowable]:
    """Return everything above the body."""
    right = width - _LEFT
    issuer = [
        *balanced(letterhead.superior.upper(), _NAME_SIZE, REGULAR, _LEFT),
        *_ruled(letterhead.council.upper(), _NAME_SIZE, _LEFT),
    ]
    motto_width = stringWidth(MOTTO, BOLD, _SIZE)
    state = [centred(COUNTRY, _NAME_SIZE, BOLD), centred(MOTTO, _SIZE, BOLD), Rule(motto_width)]
    number, dated = [centred(_number(letterhead, title), _SIZE)], [_Dated(letterhead)]
    return [
        Columns([issuer, state], [_LEFT, right]),
        Columns([[Spacer(1, 4), *number], [Spacer(1, 4), *dated]], [_LEFT, right]),
        Spacer(1, 14),
        *([centred(title.kind.upper(), 14, BOLD)] if title.subject else []),
        *_ruled(title.subject or title.kind.upper(), 14, _TITLE_WIDTH),
        Spacer(1, 8),
    ]


def _ruled(text: str, size: float, width: float) -> list[Flowable]:
    """Return a bold heading with the short line below it, which goes by the length of its last line."""
    lines = broken_evenly(printable(text), size, BOLD, width)
    last = min(width, stringWidth(lines[-1] if lines else "", BOLD, size))
    return [*(centred(line, size, BOLD) for line in lines), Rule(last * _RULE_SHARE)]


def dated(day: date) -> str:
    """Return a date in words: a day below 10 and the months 1 and 2 with their zero, so that nothing can be added."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def clocked(moment: datetime) -> str:
    """Return a moment in words: 08 giờ 00 ngày 12 tháng 12 năm 2026."""
    here = moment.astimezone(LOCAL_ZONE)
    return f"{here:%H} giờ {here:%M} {dated(here.date())}"


def counted(number: int) -> str:
    """Return a number as documents write it: 05, 23, 1.004."""
    return f"{number:02d}" if number < 1000 else f"{number:,}".replace(",", ".")


def initials(name: str) -> str:
    """Return how a body is written in the number of its documents: HĐTDCC; a gap where nobody would write it so.

    What a long name adds of its purpose, place or year is left out.
    """
    words = printable(name).split()
    end = next((at for at, word in enumerate(words) if word.lower() in _QUALIFIERS), len(words))
    sign = "".join(word[0] for word in words[:end] if word[0].isalpha()).upper()
    return sign if sign and len(sign) <= _LONGEST_SIGN else _GAP


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
        most = self.width + _DATE_OVERHANG
        size = min(_SIZE, _SIZE * most / stringWidth(self.text, ITALIC, _SIZE))
        length = stringWidth(self.text, ITALIC, size)
        self.canv.setFont(ITALIC, size)
        self.canv.drawString(min((self.width - length) / 2, self.width - length), 3.5, self.text)
