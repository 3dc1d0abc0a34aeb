"""The results of an exam, sitting by sitting, for whoever may see them; rows of a list are found and paged."""

from examapp.results.queries import count_results, marked_rows
from examapp.results.rules import tally
from tests.cast import CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import At, Day
from tests.functional.results.test_post_list import made_list, posted_list


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/ket-qua"


def test_it_says_how_far_each_sitting_is(day: Day) -> None:
    browser = day.browser(SECRETARY)
    page = browser.open(path(day))
    assert "Đã chấm, chờ lập danh sách" in page.text
    assert "Đã niêm phong, chờ mở đáp án" in page.text
    assert At.REHEARSAL.value not in page.text.split()
    made_list(day)
    assert "Đã lập danh sách" in browser.open(path(day)).text


def test_a_posted_list_is_named_so(day: Day) -> None:
    posted_list(day)
    assert "Đã công bố" in day.browser(CHAIR).open(path(day)).text


def test_it_counts_who_came_and_who_passed_as_the_list_does(day: Day) -> None:
    page = day.browser(SECRETARY).open(path(day))
    counts = {}
    for line in page.all("tr")[1:]:
        cells = [one.text.strip() for one in page.elements if one.tag in ("td", "th") and line in one.parents]
        counts[cells[0]] = tuple(cells[3:6])
    assert counts[At.MARKED.value] == ("3", "2", "1")
    assert counts[At.SEALED.value] == ("–", "–", "–")
    rows = marked_rows(day.session, day.sitting(At.MARKED).id, day.sitting(At.MARKED).exam_test.pass_share)
    assert count_results(day.session, [day.sitting(At.MARKED).id]) == {day.sitting(At.MARKED).id: tally(rows)}


def test_rows_are_found_by_number_and_by_name(day: Day) -> None:
    browser = day.browser(SECRETARY)
    shown = day.path(At.MARKED, "/ket-qua")
    assert "0015" not in browser.open(f"{shown}?q=0014").text
    assert "0015" in browser.open(f"{shown}?q=vi du 14").text
    assert "Không có dòng nào khớp “zz”" in browser.open(f"{shown}?q=zz").text


def test_it_costs_the_same_for_many(day: Day) -> None:
    browser = day.browser(SECRETARY)
    with day.statements() as seen:
        browser.open(path(day))
    assert len(seen) < 12


def test_only_who_sees_results_may(day: Day) -> None:
    for person in (INVIGILATOR, COORDINATOR):
        day.browser(person).open(path(day), status=403)
    day.browser(STRANGER).open(path(day), status=404)
