"""The public value: eight digits typed twice, before any code, once and never again."""

from datetime import timedelta
from typing import Any

import pytest

from examapp.sittings.queries import active_package, opening_of
from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import PUBLIC_VALUE, WITNESSES, At, Day
from tests.pages import Page

DEED = "/so-rut"
VALUES = {"public_value": PUBLIC_VALUE, "repeated": PUBLIC_VALUE, "witness_names": WITNESSES, "confirm_value": "y"}


def recorded(day: Day, at: At) -> str | None:
    """Return the public value that is stored."""
    package = active_package(day.session, day.sitting(at).id)
    opening = opening_of(day.session, package.id) if package else None
    return opening.public_value if opening else None


@pytest.mark.parametrize("person", [CHAIR, SITE_CHAIR], ids=lambda one: one.username)
def test_it_works_and_is_shown_with_its_witnesses(day: Day, person) -> None:
    browser = day.browser(person)
    page = browser.submit(browser.open(day.path(At.FROZEN)), day.path(At.FROZEN, DEED), **VALUES)
    assert f"Đã ghi số rút công khai {PUBLIC_VALUE}." in page.text
    assert WITNESSES in page.text
    assert "Mở đề" in page.text
    assert recorded(day, At.FROZEN) == PUBLIC_VALUE
    action, details = day.events(At.FROZEN)[-1]
    assert action == "sittings.public_value_recorded"
    assert PUBLIC_VALUE in details


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"public_value": ""}, "Nhập số rút công khai."),
        ({"repeated": ""}, "Nhập lại số rút công khai."),
        ({"witness_names": ""}, "Ghi tên hai thí sinh chứng kiến."),
        ({"witness_names": "a" * 201}, "Nội dung dài quá mức cho phép."),
        ({"public_value": "2071183", "repeated": "2071183"}, "Số rút công khai gồm đúng 8 chữ số"),
        ({"public_value": "２０７１１８３４", "repeated": "２０７１１８３４"}, "Số rút công khai gồm đúng 8 chữ số"),
        ({"repeated": "20711843"}, "Hai lần nhập số rút công khai khác nhau."),
    ],
)
def test_each_slip_is_named_and_nothing_is_recorded(day: Day, change: dict[str, Any], sentence: str) -> None:
    browser = day.browser(CHAIR)
    values = {**VALUES, **change}
    page = browser.submit(browser.open(day.path(At.FROZEN)), day.path(At.FROZEN, DEED), status=422, **values)
    assert page.heading == "Ca thi KT26 · CA2"
    assert sentence in page.text
    assert recorded(day, At.FROZEN) is None
    if not sentence.startswith(("Số rút", "Hai lần")):  # a slip that the form itself sees stands at its field, too
        assert page.all("input")[_place(page, next(iter(change)))].attributes["aria-invalid"] == "true"
    typed = page.form(day.path(At.FROZEN, DEED)).fields
    assert {name: typed[name] for name in values} == values, "what was typed is still there"


def _place(page: Page, name: str) -> int:
    return next(at for at, one in enumerate(page.all("input")) if one.attributes.get("name") == name)


def test_twice_changes_nothing(day: Day) -> None:
    browser = day.browser(CHAIR)
    page = browser.open(day.path(At.FROZEN))
    browser.submit(page, day.path(At.FROZEN, DEED), **VALUES)
    other = {**VALUES, "public_value": "11111111", "repeated": "11111111"}
    page = browser.submit(page, day.path(At.FROZEN, DEED), status=409, **other)
    assert "đã được ghi, không nhập lại được" in page.text
    assert recorded(day, At.FROZEN) == PUBLIC_VALUE
    assert not [form for form in page.forms() if form.action == day.path(At.FROZEN, DEED)]


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [(-1, "Trang này mở được từ 08:00 ngày 24/11/2026"), (15, "Đã quá giờ bắt đầu nên không mở đề được nữa")],
)
def test_too_early_and_too_late_are_told(day: Day, minutes: int, sentence: str) -> None:
    day.clock.moment = NOW + timedelta(minutes=minutes)
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(day.path(At.FROZEN)), day.path(At.FROZEN, DEED), status=409, **VALUES)
    assert sentence in page.text
    assert recorded(day, At.FROZEN) is None


def test_only_the_chair_may(day: Day) -> None:
    for person in (SECRETARY, INVIGILATOR):
        day.refuses(At.FROZEN, person, DEED, 403, **VALUES)
        assert not [form for form in day.browser(person).open(day.path(At.FROZEN)).forms() if DEED in form.action]
    day.refuses(At.FROZEN, STRANGER, DEED, 404, **VALUES)
    day.refuses(At.DRAFT, CHAIR, DEED, 409, **VALUES)
    assert day.browser(CHAIR).client.get(day.path(At.FROZEN, DEED)).status_code == 405
    assert recorded(day, At.FROZEN) is None
