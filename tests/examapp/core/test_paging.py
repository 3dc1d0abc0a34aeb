"""Lists in pages."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.bank.models import Subject
from examapp.core.paging import Page, page_of


@pytest.mark.parametrize(
    ("number", "total", "shown"),
    [
        (1, 0, [1]),
        (1, 50, [1]),
        (1, 51, [1, 2]),
        (1, 650, [1, 2, None, 13]),
        (7, 650, [1, None, 6, 7, 8, None, 13]),
        (3, 650, [1, 2, 3, 4, None, 13]),
        (4, 650, [1, 2, 3, 4, 5, None, 13]),
        (13, 650, [1, None, 12, 13]),
    ],
)
def test_the_pager_shows_the_ends_and_the_neighbours(number: int, total: int, shown: list[int | None]) -> None:
    assert Page([], number, total).window() == shown


def test_a_page_is_a_window_on_the_whole_list(session: Session) -> None:
    session.add_all(Subject(code=f"M{number:02d}", name="Môn", search_text="mon") for number in range(12))
    session.flush()
    query = select(Subject.code).order_by(Subject.code)
    page = page_of(session, query, 2, size=5)
    assert page.rows == ["M05", "M06", "M07", "M08", "M09"]
    assert (page.first, page.last, page.total, page.pages) == (6, 10, 12, 3)
    assert page_of(session, query, 99, size=5).rows == ["M10", "M11"]
    assert page_of(session, query, -3, size=5).number == 1
    empty = page_of(session, query.where(Subject.code == "none"), 1)
    assert (empty.rows, empty.first, empty.last, empty.pages) == ([], 0, 0, 1)
