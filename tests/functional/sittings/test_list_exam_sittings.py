"""The sittings of one exam: where each stands and what is next; or what is needed before there can be one."""

from datetime import timedelta

import pytest

from examapp.access.actor import SYSTEM
from examapp.exams.services import create_exam
from examapp.sittings.models import SittingMode
from examapp.sittings.services import Schedule, create_sitting
from tests.cast import ADMINISTRATOR, AUTHOR, CHAIR, COORDINATOR, INVIGILATOR, SECRETARY, SITE_CHAIR, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, At, Day


def path(day: Day, rest: str = "") -> str:
    return f"/ky-thi/{day.built.line.exam.id}/ca-thi/{rest}"


def add_sittings(day: Day, count: int) -> None:
    """Make so many more rehearsals of one candidate."""
    for number in range(count):
        create_sitting(
            day.session,
            day.built.line.test,
            f"T{number:03d}",
            mode=SittingMode.REHEARSAL,
            schedule=Schedule(NOW, NOW + timedelta(days=1)),
            rooms=[("01", "Phòng 01", day.built.line.candidates[:1])],
            actor=SYSTEM,
            now=NOW,
        )
    day.session.commit()


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, INVIGILATOR, COORDINATOR], ids=lambda one: one.username)
def test_each_sitting_says_where_it_stands_and_what_is_next(day: Day, person) -> None:
    page = day.browser(person).open(path(day))
    rows = {at: next(row.text for row in page.all("tr") if at.value in row.text) for at in At if at is not At.ELSEWHERE}
    words = {
        At.DRAFT: ["Chính thức", "3 / 3", "1 phòng", "Đang chuẩn bị", "Đóng gói, niêm phong đề"],
        At.FROZEN: ["2 / 2", "Đã đóng gói", "Ghi số rút công khai, từ 08:00, 24/11/2026"],
        At.VALUED: ["Đã đóng gói", "Mở đề"],
        At.READY: ["Đã mở đề", "Thi, rồi niêm phong bài làm"],
        At.REHEARSAL: ["Thi thử", "Thí sinh thi thử"],
        At.SEALED: ["Đã niêm phong", "Mở đáp án và chấm"],
        At.MARKED: ["Đã chấm", "Lập danh sách kết quả"],
    }
    missing = [(at, word) for at, expected in words.items() for word in expected if word not in rows[at]]
    assert missing == []
    assert "CA9" not in page.text, "of another exam"
    assert (path(day, "tao") in page.links()) == (person in (CHAIR, SECRETARY))
    assert day.path(At.DRAFT) in page.links()
    assert day.path(At.DRAFT, "/phong") in page.links()


def test_an_exam_without_anything_says_what_is_needed(day: Day) -> None:
    exam = create_exam(day.session, "MOI", "Kỳ thi mới", profile_id="cc-2025", actor=SYSTEM, now=NOW)
    day.session.commit()
    page = day.browser(SITE_CHAIR).open(f"/ky-thi/{exam.id}/ca-thi/")
    assert "Chưa lập được ca thi" in page.text
    assert page.text.count("Chưa có") >= 3
    assert f"/ky-thi/{exam.id}/ca-thi/tao" not in page.links()
    assert [link for link in page.links() if link.startswith(f"/ky-thi/{exam.id}/thi-sinh")]


def test_its_statements_do_not_grow_with_the_sittings(day: Day) -> None:
    browser = day.browser(CHAIR)
    counts = []
    for more in (0, 60):
        add_sittings(day, more)
        with day.statements() as statements:
            page = browser.open(path(day))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
    assert "Ca thi 1 – 50 trong 67" in page.text
    assert "T059" in browser.open(path(day) + "?page=2").text
    assert "T059" in browser.open(path(day) + "?page=99").text
    assert "CA1" in browser.open(path(day) + "?page=x").text


def test_to_a_stranger_it_does_not_exist(day: Day) -> None:
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(path(day), status=404)
    for person in (ADMINISTRATOR, AUTHOR):
        day.browser(person).open(path(day), status=403)
    assert day.browser(CHAIR).client.delete(path(day)).status_code == 405
