"""The log as people read it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.services import record
from tests.cast import (
    ADMINISTRATOR,
    CHAIR,
    COORDINATOR,
    NOBODY,
    SECRETARY,
    SITE_CHAIR,
    SITE_SECRETARY,
    Cast,
    Person,
)
from tests.conftest import Clock
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Browser, Page

BrowserOf = Callable[[Person], Browser]


def link(page: Page, part: str) -> str:
    return next(one for one in page.links() if one.startswith("/nhat-ky/") and part in one)


def subjects(page: Page) -> list[str]:
    """Return the made-up subjects of a page, in their order."""
    return re.findall(r"KT-\d+", page.text)


def logs(page: Page) -> list[str]:
    """Return the logs that are offered."""
    (choice,) = (one for one in page.all("select") if one.attributes["name"] == "scope")
    return [one.attributes["value"] for one in page.all("option") if choice in one.parents]


def test_it_shows_the_newest_first_and_goes_back_and_forth(
    browser_of: BrowserOf, stored: Session, clock: Clock
) -> None:
    for number in range(120):
        record(stored, "exam:1", "exam.changed", f"KT-{number}", {"turn": number}, actor=SYSTEM, now=clock.now())
    stored.commit()
    browser = browser_of(ADMINISTRATOR)
    newest = browser.open("/nhat-ky/?scope=exam:1")
    assert "KT-119" in newest.text
    assert "turn: 119" in newest.text, "a detail without a word keeps its name"
    assert "08:00:00, 24/11/2026" in newest.text
    assert "KT-69 " not in newest.text
    older = browser.open(link(newest, "before="))
    assert subjects(older) == [f"KT-{number}" for number in range(69, 19, -1)]
    oldest = browser.open(link(older, "before="))
    assert subjects(oldest)[-1] == "KT-0"
    assert not [one for one in oldest.links() if one.startswith("/nhat-ky/") and "before=" in one]
    back = browser.open(link(oldest, "after="))
    assert subjects(back) == subjects(older)
    assert subjects(browser.open(link(back, "after="))) == subjects(newest)


def test_denied_accesses_are_in_it_in_words(browser_of: BrowserOf) -> None:
    browser_of(NOBODY).open("/nhat-ky/", status=403)
    page = browser_of(SITE_CHAIR).open("/nhat-ky/")
    assert "Bị từ chối truy cập" in page.text
    assert "access.denied" not in page.text, "the program's name of a deed stands on its own page"
    assert "Đọc nhật ký" in page.text
    assert NOBODY.name in page.text


def test_an_unknown_log_is_not_found(browser_of: BrowserOf) -> None:
    browser_of(ADMINISTRATOR).open("/nhat-ky/?scope=exam:404", status=404)


def test_things_have_the_names_of_the_other_pages(day: Day) -> None:
    scope = f"sitting:{day.built.sittings[At.MARKED]}"
    browser = day.browser(SITE_CHAIR)
    page = browser.open(f"/nhat-ky/?scope={scope}")
    chosen = next(one for one in page.all("option") if one.attributes.get("value") == scope)
    assert "selected" in chosen.attributes
    assert chosen.text == "Ca thi KT26 · CA6"
    assert page.heading == "Nhật ký: Ca thi KT26 · CA6", "a printed page says whose log it is"
    assert "Chấm bài" in page.text
    assert "delivery.marked" not in page.text
    assert scope not in page.text
    assert "Số bài làm: 3" in page.text
    assert "{" not in page.text, "no raw details"
    assert "Kỳ thi KT26" in browser.open("/nhat-ky/").text
    assert browser.open(f"/nhat-ky/?scope={scope}&lang=en").text.count("Sitting KT26 · CA6") > 1


def test_the_log_of_an_exam_holds_those_of_its_sittings(day: Day) -> None:
    page = day.browser(SITE_CHAIR).open(f"/nhat-ky/?scope=exam:{day.built.line.exam.id}&group=sittings")
    assert "Chấm bài" in page.text
    elsewhere = day.browser(SITE_CHAIR).open(f"/nhat-ky/?scope=sitting:{day.built.sittings[At.ELSEWHERE]}")
    assert "Chấm bài" not in elsewhere.text


@pytest.mark.parametrize("person", [CHAIR, SECRETARY])
def test_the_council_of_an_exam_reads_its_logs_and_no_other(day: Day, person: Person) -> None:
    browser = day.browser(person)
    page = browser.open("/nhat-ky/")
    mine = {f"sitting:{day.built.sittings[at]}" for at in At if at is not At.ELSEWHERE}
    assert set(logs(page)) == {"", *mine} | {one for one in logs(page) if one == f"exam:{day.built.line.exam.id}"}
    for path in ("scope=system", f"scope=sitting:{day.built.sittings[At.ELSEWHERE]}"):
        browser.open(f"/nhat-ky/?{path}", status=404)
    assert "CA9" not in browser.open("/nhat-ky/?text=CA9").text.replace("CA9” ", "")
    assert "Không có sự kiện nào" in browser.open("/nhat-ky/?text=CA9").text
    assert "Không có sự kiện nào" in browser.open("/nhat-ky/?group=accounts").text
    assert not [one for one in page.links() if "kiem-tra" in one]


def test_the_chair_of_another_exam_sees_nothing_of_this_one(day: Day) -> None:
    browser = day.browser(NEIGHBOUR)
    page = browser.open("/nhat-ky/")
    assert f"sitting:{day.built.sittings[At.ELSEWHERE]}" in logs(page)
    assert not [one for one in logs(page) if one.endswith(str(day.built.sittings[At.MARKED]))]
    assert "KT26" not in page.text
    browser.open(f"/nhat-ky/?scope=sitting:{day.built.sittings[At.MARKED]}", status=404)


def test_who_serves_every_exam_sees_their_logs_and_not_the_systems(day: Day) -> None:
    page = day.browser(SITE_SECRETARY).open("/nhat-ky/")
    assert f"sitting:{day.built.sittings[At.ELSEWHERE]}" in logs(page)
    assert "system" not in logs(page)
    day.browser(COORDINATOR).open("/nhat-ky/", status=403)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who=pham quan", ["KT-1"]),
        ("who=Phạm Quản", ["KT-1"]),
        ("who=không ai", []),
        ("text=KT-2", ["KT-2"]),
        ("text=kt-", ["KT-3", "KT-2", "KT-1"]),
        ("text=%25", []),
        ("text=_T-1", []),
        ("since=2026-11-25", ["KT-3"]),
        ("until=2026-11-24", ["KT-2", "KT-1"]),
        ("since=25/11/2026&until=25/11/2026", ["KT-3"]),
        ("scope=exam:1&who=pham", ["KT-1"]),
        ("group=results", []),
        ("group=nonsense", ["KT-3", "KT-2", "KT-1"]),
        ("text=%00&who=%00", ["KT-3", "KT-2", "KT-1"]),
        ("before=nonsense&after=2026-11-24T01:00:00.000Z~1~%00", ["KT-3", "KT-2", "KT-1"]),
    ],
)
def test_it_is_filtered(browser_of: BrowserOf, stored: Session, cast: Cast, asked: str, found: list[str]) -> None:
    administrator, now = cast.actor(ADMINISTRATOR), datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)
    for number, actor, at in ((1, administrator, now), (2, SYSTEM, now), (3, SYSTEM, now + timedelta(seconds=1))):
        record(stored, "exam:1", "exam.changed", f"KT-{number}", {}, actor=actor, now=at)
    stored.commit()
    assert subjects(browser_of(ADMINISTRATOR).open(f"/nhat-ky/?{asked}")) == found


def test_a_wrong_date_is_said_and_the_rest_still_filters(browser_of: BrowserOf) -> None:
    page = browser_of(ADMINISTRATOR).open("/nhat-ky/?since=31/02/2026")
    assert "Ngày “31/02/2026” chưa đúng" in page.text
    assert "Đăng nhập" in page.text or "Lập tài khoản" in page.text


def test_nothing_found_has_a_way_out(browser_of: BrowserOf) -> None:
    page = browser_of(ADMINISTRATOR).open("/nhat-ky/?who=không có ai tên này")
    assert "Không có sự kiện nào khớp bộ lọc" in page.text
    assert "/nhat-ky/" in page.links()


def test_its_statements_do_not_grow_with_its_rows(day: Day) -> None:
    browser = day.browser(SITE_CHAIR)
    counts = []
    for more in (3, 60):
        for number in range(more):
            exam = f"exam:{day.built.line.exam.id}"
            record(day.session, exam, "exams.test_added", exam, {"turn": number}, actor=SYSTEM, now=day.clock.now())
        day.session.commit()
        with day.statements() as seen:
            browser.open("/nhat-ky/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
