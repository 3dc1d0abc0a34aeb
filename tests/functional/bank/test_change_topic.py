"""Chosen questions go to another topic: asked which one first, all or none, a stale selection told."""

import pytest
from sqlalchemy import select

from examapp.bank.models import Topic
from tests.functional.bank.conftest import Bank, topic_of

DEED = "/doi-chu-de"


def test_it_works_from_the_list_to_the_list(bank: Bank) -> None:
    browser = bank.author
    listed = browser.open(bank.path(q="luat", topic=str(bank.topic.id)))
    assert bank.path(DEED) in {one.attributes.get("formaction") for one in listed.all("button")}
    assert bank.boxes("KTC-01")[0] in {one.attributes.get("value") for one in listed.all("input")}
    page = browser.open(bank.path(DEED, question=bank.boxes("KTC-01")[0], q="luat", topic=str(bank.topic.id)))
    assert page.heading == "Đổi chủ đề của 1 câu"
    assert "phiên bản cũ vẫn xem được. Ca thi đã đóng gói giữ bản riêng nên không đổi." in page.text
    page = browser.submit(page, bank.path(DEED), aim=str(bank.empty_topic.id))
    assert "Đã chuyển 1 câu sang chủ đề “Công vụ”." in page.text
    fields = page.form(bank.path()).fields
    assert (fields["q"], fields["topic"]) == ("luat", str(bank.topic.id)), "back where one was"
    assert topic_of(bank, "KTC-01") == bank.empty_topic.id
    assert bank.versions() == 4
    assert bank.actions()[-1] == "bank.questions_moved"


def test_several_at_once(bank: Bank) -> None:
    values = {"question": bank.boxes("KTC-01", "KTC-03"), "aim": str(bank.empty_topic.id), "page": "2"}
    answer = bank.post(bank.author, bank.path(DEED), values)
    assert answer.status_code == 303
    assert answer.location.endswith(bank.path(page="2"))
    assert topic_of(bank, "KTC-03") == bank.empty_topic.id
    assert topic_of(bank, "KTC-02") == bank.topic.id


def test_no_topic_the_same_topic_and_a_foreign_one_are_refused(bank: Bank) -> None:
    foreign = bank.session.scalars(select(Topic).where(Topic.subject_id == bank.other.id)).one()
    box = bank.boxes("KTC-01")[0]
    with bank.unchanged():
        for topic, sentence in (
            ("", "Chọn chủ đề."),
            (str(foreign.id), "Chọn một trong các mục có sẵn."),
            (str(bank.topic.id), "Các câu đã chọn đều đang ở chủ đề “Chủ đề”."),
        ):
            answer = bank.post(bank.author, bank.path(DEED), {"question": box, "aim": topic})
            assert answer.status_code == 422
            assert sentence in answer.get_data(as_text=True)
            assert box in answer.get_data(as_text=True), "the selection is kept"


def test_what_was_seen_must_still_be_so_and_then_it_may_be_done_again(bank: Bank) -> None:
    seen, values = bank.boxes("KTC-01", "KTC-02"), {"aim": str(bank.empty_topic.id)}
    assert bank.post(bank.author, bank.path(DEED), {"question": seen[:1], **values}).status_code == 303
    browser = bank.author
    page = browser.open(f"{bank.path(DEED)}?question={seen[0]}&question={seen[1]}")
    with bank.unchanged():
        answer = bank.post(browser, bank.path(DEED), {"question": seen, **values})
    assert answer.status_code == 409
    html = answer.get_data(as_text=True)
    assert "Người khác vừa sửa KTC-01 nên chưa làm gì." in html
    fresh = bank.boxes("KTC-01", "KTC-02")
    assert all(box in html for box in fresh), "the page shows what is, so that one can go on from it"
    assert page.heading == "Đổi chủ đề của 2 câu"
    assert bank.post(browser, bank.path(DEED), {"question": fresh, **values}).status_code == 303


@pytest.mark.parametrize("query", ["", "?question=x", "?question="])
def test_nothing_chosen_says_how(bank: Bank, query: str) -> None:
    page = bank.author.open(bank.path(DEED) + query)
    assert "Chưa chọn câu nào" in page.text
    assert bank.path() in page.links()
    with bank.unchanged():
        answer = bank.post(bank.author, bank.path(DEED), {"aim": str(bank.empty_topic.id)})
        assert answer.status_code == 422


def test_nobody_else_may(bank: Bank) -> None:
    values = {"question": bank.boxes("KTC-01"), "aim": str(bank.empty_topic.id)}
    with bank.unchanged():
        for browser, status in ((bank.stranger, 404), (bank.reader, 403)):
            browser.open(bank.path(DEED), status=status)
            assert bank.post(browser, bank.path(DEED), values).status_code == status
        foreign = bank.path(DEED, bank.other)
        assert bank.post(bank.stranger, foreign, values).status_code in (409, 422), "questions of another subject"
        assert bank.author.client.post(bank.path(DEED), data=values).status_code == 400
