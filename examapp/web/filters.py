"""Dates, times and numbers in the Vietnamese form (12/12/2026, 08:17:42, 1.248, 15,6), in Vietnam's time.

English pages show the same numerals in the English form, except dates, which stay day/month/year: an official date
must not be read two ways in one building.
"""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup

from examapp.core.clock import LOCAL_ZONE
from examapp.web.language import current_language
from question_bank.questions.content import Content, content_of

#: narrow no-break space would be right, but the official letters use the plain no-break one
NBSP = "\u00a0"


def init_app(app: Flask) -> None:
    """Give templates the filters under their own names."""
    app.jinja_env.filters.update(
        day=day, clock=clock, moment=moment, number=number, percent=percent, initials=initials, local_input=local_input
    )
    app.jinja_env.filters["file_size"] = file_size
    app.jinja_env.filters["rich"] = rich


def rich(text: Content | str) -> Markup:
    """Return a text of a question with its markup, which is built from known elements only; a plain one escaped."""
    return Markup(content_of(text).html)  # noqa: S704 - `Content.html` is safe by construction


def day(value: date | datetime | None) -> str:
    """Return 12/12/2026."""
    if value is None:
        return ""
    return f"{_local(value) if isinstance(value, datetime) else value:%d/%m/%Y}"


def clock(value: datetime | None, *, seconds: bool = False) -> str:
    """Return 08:17, or 08:17:42."""
    if value is None:
        return ""
    return f"{_local(value):%H:%M:%S}" if seconds else f"{_local(value):%H:%M}"


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """Return 08:17, 12/12/2026: time first, as in official letters."""
    return f"{clock(value, seconds=seconds)}, {day(value)}" if value else ""


def local_input(value: datetime | None) -> str:
    """Return the value a `datetime-local` input understands."""
    return f"{_local(value):%Y-%m-%dT%H:%M}" if value else ""


def from_local_input(value: datetime) -> datetime:
    """Return the aware moment of a wall-clock time typed into a form."""
    return value.replace(tzinfo=LOCAL_ZONE)


def number(value: int | Decimal | float | None, places: int = 0) -> str:
    """Return 1.248 or 15,6; in English 1,248 or 15.6."""
    if value is None:
        return ""
    text = f"{value:,.{places}f}"
    return text if current_language() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(value: int | Decimal | float | None, places: int = 0) -> str:
    """Return a share of one as 50 %."""
    return "" if value is None else f"{number(value * 100, places)}{NBSP}%"


def file_size(value: int) -> str:
    """Return 12 KB or 3,4 MB: what a person compares, not what a disk holds."""
    if value < 1_000_000:
        return f"{number(max(1, round(value / 1_000)))}{NBSP}KB"
    return f"{number(value / 1_000_000, 1)}{NBSP}MB"


def initials(name: str) -> str:
    """Return the first letters of family and given name, for the round mark beside a name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def _local(value: datetime) -> datetime:
    return value.astimezone(LOCAL_ZONE)
