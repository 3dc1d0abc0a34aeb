"""Deeds on chosen questions: all or none, only what was seen, and no package changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditDetails, AuditEvent
from examapp.bank.models import Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.rules import Chosen
from examapp.bank.services import add_topic, change_topic, create_subject, restore_questions, retire_questions
from examapp.bank.services.chosen import MOST_AT_ONCE
from examapp.core.errors import Conflict, Invalid, ServiceError
from examapp.core.ids import new_id
from examapp.integrity.keys import NodeKeys
from examapp.papers.queries import count_stock
from tests.bank import add_questions, chosen
from tests.conftest import CommittedDatabase
from tests.factories import at_once

CODES = ["A-1", "A-2", "A-3"]
LATER = timedelta(hours=1)


@pytest.fixture
def subject(session: Session, now: datetime) -> Subject:
    return make_subject(session, now)


def make_subject(session: Session, now: datetime) -> Subject:
    subject = create_subject(session, "A", "Môn A", actor=SYSTEM, now=now)
    add_questions(session, subject, {code: f"Câu {code} hỏi gì?" for code in CODES}, now=now)
    add_topic(session, subject, "Chủ đề mới", actor=SYSTEM, now=now)
    return subject


def topic(session: Session, name: str) -> Topic:
    return session.scalars(select(Topic).where(Topic.name == name)).one()


def versions(session: Session, code: str) -> list[QuestionVersion]:
    query = select(QuestionVersion).join(Question).where(Question.code == code).order_by(QuestionVersion.number)
    return list(session.scalars(query))


def states(session: Session) -> list[QuestionStatus]:
    return list(session.scalars(select(Question.status).order_by(Question.code)))


def last_event(session: Session) -> tuple[str, str]:
    query = (
        select(AuditEvent.action, AuditDetails.details)
        .join(AuditDetails, (AuditDetails.scope == AuditEvent.scope) & (AuditDetails.number == AuditEvent.number))
        .where(AuditEvent.scope == "system")
        .order_by(AuditEvent.number.desc())
    )
    return session.execute(query).first()  # type: ignore[return-value]


def test_another_topic_is_a_version_that_differs_in_nothing_else(
    session: Session, subject: Subject, now: datetime
) -> None:
    aim = topic(session, "Chủ đề mới")
    moved = change_topic(session, subject, chosen(session, CODES[:2]), aim, actor=SYSTEM, now=now + LATER)
    assert moved == 2
    old, new = versions(session, "A-1")
    same = ("kind", "level", "content", "answer_key", "digest", "legal_document", "legal_article", "search_text")
    assert [getattr(old, name) for name in same] == [getattr(new, name) for name in same]
    assert (new.number, new.topic_id, new.created_at) == (2, aim.id, now + LATER)
    assert old.topic_id != aim.id, "a version never changes"
    assert len(versions(session, "A-3")) == 1
    assert last_event(session) == ("bank.questions_moved", '{"codes":["A-1","A-2"],"questions":2,"topic":"Chủ đề mới"}')
    assert sum(count for (topic_id, _), count in count_stock(session, subject.id).items() if topic_id == aim.id) == 2


def test_what_is_there_already_stays_and_all_there_is_refused(
    session: Session, subject: Subject, now: datetime
) -> None:
    aim = topic(session, "Chủ đề mới")
    assert change_topic(session, subject, chosen(session, ["A-1"]), aim, actor=SYSTEM, now=now) == 1
    assert change_topic(session, subject, chosen(session, CODES), aim, actor=SYSTEM, now=now) == 2
    assert len(versions(session, "A-1")) == 2
    with pytest.raises(Invalid, match="đều đang ở chủ đề “Chủ đề mới”"):
        change_topic(session, subject, chosen(session, CODES), aim, actor=SYSTEM, now=now)


def test_a_topic_of_another_subject_is_refused(session: Session, subject: Subject, now: datetime) -> None:
    other = create_subject(session, "B", "Môn B", actor=SYSTEM, now=now)
    foreign = add_topic(session, other, "Chủ đề B", actor=SYSTEM, now=now)
    with pytest.raises(Invalid, match="không thuộc môn “Môn A”"):
        change_topic(session, subject, chosen(session, CODES), foreign, actor=SYSTEM, now=now)


def test_retired_and_restored(session: Session, subject: Subject, now: datetime) -> None:
    assert retire_questions(session, subject, chosen(session, CODES[:2]), actor=SYSTEM, now=now) == 2
    assert states(session) == [QuestionStatus.RETIRED, QuestionStatus.RETIRED, QuestionStatus.APPROVED]
    assert last_event(session) == ("bank.questions_retired", '{"codes":["A-1","A-2"],"questions":2}')
    assert sum(count_stock(session, subject.id).values()) == 1
    assert restore_questions(session, subject, chosen(session, CODES[:1]), actor=SYSTEM, now=now) == 1
    assert states(session) == [QuestionStatus.APPROVED, QuestionStatus.RETIRED, QuestionStatus.APPROVED]
    assert last_event(session)[0] == "bank.questions_restored"
    assert len(versions(session, "A-1")) == 1, "the text is what it was"


Deed = Callable[..., int]


@pytest.mark.parametrize(
    ("deed", "now_at", "sentence"),
    [
        (retire_questions, QuestionStatus.RETIRED, "Bỏ chọn A-2: câu nháp hoặc đã ngừng dùng"),
        (retire_questions, QuestionStatus.DRAFT, "Bỏ chọn A-2: câu nháp hoặc đã ngừng dùng"),
        (restore_questions, QuestionStatus.DRAFT, "Bỏ chọn A-1, A-2, A-3: câu nháp hoặc đang dùng"),
    ],
)
def test_one_in_the_wrong_state_refuses_them_all(
    session: Session, subject: Subject, now: datetime, deed: Deed, now_at: QuestionStatus, sentence: str
) -> None:
    session.scalars(select(Question).where(Question.code == "A-2")).one().status = now_at
    session.flush()
    before = states(session)
    with pytest.raises(Invalid) as refusal:
        deed(session, subject, chosen(session, CODES), actor=SYSTEM, now=now)
    assert sentence in refusal.value.text()
    assert states(session) == before


def test_a_stale_selection_is_named_and_nothing_done(session: Session, subject: Subject, now: datetime) -> None:
    seen = chosen(session, CODES)
    change_topic(session, subject, chosen(session, ["A-1"]), topic(session, "Chủ đề mới"), actor=SYSTEM, now=now)
    retire_questions(session, subject, chosen(session, ["A-3"]), actor=SYSTEM, now=now)
    for deed in (retire_questions, restore_questions):
        with pytest.raises(Conflict) as refusal:
            deed(session, subject, seen, actor=SYSTEM, now=now)
        assert "Người khác vừa sửa A-1, A-3" in refusal.value.text()
    assert states(session) == [QuestionStatus.APPROVED, QuestionStatus.APPROVED, QuestionStatus.RETIRED]


def test_many_stale_ones_are_counted(session: Session, subject: Subject, now: datetime) -> None:
    codes = [f"X-{index}" for index in range(7)]
    add_questions(session, subject, {code: f"Câu {code}?" for code in codes}, now=now)
    seen = chosen(session, codes)
    retire_questions(session, subject, seen, actor=SYSTEM, now=now)
    with pytest.raises(Conflict) as refusal:
        retire_questions(session, subject, seen, actor=SYSTEM, now=now)
    assert "X-0, X-1, X-2, X-3, X-4 (+2)" in refusal.value.text()


def test_questions_of_another_subject_and_none_at_all_are_refused(
    session: Session, subject: Subject, now: datetime
) -> None:
    other = create_subject(session, "B", "Môn B", actor=SYSTEM, now=now)
    add_questions(session, other, {"B-1": "Câu của môn B?"}, now=now)
    wrong: list[tuple[list[Chosen], str]] = [
        ([], "nothing_chosen"),
        (chosen(session, ["A-1", "B-1"]), "chosen_gone"),
        ([Chosen(new_id(), 1, QuestionStatus.APPROVED)], "chosen_gone"),
        ([Chosen(new_id(), 1, QuestionStatus.APPROVED) for _ in range(MOST_AT_ONCE + 1)], "too_many_chosen"),
    ]
    for selection, code in wrong:
        with pytest.raises(ServiceError) as refusal:
            retire_questions(session, subject, selection, actor=SYSTEM, now=now)
        assert refusal.value.code == code


def _move(session: Session, subject: Subject, seen: list[Chosen], now: datetime) -> Any:
    return change_topic(session, subject, seen, topic(session, "Chủ đề mới"), actor=SYSTEM, now=now)


def _retire(session: Session, subject: Subject, seen: list[Chosen], now: datetime) -> Any:
    return retire_questions(session, subject, seen, actor=SYSTEM, now=now)


@pytest.mark.parametrize("first", [_move, _retire])
@pytest.mark.parametrize("second", [_move, _retire])
def test_of_two_people_at_once_the_second_is_told(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, first: Deed, second: Deed
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        subject_id = make_subject(session, now).id
        seen = chosen(session, CODES)

    def of(deed: Deed, some: list[Chosen]) -> Callable[[Session], object]:
        return lambda session: deed(session, session.get_one(Subject, subject_id), some, now)

    raised = at_once(committed_db.engine, keys, of(first, seen), of(second, list(reversed(seen))))
    assert isinstance(raised, Conflict)
    assert raised.code == "chosen_changed"
