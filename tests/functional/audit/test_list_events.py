"""The log as people read it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.services import record
from tests.cast import ADMINISTRATOR, SECRETARY, SITE_CHAIR, Person
from tests.conftest import Clock
from tests.functional.exam_day import At, Day
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]


def test_it_shows_the_newest_first_and_goes_back(browser_of: BrowserOf, stored: Session, clock: Clock) -> None:
    for number in range(60):
        record(stored, "exam:1", "exam.changed", f"KT-{number}", {"turn": number}, actor=SYSTEM, now=clock.now())
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    page = browser.open("/nhat-ky/?scope=exam:1")
    assert "KT-59" in page.text
    assert "turn59" in page.text, "a detail without a word keeps its name"
    assert "08:00:00, 24/11/2026" in page.text
    assert "KT-9 " not in page.text
    older = next(link for link in page.links() if "before=" in link)
    assert "KT-9" in browser.open(older).text


def test_denied_accesses_are_in_it(browser_of: BrowserOf) -> None:
    browser_of(SECRETARY).open("/nhat-ky/", status=403)
    page = browser_of(SITE_CHAIR).open("/nhat-ky/")
    assert "Bị từ chối truy cập" in page.text
    assert "access.denied" in page.text, "the code stays beside the word"
    assert "Đọc nhật ký" in page.text
    assert "/nhat-ky/" in page.text
    assert SECRETARY.name in page.text


def test_an_unknown_log_is_not_found(browser_of: BrowserOf) -> None:
    browser_of(ADMINISTRATOR).open("/nhat-ky/?scope=exam:404", status=404)


def test_things_have_the_names_of_the_other_pages(day: Day) -> None:
    scope = f"sitting:{day.built.sittings[At.MARKED]}"
    browser = day.browser(SITE_CHAIR)
    page = browser.open(f"/nhat-ky/?scope={scope}")
    chosen = next(one for one in page.all("option") if "selected" in one.attributes)
    assert chosen.text.startswith("Ca thi KT26 · CA6 (")
    assert page.heading == "Nhật ký: Ca thi KT26 · CA6", "a printed page says whose log it is"
    assert "Chấm bàidelivery.marked" in page.text
    assert f"Ca thi KT26 · CA6{scope}" in page.text
    assert "Số bài làm3" in page.text
    assert "{" not in page.text, "no raw details"
    system = browser.open("/nhat-ky/")
    assert "Kỳ thi KT26" in system.text
    assert browser.open(f"/nhat-ky/?scope={scope}&lang=en").text.count("Sitting KT26 · CA6") > 1
