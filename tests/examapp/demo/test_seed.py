"""What `examapp demo` makes, and that making it again hurts nothing. These tests commit and run the real worker."""

import io
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.accounts.models import Account
from examapp.accounts.services import create_account, sign_in
from examapp.audit.models import AuditDetails
from examapp.audit.queries import verify_chains
from examapp.bank.models import Question
from examapp.bank.services import find_or_create_topic
from examapp.candidates.models import Candidate
from examapp.core.db import unit_of_work
from examapp.core.errors import Conflict
from examapp.delivery.models import AnswerSave, Attempt
from examapp.delivery.services.sign_in import Machine, open_attempt
from examapp.demo.bank import GENERAL, find_subject
from examapp.demo.people import CANDIDATES, STAFF, demo_password
from examapp.demo.seed import Demo, run_demo, seed_demo
from examapp.demo.simulation import ABSENT, UNSUBMITTED
from examapp.exams.models import Exam, ExamTest
from examapp.integrity.chain import Broken
from examapp.integrity.keys import NodeKeys
from examapp.results.models import ResultList
from examapp.results.services.lists import read_result_list
from examapp.settings import load_settings
from examapp.sittings.models import Sitting, SittingState
from examapp.wiring import connect_events
from tests.conftest import CommittedDatabase

HERE = Machine(UUID(int=17), "10.0.0.17")


def seed(db: CommittedDatabase, keys: NodeKeys, now: datetime, *, secure: bool = True) -> Demo:
    connect_events()
    return seed_demo(db.engine, keys, db.url, now=now, secure=secure)


def states(session: Session) -> dict[str, list[str]]:
    rows = session.execute(
        select(Exam.code, Sitting.state)
        .join(ExamTest, ExamTest.exam_id == Exam.id)
        .join(Sitting, Sitting.exam_test_id == ExamTest.id)
        .order_by(Exam.code, Sitting.code)
    ).all()
    return {code: [state.value for found, state in rows if found == code] for code, _ in rows}


def test_everything_is_there(committed_db: CommittedDatabase, keys: NodeKeys, now: datetime) -> None:
    demo = seed(committed_db, keys, now)
    with unit_of_work(committed_db.engine, keys) as session:
        assert states(session) == {
            "KT-DEMO": ["ready"],
            "KT-DEMO-SAU": ["draft"],
            "KT-DEMO-THU": ["ready"],
            "KT-DEMO-XONG": ["marked"],
        }
        _check_the_finished_sitting(session)
        _check_sign_in(session, demo, keys, now)
        for member in STAFF:
            account, _ = sign_in(session, member.username, demo_password(keys, member.username), keys=keys, now=now)
            assert not account.must_change_password
        assert not [scope for scope, said in verify_chains(session, keys).items() if isinstance(said, Broken)]


def _check_the_finished_sitting(session: Session) -> None:
    rows = read_result_list(session.scalars(select(ResultList)).one())
    assert len(rows) == CANDIDATES
    assert {row.number for row in rows if not row.present} == ABSENT
    marks = [row.correct for row in rows if row.present]
    assert min(marks) < 20 < 30 < 40 < max(marks)
    assert Counter(row.passed for row in rows).keys() == {True, False}
    attempts = session.scalars(select(Attempt).where(Attempt.marked_at.is_not(None))).all()
    assert {one.candidate_number for one in attempts if one.closed_by == "deadline"} == ABSENT | UNSUBMITTED
    assert not session.scalar(select(func.count()).where(AnswerSave.fenced | AnswerSave.late))
    # the receipts that the simulated pages were given and root R1 agree; everybody wrote in the decided time
    sealed = session.scalars(select(AuditDetails.details).where(AuditDetails.details.contains("receipts_differing")))
    nothing = ('"receipts_differing":[]', '"times_differing":[]', '"rows_out_of_time":[]')
    assert all(one in details for details in sealed.all() for one in nothing)


