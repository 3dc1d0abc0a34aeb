"""The page of an exam: its tests beside the regulation, what is done and what comes next."""

from examapp.access.actor import SYSTEM
from examapp.exams.services import Issuer, create_exam
from tests.cast import CHAIR, INVIGILATOR, SECRETARY, SITE_SECRETARY, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, Day
from tests.functional.exams.arrange import added


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}"


def test_it_says_what_is_done_and_what_is_fixed(day: Day) -> None:
    page = day.browser(SECRETARY).open(path(day))
    for wanted in (
        "Ma trận đề đã khóa: 1 trên 1 bài thi",
        "Thí sinh: 16",
        "Đã chốt",
        "Khác quy địnhquy định: 60 câu",
        "60 câu, 60 phút, đạt từ 1/2 số câu đúng (Điều 9 khoản 2 điểm a Nghị định 170/2025/NĐ-CP)",
        "Hội đồng tuyển dụng công chức",
    ):
        assert wanted in page.text, wanted
    test = day.built.line.test
    assert f"/ky-thi/bai-thi/{test.id}/sua" not in page.links()
    assert f"/ma-tran/{test.id}" in page.links()


def test_a_new_exam_leads_on_step_by_step(day: Day) -> None:
    exam = create_exam(
        day.session, "MOI", "Kỳ thi mới", profile_id="cc-2025", issuer=Issuer(place="Cần Giờ"), actor=SYSTEM, now=NOW
    )
    day.session.commit()
    page = day.browser(SITE_SECRETARY).open(f"/ky-thi/{exam.id}")
    assert "Kỳ thi chưa có bài thi" in page.text
    assert page.text.count("Chưa xong") == 4
    for rest in ("/bai-thi/them", "/ma-tran", "/thi-sinh/", "/ca-thi/"):
        assert f"/ky-thi/{exam.id}{rest}" in page.links(), rest


def test_whoever_only_looks_is_offered_no_deed(day: Day) -> None:
    test = added(day)
    page = day.browser(INVIGILATOR).open(path(day))
    assert "Bài thi thêm" in page.text
    assert not [link for link in page.links() if link.endswith(("/sua", "/xoa", "/them")) or f"{test.id}" in link]


def test_a_stranger_is_told_of_nothing(day: Day) -> None:
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(path(day), status=404)


def test_it_costs_the_same_for_many_tests(day: Day) -> None:
    browser, counts = day.browser(CHAIR), []
    for number in range(60):
        added(day, f"T{number}")
        if number in (2, 59):
            with day.statements() as seen:
                browser.open(path(day))
            counts.append(len(seen))
    assert counts[0] == counts[1]
