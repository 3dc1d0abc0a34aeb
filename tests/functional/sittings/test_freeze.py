"""Freezing shows two codes once: on that one answer, and in no log, chain, cookie or later page."""

import logging
import re

import pytest
from sqlalchemy import delete, select, update

from examapp.delivery.forms import KeyCodeForm
from examapp.integrity.package import open_compartment
from examapp.sittings.forms import OpenForm
from examapp.sittings.models import Package, Room, Seat, SittingState
from examapp.sittings.queries import active_package
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER, Person
from tests.functional.exam_day import NEIGHBOUR, At, Day, checked
from tests.pages import Page

DEED = "/dong-goi"


def codes_on(page: Page) -> tuple[str, str]:
    """Return the code of the paper and the code of the keys that a page shows."""
    paper, key = re.findall(r"(?:[0-9A-Z*~$=]{4,5}-){5,}[0-9A-Z*~$=]+", page.html)
    return paper, key


@pytest.fixture(autouse=True)
def questions_of_its_own(day: Day, request: pytest.FixtureRequest) -> None:
    """Have no other sitting share questions, except where the test is about that."""
    if "sharing" not in request.keywords:
        day.session.execute(update(Package).values(pool=[]))
        day.session.commit()


@pytest.mark.sharing
def test_questions_of_another_sitting_are_shared_for_the_chairs_reason_only(day: Day) -> None:
    path = day.path(At.DRAFT)
    for person, reason in ((CHAIR, ""), (SECRETARY, "tiện")):
        browser = day.browser(person)
        page = browser.submit(browser.open(path), path + DEED, status=409, confirm="y", **_reason(person, reason))
        assert "dùng chung câu hỏi với" in page.text
        assert day.sitting(At.DRAFT).state is SittingState.DRAFT
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(path), path + DEED, confirm="y", shared_pool_reason="Hội đồng đồng ý")
    assert page.heading == "Hai mã của ca thi KT26 · CA1"
    assert "Hội đồng đồng ý" in day.events(At.DRAFT)[-1][1]


def _reason(person: Person, reason: str) -> dict[str, str]:
    """Return the field that only the chair's form has."""
    return {"shared_pool_reason": reason} if person is CHAIR else {}


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_shows_two_codes_that_open_the_package(day: Day, person) -> None:
    browser = day.browser(person)
    page = browser.submit(browser.open(day.path(At.DRAFT)), day.path(At.DRAFT, DEED), confirm="y")
    assert page.heading == "Hai mã của ca thi KT26 · CA1"
    paper, key = codes_on(page)
    assert day.sitting(At.DRAFT).state is SittingState.FROZEN
    package = active_package(day.session, day.built.sittings[At.DRAFT])
    assert package is not None
    assert package.core_digest.hex() in page.text.replace(" ", "")
    # the page that asks for a code tells its length
    assert {len(code.replace("-", "")) for code in (paper, key)} == {27}
    for told in (OpenForm.paper_code, KeyCodeForm.key_code):
        assert told.kwargs["description"].startswith("27 chữ và số")
    assert open_compartment(package.content, "paper", paper).data["questions"]
    assert open_compartment(package.content, "key", key).data["keys"]


def test_a_first_freeze_without_the_confirmation_speaks_of_no_earlier_one(day: Day) -> None:
    browser = day.browser(SECRETARY)
    page = browser.submit(browser.open(day.path(At.DRAFT)), day.path(At.DRAFT, DEED), status=422)
    assert "Đánh dấu ô này để xác nhận" in page.text
    assert "giờ thi như hiện nay" in page.text
    assert "lần đóng gói trước" not in page.text


