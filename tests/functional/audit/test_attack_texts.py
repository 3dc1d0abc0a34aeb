"""Somebody types what looks like the log's own words into a reason: nobody's page of the log breaks of it."""

import pytest

from examapp.access.actor import SYSTEM
from examapp.audit.services import record
from tests.cast import ADMINISTRATOR, CHAIR
from tests.functional.exam_day import At, Day, csrf_token

#: a thing whose id is none, and moments that no calendar has
TEXTS = [
    "exam:00000000" + "-" * 28,
    "exam:0190f7c0-0000-7000-8000-00000000----",
    "2026-99-99T00:00:00.000Z",
    "0000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "٢٠٢٦-٠١-٠١T٠٠:٠٠:٠٠.٠٠٠Z",
]


@pytest.mark.parametrize("typed", TEXTS)
def test_a_reason_is_shown_as_it_was_typed(day: Day, typed: str) -> None:
    scope = f"sitting:{day.built.sittings[At.DRAFT]}"
    event = record(
        day.session, scope, "sittings.rescheduled", scope, {"reason": typed}, actor=SYSTEM, now=day.clock.now()
    )
    number = event.number
    day.session.commit()
    browser = day.browser(CHAIR)
    page = browser.open(f"/nhat-ky/?scope={scope}")
    assert typed in page.text
    assert typed in browser.open(f"/nhat-ky/{scope}/{number}").text
    values = {"csrf_token": csrf_token(page.html), "kind": "csv", "scope": scope}
    taken = browser.client.post("/nhat-ky/xuat", data=values)
    assert (taken.status_code, typed in taken.get_data(as_text=True)) == (200, True)


@pytest.mark.parametrize("scope", ["exam:" + "-" * 36, "sitting:" + "0" * 36])
def test_an_address_without_an_id_finds_nothing(day: Day, scope: str) -> None:
    for person in (ADMINISTRATOR, CHAIR):
        day.browser(person).open(f"/nhat-ky/{scope}/1", status=404)
