"""The log as people read it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.services import record
from tests.cast import ADMINISTRATOR, SECRETARY, SITE_CHAIR, Person
from tests.conftest import Clock
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]


def test_it_shows_the_newest_first_and_goes_back(browser_of: BrowserOf, stored: Session, clock: Clock) -> None:
    for number in range(60):
        record(stored, "exam:1", "exam.changed", f"KT-{number}", {"turn": number}, actor=SYSTEM, now=clock.now())
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    page = browser.open("/nhat-ky/?scope=exam:1")
    assert "KT-59" in page.text
    assert '{"turn":59}' in page.text
    assert "08:00:00, 24/11/2026" in page.text
    assert "KT-9 " not in page.text
    older = next(link for link in page.links() if "before=" in link)
    assert "KT-9" in browser.open(older).text


def test_denied_accesses_are_in_it(browser_of: BrowserOf) -> None:
    browser_of(SECRETARY).open("/nhat-ky/", status=403)
    page = browser_of(SITE_CHAIR).open("/nhat-ky/")
    assert "access.denied" in page.text
    assert "/nhat-ky/" in page.text
    assert SECRETARY.name in page.text


def test_an_unknown_log_is_not_found(browser_of: BrowserOf) -> None:
    browser_of(ADMINISTRATOR).open("/nhat-ky/?scope=exam:404", status=404)
