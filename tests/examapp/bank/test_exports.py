"""A long list is made by the worker, of exactly what was asked for, and kept for whoever asked."""

from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp import wiring
from examapp.access.actor import SYSTEM
from examapp.bank.models import Level, QuestionStatus, Topic
from examapp.bank.rules import Search, Sort
from examapp.bank.services import create_subject, order_export
from examapp.bank.services.exports import EXPORT_LIST
from examapp.core.files import StoredFile, read_file
from examapp.core.jobs import JobState, latest_job
from examapp.core.worker import Worker
from examapp.integrity.keys import NodeKeys
from tests.bank import add_questions
from tests.conftest import Clock, CommittedDatabase

assert wiring, "jobs are known"


def test_the_worker_makes_what_was_asked_for(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, clock: Clock
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        subject = create_subject(session, "A", "Môn A", actor=SYSTEM, now=now)
        add_questions(session, subject, {f"A-{n:03d}": f"Luật số {n}?" for n in range(600)}, now=now)
        add_questions(session, subject, {"B-1": "Câu khác?"}, now=now)
        topic = session.scalars(select(Topic)).one()
        search = Search("luat so", topic.id, Level.RECALL, QuestionStatus.APPROVED, Sort.CHANGED)
        order_export(session, subject, search, total=600, actor=SYSTEM, now=now)
        name = str(subject.id)
    with Session(committed_db.engine, info={"keys": keys}) as session:
        waiting = latest_job(session, EXPORT_LIST, name)
        assert waiting is not None
        assert waiting.state is JobState.WAITING
    Worker(committed_db.url, keys, clock).run(wait=False)
    with Session(committed_db.engine, info={"keys": keys}) as session:
        job = latest_job(session, EXPORT_LIST, name)
        assert job is not None
        assert (job.state, job.done, job.total) == (JobState.DONE, 500, 600)
        stored = session.scalars(select(StoredFile)).one()
        assert job.result == {"file": str(stored.id)}
        assert (stored.name, stored.owner_id) == ("cau-hoi-A.xlsx", SYSTEM.id)
        sheet = load_workbook(BytesIO(read_file(session, stored))).worksheets[0]
        codes = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert codes == [f"A-{n:03d}" for n in range(600)]
