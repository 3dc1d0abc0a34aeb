"""Two people write at once: one wins, the other is told, and nothing is written over."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.imports.undoing import undo_import
from examapp.bank.models import Import, Level, Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.queries.questions import find_same, newest_of
from examapp.bank.queries.stored import about_of_other_text, text_of
from examapp.bank.rules import Chosen
from examapp.bank.services import add_topic, create_subject, delete_topic, retire_questions
from examapp.bank.services.editing import (
    AlreadyInBank,
    ChangedMeanwhile,
    Written,
    create_question,
    edit_question,
    restore_version,
)
from examapp.core.errors import Conflict, Invalid, NotFound, ServiceError
from examapp.integrity.keys import NodeKeys
from question_bank.questions import SingleChoice
from tests.conftest import CommittedDatabase
from tests.factories import at_once, question_lines

Deed = Callable[[Session], object]
OPTIONS = ("Hà Nội", "Huế")


class Room:
    """A subject with a topic, and a question in its first version."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.now = now
        self.subject_id = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now).id
        subject = session.get_one(Subject, self.subject_id)
        self.topic_id = add_topic(session, subject, "Địa lý", actor=SYSTEM, now=now).id
        made = create_question(session, subject, self.written("Câu một?"), "", actor=SYSTEM, now=now)
        self.question_id = made.id

    def written(self, stem: str, options: tuple[str, ...] = OPTIONS, topic_id: UUID | None = None) -> Written:
        """Return a question as it was typed."""
        return Written(SingleChoice(stem, options, 0), topic_id or self.topic_id, Level.RECALL)

    def seen(self, number: int = 1, status: QuestionStatus = QuestionStatus.DRAFT) -> Chosen:
        """Return what somebody saw of the question."""
        return Chosen(self.question_id, number, status)

    def edit(self, session: Session, stem: str, number: int = 1) -> object:
        """Edit the question as somebody who saw this version."""
        question = session.get_one(Question, self.question_id)
        return edit_question(session, question, self.written(stem), self.seen(number), actor=SYSTEM, now=self.now)

    def create(self, session: Session, stem: str, code: str = "") -> Question:
        """Put another question into the bank."""
        subject = session.get_one(Subject, self.subject_id)
        return create_question(session, subject, self.written(stem), code, actor=SYSTEM, now=self.now)

    def retire(self, session: Session) -> object:
        """Take the question out of use as it was seen first."""
        subject = session.get_one(Subject, self.subject_id)
        return retire_questions(session, subject, [self.seen()], actor=SYSTEM, now=self.now)

    def delete_topic(self, session: Session) -> None:
        """Delete the topic."""
        delete_topic(session, session.get_one(Topic, self.topic_id), actor=SYSTEM, now=self.now)


