"""The list of exams shows the own ones, and costs the same for many."""

from examapp.access.actor import SYSTEM
from examapp.exams.services import create_exam
from tests.cast import INVIGILATOR, SECRETARY, SITE_CHAIR, SITE_SECRETARY, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, Day

PATH = "/ky-thi/"


def test_everybody_sees_the_own_exams_only(day: Day) -> None:
    own = f"/ky-thi/{day.built.line.exam.id}"
    for person in (SECRETARY, INVIGILATOR):
        links = day.browser(person).open(PATH).links()
        assert own in links
        assert len([link for link in links if link.startswith("/ky-thi/") and len(link) > 20]) == 1
    page = day.browser(SECRETARY).open(PATH)
    assert "Đang tổ chức thi" in page.text, "one of its sittings is open"
    assert "Thi tuyển công chức theo Nghị định 170/2025/NĐ-CP" in page.text
    assert own not in day.browser(NEIGHBOUR).open(PATH).links()
    assert own in day.browser(SITE_CHAIR).open(PATH).links()


def test_without_an_exam_it_says_what_to_do(day: Day) -> None:
    assert "Nhờ người quản trị giao vai trò" in day.browser(STRANGER).open(PATH).text


def test_it_is_only_looked_at(day: Day) -> None:
    assert day.browser(SECRETARY).client.delete(PATH).status_code == 405


def test_it_costs_the_same_for_many(day: Day) -> None:
    browser = day.browser(SITE_SECRETARY)
    counts = []
    for number in range(60):
        create_exam(day.session, f"N{number}", f"Kỳ thi {number}", profile_id="cc-2025", actor=SYSTEM, now=NOW)
        if number in (2, 59):
            day.session.commit()
            with day.statements() as seen:
                page = browser.open(PATH)
            counts.append(len(seen))
    assert counts[0] == counts[1]
    assert "Kỳ thi 1 – 50 trong 62" in page.text
    assert "Kỳ thi 51 – 62 trong 62" in browser.open(f"{PATH}?page=2").text
