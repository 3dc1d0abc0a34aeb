"""One job: its times, how far it is, what came of it; redrawn until it has ended."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from examapp.core.files import StoredFile, drop_file
from examapp.core.jobs import JobProgress, JobState
from tests.cast import ADMINISTRATOR, AUTHOR, SITE_CHAIR, Person
from tests.functional.exam_day import At, Day
from tests.functional.jobs.conftest import TITLE
from tests.pages import Browser, Page

BrowserOf = Callable[[Person], Browser]
JobOf = Callable[..., JobProgress]


def region(page: Page) -> dict[str, str]:
    return next(one.attributes for one in page.all("section") if one.attributes.get("id") == "viec")


def test_a_waiting_and_a_running_job_are_redrawn(browser_of: BrowserOf, job_of: JobOf, stored: Session) -> None:
    job = job_of(AUTHOR)
    browser, path = browser_of(AUTHOR), f"/viec/{job.job_id}"
    page = browser.open(path)
    assert page.heading == TITLE
    assert "Đang chờ đến lượt" in page.text
    assert "chưa bắt đầu" in page.text
    assert region(page)["hx-get"] == path
    job.state, job.done, job.total = JobState.RUNNING, 30, 40
    stored.commit()
    page = browser.open(path)
    (bar,) = page.all("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("30", "40")
    assert "30 trên 40" in page.text
    assert [form.action for form in page.forms() if path in form.action] == [f"{path}/dung"]


def test_a_done_job_leads_to_its_file_while_that_is_there(
    browser_of: BrowserOf, job_of: JobOf, file_of: Callable[..., StoredFile], stored: Session
) -> None:
    kept = file_of(AUTHOR)
    job = job_of(AUTHOR, state=JobState.DONE, result={"file": str(kept.id)})
    browser, path = browser_of(AUTHOR), f"/viec/{job.job_id}"
    page = browser.open(path)
    assert f"/viec/tep/{kept.id}" in page.links()
    assert "hx-get" not in region(page)
    keeper = browser_of(ADMINISTRATOR).open(path)
    assert f"/viec/tep/{kept.id}" not in keeper.links()
    assert "không còn ở đây" in keeper.text
    drop_file(stored, kept.id)
    stored.commit()
    assert "không còn ở đây" in browser.open(path).text


def test_what_a_job_works_on_has_its_name(day: Day) -> None:
    day.candidate("0001")
    browser = day.browser(ADMINISTRATOR)
    scope = f"exam:{day.built.line.exam.id}"
    row = JobProgress(job_id=10**12, kind="test.count", subject=scope, owner_id=None, state=JobState.DONE)
    day.session.add(row)
    day.session.commit()
    page = browser.open(f"/viec/{row.job_id}")
    assert "Kỳ thi KT26" in page.text
    assert At.READY  # the exam of the day


def test_somebody_elses_job_is_not_there_except_for_a_keeper(browser_of: BrowserOf, job_of: JobOf) -> None:
    job = job_of(AUTHOR)
    page = browser_of(SITE_CHAIR).open(f"/viec/{job.job_id}", status=404)
    assert "Không tìm thấy việc này" in page.text
    assert AUTHOR.name in browser_of(ADMINISTRATOR).open(f"/viec/{job.job_id}").text
    browser_of(AUTHOR).open("/viec/999999", status=404)
    browser_of(AUTHOR).open(f"/viec/{10**30}", status=404)


def test_a_job_of_a_kind_that_is_gone_is_still_shown(browser_of: BrowserOf, job_of: JobOf) -> None:
    job = job_of(AUTHOR, kind="old.work", state=JobState.FAILED, message="Hỏng.")
    page = browser_of(AUTHOR).open(f"/viec/{job.job_id}")
    assert page.heading == "Việc khác"
    assert [form for form in page.forms() if "/lam-lai" in form.action] == []
