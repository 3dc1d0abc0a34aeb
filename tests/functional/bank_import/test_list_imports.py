"""The list of files: those of one's own subjects, with counts and state, in pages, and the ways to bring in more."""

from datetime import timedelta

import pytest

from examapp.access.actor import SYSTEM
from examapp.access.roles import Role
from examapp.bank.imports import preview_import
from examapp.bank.models import Subject
from tests.factories import question_lines
from tests.functional.bank_import.conftest import GOOD, NO_KEY, Desk, sheet
from tests.pages import Browser

PATH = "/ngan-hang/nhap"


def fill(desk: Desk, count: int, subject: Subject | None = None) -> None:
    for index in range(count):
        data = question_lines(2, prefix=f"X{index}")
        now = desk.clock.now() + timedelta(seconds=index)
        preview_import(
            desk.session, subject or desk.subject, data, file_name=f"de-{index}.jsonl", actor=SYSTEM, now=now
        )
    desk.session.commit()


def test_it_shows_what_became_of_every_file_and_how_to_begin(desk: Desk, author: Browser) -> None:
    page = author.open(PATH)
    assert "Chưa có tệp nào" in page.text
    assert desk.upload_path in page.links()
    assert f"{PATH}/tep-mau.xlsx" in page.links()
    desk.read(author, sheet(GOOD, NO_KEY), "đợt 1.xlsx")
    author.submit(author.open(desk.path("/dua-vao")), desk.path("/dua-vao"))
    desk.send(author, sheet(GOOD), "đợt 2.xlsx")
    page = author.open(PATH)
    for words in ("đợt 1.xlsx", "đợt 2.xlsx", "Kiến thức chung", "Người Thử", "Đã nhập", "Chưa đọc"):
        assert words in page.text
    assert "08:00, 24/11/2026" in page.text


def test_nobody_sees_files_of_a_subject_that_is_not_theirs(desk: Desk, author: Browser) -> None:
    fill(desk, 1)
    desk.read(author, sheet(GOOD), "riêng.xlsx")
    stranger = desk.browser(subject=desk.other)
    page = stranger.open(PATH)
    assert "riêng.xlsx" not in page.text
    assert desk.upload_path not in page.links()
    assert "riêng.xlsx" not in stranger.open(f"{PATH}?mon={desk.subject.id}").text
    desk.browser(Role.COUNCIL_CHAIR).open(PATH, status=403)


def test_it_filters_by_subject(desk: Desk) -> None:
    fill(desk, 1)
    fill(desk, 1, desk.other)
    both = desk.browser(name="soan.hai", everywhere=True)
    assert both.open(PATH).text.count("de-0.jsonl") == 2
    page = both.open(f"{PATH}?mon={desk.other.id}")
    assert page.text.count("de-0.jsonl") == 1
    assert "Các tệp của môn Tiếng Anh" in page.text
    assert both.open(f"{PATH}?mon=linh-tinh").text.count("de-0.jsonl") == 2


@pytest.mark.parametrize("number", ["2", "99", "0", "x", "-1", "1" * 30])
def test_it_comes_in_pages_whatever_the_address_says(desk: Desk, author: Browser, number: str) -> None:
    fill(desk, 53)
    page = author.open(f"{PATH}?page={number}")
    assert "trong 53" in page.text


def test_its_statements_do_not_grow_with_the_files(desk: Desk, author: Browser) -> None:
    fill(desk, 3)
    author.open(PATH)
    with desk.statements() as few:
        author.open(PATH)
    fill(desk, 57)
    with desk.statements() as many:
        author.open(PATH)
    assert len(many) == len(few) <= 12


def test_it_takes_no_deed_and_asks_to_sign_in(desk: Desk, author: Browser, visitor: Browser) -> None:
    assert desk.post(author, PATH).status_code == 405
    assert visitor.open(PATH).heading == "Đăng nhập"
