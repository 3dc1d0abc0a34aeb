"""Opening the keys after root R1: every attempt is marked and root R2 fixes the marks."""

import pytest

from examapp.delivery.queries import keys_opened
from examapp.sittings.models import SittingState
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import At, Day

DEED = "/dap-an"


def test_it_marks_every_attempt_and_shows_the_second_root(day: Day) -> None:
    browser = day.browser(CHAIR)
    code = day.built.frozen[At.SEALED].key_code
    page = browser.submit(
        browser.open(day.path(At.SEALED)), day.path(At.SEALED, DEED), key_code=code.lower(), confirm_keys="y"
    )
    assert "Đã mở đáp án và chấm 3 bài." in page.text
    assert "Gốc kết quả R2" in page.text
    assert day.path(At.SEALED, "/ket-qua") in page.links()
    assert day.sitting(At.SEALED).state is SittingState.MARKED
    assert [day.attempt(number).correct for number in ("0011", "0012", "0013")] == [8, 3, 0]
    assert [action for action, _ in day.events(At.SEALED)][-2:] == ["delivery.keys_opened", "delivery.marked"]
    assert not [details for _, details in day.events(At.SEALED) if code in details]


@pytest.mark.parametrize("typed", ["", "ABC", "paper", "other"])
def test_a_wrong_code_is_told_on_the_same_page_and_nothing_changes(day: Day, typed: str) -> None:
    frozen = day.built.frozen
    code = {"paper": frozen[At.SEALED].paper_code, "other": frozen[At.MARKED].key_code}.get(typed, typed)
    browser = day.browser(CHAIR)
    page = browser.submit(
        browser.open(day.path(At.SEALED)), day.path(At.SEALED, DEED), status=422, key_code=code, confirm_keys="y"
    )
    assert page.heading == "Ca thi KT26 · CA5"
    assert [one.text for one in page.elements if "note--bad" in one.attributes.get("class", "")]
    assert day.sitting(At.SEALED).state is SittingState.SEALED
    assert not keys_opened(day.session, day.built.sittings[At.SEALED])
    assert day.attempt("0011").correct is None


def test_twice_marks_once(day: Day) -> None:
    browser = day.browser(CHAIR)
    code = day.built.frozen[At.SEALED].key_code
    page = browser.open(day.path(At.SEALED))
    browser.submit(page, day.path(At.SEALED, DEED), key_code=code, confirm_keys="y")
    again = browser.submit(page, day.path(At.SEALED, DEED), status=409, key_code=code, confirm_keys="y")
    assert "Đáp án của ca thi này đã được mở." in again.text
    assert [action for action, _ in day.events(At.SEALED)].count("delivery.marked") == 1


def test_never_before_the_seal(day: Day) -> None:
    code = day.built.frozen[At.READY].key_code
    day.refuses(At.READY, CHAIR, DEED, 409, key_code=code, confirm_keys="y")
    assert not keys_opened(day.session, day.built.sittings[At.READY])


def test_only_the_chair_may(day: Day) -> None:
    code = day.built.frozen[At.SEALED].key_code
    for person in (SECRETARY, INVIGILATOR, COORDINATOR):
        day.refuses(At.SEALED, person, DEED, 403, key_code=code, confirm_keys="y")
    day.refuses(At.SEALED, STRANGER, DEED, 404, key_code=code, confirm_keys="y")
    assert day.browser(CHAIR).client.get(day.path(At.SEALED, DEED)).status_code == 405
    assert not keys_opened(day.session, day.built.sittings[At.SEALED])
