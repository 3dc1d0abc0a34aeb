"""What the public sees: numbers and results without names, and how the papers were drawn."""

import pytest
from sqlalchemy import text

from tests.functional.exam_day import PUBLIC_VALUE, At, Day
from tests.functional.results.test_post_list import made_list, posted_list, visitor

LISTS = "/tra-cuu/danh-sach/"
DRAWS = "/tra-cuu/rut-de/"


def draw(day: Day, at: At = At.MARKED, rest: str = "") -> str:
    return f"{DRAWS}{day.built.sittings[at]}{rest}"


def test_a_posted_list_has_numbers_and_no_names(day: Day) -> None:
    made = posted_list(day)
    browser = visitor(day)
    assert f"{LISTS}{made.id}" in browser.open(LISTS).links()
    page = browser.open(f"{LISTS}{made.id}")
    for number, mark, outcome in (("0014", "8/8", "Đạt"), ("0015", "3/8", "Không đạt"), ("0016", "–", "Vắng")):
        assert f"{number}{mark}{outcome}" in page.text
    for number in ("0014", "0015", "0016"):
        assert day.attempt(number).full_name not in page.html
    assert made.digest.hex()[:20] in page.text


def test_a_number_is_found(day: Day) -> None:
    made = posted_list(day)
    page = visitor(day).open(f"{LISTS}{made.id}?number=0015")
    assert "3/8" in page.text
    assert "8/8" not in page.text
    none = visitor(day).open(f"{LISTS}{made.id}?number=77<b>")
    assert "Không có số báo danh bắt đầu bằng “77<b>”" in none.text


def test_what_is_not_posted_is_not_there(day: Day) -> None:
    assert "Chưa công bố danh sách nào" in visitor(day).open(LISTS).text
    made = made_list(day)
    assert "Chưa công bố danh sách nào" in visitor(day).open(LISTS).text
    visitor(day).open(f"{LISTS}{made.id}", status=404)
    visitor(day).open(draw(day), status=404)
    assert "Chưa có ca thi nào" in visitor(day).open(DRAWS).text


def test_a_list_that_somebody_edited_is_not_shown(day: Day) -> None:
    made = posted_list(day)
    day.session.execute(text("UPDATE result_lists SET content = replace(content, 'Ví Dụ 14', 'Ví Dụ 41')"))
    day.session.commit()
    visitor(day).open(f"{LISTS}{made.id}", status=404)


def test_the_draw_is_explained_with_its_values(day: Day) -> None:
    posted_list(day)
    browser = visitor(day)
    assert draw(day) in browser.open(DRAWS).links()
    page = browser.open(draw(day))
    package = day.built.frozen[At.MARKED].package
    grouped = page.text.replace(" ", "")
    assert package.core_digest.hex() in grouped
    assert PUBLIC_VALUE in grouped


def test_one_paper_is_derived_again(day: Day) -> None:
    posted_list(day)
    assert "Kết luậnKhớp" in visitor(day).open(draw(day, rest="?number=0014")).text
    unknown = visitor(day).open(draw(day, rest="?number=0001"), status=422)
    assert "Ca thi này không có số báo danh đó." in unknown.text


def test_a_paper_that_was_exchanged_shows(day: Day) -> None:
    posted_list(day)
    day.session.execute(text("UPDATE attempts SET paper_digest = sha256('x') WHERE candidate_number = '0014'"))
    day.session.commit()
    page = visitor(day).open(draw(day, rest="?number=0014"))
    assert "Không khớp" in page.text
    assert "báo Ban giám sát" in page.text


@pytest.mark.parametrize("at", [At.READY, At.SEALED, At.FROZEN, At.DRAFT])
def test_before_the_results_nothing_of_a_draw_is_told(day: Day, at: At) -> None:
    visitor(day).open(draw(day, at), status=404)
    visitor(day).open(draw(day, at, "?number=0001"), status=404)


@pytest.mark.parametrize("number", ["%00", "0014%00"])
def test_a_number_with_a_zero_byte_is_read_without_it(day: Day, number: str) -> None:
    made = posted_list(day)
    visitor(day).open(draw(day, rest=f"?number={number}"))
    visitor(day).open(f"{LISTS}{made.id}?number={number}")