def _check_sign_in(session: Session, demo: Demo, keys: NodeKeys, now: datetime) -> None:
    """Number and code of each exam lead to that exam's sitting and no other."""
    for slips, code, rehearsal in (
        (demo.slips.rehearsal, "KT-DEMO-THU", True),
        (demo.slips.programmed, "KT-DEMO", False),
    ):
        _, admission = slips["0007"]
        machine = Machine(UUID(int=18 + rehearsal), "10.0.0.18")
        attempt = open_attempt(
            session, "0007", admission, machine=machine, keys=keys, random_bytes=token_bytes, now=now
        )
        assert attempt.rehearsal is rehearsal
        assert session.get_one(Sitting, attempt.sitting_id).exam_test.exam.code == code
        assert attempt.items == 60


def test_twice_is_harmless_and_makes_only_what_must_lie_in_the_future(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    def things(session: Session) -> list[int | None]:
        return [
            session.scalar(select(func.count(kind.id))) for kind in (Account, Candidate, Exam, Question, ResultList)
        ]

    first = seed(committed_db, keys, now)
    with Session(committed_db.engine) as session:
        before = things(session)
        find_or_create_topic(session, find_subject(session, GENERAL), "THU", "Chủ đề của người xem thử")
        session.commit()
    second = seed(committed_db, keys, now + timedelta(hours=3))
    with Session(committed_db.engine) as session:
        assert things(session) == before
        assert states(session) == {
            "KT-DEMO": ["ready", "ready"],
            "KT-DEMO-SAU": ["draft", "draft"],
            "KT-DEMO-THU": ["ready"],
            "KT-DEMO-XONG": ["marked"],
        }
    assert first.slips == second.slips
    assert second.starts_at == first.starts_at + timedelta(hours=3)
    assert {first.programmed.key_code, first.programmed.paper_code}.isdisjoint(
        {second.programmed.key_code, second.programmed.paper_code}
    )


def test_without_https_the_programmed_sitting_stays_frozen(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    demo = seed(committed_db, keys, now, secure=False)
    assert not demo.opened
    with Session(committed_db.engine) as session:
        assert session.get_one(Sitting, demo.programmed.sitting_id).state is SittingState.FROZEN


@pytest.mark.parametrize("username", ["lan.nguyen", "chutich"])
def test_a_database_in_use_is_left_alone(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, username: str
) -> None:
    with unit_of_work(committed_db.engine, keys) as session:
        create_account(session, username, "Nguyễn Thị Lan", "một câu dài dễ nhớ", actor=SYSTEM, now=now)
    with pytest.raises(Conflict, match="demo_on_real_data"):
        seed(committed_db, keys, now)
    with Session(committed_db.engine) as session:
        assert session.scalar(select(func.count(Question.id))) == 0


def test_the_sheet_is_printed_and_kept_for_its_owner_alone(committed_db: CommittedDatabase, tmp_path: Path) -> None:
    settings = load_settings({"INSTANCE_DIR": str(tmp_path), "PORT": "8765"})
    printed = [io.StringIO(), io.StringIO()]
    for out in printed:
        run_demo(settings, committed_db.url, out)
    kept = tmp_path / "demo.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    text = kept.read_text(encoding="utf-8")
    assert "http://127.0.0.1:8765/thi/dang-nhap" in text
    assert "KHÔNG DÙNG TRONG KỲ THI THẬT" in text
    for member in STAFF:
        assert demo_password(settings.keys, member.username) in text
    # everybody has a line with a code for each exam that can be sat
    assert len(re.findall(r"^  \d{4}  .*Ví Dụ(?:\s+[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}){3}$", text, re.M)) == CANDIDATES
    # the codes of a package exist nowhere else, so those of the first run are still in the file
    codes = [re.findall(r"^Mã của ca thi .*$", out.getvalue(), re.M) for out in printed]
    assert [len(lines) for lines in codes] == [1, 1]
    assert re.findall(r"^Mã của ca thi .*$", text, re.M) == [*codes[1], *codes[0]]
