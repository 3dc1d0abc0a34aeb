"""Dates, times and numbers in the Vietnamese form."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from examapp.web import filters

MOMENT = datetime(2026, 12, 11, 17, 5, 9, tzinfo=UTC)


@pytest.fixture(params=["vi", "en"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the language of the page being drawn."""
    app = Flask("trial")
    Babel(app, locale_selector=lambda: request.param)
    with app.test_request_context():
        yield request.param


def test_an_evening_in_utc_is_the_next_day_in_vietnam(locale: str) -> None:
    assert filters.day(MOMENT) == "12/12/2026"
    assert filters.clock(MOMENT) == "00:05"
    assert filters.clock(MOMENT, seconds=True) == "00:05:09"
    assert filters.moment(MOMENT) == "00:05, 12/12/2026"
    assert filters.day(date(1998, 3, 9)) == "09/03/1998"


def test_what_is_typed_into_a_form_comes_back(locale: str) -> None:
    text = filters.local_input(MOMENT)
    assert text == "2026-12-12T00:05"
    assert filters.from_local_input(datetime.fromisoformat(text)) == MOMENT.replace(second=0)


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [
        (1248, 0, "1.248", "1,248"),
        (Decimal("15.6"), 1, "15,6", "15.6"),
        (0, 0, "0", "0"),
        (-1234567, 0, "-1.234.567", "-1,234,567"),
    ],
)
def test_numbers(locale: str, value: int | Decimal, places: int, vi: str, en: str) -> None:
    assert filters.number(value, places) == {"vi": vi, "en": en}[locale]


def test_shares_have_a_space_that_does_not_break(locale: str) -> None:
    assert filters.percent(Decimal("0.5")) == "50\u00a0%"


def test_nothing_is_drawn_as_nothing(locale: str) -> None:
    for draw in (filters.day, filters.clock, filters.moment, filters.number, filters.percent, filters.local_input):
        assert draw(None) == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Lê Minh Đức", "LĐ"), ("Ánh", "Á"), ("", ""), ("nguyễn  văn   an", "NA")]
)
def test_initials(name: str, letters: str) -> None:
    assert filters.initials(name) == letters
