"""Questions with their keys as a file: for few people, with a reason, in the log, made by the worker."""

from sqlalchemy import select

from examapp.access.roles import Role
from examapp.audit.models import AuditDetails
from examapp.bank.services import COPY_QUESTIONS
from examapp.core.files import StoredFile
from examapp.core.jobs import JobProgress, JobState
from tests.functional.bank.conftest import Bank

DEED = "/lay-kem-dap-an"
WHY = {"file_format": "native", "reason": "Lưu trữ cuối năm"}


def test_the_secretary_orders_what_the_list_shows_and_the_log_says_why(bank: Bank) -> None:
    browser = bank.browser("thuky", Role.SECRETARY)
    assert bank.path(DEED, q="luat") in browser.open(bank.path(q="luat")).html
    page = browser.open(bank.path(DEED, q="luat"))
    assert page.heading == "Lấy câu hỏi kèm đáp án"
    assert "Lấy 1 câu mà danh sách đang hiện" in page.text
    page = browser.submit(page, bank.path(DEED), **WHY)
    assert "Đang chờ đến lượt" in page.text
    assert bank.actions()[-1] == "bank.questions_copied"
    details = bank.session.scalars(select(AuditDetails.details).order_by(AuditDetails.number.desc())).first()
    assert details == '{"format":"native","questions":1,"reason":"Lưu trữ cuối năm"}'
    job = bank.session.scalars(select(JobProgress).where(JobProgress.kind == COPY_QUESTIONS)).one()
    assert job.state is JobState.WAITING
    assert bank.session.scalars(select(StoredFile)).all() == []
    other = bank.browser("thuky.khac", Role.SECRETARY)
    assert "Tệp anh/chị yêu cầu" not in other.open(bank.path(DEED)).text, "it is the asker's own"


def test_the_page_gives_the_file_and_names_what_is_not_in_it(bank: Bank) -> None:
    bank.post(bank.reader, bank.path(DEED), WHY | {"file_format": "aiken"})
    loss = {
        "count": 3,
        "message": "dạng tệp này không giữ được: %(words)s.",
        "params": {"parts": "topic", "words": "chủ đề"},
    }
    file = "01a20f85-158e-73d3-af12-c82f62f2af35"
    job = bank.session.scalars(select(JobProgress).where(JobProgress.kind == COPY_QUESTIONS)).one()
    job.state, job.result = JobState.DONE, {"file": file, "questions": 2, "losses": [loss], "unnamed": 4}
    bank.session.commit()
    page = bank.reader.open(bank.path(DEED))
    assert "Đã ghi 2 câu" in page.text
    assert "3 câu: dạng tệp này không giữ được: chủ đề." in page.text
    assert "và 4 điều khác" in page.text
    assert f"/{file}" in page.html


def test_without_a_reason_nothing_is_made_and_what_was_chosen_stays(bank: Bank) -> None:
    with bank.unchanged():
        answer = bank.post(bank.reader, bank.path(DEED), {"file_format": "word", "reason": "  "})
        assert answer.status_code == 422
        assert "Ghi lý do" in answer.text
        assert 'value="word" selected' in answer.text or 'selected value="word"' in answer.text
        assert bank.post(bank.reader, bank.path(DEED), WHY | {"file_format": "json"}).status_code == 422


def test_where_the_filter_finds_nothing_there_is_nothing_to_take(bank: Bank) -> None:
    with bank.unchanged():
        answer = bank.post(bank.reader, bank.path(DEED), WHY | {"q": "không có"})
        assert answer.status_code == 409
        assert "không có gì để lấy" in answer.text


def test_whoever_writes_questions_may_not_take_them_all_away(bank: Bank) -> None:
    with bank.unchanged():
        assert bank.path(DEED) not in bank.author.open(bank.path()).html
        bank.author.open(bank.path(DEED), status=403)
        assert bank.post(bank.author, bank.path(DEED), WHY).status_code == 403
        assert bank.post(bank.stranger, bank.path(DEED), WHY).status_code == 403
        assert bank.reader.client.post(bank.path(DEED), data=WHY).status_code == 400
