"""What people call the things of the log and of jobs, and where these belong: `wiring.py` lends it to the web layer.

A thing's name in the log is its kind and its id, such as `sitting:0190…`.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from examapp.access.policy import Reach
from examapp.access.scopes import SITE, Scope, scope_of
from examapp.audit.models import AuditChain, AuditDetails, AuditEvent
from examapp.bank.models import Import, Question, Subject
from examapp.candidates.models import Candidate
from examapp.candidates.queries import candidate_numbers
from examapp.core.vietnamese import fold
from examapp.exams.models import Exam, ExamTest
from examapp.exams.queries import exam_codes
from examapp.sittings.models import Sitting
from examapp.sittings.queries import sitting_codes

#: a search that fits more things than these is too wide to mean one
_MOST_FOUND = 200

_DELETIONS = ("bank.subject_deleted", "exams.exam_deleted", "sittings.deleted")

_Names = Mapping[UUID, str]
#: people type texts into the log that look like ids and are none
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def name_things(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Return what people call these things, one statement per kind; what nobody knows is left out."""
    named = {one: one.partition(":")[2] for one in subjects if re.fullmatch(r"job:\d+", one)}
    for kind, names_of in _NAMES.items():
        ids = [UUID(one.partition(":")[2]) for one in subjects if re.fullmatch(rf"{kind}:{_ID}", one)]
        named |= {f"{kind}:{one}": name for one, name in names_of(session, ids).items()}
    return named | _names_of_deleted(session, {one for one in subjects if one not in named})


def find_things(session: Session, typed: str) -> set[str]:
    """Return the things whose code, number or name holds what somebody typed, by their names in the log."""

    def holds(*columns: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
        return or_(*(column.icontains(typed, autoescape=True) for column in columns))

    sittings = select(Sitting.id).join(ExamTest, ExamTest.id == Sitting.exam_test_id)
    sittings = sittings.join(Exam, Exam.id == ExamTest.exam_id)
    searches: dict[str, Select[UUID]] = {
        "exam": select(Exam.id).where(holds(Exam.code, Exam.name)),
        "sitting": sittings.where(holds(Sitting.code, Exam.code + " · " + Sitting.code)),
        "subject": select(Subject.id).where(holds(Subject.code, Subject.name)),
        "question": select(Question.id).where(holds(Question.code)),
        "import": select(Import.id).where(holds(Import.file_name)),
        "candidate": select(Candidate.id).where(
            (Candidate.number == typed) | Candidate.search_key.contains(fold(typed), autoescape=True)
        ),
    }
    return {f"{kind}:{one}" for kind, query in searches.items() for one in session.scalars(query.limit(_MOST_FOUND))}


def scope_of_name(session: Session, name: str) -> Scope | None:
    """Return the scope of a thing by its name in the log; None for what is no thing.

    One that was deleted stands nowhere any more: it is left to those who hold a role for the whole site.
    """
    kind, _, number = name.partition(":")
    if kind not in _MODELS or not re.fullmatch(_ID, number):
        return None
    thing = session.get(_MODELS[kind], UUID(number))
    return SITE if thing is None else scope_of(thing)


def logs_of_exams(session: Session, reach: Reach) -> set[str]:
    """Return the logs of the exams within reach and of their sittings; everywhere also those of deleted ones."""
    if reach.everywhere:
        kept = or_(AuditChain.scope.startswith("exam:"), AuditChain.scope.startswith("sitting:"))
        return set(session.scalars(select(AuditChain.scope).where(kept)))
    exams = select(Exam.id).where(Exam.id.in_(reach.ids))
    sittings = select(Sitting.id).join(ExamTest, ExamTest.id == Sitting.exam_test_id)
    sittings = sittings.where(ExamTest.exam_id.in_(reach.ids))
    return {f"exam:{one}" for one in session.scalars(exams)} | {f"sitting:{one}" for one in session.scalars(sittings)}


def _names_of_deleted(session: Session, subjects: Collection[str]) -> dict[str, str]:
    """Return the codes that deleted exams, sittings and subjects had, as the log has kept them."""
    wanted = {one for one in subjects if one.partition(":")[0] in ("exam", "sitting", "subject")}
    if not wanted:
        return {}
    of_event = (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number)
    query = select(AuditEvent.subject, AuditDetails.details).join(AuditDetails, of_event)
    rows = session.execute(query.where(AuditEvent.action.in_(_DELETIONS), AuditEvent.subject.in_(wanted)))
    return {row.subject: json.loads(row.details)["code"] for row in rows}


def _import_names(session: Session, ids: Collection[UUID]) -> _Names:
    rows = session.execute(select(Import.id, Import.file_name).where(Import.id.in_(ids)))
    return {row.id: row.file_name for row in rows}


def _question_codes(session: Session, ids: Collection[UUID]) -> _Names:
    rows = session.execute(select(Question.id, Question.code).where(Question.id.in_(ids)))
    return {row.id: row.code for row in rows}


def _subject_codes(session: Session, ids: Collection[UUID]) -> _Names:
    rows = session.execute(select(Subject.id, Subject.code).where(Subject.id.in_(ids)))
    return {row.id: row.code for row in rows}


def _test_codes(session: Session, ids: Collection[UUID]) -> _Names:
    query = select(ExamTest.id, Exam.code, ExamTest.code).join(Exam, Exam.id == ExamTest.exam_id)
    return {one: f"{exam} · {code}" for one, exam, code in session.execute(query.where(ExamTest.id.in_(ids)))}


_NAMES: dict[str, Callable[[Session, Collection[UUID]], _Names]] = {
    "candidate": candidate_numbers,
    "exam": exam_codes,
    "exam_test": _test_codes,
    "import": _import_names,
    "question": _question_codes,
    "sitting": sitting_codes,
    "subject": _subject_codes,
}
_MODELS: dict[str, type[Exam | ExamTest | Sitting | Import | Question | Subject]] = {
    "exam": Exam,
    "exam_test": ExamTest,
    "import": Import,
    "question": Question,
    "sitting": Sitting,
    "subject": Subject,
}
