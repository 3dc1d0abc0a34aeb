"""The draft of a blueprint: seen beside the stock, saved, and never overwritten unseen."""

import pytest
from sqlalchemy import select

from examapp.access.actor import SYSTEM
from examapp.bank.models import Level, Topic
from examapp.exams.models import ExamTest
from examapp.papers.models import Blueprint
from examapp.papers.queries import topics_of
from examapp.papers.rules import field_name
from examapp.papers.services import CellCount, set_blueprint
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER, Cast
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, Day, checked, csrf_token
from tests.functional.exams.arrange import added, events
from tests.pages import Browser, Page


def path(test: ExamTest, rest: str = "") -> str:
    return f"/ma-tran/{test.id}{rest}"


def cell(day: Day, test: ExamTest, level: Level = Level.RECALL) -> str:
    """Return the name of a field of the first topic."""
    return field_name((topics_of(day.session, test.subject_id)[0].id, level))


def look(browser: Browser, page: Page, test: ExamTest, **values: str) -> Page:
    """Do as the page's script does while somebody types."""
    fields = page.form(path(test)).fields
    return checked(browser.client.post(path(test, "/xem"), data={**fields, **values}), 200)


def press(browser: Browser, page: Page, test: ExamTest, deed: str, **values: str) -> Page:
    """Press one of the form's other buttons, which save nothing."""
    fields = page.form(path(test)).fields
    return checked(browser.client.post(path(test), data={**fields, **values, "deed": deed}), 200)


def stored(day: Day, test: ExamTest) -> int:
    day.session.commit()
    blueprint = day.session.scalar(select(Blueprint).where(Blueprint.exam_test_id == test.id))
    return sum(one.count for one in blueprint.cells) if blueprint else 0


