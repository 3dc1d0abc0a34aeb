"""Take one's own file: under its own name, never shown as a page, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from examapp.access.permissions import Permission
from examapp.core.files import StoredFile
from examapp.core.jobs import JobProgress, JobState, job_kinds
from tests.cast import ADMINISTRATOR, AUTHOR, SITE_CHAIR, Person
from tests.functional.jobs.conftest import KIND
from tests.pages import Browser

BrowserOf = Callable[[Person], Browser]
FileOf = Callable[..., StoredFile]
JobOf = Callable[..., JobProgress]


def test_it_is_saved_under_its_name_and_never_run(browser_of: BrowserOf, file_of: FileOf) -> None:
    kept = file_of(AUTHOR, "Danh sách “thí sinh”.csv")
    answer = browser_of(AUTHOR).client.get(f"/viec/tep/{kept.id}")
    assert (answer.status_code, answer.data) == (200, "số,tên\n".encode())
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert f"filename*=UTF-8''{quote('Danh sách -thí sinh-.csv')}" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_it_is_nobody_elses(browser_of: BrowserOf, file_of: FileOf) -> None:
    kept = file_of(AUTHOR)
    for person in (SITE_CHAIR, ADMINISTRATOR):
        page = browser_of(person).open(f"/viec/tep/{kept.id}", status=404)
        assert kept.name not in page.text


@pytest.mark.parametrize(("needs", "status"), [("", 200), (Permission.EXAM_SLIPS_PRINT.value, 403)])
def test_whoever_lost_the_role_that_made_it_takes_it_no_more(
    browser_of: BrowserOf, file_of: FileOf, job_of: JobOf, monkeypatch: pytest.MonkeyPatch, needs: str, status: int
) -> None:
    kept = file_of(AUTHOR)
    job_of(AUTHOR, state=JobState.DONE, result={"file": str(kept.id)})
    monkeypatch.setitem(job_kinds, KIND, replace(job_kinds[KIND], needs=needs))
    answer = browser_of(AUTHOR).client.get(f"/viec/tep/{kept.id}")
    assert answer.status_code == status
    assert ("không còn vai trò cần có" in answer.text) is (status == 403)


def test_a_file_whose_time_is_over_is_gone(browser_of: BrowserOf, file_of: FileOf) -> None:
    page = browser_of(AUTHOR).open(f"/viec/tep/{file_of(AUTHOR, days=-1).id}", status=404)
    assert "đã hết hạn" in page.text


def test_a_file_that_was_altered_is_refused_in_words(browser_of: BrowserOf, file_of: FileOf, stored: Session) -> None:
    kept = file_of(AUTHOR)
    kept.digest = bytes(32)
    stored.commit()
    page = browser_of(AUTHOR).open(f"/viec/tep/{kept.id}", status=409)
    assert "không còn như lúc lưu" in page.text


def test_whoever_is_not_signed_in_is_asked_to(visitor: Browser, file_of: FileOf) -> None:
    assert visitor.open(f"/viec/tep/{file_of(AUTHOR).id}").heading == "Đăng nhập"
    assert visitor.client.post(f"/viec/tep/{file_of(AUTHOR).id}", data={"csrf_token": "made-up"}).status_code == 405
