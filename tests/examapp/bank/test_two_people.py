"""Two people at the same import, and two imports at the same bank: one wins, the other is told."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Import, Question, Topic
from examapp.bank.services import create_subject
from examapp.core.errors import Conflict
from examapp.integrity.keys import NodeKeys
from tests.conftest import CommittedDatabase
from tests.factories import at_once, question_lines


@pytest.mark.parametrize(
    ("second_file", "other_subject", "code", "questions"),
    [
        pytest.param(None, False, "import_applied_already", 8, id="the same import"),
        pytest.param(question_lines(8), False, "bank_changed", 8, id="another import of the same questions"),
        pytest.param(question_lines(8), True, "bank_changed", 8, id="the same codes in another subject"),
        pytest.param(
            question_lines(6, prefix="X").replace(b"?", b" nhi?"), False, None, 14, id="new ones, same topics"
        ),
    ],
)
def test_of_two_imports_at_once_the_second_sees_what_the_first_did(
    committed_db: CommittedDatabase,
    keys: NodeKeys,
    now: datetime,
    second_file: bytes | None,
    other_subject: bool,
    code: str | None,
    questions: int,
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        subject = create_subject(session, "A", "Môn A", actor=SYSTEM, now=now)
        other = create_subject(session, "B", "Môn B", actor=SYSTEM, now=now) if other_subject else subject
        batch = preview_import(session, subject, question_lines(8), file_name="1.jsonl", actor=SYSTEM, now=now)
        first = second = batch.id
        if second_file:
            second = preview_import(session, other, second_file, file_name="2.jsonl", actor=SYSTEM, now=now).id

    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: apply_import(session, session.get_one(Import, first), actor=SYSTEM, now=now),
        lambda session: apply_import(session, session.get_one(Import, second), actor=SYSTEM, now=now),
    )
    assert (raised.code if isinstance(raised, Conflict) else raised) == code
    with Session(committed_db.engine) as session:
        assert session.scalar(select(func.count()).select_from(Question)) == questions
        assert session.scalar(select(func.count()).select_from(Topic)) == 2
