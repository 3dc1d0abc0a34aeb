"""The list of an exam's candidates: searched without accents, sorted as Vietnamese lists are, in pages."""

import pytest
from sqlalchemy import update

from examapp.candidates.models import Candidate
from tests.cast import ADMINISTRATOR, CHAIR, INVIGILATOR, NOBODY, SECRETARY, SITE_SECRETARY, STRANGER
from tests.functional.candidates.arrange import at, empty_exam, filled_exam, upload
from tests.functional.exam_day import NEIGHBOUR, Day
from tests.pages import Page

NAMES = ["Zoãn Văn Bảo", "Nguyễn Thị Ánh", "Trần Văn An", "Đỗ Thị Ân", "Nguyễn Văn Hoàng Anh"]


def many(count: int = 5) -> list[list[object]]:
    return [[f"{index + 1:04d}", NAMES[index % 5], None, None] for index in range(count)]


def numbers(page: Page) -> list[str]:
    return [cell.text for cell in page.all("td") if cell.attributes.get("data-label") == "Số báo danh"]


def names(page: Page) -> list[str]:
    return [cell.text.strip() for cell in page.all("th") if cell.attributes.get("scope") == "row"]


@pytest.mark.parametrize("person", [CHAIR, SECRETARY], ids=lambda one: one.username)
def test_it_shows_who_is_there_where_they_sit_and_the_key_figures(day: Day, person) -> None:
    page = day.browser(person).open(at(day.built.line.exam.id))
    assert page.heading == "Thí sinh của kỳ thi KT26"
    assert "16thí sinh" in page.text
    assert "0001số báo danh đầu0016số báo danh cuối" in page.text
    assert numbers(page) == [f"{number:04d}" for number in range(1, 17)]
    assert "CA4, Phòng 01, chỗ 1" in page.text


def test_an_exam_without_candidates_offers_the_ways_on(day: Day) -> None:
    exam = empty_exam(day)
    page = day.browser(SITE_SECRETARY).open(at(exam))
    assert "Chưa có thí sinh nào" in page.text
    assert {at(exam, "nhap"), at(exam, "tep-mau")} <= set(page.links())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=anh", ["0002", "0005"]),
        ("q=%C3%81nh", ["0002", "0005"]),
        ("q=nguyen+anh", ["0002", "0005"]),
        ("q=anh+nguyen+thi", ["0002"]),
        ("q=do+thi+an", ["0004"]),
        ("q=an", ["0002", "0003", "0004", "0005", "0001"]),
        ("q=3", ["0003"]),
        ("q=000", ["0001", "0002", "0003", "0004", "0005"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=%00", ["0001", "0002", "0003", "0004", "0005"]),
        ("only=extra", ["0003"]),
        ("only=withdrawn", ["0004"]),
        ("only=everything&sort=size&page=x", ["0001", "0002", "0003", "0004", "0005"]),
        ("page=99999999999", ["0001", "0002", "0003", "0004", "0005"]),
    ],
)
def test_search_needs_no_accents_and_a_number_may_be_a_part(day: Day, query: str, found: list[str]) -> None:
    exam = filled_exam(day, people=many())
    changed = update(Candidate).where(Candidate.exam_id == exam.id)
    day.session.execute(changed.where(Candidate.number == "0003").values(extra_minutes=20))
    day.session.execute(changed.where(Candidate.number == "0004").values(withdrawn_at=day.clock.now()))
    day.session.commit()
    page = day.browser(SITE_SECRETARY).open(at(exam, f"?{query}"))
    assert sorted(numbers(page)) == sorted(found)
    assert found or "Không tìm thấy thí sinh nào" in page.text


def test_names_are_sorted_by_given_name(day: Day) -> None:
    exam = filled_exam(day, people=many())
    page = day.browser(SITE_SECRETARY).open(at(exam, "?sort=name"))
    assert names(page) == ["Trần Văn An", "Nguyễn Văn Hoàng Anh", "Nguyễn Thị Ánh", "Đỗ Thị Ân", "Zoãn Văn Bảo"]


def test_a_long_list_comes_in_pages_that_keep_what_was_asked(day: Day) -> None:
    exam = filled_exam(day, people=many(60))
    browser = day.browser(SITE_SECRETARY)
    page = browser.open(at(exam, "?sort=name"))
    assert len(numbers(page)) == 50
    following = next(link for link in page.links() if "page=2" in link)
    assert "sort=name" in following
    assert len(numbers(browser.open(following))) == 10


def test_the_number_of_statements_does_not_grow_with_the_list(day: Day) -> None:
    counts = []
    for code, size in (("KT31", 3), ("KT32", 60)):
        exam = filled_exam(day, code, many(size))
        browser = day.browser(SITE_SECRETARY)
        with day.statements() as statements:
            browser.open(at(exam))
        counts.append(len(statements))
    assert counts[0] == counts[1]
    with day.statements() as statements:
        day.browser(SITE_SECRETARY).open(at(day.built.line.exam.id))
    assert len(statements) <= counts[0] + 8, "sixteen people with seats need no statement each"


@pytest.mark.parametrize("person", [INVIGILATOR, ADMINISTRATOR, NOBODY], ids=lambda one: one.username)
def test_who_may_not_manage_candidates_sees_none(day: Day, person) -> None:
    page = day.browser(person).open(at(day.built.line.exam.id), status=403)
    assert "Ví Dụ" not in page.text


@pytest.mark.parametrize("person", [STRANGER, NEIGHBOUR], ids=lambda one: one.username)
def test_to_people_of_another_exam_there_is_nothing(day: Day, person) -> None:
    day.browser(person).open(at(day.built.line.exam.id), status=404)


def test_the_example_file_can_be_brought_in(day: Day) -> None:
    exam = empty_exam(day)
    answer = day.browser(SITE_SECRETARY).client.get(at(exam, "tep-mau"))
    assert answer.status_code == 200
    assert "mau-danh-sach-thi-sinh.xlsx" in answer.headers["Content-Disposition"]
    page = upload(day.browser(SITE_SECRETARY), exam, answer.get_data())
    assert "0001số báo danh đầu0002số báo danh cuối" in page.text
    assert "Cột không đọc" not in page.text
