"""The regulation of an exam in words: every number with its clause, and whose choice it is where the law is silent."""

from sqlalchemy import text

from examapp.exams.rules import profile_chapters
from examapp.regulations.profile import load_profile
from tests.cast import INVIGILATOR, STRANGER
from tests.conftest import NOW
from tests.functional.exam_day import NEIGHBOUR, Day


def path(day: Day) -> str:
    return f"/ky-thi/{day.built.line.exam.id}/quy-dinh"


def test_numbers_have_words_and_clauses(day: Day) -> None:
    page = day.browser(INVIGILATOR).open(path(day)).text
    for wanted in (
        "60 câu hỏi",
        "đạt khi đúng từ 50 % số câu hỏi trở lên",
        "ít nhất 3 lần số câu của đề",
        "trừ 25 % số câu đúng hoặc điểm; do người lập biên bản quyết định",
        "bài thi từ 60 phút trở lên: muộn nhất 10 phút",
        "cộng 7,5 điểm",
        "đúng 5 ngày làm việc, tính từ: Ngày công bố kết quả thi",
        "Điều 10 khoản 4 điểm a Quy chế kèm theo Thông tư 22/2025/TT-BNV",
        "Luật không quy định.",
        "Không áp dụng hôm nay",
        "từ 01/08/2026",
        "01/07/2025 – 31/07/2026",
        "Bản ghim trùng bản đi kèm phần mềm",
    ):
        assert wanted in page, wanted
    assert "%(" not in page


def test_every_table_of_the_text_has_a_line(day: Day) -> None:
    """A clause of the pinned text that no line shows would be a rule nobody can read."""
    profile = load_profile("cc-2025")
    page = day.browser(INVIGILATOR).open(path(day)).text
    lines = [one for chapter in profile_chapters(profile, NOW.date()) for one in chapter.rulings]
    assert len(lines) > 70
    assert all(one.clause.text in page for one in lines)
    for document in profile.documents.values():
        assert document.number in page


def test_another_text_is_noticed(day: Day) -> None:
    day.session.execute(text("UPDATE exams SET profile_digest = sha256('x')"))
    day.session.commit()
    assert "Bản ghim khác bản đi kèm phần mềm hôm nay" in day.browser(INVIGILATOR).open(path(day)).text


def test_a_stranger_sees_nothing(day: Day) -> None:
    for person in (STRANGER, NEIGHBOUR):
        day.browser(person).open(path(day), status=404)


def test_it_is_only_looked_at(day: Day) -> None:
    assert day.browser(INVIGILATOR).client.delete(path(day)).status_code == 405


def test_a_regulation_that_is_shipped_no_longer_is_shown_all_the_same(day: Day) -> None:
    day.session.execute(text("UPDATE exams SET profile_id = 'cc-1999'"))
    day.session.commit()
    page = day.browser(INVIGILATOR).open(path(day)).text
    assert "Phần mềm hôm nay không còn mang quy định này" in page
    assert "60 câu hỏi" in page
