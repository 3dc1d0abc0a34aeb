"""The blueprint of a test: set, replaced, locked for good; not locked while the bank cannot serve it."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Level, Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.services import add_topic, create_subject, delete_topic
from examapp.core.errors import Conflict, Invalid
from examapp.exams.models import ExamTest
from examapp.exams.services import TestPlan, add_exam_test, create_exam
from examapp.integrity.keys import NodeKeys
from examapp.papers.models import Blueprint
from examapp.papers.queries import blueprint_of, count_stock, pool_versions
from examapp.papers.rules import ordered_cells
from examapp.papers.services import (
    BlueprintNotFeasible,
    CellCount,
    blueprint_problems,
    counts_of,
    lock_blueprint,
    set_blueprint,
)
from tests.conftest import CommittedDatabase
from tests.factories import at_once

Stock = dict[tuple[str, Level], int]
FULL: Stock = {("HIEN", Level.RECALL): 8, ("HIEN", Level.APPLICATION): 4, ("DAO", Level.RECALL): 6}


def make_test(session: Session, now: datetime, stock: Stock, questions: int = 6) -> ExamTest:
    """Make a test of so many questions over a bank that holds exactly this stock."""
    subject = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)
    session.add(Topic(subject_id=subject.id, code="HIEN", name="Hiến pháp", position=0))
    lines = [
        {"kind": "single_choice", "topic": topic, "level": level.value, "key": "A", "options": ["đúng", "sai"]}
        | {"stem": f"{topic} {level.value} {number}?"}
        for (topic, level), count in stock.items()
        for number in range(count)
    ]
    data = "\n".join(map(json.dumps, lines)).encode()
    batch = preview_import(session, subject, data, file_name="x.jsonl", actor=SYSTEM, now=now)
    assert batch.rows_refused == 0
    apply_import(session, batch, actor=SYSTEM, now=now)
    exam = create_exam(session, "KT26", "Kỳ thi ví dụ", profile_id="cc-2025", actor=SYSTEM, now=now)
    plan = TestPlan(questions, 60, "1/2")
    return add_exam_test(session, exam, subject, "V1", "Vòng 1", plan=plan, actor=SYSTEM, now=now)


def cells(session: Session, test: ExamTest, wanted: Stock) -> list[CellCount]:
    topics = {
        topic.code: topic.id for topic in session.scalars(select(Topic).where(Topic.subject_id == test.subject_id))
    }
    return [CellCount(topics[topic], level, count) for (topic, level), count in wanted.items()]


def put(session: Session, test: ExamTest, wanted: Stock, now: datetime) -> Blueprint:
    return set_blueprint(session, test, cells(session, test, wanted), actor=SYSTEM, now=now)


def lock(session: Session, test: ExamTest, now: datetime) -> Blueprint:
    return lock_blueprint(session, test, actor=SYSTEM, now=now)


def content(session: Session, test: ExamTest) -> list[tuple[str, Level, int]]:
    session.flush()
    session.expire_all()
    blueprint = blueprint_of(session, test.id)
    return [(cell.topic.code, cell.level, cell.count) for cell in ordered_cells(blueprint)] if blueprint else []


def test_setting_again_replaces_every_cell(session: Session, now: datetime) -> None:
    test = make_test(session, now, FULL)
    put(session, test, {("DAO", Level.RECALL): 6}, now)
    put(session, test, {("DAO", Level.RECALL): 2, ("HIEN", Level.RECALL): 4, ("HIEN", Level.APPLICATION): 0}, now)
    assert content(session, test) == [("HIEN", Level.RECALL, 4), ("DAO", Level.RECALL, 2)]


def test_a_locked_blueprint_is_fixed_by_its_digest_and_never_changes(session: Session, now: datetime) -> None:
    test = make_test(session, now, FULL)
    put(session, test, {("HIEN", Level.RECALL): 4, ("DAO", Level.RECALL): 2}, now)
    locked = lock(session, test, now)
    assert locked.digest is not None
    assert len(locked.digest) == 32
    with pytest.raises(Conflict, match="blueprint_locked"):
        put(session, test, {("HIEN", Level.RECALL): 6}, now)
    with pytest.raises(Conflict, match="blueprint_locked_already"):
        lock(session, test, now)
    assert content(session, test) == [("HIEN", Level.RECALL, 4), ("DAO", Level.RECALL, 2)]


@pytest.mark.parametrize(
    ("stock", "wanted", "sentence"),
    [
        pytest.param(
            FULL,
            {("HIEN", Level.RECALL): 5},
            "Ma trận có 5 câu, bài thi cần 6 câu.",
            id="one question short of the test",
        ),
        pytest.param(
            FULL | {("DAO", Level.RECALL): 5},
            {("HIEN", Level.RECALL): 6},
            "Ngân hàng của bài thi có 17 câu, cần ít nhất 18 câu (gấp 3 lần số câu của đề theo "
            "Điều 10 khoản 4 điểm a Quy chế kèm theo Thông tư 22/2025/TT-BNV).",
            id="the bank is below the law's ratio",
        ),
        pytest.param(
            FULL,
            {("HIEN", Level.RECALL): 1, ("HIEN", Level.APPLICATION): 5},
            "Ô Hiến pháp (HIEN) – vận dụng cần 5 câu nhưng ngân hàng chỉ có 4.",
            id="a cell asks for more than there is",
        ),
    ],
)
def test_what_cannot_be_drawn_is_not_locked(
    session: Session, now: datetime, stock: Stock, wanted: Stock, sentence: str
) -> None:
    test = make_test(session, now, stock)
    blueprint = put(session, test, wanted, now)
    with pytest.raises(BlueprintNotFeasible) as refusal:
        lock(session, test, now)
    assert [problem.text().lower() for problem in refusal.value.problems] == [sentence.lower()]
    assert sentence.lower() in refusal.value.text().lower()
    assert blueprint.locked_at is None


def test_a_cell_below_the_ratio_only_warns_and_names_its_topic_and_level(session: Session, now: datetime) -> None:
    test = make_test(session, now, FULL)
    blueprint = put(session, test, {("HIEN", Level.APPLICATION): 4, ("DAO", Level.RECALL): 2}, now)
    warnings = blueprint_problems(session, test, counts_of(blueprint))
    assert [(problem.severity, problem.code) for problem in warnings] == [("warning", "cell_near")]
    assert "Hiến pháp (HIEN) – Vận dụng sát mức" in warnings[0].text()
    lock(session, test, now)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda good: [*good, good[0]], "cell_twice", id="one cell twice"),
        pytest.param(lambda good: [CellCount(good[0].topic_id, Level.RECALL, -1)], "count_negative", id="below zero"),
        pytest.param(
            lambda good: [CellCount(type(good[0].topic_id)(int=1), Level.RECALL, 1)], "topic_unknown", id="foreign"
        ),
    ],
)
def test_cells_that_are_none_are_refused(
    session: Session, now: datetime, change: Callable[[list[CellCount]], list[CellCount]], code: str
) -> None:
    test = make_test(session, now, FULL)
    good = cells(session, test, {("HIEN", Level.RECALL): 6})
    with pytest.raises(Invalid, match=code):
        set_blueprint(session, test, change(good), actor=SYSTEM, now=now)


@pytest.mark.parametrize("wanted", [None, {}, {("HIEN", Level.RECALL): 0}])
def test_an_empty_blueprint_is_not_locked(session: Session, now: datetime, wanted: Stock | None) -> None:
    test = make_test(session, now, FULL)
    if wanted is not None:
        put(session, test, wanted, now)
    with pytest.raises(Invalid, match="blueprint_empty"):
        lock(session, test, now)


def test_stock_and_pool_hold_the_newest_text_of_approved_questions_only(session: Session, now: datetime) -> None:
    test = make_test(session, now, FULL)
    put(session, test, {("HIEN", Level.RECALL): 6}, now)
    blueprint = blueprint_of(session, test.id)
    assert blueprint is not None
    pool = pool_versions(session, blueprint, test.subject_id)
    assert len(pool) == 8
    session.execute(update(Question).where(Question.id == pool[0].question_id).values(status=QuestionStatus.RETIRED))
    old = pool[1]
    session.add(
        QuestionVersion(
            question_id=old.question_id,
            number=2,
            kind=old.kind,
            topic_id=old.topic_id,
            level=Level.HIGH_APPLICATION,
            content=old.content,
            answer_key=old.answer_key,
            digest=old.digest,
            search_text="",
            created_at=now,
        )
    )
    session.flush()
    left = pool_versions(session, blueprint, test.subject_id)
    assert {version.id for version in left} == {version.id for version in pool[2:]}
    stock = {
        (level, count)
        for (topic, level), count in count_stock(session, test.subject_id).items()
        if topic == old.topic_id
    }
    assert stock == {(Level.RECALL, 6), (Level.APPLICATION, 4), (Level.HIGH_APPLICATION, 1)}


def test_a_change_that_meets_the_locking_comes_too_late(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        test = make_test(session, now, FULL)
        put(session, test, {("HIEN", Level.RECALL): 6}, now)
        test_id, changed = test.id, cells(session, test, {("DAO", Level.RECALL): 6})

    def change(session: Session) -> None:
        test = session.get_one(ExamTest, test_id)
        shown = blueprint_of(session, test_id)
        set_blueprint(session, test, changed, actor=SYSTEM, now=now)
        assert shown, "a page that showed it first still holds it"

    raised = at_once(
        committed_db.engine, keys, lambda session: lock(session, session.get_one(ExamTest, test_id), now), change
    )
    assert isinstance(raised, Conflict)
    assert raised.code == "blueprint_locked"
    with Session(committed_db.engine) as session:
        assert content(session, session.get_one(ExamTest, test_id)) == [("HIEN", Level.RECALL, 6)]


def test_a_draft_of_the_old_subject_is_refused_when_the_test_gets_another_one_meanwhile(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        test = make_test(session, now, FULL)
        test_id, topic_id = test.id, session.scalars(select(Topic.id).where(Topic.code == "HIEN")).one()
        other_id = create_subject(session, "TA", "Tiếng Anh", actor=SYSTEM, now=now).id

    def another_subject(session: Session) -> None:
        session.execute(select(ExamTest.id).where(ExamTest.id == test_id).with_for_update())
        session.execute(update(ExamTest).where(ExamTest.id == test_id).values(subject_id=other_id))

    def draft(session: Session) -> None:
        test = session.get_one(ExamTest, test_id)
        set_blueprint(session, test, [CellCount(topic_id, Level.RECALL, 6)], actor=SYSTEM, now=now)

    raised = at_once(committed_db.engine, keys, another_subject, draft)
    assert isinstance(raised, Invalid)
    assert raised.code == "topic_unknown"


def test_a_draft_that_meets_the_end_of_its_topic_is_refused(
    committed_db: CommittedDatabase, keys: NodeKeys, now: datetime
) -> None:
    with Session(committed_db.engine, info={"keys": keys}) as session, session.begin():
        test = make_test(session, now, FULL)
        topic = add_topic(session, session.get_one(Subject, test.subject_id), "Thừa", actor=SYSTEM, now=now)
        session.flush()
        test_id, topic_id = test.id, topic.id

    def end(session: Session) -> None:
        delete_topic(session, session.get_one(Topic, topic_id), actor=SYSTEM, now=now)

    def draft(session: Session) -> None:
        test = session.get_one(ExamTest, test_id)
        set_blueprint(session, test, [CellCount(topic_id, Level.RECALL, 6)], actor=SYSTEM, now=now)

    raised = at_once(committed_db.engine, keys, end, draft)
    assert isinstance(raised, Invalid)
    assert raised.code == "topic_unknown"
