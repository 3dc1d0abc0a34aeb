"""Have a job that failed or was stopped done again: a new job of the same owner with the same values."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from examapp.access.permissions import Permission
from examapp.core.jobs import JobKind, JobProgress, JobState, job_kinds
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.cast import ADMINISTRATOR, AUTHOR, SITE_CHAIR, Cast, Person
from tests.conftest import Clock, CommittedDatabase
from tests.functional.jobs.conftest import KIND
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
JobOf = Callable[..., JobProgress]
Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def failed(job_of: JobOf, stored: Session) -> JobProgress:
    """Return a job of the author that has failed."""
    job = job_of(AUTHOR, state=JobState.FAILED, message="Hỏng.")
    stored.connection().exec_driver_sql("UPDATE procrastinate_jobs SET status = 'failed'")
    stored.commit()
    return job


@pytest.mark.parametrize("person", [AUTHOR, ADMINISTRATOR])
def test_it_is_done_again_for_whoever_asked_first(
    browser_of: BrowserOf,
    failed: JobProgress,
    deeds: Deeds,
    stored: Session,
    committed_db: CommittedDatabase,
    keys: NodeKeys,
    person: Person,
) -> None:
    path, browser = f"/viec/{failed.job_id}", browser_of(person)
    page = browser.submit(browser.open(path), f"{path}/lam-lai")
    assert "Đã xếp hàng làm lại" in page.text
    again = failed.job_id + 1
    assert deeds() == [("jobs.repeated", f"job:{failed.job_id}")]
    Worker(committed_db.url, keys).run(wait=False)
    done = stored.get_one(JobProgress, again)
    assert (done.state, done.result, done.owner_id) == (JobState.DONE, {"n": 1}, failed.owner_id)
    old = browser.open(path)
    assert f"/viec/{again}" in old.links()
    assert [form for form in old.forms() if "/lam-lai" in form.action] == []


def test_twice_is_told_and_done_once(browser_of: BrowserOf, failed: JobProgress, deeds: Deeds, stored: Session) -> None:
    path, browser = f"/viec/{failed.job_id}", browser_of(AUTHOR)
    shown = browser.open(path)
    browser.submit(shown, f"{path}/lam-lai")
    page = browser.submit(shown, f"{path}/lam-lai", status=409)
    assert f"việc số {failed.job_id + 1}" in page.text
    assert (len(deeds()), stored.query(JobProgress).count()) == (1, 2)


def test_only_what_failed_or_was_stopped(browser_of: BrowserOf, job_of: JobOf, deeds: Deeds) -> None:
    failed, done = job_of(AUTHOR, state=JobState.CANCELLED), job_of(AUTHOR, state=JobState.DONE)
    browser = browser_of(AUTHOR)
    token = browser.open(f"/viec/{failed.job_id}").form(f"/viec/{failed.job_id}/lam-lai").fields["csrf_token"]
    answer = browser.client.post(f"/viec/{done.job_id}/lam-lai", data={"csrf_token": token})
    assert (answer.status_code, deeds()) == (409, [])


def test_whoever_asked_must_still_be_allowed_to(
    browser_of: BrowserOf, failed: JobProgress, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = job_kinds[KIND]
    needs = JobKind(KIND, known.function, 1, title=known.title, needs=Permission.EXAM_SLIPS_PRINT)
    monkeypatch.setitem(job_kinds, KIND, needs)
    path, browser = f"/viec/{failed.job_id}", browser_of(AUTHOR)
    page = browser.submit(browser.open(path), f"{path}/lam-lai", status=409)
    assert "không còn quyền ấy" in page.text
    assert deeds() == []


def test_a_stranger_learns_nothing_and_repeats_nothing(
    browser_of: BrowserOf, failed: JobProgress, job_of: JobOf, deeds: Deeds
) -> None:
    own = job_of(SITE_CHAIR)
    browser = browser_of(SITE_CHAIR)
    token = browser.open(f"/viec/{own.job_id}").forms()[0].fields["csrf_token"]
    answer = browser.client.post(f"/viec/{failed.job_id}/lam-lai", data={"csrf_token": token})
    assert (answer.status_code, deeds()) == (404, [])


def test_it_takes_a_form_with_its_token(browser_of: BrowserOf, failed: JobProgress, deeds: Deeds) -> None:
    client = browser_of(AUTHOR).client
    assert client.get(f"/viec/{failed.job_id}/lam-lai").status_code == 405
    assert client.post(f"/viec/{failed.job_id}/lam-lai", data={"csrf_token": "made-up"}).status_code == 400
    assert deeds() == []


def test_nothing_is_done_again_for_a_closed_account(
    browser_of: BrowserOf, failed: JobProgress, deeds: Deeds, stored: Session, cast: Cast, clock: Clock
) -> None:
    cast.account(AUTHOR).disabled_at = clock.now()
    stored.commit()
    path, browser = f"/viec/{failed.job_id}", browser_of(ADMINISTRATOR)
    page = browser.submit(browser.open(path), f"{path}/lam-lai", status=409)
    assert "không còn quyền ấy" in page.text
    assert deeds() == []
