"""Beginning a subject: name and code, each problem under its field, nothing typed lost."""

import pytest
from sqlalchemy import func, select

from examapp.bank.models import Subject
from tests.cast import AUTHOR, CHAIR, SITE_CHAIR, SITE_SECRETARY, Person
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import Day

PATH = "/ngan-hang/tao-mon"
TYPED = {"name": "  Nghiệp vụ   văn thư ", "code": "NVVT"}


def count(bank: Bank) -> int:
    bank.session.commit()
    return bank.session.scalar(select(func.count()).select_from(Subject)) or 0


@pytest.mark.parametrize("person", [AUTHOR, SITE_SECRETARY], ids=lambda one: one.username)
def test_a_subject_is_begun_and_shows_ways_on(bank: Bank, day: Day, person: Person) -> None:
    browser = day.browser(person)
    assert PATH in browser.open("/ngan-hang/").links()
    page = browser.submit(browser.open(PATH), PATH, **TYPED)
    assert page.heading == "Câu hỏi – Nghiệp vụ văn thư"
    assert "Đã lập môn “Nghiệp vụ văn thư”." in page.text
    subject = bank.session.scalars(select(Subject).where(Subject.code == "NVVT")).one()
    assert "Môn này chưa có câu hỏi" in page.text
    ways = {bank.path("/nhap", subject), bank.path("/chu-de", subject)}
    assert ways <= set(page.links())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "Ghi tên môn."),
        ({"code": ""}, "Ghi mã môn."),
        ({"name": " \u200b"}, "Môn cần có mã và tên."),
        ({"code": "KTC"}, "Mã môn “KTC” đã có. Chọn mã khác."),
        ({"code": "x" * 31}, "Nội dung dài quá mức cho phép."),
    ],
)
def test_a_slip_is_named_on_the_form(bank: Bank, day: Day, values: dict[str, str], sentence: str) -> None:
    before, browser = count(bank), day.browser(AUTHOR)
    page = browser.submit(browser.open(PATH), PATH, status=422, **(TYPED | values))
    assert sentence in page.text
    assert page.form(PATH).fields["name"] == (TYPED | values)["name"]
    assert count(bank) == before


def test_nobody_else_may(bank: Bank, day: Day) -> None:
    before = count(bank)
    for browser in (bank.author, bank.reader, day.browser(CHAIR), day.browser(SITE_CHAIR)):
        browser.open(PATH, status=403)
        assert bank.post(browser, PATH, TYPED).status_code == 403
    assert count(bank) == before


def test_twice_is_one_subject(bank: Bank, day: Day) -> None:
    browser, before = day.browser(AUTHOR), count(bank)
    assert bank.post(browser, PATH, TYPED).status_code == 303
    assert bank.post(browser, PATH, TYPED).status_code == 422
    assert count(bank) == before + 1


def test_the_token_is_asked_for(bank: Bank, day: Day) -> None:
    assert day.browser(AUTHOR).client.post(PATH, data=TYPED).status_code == 400
