"""The staff's list of sittings: those of the exams somebody has business with, and nothing of another exam."""

import pytest

from tests.cast import (
    ADMINISTRATOR,
    AUTHOR,
    CHAIR,
    COORDINATOR,
    INVIGILATOR,
    NOBODY,
    SECRETARY,
    SITE_CHAIR,
    STRANGER,
    Person,
)
from tests.functional.exam_day import NEIGHBOUR, At, Day, csrf_token

PATH = "/ca-thi/"


@pytest.mark.parametrize("person", [CHAIR, SECRETARY, INVIGILATOR, COORDINATOR], ids=lambda one: one.username)
def test_everybody_of_the_exam_sees_its_sittings_and_no_other(day: Day, person: Person) -> None:
    page = day.browser(person).open(PATH)
    assert page.heading == "Ca thi"
    seen = {at for at in At if day.path(at) in page.links()}
    assert seen == set(At) - {At.ELSEWHERE}
    for words in ("Thi thử", "Chính thức", "Đang chuẩn bị", "Đã đóng gói", "Đã mở đề", "Đã niêm phong"):
        assert words in page.text
    assert "08:15, 24/11/2026" in page.text


def test_another_exam_shows_only_its_own_and_a_role_for_the_site_shows_all(day: Day) -> None:
    page = day.browser(NEIGHBOUR).open(PATH)
    assert {at for at in At if day.path(at) in page.links()} == {At.ELSEWHERE}
    page = day.browser(SITE_CHAIR).open(PATH)
    assert {at for at in At if day.path(at) in page.links()} == set(At)


def test_a_stranger_finds_an_empty_list_and_whoever_has_no_exam_finds_no_page(day: Day) -> None:
    assert "Chưa có ca thi nào" in day.browser(STRANGER).open(PATH).text
    for person in (ADMINISTRATOR, AUTHOR, NOBODY):
        browser = day.browser(person)
        assert browser.open(PATH, status=403).heading == "Không được phép"
        assert "Ca thi" not in browser.open("/").menu()


def test_it_asks_to_sign_in_takes_no_deed_and_speaks_english(day: Day) -> None:
    assert day.candidate().browser.open(PATH).heading == "Đăng nhập"
    browser = day.browser(CHAIR)
    assert browser.client.post(PATH, data={"csrf_token": csrf_token(browser.open("/").html)}).status_code == 405
    assert browser.open(f"{PATH}?lang=en").all("html")[0].attributes["lang"] == "en"


def test_its_statements_do_not_grow_with_the_sittings(day: Day) -> None:
    one, all_of_them = day.browser(NEIGHBOUR), day.browser(SITE_CHAIR)
    with day.statements() as few:
        one.open(PATH)
    with day.statements() as many:
        all_of_them.open(PATH)
    assert len(many) == len(few) <= 8
