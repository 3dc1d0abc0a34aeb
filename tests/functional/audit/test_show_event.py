"""One event of the log: what was before and after, the program's own names, what proves it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.services import erase_details, record
from tests.cast import ADMINISTRATOR, CHAIR, COORDINATOR, NOBODY, SECRETARY, SITE_CHAIR, SITE_SECRETARY, Person
from tests.conftest import Clock
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
CHANGE = {"minutes": {"before": 60, "after": 90}, "reason": "Mất điện"}


@pytest.fixture
def changed(stored: Session, clock: Clock) -> str:
    """Write two events and return the address of the second one's page."""
    record(stored, "exam:1", "exams.test_added", "exam:1", {}, actor=SYSTEM, now=clock.now())
    record(stored, "exam:1", "exams.test_added", "exam:1", CHANGE, actor=SYSTEM, now=clock.now())
    stored.commit()
    return "/nhat-ky/exam:1/2"


def test_it_shows_before_and_after_and_the_programs_names(browser_of: BrowserOf, changed: str) -> None:
    page = browser_of(ADMINISTRATOR).open(changed)
    assert page.heading == "Thêm bài thi"
    cells = [one.text for one in page.all("td")]
    assert cells == ["60", "90", "", "Mất điện"]
    assert "exams.test_added" in page.text
    assert "exam:1" in page.text
    assert "sự kiện số 2 trên 2" in page.text
    assert "Đúng như lúc máy chủ ghi" in page.text
    assert "/nhat-ky/exam:1/1" in page.links()
    assert "/nhat-ky/exam:1/3" not in page.links()


def test_an_altered_event_is_called_so(browser_of: BrowserOf, changed: str, stored: Session) -> None:
    stored.execute(text("ALTER TABLE audit_details DISABLE TRIGGER USER"))
    stored.execute(text("UPDATE audit_details SET details = '{}' WHERE scope = 'exam:1' AND number = 2"))
    stored.commit()
    page = browser_of(ADMINISTRATOR).open(changed)
    assert "không còn như lúc máy chủ ghi" in page.text
    assert "Đúng như lúc máy chủ ghi" not in page.text


def test_erased_details_are_said_to_be(browser_of: BrowserOf, changed: str, stored: Session, clock: Clock) -> None:
    event = record(stored, "exam:1", "exams.test_added", "exam:1", CHANGE, actor=SYSTEM, now=clock.now())
    erase_details(stored, event, reason="Luật 91/2025", actor=SYSTEM, now=clock.now())
    stored.commit()
    page = browser_of(ADMINISTRATOR).open("/nhat-ky/exam:1/3")
    assert "Chi tiết đã xóa theo luật" in page.text
    assert "Đúng như lúc máy chủ ghi" in page.text


def test_there_is_none(browser_of: BrowserOf, changed: str) -> None:
    browser = browser_of(ADMINISTRATOR)
    for path in ("/nhat-ky/exam:1/99", f"/nhat-ky/exam:1/{10**30}", "/nhat-ky/exam:404/1", "/nhat-ky/%00/1"):
        browser.open(path, status=404)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (CHAIR, 200),
        (SECRETARY, 200),
        (SITE_CHAIR, 200),
        (SITE_SECRETARY, 200),
        (ADMINISTRATOR, 200),
        (COORDINATOR, 403),
        (NOBODY, 403),
        (NEIGHBOUR, 404),
    ],
)
def test_an_event_of_an_exam_is_for_its_council(day: Day, person: Person, status: int) -> None:
    day.browser(person).open(f"/nhat-ky/sitting:{day.built.sittings[At.READY]}/1", status=status)


@pytest.mark.parametrize(
    ("person", "status"),
    [(CHAIR, 404), (SITE_SECRETARY, 403), (NEIGHBOUR, 404), (ADMINISTRATOR, 200), (SITE_CHAIR, 200)],
)
def test_an_event_of_the_system_is_for_readers_of_the_whole_log(day: Day, person: Person, status: int) -> None:
    day.browser(person).open("/nhat-ky/system/1", status=status)
