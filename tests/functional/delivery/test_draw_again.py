"""While the papers are drawn the sitting's page says how far it is; a draw that failed is told and started again."""

import pytest
from sqlalchemy import func, select

from examapp.core.jobs import JobProgress, JobState, latest_job
from examapp.delivery.jobs import DRAW_PAPERS
from examapp.delivery.models import SignInFailure
from examapp.sittings.models import SittingState
from tests.cast import CHAIR, INVIGILATOR, SECRETARY, STRANGER
from tests.functional.exam_day import At, Day
from tests.pages import Page

DEED = "/rut-lai"
FAILED = "Việc chạy nền gặp lỗi ngoài dự kiến và đã dừng."


@pytest.fixture
def opening(day: Day) -> Day:
    """Open the paper of a sitting; nobody draws yet."""
    browser = day.browser(CHAIR)
    page = browser.open(day.path(At.VALUED))
    code = day.built.frozen[At.VALUED].paper_code
    browser.submit(page, day.path(At.VALUED, "/mo-de"), paper_code=code, confirm_open="y")
    assert day.sitting(At.VALUED).state is SittingState.OPENING
    return day


def note(day: Day, **values: object) -> JobProgress:
    """Write what the worker would of the newest draw."""
    job = latest_job(day.session, DRAW_PAPERS, str(day.built.sittings[At.VALUED]))
    assert job is not None
    for name, value in values.items():
        setattr(job, name, value)
    day.session.commit()
    return job


def bar(page: Page) -> dict[str, str]:
    (found,) = page.all("progress")
    return dict(found.attributes)


def test_the_page_shows_how_far_the_draw_is(opening: Day) -> None:
    browser, path = opening.browser(CHAIR), opening.path(At.VALUED)
    assert "Đang chờ đến lượt." in browser.open(path).text
    note(opening, state=JobState.RUNNING)
    page = browser.open(path)
    assert "Đang đọc gói đề." in page.text
    assert "value" not in bar(page)
    note(opening, done=1, total=2)
    page = browser.open(path)
    assert (bar(page)["value"], bar(page)["max"]) == ("1", "2")
    assert "Đã rút 1 trên 2 đề." in page.text
    assert not [form for form in page.forms() if DEED in form.action]


def test_a_failed_draw_is_told_and_the_chair_starts_it_again(opening: Day) -> None:
    path = opening.path(At.VALUED)
    failed = note(opening, state=JobState.FAILED, message=FAILED, done=1, total=2).job_id
    for person in (SECRETARY, INVIGILATOR):
        page = opening.browser(person).open(path)
        assert FAILED in page.text
        assert "Báo Chủ tịch Hội đồng" in page.text
        assert not [form for form in page.forms() if DEED in form.action]
    browser = opening.browser(CHAIR)
    page = browser.open(path)
    again = browser.submit(page, path + DEED)
    assert "Máy chủ đang rút đề lại." in again.text
    assert "Đang chờ đến lượt." in again.text
    job = note(opening)
    assert (job.state, job.job_id > failed) == (JobState.WAITING, True)
    assert opening.events(At.VALUED)[-1] == ("delivery.draw_restarted", f'{{"reason":"{FAILED}"}}')

    twice = browser.submit(page, path + DEED, status=409)
    assert "Máy chủ vẫn đang rút đề" in twice.text


def test_only_the_chair_may_and_only_while_papers_are_missing(opening: Day) -> None:
    note(opening, state=JobState.FAILED, message=FAILED)
    for person in (SECRETARY, INVIGILATOR):
        opening.refuses(At.VALUED, person, DEED, 403)
    opening.refuses(At.VALUED, STRANGER, DEED, 404)
    for at in (At.FROZEN, At.READY, At.MARKED):
        opening.refuses(at, CHAIR, DEED, 409)
    assert opening.browser(CHAIR).client.get(opening.path(At.VALUED, DEED)).status_code == 405


def test_a_candidate_with_the_right_code_is_told_to_wait_and_no_wrong_code_is_counted(opening: Day) -> None:
    number = opening.built.line.candidates[8].number
    answer = opening.candidate().sign_in(number)
    assert answer.status_code == 409
    assert "máy chủ chưa rút xong đề" in answer.get_data(as_text=True)
    opening.session.commit()
    assert opening.session.scalar(select(func.count()).select_from(SignInFailure)) == 0
    other = opening.built.codes[opening.built.line.candidates[9].number]
    assert opening.candidate().sign_in(number, other).status_code == 401
