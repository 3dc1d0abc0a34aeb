"""Topics of a subject: listed with what each holds, added, renamed, moved, deleted when nothing uses them."""

from typing import Any

import pytest

from examapp.access.roles import Role
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import Day

LIST = "/chu-de"


def deed(bank: Bank, name: str) -> str:
    return f"/ngan-hang/chu-de/{bank.empty_topic.id}/{name}"


def test_the_list_says_what_each_holds(bank: Bank) -> None:
    page = bank.author.open(bank.path(LIST))
    assert page.heading == "Chủ đề – Kiến thức mẫu"
    names = [one.text for one in page.all("th") if one.attributes.get("scope") == "row"]
    assert names == ["Chủ đề", "Công vụ"]
    counts = [one.text for one in page.all("td") if one.attributes.get("data-label") == "Câu hỏi"]
    assert counts == ["3", "0"]
    assert bank.path(topic=str(bank.topic.id)) in page.links()
    actions = [form.action for form in page.forms()]
    assert deed(bank, "xoa") in actions
    assert deed(bank, "xoa").replace(str(bank.empty_topic.id), str(bank.topic.id)) not in actions, "it is used"


def test_a_topic_is_added(bank: Bank) -> None:
    browser = bank.author
    page = browser.submit(browser.open(bank.path(LIST)), bank.path(LIST), name=" Đạo đức  công vụ ")
    assert "Đã thêm chủ đề “Đạo đức công vụ”." in page.text
    assert bank.topic_names() == ["Chủ đề", "Công vụ", "Đạo đức công vụ"]
    assert bank.actions()[-1] == "bank.topic_added"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Ghi tên chủ đề."),
        ("\u200b", "Ghi tên chủ đề."),
        ("x" * 201, "Nội dung dài quá mức cho phép."),
        ("công vụ", "Môn đã có chủ đề “Công vụ”."),
    ],
)
def test_a_slip_is_named_on_both_forms(bank: Bank, name: str, sentence: str) -> None:
    browser = bank.author
    with bank.unchanged():
        page = browser.submit(browser.open(bank.path(LIST)), bank.path(LIST), status=422, name=name)
        assert sentence in page.text
        assert page.form(bank.path(LIST)).fields["name"] == name
        path = deed(bank, "doi-ten").replace(str(bank.empty_topic.id), str(bank.topic.id))
        answer = browser.post(browser.open(path), path, name=name)
        assert answer.status_code in (409, 422)
        assert sentence in answer.get_data(as_text=True)


def test_a_topic_is_renamed_and_a_stale_page_is_told(bank: Bank) -> None:
    browser, path = bank.author, deed(bank, "doi-ten")
    stale = browser.open(path)
    assert stale.form(path).fields["name"] == "Công vụ"
    page = browser.submit(browser.open(path), path, name="Hoạt động công vụ")
    assert "Đã đổi tên thành “Hoạt động công vụ”." in page.text
    assert "trong tệp còn ghi: Công vụ" in page.text
    with bank.unchanged():
        page = browser.submit(stale, path, status=409, name="Tên khác")
        assert "vừa được người khác đổi tên thành “Hoạt động công vụ”" in page.text
        assert page.form(path).fields["name"] == "Tên khác", "what was typed is kept"
        assert "Tên chủ đề không đổi." in browser.submit(stale, path, name="Hoạt động công vụ").text


def test_a_topic_moves_and_stays_at_the_ends(bank: Bank) -> None:
    browser, path = bank.author, deed(bank, "doi-cho")
    assert "Đã chuyển chỗ chủ đề “Công vụ”." in browser.submit(browser.open(bank.path(LIST)), path, way="up").text
    assert bank.topic_names() == ["Công vụ", "Chủ đề"]
    with bank.unchanged():
        assert (
            "Chủ đề đã ở đầu hoặc cuối danh sách." in browser.submit(browser.open(bank.path(LIST)), path, way="up").text
        )
    assert bank.post(browser, path, {"way": "down"}).status_code == 303
    assert bank.topic_names() == ["Chủ đề", "Công vụ"]


def test_an_unused_topic_is_deleted_and_twice_is_harmless(bank: Bank) -> None:
    browser, path = bank.author, deed(bank, "xoa")
    stale = browser.open(bank.path(LIST))
    assert "Đã xóa chủ đề “Công vụ”." in browser.submit(stale, path).text
    assert bank.topic_names() == ["Chủ đề"]
    assert browser.post(stale, path).status_code == 404


def test_a_used_topic_stays_and_the_page_says_what_to_do(bank: Bank) -> None:
    path = deed(bank, "xoa").replace(str(bank.empty_topic.id), str(bank.topic.id))
    with bank.unchanged():
        answer = bank.post(bank.author, path, {})
        assert answer.status_code == 409
        assert "Đổi chủ đề các câu này rồi để chủ đề trống" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "values"),
    [("doi-ten", {"name": "Tên khác", "seen": "Công vụ"}), ("doi-cho", {"way": "up"}), ("xoa", {})],
)
def test_nobody_else_may(bank: Bank, day: Day, name: str, values: dict[str, Any]) -> None:
    path = deed(bank, name)
    with bank.unchanged():
        for browser, status in ((bank.stranger, 404), (bank.reader, 403)):
            assert bank.post(browser, path, values).status_code == status
            assert bank.post(browser, bank.path(LIST), {"name": "Mới"}).status_code == status
        assert bank.author.client.post(path, data={"csrf_token": "x", **values}).status_code == 400
    bank.stranger.open(bank.path(LIST), status=404)
    page = bank.reader.open(bank.path(LIST))
    assert not [form for form in page.forms() if "/ngan-hang/" in form.action], "whoever only looks is offered no deed"
    assert day.candidate().browser.open(bank.path(LIST)).heading == "Đăng nhập"


def test_a_subject_without_topics_says_how_to_begin(bank: Bank, day: Day) -> None:
    browser = bank.browser("van.thu.ngan.hang", Role.SECRETARY)
    page = browser.open("/ngan-hang/tao-mon")
    page = browser.submit(page, "/ngan-hang/tao-mon", name="Môn mới", code="MOI")
    path = next(link for link in page.links() if link.endswith(LIST))
    page = browser.open(path)
    assert "Môn này chưa có chủ đề" in page.text
    assert [form for form in page.forms() if form.action == path]


def test_statements_do_not_grow_with_the_topics(bank: Bank, day: Day) -> None:
    author = bank.author
    author.open(bank.path(LIST))
    with day.statements() as few:
        author.open(bank.path(LIST))
    page = author.open(bank.path(LIST))
    for number in range(10):
        author.post(page, bank.path(LIST), name=f"Chủ đề số {number}")
    with day.statements() as many:
        author.open(bank.path(LIST))
    assert len(many) <= len(few) + 1  # the first look after a note
