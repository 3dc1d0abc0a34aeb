"""The files of the demonstration's bank: as many questions as promised, every key confirmed, nothing to complain of."""

import json
from collections import Counter

import pytest
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.bank.models import Level
from examapp.demo.bank import FOLDER, DemoSubject, fill_bank, find_subject, read_subjects
from examapp.demo.exams import ONE_MORE, PER_LEVEL
from examapp.papers.queries import count_stock, topics_of
from question_bank.formats import ReadResult, read_any

#: questions of each topic by level, easy to hard
SHAPE = {"KTC": (8, [8, 7, 6, 4]), "NN": (5, [3, 3, 2, 2]), "TH": (5, [3, 3, 2, 2])}
SUBJECTS = {subject.code: subject for subject in read_subjects()}


def read(subject: DemoSubject) -> ReadResult:
    return read_any((FOLDER / subject.file).read_bytes(), subject.file)


@pytest.mark.parametrize("code", SHAPE)
def test_the_products_own_reader_has_nothing_to_say(code: str) -> None:
    result = read(SUBJECTS[code])
    assert [problem.text() for problem in result.problems] == []
    assert result.refused == ()


@pytest.mark.parametrize("code", SHAPE)
def test_every_topic_has_its_questions_at_every_level(code: str) -> None:
    topics, per_level = SHAPE[code]
    subject = SUBJECTS[code]
    counts = Counter((entry.metadata.topic, entry.metadata.level) for _, entry in read(subject).records)
    assert len(subject.topics) == topics
    wanted = {(topic, level): count for topic in subject.topics for level, count in zip(Level, per_level, strict=True)}
    assert counts == wanted


@pytest.mark.parametrize("code", SHAPE)
def test_every_key_is_confirmed_by_a_second_answer(code: str) -> None:
    for row, entry in read(SUBJECTS[code]).records:
        assert entry.metadata.checks, row
        assert {check.answer for check in entry.metadata.checks} == {entry.question.key}, row


def test_there_are_300_questions_and_no_code_or_stem_comes_twice() -> None:
    entries = [entry for subject in SUBJECTS.values() for _, entry in read(subject).records]
    assert len(entries) == 300
    assert len({entry.metadata.code for entry in entries}) == 300
    asked = {(entry.question.stimulus and entry.question.stimulus.text, entry.question.stem) for entry in entries}
    # a stem like "which sentence has the same meaning" is told apart by its options
    assert len(asked) > 290


@pytest.mark.parametrize("code", SHAPE)
def test_keys_are_spread_over_the_letters(code: str) -> None:
    keys = Counter(entry.question.key for _, entry in read(SUBJECTS[code]).records)
    assert all(count >= sum(keys.values()) / 8 for count in keys.values())
    assert len(keys) == 4


def test_no_file_says_more_than_the_native_form() -> None:
    native = {
        "code", "kind", "subject", "topic", "level", "stem", "options", "key", "source", "language", "checks",
        "stimulus", "tags",
    }  # fmt: skip
    for subject in SUBJECTS.values():
        for line in (FOLDER / subject.file).read_text(encoding="utf-8").splitlines():
            assert set(json.loads(line)) <= native


def test_the_blueprint_has_60_questions_and_3_times_as_many_in_the_bank() -> None:
    total = sum(PER_LEVEL.values()) * len(SUBJECTS["KTC"].topics) + len(ONE_MORE)
    assert total == 60
    assert set(ONE_MORE) <= set(SUBJECTS["KTC"].topics)
    assert len(read(SUBJECTS["KTC"]).records) >= 3 * total


def test_filling_the_bank_names_topics_and_twice_is_harmless(session: Session, now: object) -> None:
    assert fill_bank(session, actor=SYSTEM, now=now) == 300
    assert fill_bank(session, actor=SYSTEM, now=now) == 0
    general = find_subject(session, "KTC")
    assert [(topic.code, topic.name) for topic in topics_of(session, general.id)] == list(
        SUBJECTS["KTC"].topics.items()
    )
    assert sum(count_stock(session, general.id).values()) == 200
