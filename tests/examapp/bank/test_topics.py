"""Topics of a subject: one name for one topic, an order, and none that something uses is deleted."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.audit.models import AuditEvent
from examapp.bank.models import Level, Question, QuestionVersion, Subject, Topic
from examapp.bank.queries import list_topics
from examapp.bank.services import (
    add_topic,
    create_subject,
    delete_topic,
    find_or_create_topic,
    move_topic,
    rename_topic,
)
from examapp.core.errors import Conflict, Invalid, NotFound, ServiceError
from examapp.integrity.keys import NodeKeys
from examapp.papers.models import Blueprint, BlueprintCell
from tests.bank import add_questions
from tests.conftest import CommittedDatabase
from tests.factories import at_once, make_line

NAMES = ["Hiến pháp", "Công vụ", "Đạo đức"]


@pytest.fixture
def subject(session: Session, now: datetime) -> Subject:
    return make_subject(session, now)


def make_subject(session: Session, now: datetime) -> Subject:
    subject = create_subject(session, "A", "Môn A", actor=SYSTEM, now=now)
    for name in NAMES:
        add_topic(session, subject, name, actor=SYSTEM, now=now)
    return subject


def names(session: Session, subject: Subject) -> list[str]:
    session.flush()
    return [topic.name for topic in list_topics(session, subject.id)]


def last_action(session: Session) -> str | None:
    return session.scalars(
        select(AuditEvent.action).where(AuditEvent.scope == "system").order_by(AuditEvent.number.desc())
    ).first()


def named(session: Session, name: str) -> Topic:
    return session.scalars(select(Topic).where(Topic.name == name)).one()


def test_a_new_topic_stands_at_the_end_and_is_its_own_code(session: Session, subject: Subject, now: datetime) -> None:
    topic = add_topic(session, subject, "  Văn thư,\n lưu trữ ", actor=SYSTEM, now=now)
    assert (topic.name, topic.code) == ("Văn thư, lưu trữ", "Văn thư, lưu trữ")
    assert names(session, subject) == [*NAMES, "Văn thư, lưu trữ"]
    assert last_action(session) == "bank.topic_added"
    delete_topic(session, named(session, "Hiến pháp"), actor=SYSTEM, now=now)
    add_topic(session, subject, "Cuối", actor=SYSTEM, now=now)
    assert names(session, subject)[-1] == "Cuối"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "topic_unnamed"),
        (" \u200b ", "topic_unnamed"),
        ("x" * 201, "topic_long"),
        ("Công vụ", "topic_name_taken"),
        (" công  VỤ ", "topic_name_taken"),
        ("Co\u0302ng vụ", "topic_name_taken"),
    ],
)
def test_a_name_that_is_none_or_taken_is_refused(
    session: Session, subject: Subject, now: datetime, name: str, code: str
) -> None:
    with pytest.raises(ServiceError) as refusal:
        add_topic(session, subject, name, actor=SYSTEM, now=now)
    assert refusal.value.code == code
    with pytest.raises(ServiceError) as refusal:
        rename_topic(session, named(session, "Đạo đức"), name, seen="Đạo đức", actor=SYSTEM, now=now)
    assert refusal.value.code == code
    assert names(session, subject) == NAMES


def test_the_same_name_in_another_subject_is_another_topic(session: Session, subject: Subject, now: datetime) -> None:
    other = create_subject(session, "B", "Môn B", actor=SYSTEM, now=now)
    assert add_topic(session, other, "Công vụ", actor=SYSTEM, now=now).subject_id == other.id


def test_a_renamed_topic_keeps_its_code_so_that_files_find_it(
    session: Session, subject: Subject, now: datetime
) -> None:
    topic = named(session, "Công vụ")
    assert rename_topic(session, topic, "Hoạt động công vụ", seen="Công vụ", actor=SYSTEM, now=now)
    assert (topic.name, topic.code) == ("Hoạt động công vụ", "Công vụ")
    assert last_action(session) == "bank.topic_renamed"
    assert find_or_create_topic(session, subject, "Công vụ", "Công vụ") is topic
    assert find_or_create_topic(session, subject, "Hoạt động công vụ", "") is topic
    with pytest.raises(Conflict, match="topic_name_taken"):  # its old name is its code still
        add_topic(session, subject, "Công vụ", actor=SYSTEM, now=now)
    assert rename_topic(session, topic, "Công vụ", seen="Hoạt động công vụ", actor=SYSTEM, now=now)
    assert not rename_topic(session, topic, "Công vụ", seen="Công vụ", actor=SYSTEM, now=now)


def test_a_name_somebody_else_changed_meanwhile_is_not_overwritten(
    session: Session, subject: Subject, now: datetime
) -> None:
    topic = named(session, "Công vụ")
    rename_topic(session, topic, "Một", seen="Công vụ", actor=SYSTEM, now=now)
    with pytest.raises(Conflict) as refusal:
        rename_topic(session, topic, "Hai", seen="Công vụ", actor=SYSTEM, now=now)
    assert "“Công vụ” vừa được người khác đổi tên thành “Một”" in refusal.value.text()


def test_topics_move_one_place_at_a_time(session: Session, subject: Subject, now: datetime) -> None:
    topic = named(session, "Đạo đức")
    assert move_topic(session, topic, -1, actor=SYSTEM, now=now)
    assert names(session, subject) == ["Hiến pháp", "Đạo đức", "Công vụ"]
    assert last_action(session) == "bank.topic_moved"
    assert move_topic(session, topic, -1, actor=SYSTEM, now=now)
    assert not move_topic(session, topic, -1, actor=SYSTEM, now=now)
    assert move_topic(session, named(session, "Hiến pháp"), 1, actor=SYSTEM, now=now)
    assert not move_topic(session, named(session, "Hiến pháp"), 1, actor=SYSTEM, now=now)
    assert names(session, subject) == ["Đạo đức", "Công vụ", "Hiến pháp"]


def test_an_unused_topic_is_deleted(session: Session, subject: Subject, now: datetime) -> None:
    delete_topic(session, named(session, "Công vụ"), actor=SYSTEM, now=now)
    assert names(session, subject) == ["Hiến pháp", "Đạo đức"]
    assert last_action(session) == "bank.topic_deleted"


def test_a_topic_of_a_question_of_an_old_version_or_of_a_blueprint_stays(session: Session, now: datetime) -> None:
    subject = create_subject(session, "Q", "Môn Q", actor=SYSTEM, now=now)
    add_questions(session, subject, {"Q-1": "Câu hỏi?"}, now=now)
    topic = named(session, "Chủ đề")
    other = add_topic(session, subject, "Khác", actor=SYSTEM, now=now)
    old = session.scalars(select(QuestionVersion).join(Question).where(Question.code == "Q-1")).one()
    same = ("question_id", "kind", "level", "content", "answer_key", "digest", "search_text", "created_at")
    for number in (2, 3):
        with pytest.raises(Conflict) as refusal:
            delete_topic(session, topic, actor=SYSTEM, now=now)
        assert "phiên bản cũ của câu hỏi hoặc ma trận đề đang dùng" in refusal.value.text()
        values = {name: getattr(old, name) for name in same}
        session.add(QuestionVersion(number=number, topic_id=other.id, **values))
        session.flush()
    line = make_line(session, now)
    empty = add_topic(session, line.subject, "Trống", actor=SYSTEM, now=now)
    blueprint = session.scalars(select(Blueprint).where(Blueprint.exam_test_id == line.test.id)).one()
    session.add(BlueprintCell(blueprint_id=blueprint.id, topic_id=empty.id, level=Level.RECALL, count=1))
    session.flush()
    with pytest.raises(Conflict, match="topic_used"):
        delete_topic(session, empty, actor=SYSTEM, now=now)


Deed = Callable[[Session, Topic, datetime], object]


def _add(session: Session, topic: Topic, now: datetime) -> object:
    return add_topic(session, topic.subject, "Mới", actor=SYSTEM, now=now)


def _rename(session: Session, topic: Topic, now: datetime) -> object:
    return rename_topic(session, topic, "Mới", seen="Công vụ", actor=SYSTEM, now=now)


def _delete(session: Session, topic: Topic, now: datetime) -> object:
    return delete_topic(session, topic, actor=SYSTEM, now=now)


def _move(session: Session, topic: Topic, now: datetime) -> object:
    return move_topic(session, topic, 1, actor=SYSTEM, now=now)


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (_add, _add, "topic_name_taken"),
        (_add, _rename, "topic_name_taken"),
        (_rename, _add, "topic_name_taken"),
        (_delete, _rename, "topic_gone"),
        (_delete, _delete, "topic_gone"),
        (_delete, _move, "topic_gone"),
    ],
)
def test_of_two_people_at_once_the_second_is_told(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime, first: Deed, second: Deed, code: str
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        make_subject(session, now)
        topic_id = named(session, "Công vụ").id

    def of(deed: Deed) -> Callable[[Session], object]:
        return lambda session: deed(session, session.get_one(Topic, topic_id), now)

    raised = at_once(committed_db.engine, keys, of(first), of(second))
    assert isinstance(raised, Conflict | NotFound | Invalid)
    assert raised.code == code


def test_two_moves_at_once_are_two_moves(committed_db: CommittedDatabase, keys: NodeKeys, now: datetime) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        subject_id = make_subject(session, now).id

    def up(name: str) -> Callable[[Session], object]:
        return lambda session: move_topic(session, named(session, name), -1, actor=SYSTEM, now=now)

    assert at_once(committed_db.engine, keys, up("Đạo đức"), up("Công vụ")) is None
    with Session(committed_db.engine) as session:
        assert names(session, session.get_one(Subject, subject_id)) == ["Hiến pháp", "Công vụ", "Đạo đức"]
