"""The list of background jobs with one's own files; a keeper of jobs sees everybody's jobs and nobody's files."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from examapp.core.db import db
from examapp.core.files import StoredFile
from examapp.core.jobs import JobProgress, JobState
from tests.cast import ADMINISTRATOR, AUTHOR, NOBODY, SITE_CHAIR, Person
from tests.functional.jobs.conftest import TITLE
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
JobOf = Callable[..., JobProgress]
FileOf = Callable[..., StoredFile]


def test_it_shows_ones_own_jobs_newest_first(browser_of: BrowserOf, job_of: JobOf) -> None:
    old = job_of(AUTHOR, state=JobState.DONE)
    new = job_of(AUTHOR, state=JobState.FAILED, message="Thiếu cột %(name)s.", params={"name": "Đáp án"})
    other = job_of(SITE_CHAIR)
    page = browser_of(AUTHOR).open("/viec/")
    links = [link for link in page.links() if link.startswith("/viec/") and link != "/viec/"]
    assert links == [f"/viec/{new.job_id}", f"/viec/{old.job_id}"]
    assert f"/viec/{other.job_id}" not in page.links()
    assert "Thiếu cột Đáp án." in page.text
    assert TITLE in page.text
    assert "Ai yêu cầu" not in page.text


def test_a_keeper_sees_everybodys_and_may_see_his_own_only(browser_of: BrowserOf, job_of: JobOf) -> None:
    theirs, own, machines = job_of(AUTHOR), job_of(ADMINISTRATOR), job_of(None)
    browser = browser_of(ADMINISTRATOR)
    page = browser.open("/viec/")
    for job in (theirs, own, machines):
        assert f"/viec/{job.job_id}" in page.links()
    assert AUTHOR.name in page.text
    assert "Máy chủ" in page.text
    mine = browser.open("/viec/?whose=mine")
    assert f"/viec/{own.job_id}" in mine.links()
    assert f"/viec/{theirs.job_id}" not in mine.links()


def test_others_do_not_see_everybodys_by_asking_for_it(browser_of: BrowserOf, job_of: JobOf) -> None:
    job = job_of(AUTHOR)
    page = browser_of(SITE_CHAIR).open("/viec/?whose=all")
    assert f"/viec/{job.job_id}" not in page.links()


def test_it_is_filtered_by_state_and_has_a_way_back(browser_of: BrowserOf, job_of: JobOf) -> None:
    failed, waiting = job_of(AUTHOR, state=JobState.FAILED, message="x"), job_of(AUTHOR)
    browser = browser_of(AUTHOR)
    page = browser.open("/viec/?state=failed")
    assert f"/viec/{failed.job_id}" in page.links()
    assert f"/viec/{waiting.job_id}" not in page.links()
    empty = browser.open("/viec/?state=cancelled")
    assert "Không có việc nào ở tình trạng này" in empty.text
    assert "/viec/" in empty.links()
    assert f"/viec/{failed.job_id}" in browser.open("/viec/?state=nonsense").links()


def test_only_a_list_with_work_in_it_redraws_itself(browser_of: BrowserOf, job_of: JobOf) -> None:
    job_of(AUTHOR, state=JobState.DONE)
    browser = browser_of(AUTHOR)
    assert "hx-get" not in browser.open("/viec/").html
    job_of(AUTHOR, state=JobState.RUNNING, done=1, total=4)
    page = browser.open("/viec/")
    assert "hx-get" in page.html
    assert "1 trên 4" in page.text
    assert "25 %" in page.text.replace("\u00a0", " ")


def test_without_jobs_and_files_it_says_where_they_come_from(browser_of: BrowserOf) -> None:
    page = browser_of(NOBODY).open("/viec/")
    assert "Chưa có việc chạy nền nào" in page.text
    assert "Không có tệp nào đang chờ tải" in page.text


def test_files_are_ones_own_and_in_time(browser_of: BrowserOf, file_of: FileOf) -> None:
    mine = file_of(AUTHOR, "của tôi.csv")
    gone = file_of(AUTHOR, "hết hạn.csv", days=-1)
    theirs = file_of(SITE_CHAIR, "của người khác.csv")
    for path in ("/viec/", "/viec/tep"):
        page = browser_of(AUTHOR).open(path)
        assert f"/viec/tep/{mine.id}" in page.links()
        assert not {f"/viec/tep/{gone.id}", f"/viec/tep/{theirs.id}"} & set(page.links())
    assert f"/viec/tep/{mine.id}" not in browser_of(ADMINISTRATOR).open("/viec/").links()


def test_the_failure_is_told_in_the_language_of_the_page(browser_of: BrowserOf, job_of: JobOf) -> None:
    sentence = "Đã nhập sai mã nhiều lần. Chờ %(seconds)s giây rồi nhập lại theo phong bì."
    job_of(AUTHOR, state=JobState.FAILED, message=sentence, params={"seconds": 30})
    browser = browser_of(AUTHOR)
    assert "Chờ 30 giây rồi nhập lại" in browser.open("/viec/").text
    page = browser.open("/viec/?lang=en")
    assert "30 seconds" in page.text
    assert "nhập lại theo phong bì" not in page.text


@contextmanager
def statements_of(browser: Browser) -> Iterator[list[str]]:
    """Collect what the application asks the database meanwhile."""
    seen: list[str] = []
    application = browser.client.application
    with application.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("person", [AUTHOR, ADMINISTRATOR])
def test_its_statements_do_not_grow_with_its_rows(
    browser_of: BrowserOf, job_of: JobOf, file_of: FileOf, person: Person
) -> None:
    browser = browser_of(person)
    counts = []
    for more in (3, 47):
        for _ in range(more):
            made = file_of(AUTHOR)
            job_of(AUTHOR, state=JobState.DONE, subject=f"exam:{made.id}", result={"file": str(made.id)})
        with statements_of(browser) as seen:
            browser.open("/viec/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_whoever_is_not_signed_in_is_asked_to(visitor: Browser) -> None:
    assert visitor.open("/viec/").heading == "Đăng nhập"
