"""Questions for tests of the bank: any number, with stems of the test's own, in one topic unless it says more."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Question, QuestionVersion, Subject
from examapp.bank.queries import newest_version
from examapp.bank.rules import Chosen


def add_questions(
    session: Session, subject: Subject, stems: Mapping[str, str], *, now: datetime, **values: Any
) -> None:
    """Bring these questions, by code, into the subject; `values` are other fields of the native form."""
    usual = {"kind": "single_choice", "topic": "Chủ đề", "level": "recall", "key": "A"}
    options = ["Phương án thứ nhất", "Phương án thứ hai", "Phương án thứ ba", "Phương án thứ tư"]
    lines = [
        json.dumps(usual | {"code": code, "stem": stem, "options": options} | values, ensure_ascii=False)
        for code, stem in stems.items()
    ]
    batch = preview_import(session, subject, "\n".join(lines).encode(), file_name="a.jsonl", actor=SYSTEM, now=now)
    assert batch.rows_refused == 0, [row.problems for row in batch.rows]
    apply_import(session, batch, actor=SYSTEM, now=now)
    session.flush()


def chosen(session: Session, codes: Sequence[str]) -> list[Chosen]:
    """Return what choosing these questions in a list says, as they are now."""
    query = (
        select(Question.id, QuestionVersion.number, Question.status)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.code.in_(codes), newest_version())
        .order_by(Question.code)
    )
    return [Chosen(question_id, number, status) for question_id, number, status in session.execute(query)]
