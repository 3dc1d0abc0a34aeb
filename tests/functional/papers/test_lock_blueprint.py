"""A blueprint is locked for good: confirmed, as it was seen, by one of two who press at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.core.errors import Conflict
from examapp.exams.models import ExamTest
from examapp.integrity.keys import NodeKeys
from examapp.papers.queries import blueprint_of
from examapp.papers.services import counts_of, draft_mark, lock_blueprint, set_blueprint
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.conftest import NOW, CommittedDatabase
from tests.factories import make_line
from tests.functional.exam_day import NEIGHBOUR, Day
from tests.functional.exams.arrange import added, events, needs_token, refuses


def path(test: ExamTest) -> str:
    return f"/ma-tran/{test.id}/khoa"


def ready(day: Day) -> ExamTest:
    """Return a test whose draft the bank can serve: the cells of the exam's locked one."""
    test, first = added(day), day.session.merge(day.built.line.test)
    test.questions = first.questions
    set_blueprint(day.session, test, counts_of(blueprint_of(day.session, first.id)), actor=SYSTEM, now=NOW)
    day.session.commit()
    return test


def locked(day: Day, test: ExamTest) -> bool:
    day.session.commit()
    blueprint = blueprint_of(day.session, test.id)
    return blueprint is not None and blueprint.locked_at is not None


def test_it_works_and_says_who_and_what(day: Day) -> None:
    test = ready(day)
    browser = day.browser(SECRETARY)
    page = browser.open(path(test))
    assert "không ai mở khóa được" in page.text, "what becomes impossible is said before"
    page = browser.submit(page, path(test), confirm="y")
    assert "Đã khóa ma trận." in page.text
    assert f"{SECRETARY.name} khóa lúc 08:00, 24/11/2026" in page.text
    assert locked(day, test)
    digest = events(day, "papers.blueprint_locked")[-1][1]["digest"]
    assert digest in page.text.replace(" ", "")
    assert path(test) not in page.links()


def test_without_the_confirmation_nothing_is_locked(day: Day) -> None:
    test = ready(day)
    browser = day.browser(CHAIR)
    assert "Đánh dấu ô này" in browser.submit(browser.open(path(test)), path(test), status=422).text
    assert not locked(day, test)


def test_what_the_bank_cannot_serve_has_no_button(day: Day) -> None:
    test = added(day)
    page = day.browser(CHAIR).open(path(test))
    assert "Ma trận có 0 câu, bài thi cần 60 câu." in page.text
    assert path(test) not in [form.action for form in page.forms()]


def test_another_draft_than_the_one_seen_is_not_locked(day: Day) -> None:
    test = ready(day)
    browser = day.browser(CHAIR)
    page = browser.open(path(test))
    set_blueprint(day.session, test, counts_of(blueprint_of(day.session, test.id))[:1], actor=SYSTEM, now=NOW)
    day.session.commit()
    told = browser.submit(page, path(test), status=409, confirm="y")
    assert "Hệ thống vừa lưu dự thảo khác." in told.text
    assert not locked(day, test)


def test_twice_is_told(day: Day) -> None:
    test = ready(day)
    browser = day.browser(CHAIR)
    page = browser.open(path(test))
    browser.submit(page, path(test), confirm="y")
    assert "Ma trận này đã được khóa." in browser.submit(page, path(test), status=409, confirm="y").text
    assert f"{CHAIR.name} khóa lúc" in browser.open(path(test)).text
    assert len(events(day, "papers.blueprint_locked")) == 2


def test_only_the_council_may(day: Day) -> None:
    test = ready(day)
    refuses(
        day,
        path(test),
        {INVIGILATOR: 403, COORDINATOR: 403, STRANGER: 404, NEIGHBOUR: 404},
        lambda: locked(day, test),
    )


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    test = ready(day)
    needs_token(day, CHAIR, path(test))
    assert not locked(day, test)


def test_of_two_who_press_at_once_one_wins(committed_db: CommittedDatabase, keys: NodeKeys) -> None:
    with Session(committed_db.engine, info={"keys": keys}, expire_on_commit=False) as session:
        line = make_line(session, NOW)
        blueprint = blueprint_of(session, line.test.id)
        assert blueprint is not None
        blueprint.locked_at = blueprint.locked_by = blueprint.digest = None
        session.commit()
        mark = draft_mark(blueprint)

    def press(_number: int) -> str:
        with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
            try:
                lock_blueprint(session, session.get_one(ExamTest, line.test.id), seen=mark, actor=SYSTEM, now=NOW)
            except Conflict as told:
                return told.code
        return "locked"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["blueprint_locked_already", "locked"]


@pytest.mark.parametrize("seen", ["", "-", "0" * 16])
def test_a_made_up_mark_locks_nothing(day: Day, seen: str) -> None:
    test = ready(day)
    browser = day.browser(CHAIR)
    browser.submit(browser.open(path(test)), path(test), status=409, confirm="y", seen=seen)
    assert not locked(day, test)
