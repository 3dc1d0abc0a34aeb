"""The result page: before the list it shows what the list would be, afterwards exactly what was fixed."""

import pytest
from sqlalchemy import text

from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER, Person
from tests.functional.exam_day import NEIGHBOUR, At, Day
from tests.pages import Page

ROWS = [
    ("0014", "8/8", "Đạt"),
    ("0015", "3/8", "Không đạt"),
    ("0016", "–", "Vắng"),
]


def rows(page: Page) -> list[tuple[str, str, str]]:
    """Return number, right answers and outcome of every line."""
    found = []
    for row in page.all("tr")[1:]:
        cells = [one.text.strip() for one in page.elements if one.tag in ("td", "th") and row in one.parents]
        found.append((cells[0], cells[3], cells[4]))
    return found


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, SITE_CHAIR], ids=lambda one: one.username)
def test_it_shows_everybody_by_number(day: Day, person: Person) -> None:
    page = day.browser(person).open(day.path(At.MARKED, "/ket-qua"))
    assert page.heading == "Kết quả ca thi KT26 · CA6"
    assert rows(page) == ROWS
    figures = [one.text for one in page.all("li") if "đạt" in one.text]
    assert figures == ["1đạt", "50\u00a0%đạt trên số dự thi"]
    own = day.path(At.MARKED, "/ket-qua")
    may_make = any(form.action == own and form.method == "post" for form in page.forms())
    assert may_make == (person is not SECRETARY)


def test_what_was_fixed_stays_whatever_becomes_of_the_attempts(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, "/ket-qua")
    browser.submit(browser.open(path), path, confirm="y")
    day.attempt("0015").correct = 7
    day.session.commit()
    assert rows(browser.open(path)) == ROWS


@pytest.mark.parametrize("at", [At.DRAFT, At.READY, At.SEALED, At.REHEARSAL])
def test_before_the_marks_there_is_nothing(day: Day, at: At) -> None:
    page = day.browser(CHAIR).open(day.path(at, "/ket-qua"))
    assert "Chưa có kết quả" in page.text
    assert rows(page) == []
    own = day.path(at, "/ket-qua")
    assert not [form for form in page.forms() if form.action == own and form.method == "post"]


def test_nobody_else_may(day: Day) -> None:
    path = day.path(At.MARKED, "/ket-qua")
    for person in (INVIGILATOR, COORDINATOR):
        day.browser(person).open(path, status=403)
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(path, status=404)
    assert day.candidate().browser.open(path).heading == "Đăng nhập"


def test_it_speaks_english(day: Day) -> None:
    page = day.browser(CHAIR).open(day.path(At.MARKED, "/ket-qua?lang=en"))
    assert page.all("html")[0].attributes["lang"] == "en"
    assert [outcome for _, _, outcome in rows(page)] != [outcome for _, _, outcome in ROWS]


def test_a_list_changed_in_the_database_says_so(day: Day) -> None:
    browser = day.browser(CHAIR)
    path = day.path(At.MARKED, "/ket-qua")
    browser.submit(browser.open(path), path, confirm="y")
    change = "UPDATE result_lists SET content = replace(content, :before, :after)"
    day.session.execute(text(change), {"before": '"correct":3', "after": '"correct":7'})
    day.session.commit()
    page = browser.open(path)
    assert "Danh sách này không phải danh sách mà nhật ký ghi lúc lập" in page.text
    assert "Dòng khác với kết quả đang lưu" in page.text
    assert "Danh sách lập lúc" not in page.text
    for content in ("x", "[]", "[1]", '[{"number":[]}]'):
        day.session.execute(text("UPDATE result_lists SET content = :content"), {"content": content})
        day.session.commit()
        assert "Danh sách kết quả không còn như lúc lập" in browser.open(path).text
