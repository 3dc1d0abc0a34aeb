"""Have every chain checked by the worker, read what it found, and how to check elsewhere."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditEvent
from examapp.audit.services import record
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, AUTHOR, NOBODY, SITE_CHAIR, SITE_SECRETARY, Person
from tests.conftest import Clock, CommittedDatabase
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
PATH = "/nhat-ky/kiem-tra"


@pytest.fixture
def check(committed_db: CommittedDatabase, keys: NodeKeys) -> Callable[[], None]:
    """Return a function that lets a worker do what is asked for."""
    return lambda: Worker(committed_db.url, keys).run(wait=False)


def deeds(stored: Session) -> list[str]:
    stored.rollback()
    wanted = select(AuditEvent.action).where(AuditEvent.action.startswith("audit.")).order_by(AuditEvent.number)
    return list(stored.scalars(wanted))


def test_a_whole_log_is_found_whole(
    browser_of: BrowserOf, stored: Session, clock: Clock, check: Callable[[], None]
) -> None:
    record(stored, "exam:1", "exams.test_added", "exam:1", {}, actor=SYSTEM, now=clock.now())
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    page = browser.open(PATH)
    assert "Chưa kiểm tra lần nào" in page.text
    assert "scripts/verify_log.py" in page.text
    waiting = browser.submit(page, PATH)
    assert "Đang chờ đến lượt" in waiting.text
    assert not [form for form in waiting.forms() if form.action == PATH], "one check at a time"
    check()
    done = browser.open(PATH)
    assert "Mọi nhật ký nguyên vẹn" in done.text
    assert "Số nhật ký2" in done.text
    assert "hx-get" not in done.html
    assert deeds(stored) == ["audit.check_asked", "audit.checked"]


def test_what_was_altered_is_named_in_words(
    browser_of: BrowserOf, stored: Session, clock: Clock, check: Callable[[], None]
) -> None:
    for turn in range(3):
        record(stored, "exam:1", "exams.test_added", "exam:1", {"turn": turn}, actor=SYSTEM, now=clock.now())
    stored.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
    stored.execute(text("UPDATE audit_events SET actor_name = 'X' WHERE scope = 'exam:1' AND number = 2"))
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    browser.submit(browser.open(PATH), PATH)
    check()
    page = browser.open(PATH)
    assert "Có 1 nhật ký không còn nguyên vẹn" in page.text
    assert "nội dung sự kiện số 2 đã bị sửa" in page.text
    assert "/nhat-ky/?scope=exam:1" in page.links()


def test_twice_is_told_and_done_once(browser_of: BrowserOf, stored: Session) -> None:
    browser = browser_of(SITE_CHAIR)
    page = browser.open(PATH)
    browser.submit(page, PATH)
    assert "đang kiểm tra nhật ký" in browser.submit(page, PATH, status=409).text
    assert deeds(stored) == ["audit.check_asked"]


@pytest.mark.parametrize("person", [AUTHOR, NOBODY, SITE_SECRETARY])
def test_it_is_for_readers_of_the_whole_log(browser_of: BrowserOf, stored: Session, person: Person) -> None:
    browser = browser_of(person)
    browser.open(PATH, status=403)
    token = browser.open("/mat-khau").forms()[0].fields["csrf_token"]
    assert browser.client.post(PATH, data={"csrf_token": token}).status_code == 403
    assert deeds(stored) == []


def test_it_takes_a_form_with_its_token(browser_of: BrowserOf, stored: Session) -> None:
    client = browser_of(ADMINISTRATOR).client
    assert client.post(PATH, data={"csrf_token": "made-up"}).status_code == 400
    assert client.put(PATH, data={"x": "1"}).status_code == 405
    assert deeds(stored) == []
