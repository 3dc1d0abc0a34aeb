"""Jobs of a made-up kind in the queue, with people who asked for them; nothing works them off unless a test does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from examapp.audit.models import AuditEvent
from examapp.core.files import CSV, Content, StoredFile, keep_file
from examapp.core.jobs import JobKind, JobProgress, JobRun, enqueue, job_kinds
from tests.cast import Cast, Person
from tests.conftest import Clock

KIND = "test.count"
TITLE = "Đếm thử"


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the queue know a kind of job of the tests' own."""

    def count(run: JobRun, *, n: int) -> dict[str, Any]:
        return {"n": n}

    monkeypatch.setitem(job_kinds, KIND, JobKind(KIND, count, 1, title=TITLE, about="exam"))


@pytest.fixture
def job_of(stored: Session, cast: Cast) -> Callable[..., JobProgress]:
    """Return a function that puts a job of a person into the queue, and writes what the worker would."""

    def make(person: Person | None, **noted: Any) -> JobProgress:
        owner = cast.account(person).id if person else None
        number = enqueue(stored, KIND, owner_id=owner, n=1)
        stored.flush()  # the row is changed below
        job = stored.get_one(JobProgress, number)
        for name, value in noted.items():
            setattr(job, name, value)
        stored.commit()
        return job

    return make


@pytest.fixture
def file_of(stored: Session, cast: Cast, clock: Clock) -> Callable[..., StoredFile]:
    """Return a function that keeps a file of a person; negative days make one whose time is over."""

    def make(person: Person, name: str = "Danh sách thí sinh.csv", days: int = 7) -> StoredFile:
        now = clock.now() if days > 0 else clock.now() - timedelta(days=30)
        content = Content("số,tên\n".encode(), name, CSV)
        kept = keep_file(stored, content, owner_id=cast.account(person).id, now=now, days=abs(days))
        stored.commit()
        return kept

    return make


@pytest.fixture
def deeds(stored: Session) -> Callable[[], list[tuple[str, str]]]:
    """Return a function that reads what the log says of jobs and files: deed and subject."""

    def read() -> list[tuple[str, str]]:
        stored.rollback()
        rows = stored.query(AuditEvent).order_by(AuditEvent.number)
        return [(row.action, row.subject) for row in rows if row.action.startswith(("jobs.", "files."))]

    return read
