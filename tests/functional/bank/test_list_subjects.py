"""The subjects of the bank: everybody sees theirs, with what each holds."""

from sqlalchemy import update

from examapp.access.roles import Role
from examapp.accounts.models import RoleAssignment
from examapp.core.ids import new_id
from tests.cast import AUTHOR, COORDINATOR, INVIGILATOR, NOBODY, SITE_CHAIR, STRANGER
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import Day

PATH = "/ngan-hang/"


def test_an_author_of_one_subject_sees_this_one_and_how_much_is_in_it(bank: Bank) -> None:
    page = bank.author.open(PATH)
    assert page.heading == "Ngân hàng câu hỏi"
    assert bank.path() in page.links()
    assert bank.path("/chu-de") in page.links()
    assert bank.path(subject=bank.other) not in page.links()
    cells = {one.attributes["data-label"]: one.text for one in page.all("td")}
    assert cells == {
        "Câu hỏi": "3",
        "Đã duyệt": "3",
        "Nháp": "0",
        "Ngừng dùng": "0",
        "Chủ đề": "2 chủ đề, mở danh sách",
    }
    assert "Câu hỏi" in page.menu()


def test_a_role_for_the_site_sees_all(bank: Bank) -> None:
    for browser in (bank.reader, bank.day.browser(AUTHOR), bank.day.browser(SITE_CHAIR)):
        links = browser.open(PATH).links()
        assert {bank.path(), bank.path(subject=bank.other)} <= set(links)


def test_words_are_counted_in_every_subject_one_sees(bank: Bank) -> None:
    page = bank.reader.open(f"{PATH}?q=LUAT")
    assert "khớp “LUAT”" in page.text
    assert bank.path(q="LUAT") in page.links()
    assert bank.path(subject=bank.other, q="LUAT") in page.links()
    page = bank.author.open(f"{PATH}?q=luật")
    assert "1 câu khớp “luật” trong 1 môn" in page.text
    assert "0 câu khớp “xyz” trong 1 môn" in bank.author.open(f"{PATH}?q=xyz").text


def test_whoever_has_no_subject_finds_no_page_and_the_first_one_an_empty_list(bank: Bank, day: Day) -> None:
    for person in (INVIGILATOR, COORDINATOR, NOBODY, STRANGER):
        browser = day.browser(person)
        browser.open(PATH, status=403)
        assert "Câu hỏi" not in browser.open("/").menu()
    gone = bank.browser("khong", Role.AUTHOR, bank.other)
    elsewhere = update(RoleAssignment).where(RoleAssignment.scope_id == bank.other.id).values(scope_id=new_id())
    bank.session.execute(elsewhere)
    bank.session.commit()
    page = gone.open(PATH)
    assert "Chưa có môn nào" in page.text
    assert "/" in page.links()
    assert "/ngan-hang/tao-mon" not in page.links(), "one subject's author begins none"


def test_it_asks_to_sign_in_and_takes_no_deed(bank: Bank, day: Day) -> None:
    assert day.candidate().browser.open(PATH).heading == "Đăng nhập"
    assert bank.post(bank.author, PATH, {}).status_code == 405


def test_its_statements_do_not_grow_with_the_subjects(bank: Bank, day: Day) -> None:
    one, many = bank.author, bank.reader
    with day.statements() as few:
        one.open(PATH)
    with day.statements() as all_of_them:
        many.open(PATH)
    assert len(all_of_them) == len(few) <= 9