def test_the_codes_are_nowhere_else(day: Day, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = day.browser(CHAIR)
    with day.statements() as statements:
        answer = browser.post(browser.open(day.path(At.DRAFT)), day.path(At.DRAFT, DEED), confirm="y")
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    codes = codes_on(Page(answer))
    told = [caplog.text, str(answer.headers), *statements, *(details for _, details in day.events(At.DRAFT))]
    told += [browser.open(path).html for path in (day.path(At.DRAFT), "/ca-thi/", "/")]
    assert [action for action, _ in day.events(At.DRAFT)][-1] == "sittings.frozen"
    for code in codes:
        assert not [text for text in told if code in text or code.replace("-", "") in text]


def test_freezing_again_needs_the_confirmation_and_supersedes_the_first_package(day: Day) -> None:
    browser = day.browser(SECRETARY)
    path = day.path(At.FROZEN)
    old = day.built.frozen[At.FROZEN]
    page = browser.open(path)
    assert "Đóng gói lại" in page.text
    page = browser.submit(page, path + DEED, status=422)
    assert "Đánh dấu ô này để xác nhận, rồi bấm lại." in page.text
    assert len(day.session.scalars(_packages(day)).all()) == 1
    page = browser.submit(page, path + DEED, confirm="y")
    assert codes_on(page) != (old.paper_code, old.key_code)
    first, second = day.session.scalars(_packages(day)).all()
    assert (first.freeze_no, first.superseded_at is None) == (1, False)
    assert (second.freeze_no, second.superseded_at) == (2, None)


def test_a_refusal_half_way_leaves_the_first_package_in_force(day: Day) -> None:
    rooms = select(Room.id).where(Room.sitting_id == day.built.sittings[At.FROZEN])
    day.session.execute(delete(Seat).where(Seat.room_id.in_(rooms)))
    day.session.commit()
    browser = day.browser(CHAIR)
    path = day.path(At.FROZEN)
    page = browser.submit(browser.open(path), path + DEED, status=422, confirm="y")
    assert "Ca thi chưa có thí sinh nào được xếp chỗ." in page.text
    assert "Mã gói đề, lần đóng gói 1" in page.text, "drawn as it is stored, not as the deed left it"
    assert [package.superseded_at for package in day.session.scalars(_packages(day))] == [None]


def test_the_same_page_freezes_once_and_a_second_press_says_what_it_would_end(day: Day) -> None:
    """A double click, or two people before the same page: the codes that were shown first stay the codes."""
    browser = day.browser(CHAIR)
    stale = browser.open(day.path(At.DRAFT))
    codes = codes_on(browser.submit(stale, day.path(At.DRAFT, DEED), confirm="y"))
    page = browser.submit(stale, day.path(At.DRAFT, DEED), status=409, confirm="y")
    assert "Ca thi đã được đóng gói lần 1 lúc 08:00 ngày 24/11/2026" in page.text
    package = active_package(day.session, day.built.sittings[At.DRAFT])
    assert package is not None
    assert open_compartment(package.content, "paper", codes[0]).data

    page = browser.submit(page, day.path(At.DRAFT, DEED), status=422)
    assert "Đánh dấu ô này để xác nhận, rồi bấm lại." in page.text, "what was confirmed before is asked again"
    again = codes_on(browser.submit(page, day.path(At.DRAFT, DEED), confirm="y"))
    day.session.commit()
    package = active_package(day.session, day.built.sittings[At.DRAFT])
    assert package is not None
    assert package.freeze_no == 2
    assert open_compartment(package.content, "paper", again[0]).data


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (At.VALUED, "Số rút công khai đã được ghi nên không đóng gói lại được"),
        (At.READY, "Ca thi không còn ở bước này."),
        (At.MARKED, "Ca thi không còn ở bước này."),
    ],
)
def test_too_late_is_told_on_the_same_page(day: Day, at: At, sentence: str) -> None:
    browser = day.browser(CHAIR)
    stale = browser.open(day.path(At.FROZEN))
    form = stale.form(day.path(At.FROZEN, DEED))
    answer = browser.client.post(day.path(at, DEED), data={**form.fields, "confirm": "y"})
    page = checked(answer, 409)
    assert page.heading.endswith(at.value)
    assert sentence in page.text
    assert not [form for form in page.forms() if form.action == day.path(at, DEED)]


def test_nobody_else_may(day: Day) -> None:
    for person in (INVIGILATOR, COORDINATOR):
        day.refuses(At.DRAFT, person, DEED, 403, confirm="y")
        assert not [form for form in day.browser(person).open(day.path(At.DRAFT)).forms() if DEED in form.action]
    day.refuses(At.DRAFT, NEIGHBOUR, DEED, 404, confirm="y")
    day.refuses(At.DRAFT, STRANGER, DEED, 404, confirm="y")
    assert day.browser(SITE_CHAIR).client.get(day.path(At.DRAFT, DEED)).status_code == 405
    assert day.browser(CHAIR).client.post(day.path(At.DRAFT, DEED), data={"confirm": "y"}).status_code == 400


def _packages(day: Day):
    return select(Package).where(Package.sitting_id == day.built.sittings[At.FROZEN]).order_by(Package.freeze_no)
