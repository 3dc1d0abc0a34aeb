"""Taking chosen questions out of use, and into use again: what it means is said first; a package never changes."""

import pytest
from sqlalchemy import select

from examapp.access.roles import Role
from examapp.bank.models import Question, QuestionStatus
from examapp.sittings.queries import active_package
from tests.functional.bank.conftest import Bank
from tests.functional.exam_day import At, Day

RETIRE, RESTORE = "/ngung-dung", "/dung-lai"
APPROVED, RETIRED = QuestionStatus.APPROVED, QuestionStatus.RETIRED


def test_out_of_use_and_back(bank: Bank) -> None:
    browser = bank.author
    page = browser.open(bank.path(RETIRE, question=bank.boxes("KTC-02")[0], status="approved"))
    assert page.heading == "Ngừng dùng 1 câu"
    assert "Ca thi đã đóng gói giữ bản riêng của câu hỏi nên không đổi." in page.text
    assert bank.states()["KTC-02"] is APPROVED, "nothing is done by looking"
    page = browser.submit(page, bank.path(RETIRE))
    assert "Đã ngừng dùng 1 câu." in page.text
    assert bank.states() == {"KTC-01": APPROVED, "KTC-02": RETIRED, "KTC-03": APPROVED}
    page = browser.open(bank.path(RESTORE, question=bank.boxes("KTC-02")[0]))
    assert page.heading == "Dùng lại 1 câu"
    page = browser.submit(page, bank.path(RESTORE))
    assert "Đã dùng lại 1 câu." in page.text
    assert set(bank.states().values()) == {APPROVED}
    assert bank.actions()[-2:] == ["bank.questions_retired", "bank.questions_restored"]


def test_twice_is_harmless(bank: Bank) -> None:
    values = {"question": bank.boxes("KTC-01", "KTC-02")}
    assert bank.post(bank.author, bank.path(RETIRE), values).status_code == 303
    with bank.unchanged():
        answer = bank.post(bank.author, bank.path(RETIRE), values)
        assert answer.status_code == 409
        assert "Người khác vừa sửa KTC-01, KTC-02" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (RETIRE, "Chỉ ngừng dùng được câu đã duyệt. Bỏ chọn KTC-03"),
        (RESTORE, "Chỉ dùng lại được câu đã ngừng dùng. Bỏ chọn KTC-01, KTC-03"),
    ],
)
def test_a_question_in_the_wrong_state_is_named(bank: Bank, deed: str, sentence: str) -> None:
    bank.session.scalars(select(Question).where(Question.code == "KTC-03")).one().status = QuestionStatus.DRAFT
    bank.session.commit()
    with bank.unchanged():
        answer = bank.post(bank.author, bank.path(deed), {"question": bank.boxes("KTC-01", "KTC-03")})
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)


@pytest.mark.parametrize("deed", [RETIRE, RESTORE])
def test_nothing_chosen_says_how(bank: Bank, deed: str) -> None:
    assert "Chưa chọn câu nào" in bank.author.open(bank.path(deed)).text
    with bank.unchanged():
        assert bank.post(bank.author, bank.path(deed), {}).status_code == 422


@pytest.mark.parametrize("deed", [RETIRE, RESTORE])
def test_nobody_else_may(bank: Bank, deed: str) -> None:
    values = {"question": bank.boxes("KTC-01")}
    with bank.unchanged():
        for browser, status in ((bank.stranger, 404), (bank.reader, 403)):
            browser.open(bank.path(deed), status=status)
            assert bank.post(browser, bank.path(deed), values).status_code == status
        assert bank.author.client.post(bank.path(deed), data=values).status_code == 400


def test_a_frozen_sitting_keeps_its_questions(bank: Bank, day: Day) -> None:
    subject = day.built.line.subject
    package = active_package(day.session, day.built.sittings[At.FROZEN])
    assert package is not None
    before = package.core_digest
    codes = list(day.session.scalars(select(Question.code).where(Question.subject_id == subject.id)))[:5]
    browser = bank.browser("soan.kt", Role.AUTHOR, subject)
    assert bank.post(browser, bank.path(RETIRE, subject), {"question": bank.boxes(*codes)}).status_code == 303
    day.session.expire_all()
    again = active_package(day.session, day.built.sittings[At.FROZEN])
    assert again is not None
    assert again.core_digest == before