@pytest.fixture
def room(session: Session, now: datetime) -> Room:
    return Room(session, now)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param("edit Một", "edit Hai", ChangedMeanwhile, id="two edits"),
        pytest.param("edit Một", "edit Một", None, id="the same edit: there is nothing left to do"),
        pytest.param("create Mới", "create Mới", AlreadyInBank, id="the same new question"),
        pytest.param("create Mới", "edit Mới", AlreadyInBank, id="a new question and an edit that makes it"),
        pytest.param("create Mới", "create Khác", None, id="two new questions"),
        pytest.param("edit Một", "retire", Conflict, id="an edit and a bulk deed"),
        pytest.param("edit Một", "delete", Conflict, id="an edit and its topic's end"),
    ],
)
def test_of_two_deeds_at_once_the_second_sees_what_the_first_did(
    committed_db: CommittedDatabase,
    keys: NodeKeys,
    now: datetime,
    first: str,
    second: str,
    told: type[ServiceError] | None,
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        room = Room(session, now)

    def deed(text: str) -> Deed:
        name, _, stem = text.partition(" ")
        deeds: dict[str, Deed] = {
            "edit": lambda session: room.edit(session, stem),
            "create": lambda session: room.create(session, stem),
            "retire": room.retire,
            "delete": room.delete_topic,
        }
        return deeds[name]

    raised = at_once(committed_db.engine, keys, deed(first), deed(second))
    assert raised is None if told is None else isinstance(raised, told), raised
    with Session(committed_db.engine) as session:
        numbers = session.execute(select(QuestionVersion.question_id, func.count()).group_by("question_id"))
        codes = session.scalars(select(Question.code).order_by(Question.code)).all()
        expected = {"edit": ["KTC-0001"], "create": ["KTC-0001", "KTC-0002"]}[first.partition(" ")[0]]
        assert codes == (["KTC-0001", "KTC-0002", "KTC-0003"] if second == "create Khác" else expected)
        assert max(count for _, count in numbers) == (2 if first.startswith("edit") else 1)


def test_a_code_is_one_questions_over_all_subjects(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        room = Room(session, now)
        other = create_subject(session, "TA", "Tiếng Anh", actor=SYSTEM, now=now)
        topic = add_topic(session, other, "Ngữ pháp", actor=SYSTEM, now=now)
        other_id, written = other.id, room.written("Câu của môn khác?", topic_id=topic.id)

    def elsewhere(session: Session) -> None:
        create_question(session, session.get_one(Subject, other_id), written, "X-1", actor=SYSTEM, now=now)

    raised = at_once(committed_db.engine, keys, lambda session: room.create(session, "Mới?", "X-1"), elsewhere)
    assert isinstance(raised, Conflict)
    assert raised.code == "code_taken"


def test_a_question_that_leaves_with_its_import_cannot_be_edited(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        room = Room(session, now)
        subject = session.get_one(Subject, room.subject_id)
        batch = preview_import(session, subject, question_lines(2), file_name="1.jsonl", actor=SYSTEM, now=now)
        apply_import(session, batch, actor=SYSTEM, now=now)
        batch_id = batch.id
        room.question_id = (
            session.scalars(select(Question.id).where(Question.import_id == batch_id)).first() or batch_id
        )
    raised = at_once(
        committed_db.engine,
        keys,
        lambda session: undo_import(session, session.get_one(Import, batch_id), actor=SYSTEM, now=now),
        lambda session: room.edit(session, "Sửa?"),
    )
    assert isinstance(raised, NotFound)


def test_what_no_question_may_be_is_refused(session: Session, room: Room) -> None:
    for written, code in (
        (room.written("Câu?", ("một",)), "question_unsound"),
        (room.written("Câu?", topic_id=room.subject_id), "topic_unknown"),
    ):
        with pytest.raises(Invalid) as refused:
            create_question(session, session.get_one(Subject, room.subject_id), written, "", actor=SYSTEM, now=room.now)
        assert refused.value.code == code


def test_the_bank_knows_an_equal_text_whatever_its_key(session: Session, room: Room) -> None:
    text = SingleChoice("Câu một?", OPTIONS, 0)
    found = find_same(session, room.subject_id, text)
    assert found is not None
    assert (found.question_id, found.code, found.is_newest, found.same_key) == (
        room.question_id,
        "KTC-0001",
        True,
        True,
    )
    other_key = find_same(session, room.subject_id, SingleChoice("Câu một?", OPTIONS, 1))
    assert other_key is not None
    assert other_key.same_key is False
    assert find_same(session, room.subject_id, text, but=room.question_id) is None
    assert find_same(session, room.topic_id, text) is None, "of this subject only"


def test_a_version_there_is_none_of_cannot_be_restored(session: Session, room: Room) -> None:
    question = session.get_one(Question, room.question_id)
    with pytest.raises(NotFound):
        restore_version(session, question, 7, room.seen(), actor=SYSTEM, now=room.now)
    assert restore_version(session, question, 1, None, actor=SYSTEM, now=room.now) is None, "it is in force"
    assert text_of(newest_of(session, question)).stem == "Câu một?"


def test_a_code_of_nine_digits_stops_nobody_from_getting_the_next_code(room: Room, session: Session) -> None:
    room.create(session, "Câu hai?", "KTC-999999999")
    codes = [room.create(session, f"Câu {number}?").code for number in (3, 4)]
    assert len(set(codes)) == 2


def test_an_explanation_goes_with_the_key_it_explains() -> None:
    known = '{"explanation":"Điều 4.","tags":["thử"]}'
    assert about_of_other_text(known, other_key=False) == known
    assert about_of_other_text(known, other_key=True) == '{"tags":["thử"]}'