def test_it_works_and_shows_what_is_missing(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    page = browser.open(path(test))
    page = browser.submit(page, path(test), **{cell(day, test): "2"})
    assert "Đã lưu dự thảo ma trận." in page.text
    assert "Ma trận có 2 câu, bài thi cần 60 câu." in page.text
    assert f"{SECRETARY.name} lưu lúc 08:00, 24/11/2026" in page.text
    assert page.form(path(test)).fields[cell(day, test)] == "2"
    assert stored(day, test) == 2


def test_a_colleague_goes_on_from_it_and_the_log_says_so(day: Day) -> None:
    test = added(day)
    for person, count in ((SECRETARY, "2"), (CHAIR, "3")):
        browser = day.browser(person)
        browser.submit(browser.open(path(test)), path(test), **{cell(day, test): count})
    saved = [details["questions"] for _, details in events(day, "papers.blueprint_set")]
    assert saved[-2:] == [2, 3]


def test_going_to_the_lock_saves_what_was_typed(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    fields = browser.open(path(test)).form(path(test)).fields | {cell(day, test): "2", "deed": "lock"}
    answer = browser.client.post(path(test), data=fields)
    assert answer.location == path(test, "/khoa")
    assert stored(day, test) == 2
    page = browser.open(path(test, "/khoa"))
    assert "Đã lưu dự thảo ma trận." in page.text
    # an unchanged draft keeps its saver and its moment
    before = events(day, "papers.blueprint_set")
    fields = browser.open(path(test)).form(path(test)).fields
    fields = {name: value or "0" for name, value in fields.items()} | {"deed": "lock"}
    assert browser.client.post(path(test), data=fields).location == path(test, "/khoa")
    assert events(day, "papers.blueprint_set") == before


def test_saving_twice_is_harmless(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    page = browser.submit(browser.open(path(test)), path(test), **{cell(day, test): "2"})
    browser.submit(page, path(test))
    browser.submit(page, path(test))
    assert stored(day, test) == 2


def test_looking_saves_nothing_and_says_so(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    page = browser.open(path(test))
    assert "Chưa lưu" not in page.text
    for shown in (
        look(browser, page, test, **{cell(day, test): "500"}),
        press(browser, page, test, "look", **{cell(day, test): "500"}),
    ):
        assert "Chưa lưu" in shown.text
        assert shown.form(path(test)).fields[cell(day, test)] == "500"
    assert stored(day, test) == 0


def test_a_problem_leads_to_its_cell(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    shown = look(browser, browser.open(path(test)), test, **{cell(day, test): "12"})
    assert "Chưa khóa được: 1 ô thiếu câu" in shown.text
    assert "– Nhận biết thiếu 2 câu" in shown.text
    assert f"#{cell(day, test)}" in shown.links()
    assert "gap" in next(
        one.attributes["class"] for one in shown.all("td") if one.attributes.get("id", "").endswith(cell(day, test))
    )
    near = look(browser, browser.open(path(test)), test, **{cell(day, test): "4"})
    assert "1 ô sát mức, vẫn khóa được" in near.text
    assert f"#{cell(day, test)}" in near.links()
    assert "thiếu 2 câu" not in near.text


def test_it_can_be_filled_in_proportion_to_the_stock(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    shown = press(browser, browser.open(path(test)), test, "fill")
    counts = [int(value or 0) for name, value in shown.form(path(test)).fields.items() if name.startswith("o-")]
    assert sum(counts) == 40, "all there is: less than the test needs"
    assert "Chưa lưu" in shown.text
    assert stored(day, test) == 0
    browser.submit(shown, path(test))
    assert stored(day, test) == 40


@pytest.mark.parametrize("typed", ["hai", "-1", "1.5", "1234", "٣", "²"])
def test_what_is_no_number_is_named_and_stays(day: Day, typed: str) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    page = browser.submit(browser.open(path(test)), path(test), status=422, **{cell(day, test): typed})
    assert "Mỗi ô ghi một số nguyên từ 0 đến 999" in page.text
    assert page.form(path(test)).fields[cell(day, test)] == typed
    assert stored(day, test) == 0


def test_somebody_elses_draft_is_not_overwritten(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    page = browser.open(path(test))
    topic = topics_of(day.session, test.subject_id)[0]
    chair = Cast(day.session, NOW).actor(CHAIR)
    set_blueprint(day.session, test, [CellCount(topic.id, Level.RECALL, 7)], actor=chair, now=NOW)
    day.session.commit()
    page = look(browser, page, test, **{cell(day, test): "2"})
    told = browser.submit(page, path(test), status=409)
    assert f"{CHAIR.name} vừa lưu một dự thảo khác. Số đang gõ còn nguyên" in told.text
    assert told.form(path(test)).fields[cell(day, test)] == "2"
    assert "đã lưu: 7" in told.text
    assert stored(day, test) == 7
    browser.submit(told, path(test), **{cell(day, test): "2"})
    assert stored(day, test) == 2, "whoever has seen the other draft may replace it"


def test_a_locked_one_is_read_only(day: Day) -> None:
    test = day.built.line.test
    page = day.browser(CHAIR).open(path(test))
    assert "Đã khóa" in page.text
    assert not [form for form in page.forms() if form.action == path(test)]


def test_a_draft_that_was_locked_meanwhile_is_not_changed(day: Day) -> None:
    test, free = day.built.line.test, added(day)
    browser = day.browser(CHAIR)
    fields = browser.open(path(free)).form(path(free)).fields
    answer = browser.client.post(path(test), data={**fields, cell(day, test): "9"})
    page = checked(answer, 409)
    assert "Ma trận đã khóa nên không sửa được." in page.text
    assert "Cộng4kho 20" in page.text, "what is locked is shown, not what was typed"
    assert stored(day, test) == 8


def test_only_the_council_may(day: Day) -> None:
    test = added(day)
    for person, status in ((INVIGILATOR, 403), (COORDINATOR, 403), (STRANGER, 404), (NEIGHBOUR, 404)):
        browser = day.browser(person)
        browser.open(path(test), status=status)
        token = csrf_token(browser.open("/").html)
        for rest in ("", "/xem"):
            answer = browser.client.post(path(test, rest), data={"csrf_token": token, cell(day, test): "2"})
            assert answer.status_code == status
    assert stored(day, test) == 0


def test_the_form_and_its_method_are_asked_for(day: Day) -> None:
    test, client = added(day), day.browser(CHAIR).client
    for rest in ("", "/xem"):
        assert client.post(path(test, rest), data={cell(day, test): "2"}).status_code == 400
    assert client.get(path(test, "/xem")).status_code == 405
    assert client.delete(path(test)).status_code == 405


def test_the_page_costs_the_same_for_many_topics(day: Day) -> None:
    test = added(day)
    browser = day.browser(SECRETARY)
    counts = []
    for extra in (1, 40):
        for number in range(extra):
            topic = Topic(subject_id=test.subject_id, code=f"T{extra}{number}", name=f"Chủ đề {extra} {number}")
            day.session.add(topic)
        day.session.flush()
        cells = [CellCount(topic.id, Level.RECALL, 1) for topic in topics_of(day.session, test.subject_id)]
        set_blueprint(day.session, test, cells, actor=SYSTEM, now=NOW)
        day.session.commit()
        for rest in ("", "/khoa"):
            with day.statements() as seen:
                browser.open(path(test, rest))
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
