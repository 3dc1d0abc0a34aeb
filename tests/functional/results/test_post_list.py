"""The chair posts a result list; everybody may then see numbers and results, and takes it down again."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict, Invalid
from examapp.results.models import ResultList
from examapp.results.services.lists import make_result_list
from examapp.results.services.posting import post_list, take_down
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, NOBODY, SECRETARY, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import At, Day
from tests.pages import Browser

POST = "/cong-bo"
DOWN = "/go-cong-bo"


def made_list(day: Day) -> ResultList:
    """Make the list of the marked sitting and return it."""
    made = make_result_list(day.session, day.sitting(At.MARKED), actor=SYSTEM, now=NOW)
    day.session.commit()
    return made


def posted_list(day: Day) -> ResultList:
    """Make and post the list of the marked sitting and return it."""
    made = made_list(day)
    post_list(day.session, day.sitting(At.MARKED), actor=SYSTEM, now=NOW)
    day.session.commit()
    return made


def visitor(day: Day) -> Browser:
    """Return the browser of somebody without an account."""
    return Browser(day.built.app.test_client())


def test_it_works_and_can_be_taken_back(day: Day) -> None:
    made = made_list(day)
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, POST)
    page = browser.submit(browser.open(path), path, confirm="y")
    assert "Đã công bố danh sách." in page.text
    public = visitor(day).open(f"/tra-cuu/danh-sach/{made.id}")
    assert "0014" in public.text
    assert "Đạt" in public.text
    down = day.path(At.MARKED, DOWN)
    page = browser.submit(page, down, reason="In sai ngày trên thông báo")
    assert "Đã gỡ danh sách khỏi trang công khai." in page.text
    assert visitor(day).open(f"/tra-cuu/danh-sach/{made.id}", status=404).text
    actions = [action for action, _ in day.events(At.MARKED)][-2:]
    assert actions == ["results.list_posted", "results.list_taken_down"]
    assert "In sai ngày" in day.events(At.MARKED)[-1][1]


def test_without_confirmation_or_reason_nothing_happens(day: Day) -> None:
    made = posted_list(day)
    browser = day.browser(CHAIR)
    page = browser.submit(browser.open(day.path(At.MARKED, POST)), day.path(At.MARKED, DOWN), status=422, reason=" ")
    assert "Ghi lý do gỡ danh sách" in page.text
    day.session.refresh(made)
    assert made.posted_at is not None


def test_without_a_list_there_is_nothing_to_post(day: Day) -> None:
    assert "Chưa lập danh sách kết quả" in day.browser(CHAIR).open(day.path(At.MARKED, POST)).text
    day.refuses(At.MARKED, CHAIR, POST, 409, confirm="y")
    day.refuses(At.READY, CHAIR, POST, 409, confirm="y")


def test_an_altered_list_is_not_posted(day: Day) -> None:
    made = made_list(day)
    rows = json.loads(made.content)
    rows[1]["correct"], rows[1]["passed"] = 9, True
    day.session.execute(text("UPDATE result_lists SET content = :content"), {"content": json.dumps(rows)})
    day.session.commit()
    day.refuses(At.MARKED, CHAIR, POST, 409, confirm="y")


def test_only_the_chair_may(day: Day) -> None:
    posted_list(day)
    for person in (SECRETARY, INVIGILATOR, COORDINATOR, NOBODY):
        day.refuses(At.MARKED, person, POST, 403, confirm="y")
        day.refuses(At.MARKED, person, DOWN, 403, reason="vì thế")
    day.refuses(At.MARKED, STRANGER, POST, 404, confirm="y")
    day.refuses(At.MARKED, STRANGER, DOWN, 404, reason="vì thế")


def test_twice_is_told(day: Day) -> None:
    posted_list(day)
    day.refuses(At.MARKED, CHAIR, POST, 409, confirm="y")
    sitting = day.sitting(At.MARKED)
    take_down(day.session, sitting, "một lý do", actor=SYSTEM, now=NOW)
    with pytest.raises(Conflict, match="not_posted"):
        take_down(day.session, sitting, "một lý do", actor=SYSTEM, now=NOW)
    with pytest.raises(Conflict, match="no_list"):
        post_list(day.session, day.sitting(At.READY), actor=SYSTEM, now=NOW)


def test_a_reason_is_needed_whoever_asks(day: Day) -> None:
    posted_list(day)
    with pytest.raises(Invalid, match="reason_missing"):
        take_down(day.session, day.sitting(At.MARKED), "  ", actor=SYSTEM, now=NOW)


def test_two_at_once_are_decided_by_the_row(day: Day) -> None:
    """The second waits for the first's row and then sees it posted: the lock is taken before the state is read."""
    made_list(day)
    with day.statements() as seen:
        post_list(day.session, day.sitting(At.MARKED), actor=SYSTEM, now=NOW)
    locked = next(place for place, one in enumerate(seen) if "result_lists" in one and "FOR UPDATE" in one)
    written = next(place for place, one in enumerate(seen) if one.startswith("INSERT INTO audit_events"))
    assert locked < written


def test_the_database_keeps_the_order(day: Day, session: Session) -> None:
    made = posted_list(day)
    assert day.session.scalar(select(ResultList.posted_at)) == made.published_at
