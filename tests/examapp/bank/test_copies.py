"""A copy of the bank holds what the bank holds, in the native form to the last word; else it says what is missing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp import wiring
from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import QuestionStatus, Subject
from examapp.bank.rules import Search, Sort
from examapp.bank.services import COPY_QUESTIONS, create_subject, order_copy
from examapp.bank.services.copies import make_copy
from examapp.core.errors import ServiceError
from examapp.core.files import StoredFile, read_file
from examapp.core.jobs import JobState, latest_job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from question_bank.formats import native, read_any
from tests.conftest import Clock, CommittedDatabase
from tests.question_bank.samples import sample_of

assert wiring, "jobs are known"


def filled(session: Session, now: datetime) -> Subject:
    """Return a subject with a question of every kind."""
    subject = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)
    batch = preview_import(session, subject, sample_of("native"), file_name="mau.jsonl", actor=SYSTEM, now=now)
    apply_import(session, batch, actor=SYSTEM, now=now)
    return subject


def test_the_native_copy_is_what_came_in(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, clock: Clock
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        subject = filled(session, now)
        order_copy(session, subject, Search(), file_format="native", reason="thử", total=11, actor=SYSTEM, now=now)
        name = str(subject.id)
    Worker(committed_db.url, keys, clock).run(wait=False)
    with Session(committed_db.engine, info={"keys": keys}) as session:
        job = latest_job(session, COPY_QUESTIONS, name)
        assert job is not None
        assert job.state is JobState.DONE, job.text()
        stored = session.scalars(select(StoredFile)).one()
        assert job.result == {"file": str(stored.id), "questions": 11, "losses": [], "unnamed": 0}
        assert (stored.name, stored.owner_id) == ("cau-hoi-dap-an-KTC.jsonl", SYSTEM.id)
        assert stored.expires_at - stored.created_at == timedelta(days=1)
        taken = native.read(read_file(session, stored), stored.name)
    brought = native.read(sample_of("native"), "mau.jsonl")
    by_code = {record.metadata.code: record for _, record in taken.records}
    assert by_code == {record.metadata.code: record for _, record in brought.records}


@pytest.mark.parametrize("file_format", ["word", "xlsx", "moodle", "qti", "gift", "aiken"])
def test_a_foreign_copy_reads_back_and_names_what_it_cannot_hold(
    session: Session, now: datetime, file_format: str
) -> None:
    subject = filled(session, now)
    copy = make_copy(
        session, subject, Search(), file_format=file_format, total=11, owner_id=None, now=now,
        progress=lambda done, total: None,
    )  # fmt: skip
    stored = session.get_one(StoredFile, copy.file)
    read = read_any(read_file(session, stored), stored.name)
    # a question whose picture a sheet cannot hold is in the file for a person to read, and is no question any more
    pictures = [row.row for row in read.refused if [one.code for one in row.problems] == ["picture_lost"]]
    assert len(pictures) == len(read.refused) == (1 if file_format == "xlsx" else 0)
    assert len(read.records) + len(pictures) == copy.questions
    assert bool(copy.losses) is (file_format != "qti")
    assert copy.questions + sum(loss.count for loss in copy.losses if "bị bỏ ra" in loss.message) == 11


def test_only_what_the_search_finds_is_taken(session: Session, now: datetime) -> None:
    subject = filled(session, now)
    for search, count in (
        (Search(words="thu do", sort=Sort.CHANGED), 3),
        (Search(status=QuestionStatus.RETIRED), 0),
    ):
        copy = make_copy(
            session, subject, search, file_format="native", total=11, owner_id=None, now=now,
            progress=lambda done, total: None,
        )  # fmt: skip
        assert copy.questions == count


@pytest.mark.parametrize(
    ("reason", "total", "code"),
    [("thử", 0, "copy_empty"), (" ", 11, "reason_missing"), ("thử", 5_001, "copy_too_long")],
)
def test_without_a_reason_or_for_no_or_too_many_questions_nothing_is_ordered(
    session: Session, now: datetime, reason: str, total: int, code: str
) -> None:
    subject = filled(session, now)
    with pytest.raises(ServiceError, match=code):
        order_copy(session, subject, Search(), file_format="word", reason=reason, total=total, actor=SYSTEM, now=now)
