"""Stop a job: out of the queue while it waits, asked to stop while it runs."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from examapp.core.jobs import JobProgress, JobState, job_kinds
from examapp.core.worker import Worker
from examapp.delivery.jobs import DRAW_PAPERS
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, AUTHOR, SITE_CHAIR, Person
from tests.conftest import CommittedDatabase
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
JobOf = Callable[..., JobProgress]
Deeds = Callable[[], list[tuple[str, str]]]


@pytest.mark.parametrize("person", [AUTHOR, ADMINISTRATOR])
def test_a_waiting_job_never_begins(
    browser_of: BrowserOf, job_of: JobOf, deeds: Deeds, committed_db: CommittedDatabase, keys: NodeKeys, person: Person
) -> None:
    job = job_of(AUTHOR)
    path, browser = f"/viec/{job.job_id}", browser_of(person)
    page = browser.submit(browser.open(path), f"{path}/dung")
    assert "Đã dừng việc này trước khi máy chủ bắt đầu." in page.text
    assert "Việc này đã được dừng" in page.text
    assert deeds() == [("jobs.stopped", f"job:{job.job_id}")]
    Worker(committed_db.url, keys).run(wait=False)
    assert "Việc này đã được dừng" in browser.open(path).text


def test_a_running_job_is_asked_to_and_only_once(
    browser_of: BrowserOf, job_of: JobOf, deeds: Deeds, stored: Session
) -> None:
    job = job_of(AUTHOR, state=JobState.RUNNING)
    stored.connection().exec_driver_sql("UPDATE procrastinate_jobs SET status = 'doing'")
    stored.commit()
    path, browser = f"/viec/{job.job_id}", browser_of(AUTHOR)
    shown = browser.open(path)
    page = browser.submit(shown, f"{path}/dung")
    assert "Đang dừng" in page.text
    assert [form for form in page.forms() if "/dung" in form.action] == []
    assert "đã được yêu cầu dừng" in browser.submit(shown, f"{path}/dung", status=409).text
    assert len(deeds()) == 1


def test_what_has_ended_is_told_so(browser_of: BrowserOf, job_of: JobOf, stored: Session, deeds: Deeds) -> None:
    job = job_of(AUTHOR)
    path, browser = f"/viec/{job.job_id}", browser_of(AUTHOR)
    shown = browser.open(path)
    job.state = JobState.DONE
    stored.commit()
    assert "đã kết thúc" in browser.submit(shown, f"{path}/dung", status=409).text
    assert deeds() == []


def test_the_draw_of_a_sitting_cannot_be_stopped(browser_of: BrowserOf, job_of: JobOf, deeds: Deeds) -> None:
    assert not job_kinds[DRAW_PAPERS].stops
    job = job_of(AUTHOR, kind=DRAW_PAPERS)
    path, browser = f"/viec/{job.job_id}", browser_of(AUTHOR)
    page = browser.open(path)
    assert [form for form in page.forms() if path in form.action] == []
    other = browser.open("/viec/")
    token = browser.open("/mat-khau").forms()[0].fields["csrf_token"]
    answer = browser.client.post(f"{path}/dung", data={"csrf_token": token})
    assert (answer.status_code, other.response.status_code, deeds()) == (409, 200, [])


def test_a_stranger_learns_nothing_and_stops_nothing(
    browser_of: BrowserOf, job_of: JobOf, stored: Session, deeds: Deeds
) -> None:
    own, theirs = job_of(SITE_CHAIR), job_of(AUTHOR)
    browser = browser_of(SITE_CHAIR)
    token = browser.open(f"/viec/{own.job_id}").forms()[0].fields["csrf_token"]
    answer = browser.client.post(f"/viec/{theirs.job_id}/dung", data={"csrf_token": token})
    assert answer.status_code == 404
    stored.refresh(theirs)
    assert (theirs.state, theirs.stop_asked_at, deeds()) == (JobState.WAITING, None, [])


def test_it_takes_a_form_with_its_token(browser_of: BrowserOf, job_of: JobOf, deeds: Deeds) -> None:
    job = job_of(AUTHOR)
    client = browser_of(AUTHOR).client
    assert client.get(f"/viec/{job.job_id}/dung").status_code == 405
    assert client.post(f"/viec/{job.job_id}/dung", data={"csrf_token": "made-up"}).status_code == 400
    assert deeds() == []
