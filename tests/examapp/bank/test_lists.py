"""Lists of questions: every word must be there, accents or not; only the newest version counts."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM
from examapp.access.policy import Reach
from examapp.bank.models import Level, Question, QuestionStatus, QuestionVersion, Subject, Topic
from examapp.bank.queries import (
    chosen_rows,
    count_questions,
    figures_of,
    hits_by_subject,
    list_questions,
    list_subjects,
    rows_to_export,
    topic_rows,
)
from examapp.bank.rules import Search, Sort
from examapp.bank.services import create_subject
from tests.bank import add_questions

STEMS = {
    "KTC-01": "Theo Luật Cán bộ, công chức, ai quyết định biên chế?",
    "KTC-02": "Nghị định “138/2020/NĐ-CP” quy định việc gì?",
    "KTC-10": "Đại biểu Quốc hội có quyền chất vấn ai?",
    "KTC-11": "Luật Viên chức áp dụng cho ai?",
}


@pytest.fixture
def subject(session: Session, now: datetime) -> Subject:
    subject = create_subject(session, "KTC", "Kiến thức chung", actor=SYSTEM, now=now)
    add_questions(session, subject, STEMS, now=now)
    return subject


Find = Callable[..., list[str]]


@pytest.fixture
def find(session: Session, subject: Subject) -> Find:
    """Return a function from words and filters to the codes of the list."""

    def codes(words: str = "", **filters: object) -> list[str]:
        search = Search(words=words, **filters)  # type: ignore[arg-type]
        page = list_questions(session, subject.id, search)
        assert page.total == count_questions(session, subject.id, search)
        return [row.name for row in page.rows]

    return codes


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ["KTC-01", "KTC-02", "KTC-10", "KTC-11"]),
        ("luật cán bộ", ["KTC-01"]),
        ("luat can bo", ["KTC-01"]),
        ("LUẬT", ["KTC-01", "KTC-11"]),
        ("bộ luật", ["KTC-01"]),
        ("luật viên", ["KTC-11"]),
        ("138", ["KTC-02"]),
        ("2020/nđ", ["KTC-02"]),
        ("138/2020/NĐ-CP", ["KTC-02"]),
        ("dai bieu", ["KTC-10"]),
        ("đại biể", ["KTC-10"]),
        ("đạ biểu", []),
        ("uat", []),
        ("ktc-1", ["KTC-10", "KTC-11"]),
        ("KTC-01", ["KTC-01"]),
        ("10", ["KTC-10"]),
        ("phương án thứ hai", ["KTC-01", "KTC-02", "KTC-10", "KTC-11"]),
        ("luật KTC-01", []),
        ("không có từ này", []),
        ("“luật”", ["KTC-01", "KTC-11"]),
        ("' & | ! :*", []),
        ("%", []),
    ],
)
def test_every_word_must_be_in_the_text_or_in_the_code(find: Find, words: str, codes: list[str]) -> None:
    assert find(words) == codes


def test_a_code_that_folding_would_change_is_found_as_it_is(
    session: Session, subject: Subject, now: datetime, find: Find
) -> None:
    add_questions(session, subject, {"CÂU/Đ!7": "Một câu khác?", "???": "Câu nữa?"}, now=now)
    assert find("CÂU/Đ!7") == ["CÂU/Đ!7"]
    assert find("???") == ["???"]


def test_filters_narrow_and_the_newest_version_alone_counts(
    session: Session, subject: Subject, now: datetime, find: Find
) -> None:
    one = session.scalars(select(Question).where(Question.code == "KTC-01")).one()
    old = one.versions[0]
    other = Topic(subject_id=subject.id, code="Khác", name="Khác", position=9)
    one.status = QuestionStatus.RETIRED
    session.add(other)
    session.flush()
    same = {name: getattr(old, name) for name in ("question_id", "kind", "content", "answer_key", "digest")}
    where = {"number": 2, "topic_id": other.id, "level": Level.APPLICATION, "created_at": now + timedelta(days=1)}
    session.add(QuestionVersion(**same, **where, search_text="hoan toan moi"))
    assert find("cán bộ") == [], "the old text"
    assert find("hoàn toàn") == ["KTC-01"]
    assert find(topic_id=other.id) == ["KTC-01"]
    assert find(topic_id=old.topic_id) == ["KTC-02", "KTC-10", "KTC-11"]
    assert find(level=Level.APPLICATION) == ["KTC-01"]
    assert find(status=QuestionStatus.RETIRED) == ["KTC-01"]
    assert find(status=QuestionStatus.DRAFT) == []
    assert find("luật", status=QuestionStatus.APPROVED, level=Level.RECALL, topic_id=old.topic_id) == ["KTC-11"]
    assert find(sort=Sort.CHANGED) == ["KTC-01", "KTC-02", "KTC-10", "KTC-11"]
    (row,) = list_questions(session, subject.id, Search(words="hoan toan")).rows
    assert (row.number, row.topic, row.status) == (2, "Khác", QuestionStatus.RETIRED)
    counts = {row.topic.name: (row.questions, row.approved) for row in topic_rows(session, subject.id)}
    assert counts == {"Chủ đề": (3, 3), "Khác": (1, 0)}
    figures = figures_of(session, subject.id)
    assert (figures.total, figures.approved, figures.draft, figures.retired) == (4, 3, 0, 1)


def test_finds_are_marked_in_the_stem_the_code_or_else_in_an_option(session: Session, subject: Subject) -> None:
    row = list_questions(session, subject.id, Search(words="luat can bo")).rows[0]
    assert ("Luật Cán bộ", True) in row.stem
    assert row.option == []
    row = list_questions(session, subject.id, Search(words="phuong an thu hai")).rows[1]
    assert all(not found for _, found in row.stem)
    assert row.option[0] == ("Phương án thứ hai", True)
    row = list_questions(session, subject.id, Search(words="ktc-10")).rows[0]
    assert row.code[0] == ("KTC", True)


def test_other_subjects_stay_outside(session: Session, subject: Subject, now: datetime) -> None:
    other = create_subject(session, "TA", "Anh văn", actor=SYSTEM, now=now)
    add_questions(session, other, {"TA-1": "Luật nào?"}, now=now)
    assert count_questions(session, subject.id, Search(words="luat")) == 2
    assert hits_by_subject(session, [subject.id, other.id], "luat") == {subject.id: 2, other.id: 1}
    assert hits_by_subject(session, [other.id], "luat") == {other.id: 1}
    assert hits_by_subject(session, [], "luat") == {}
    assert [row.subject.code for row in list_subjects(session, Reach(True))] == ["KTC", "TA"]
    assert [row.subject.code for row in list_subjects(session, Reach(False, frozenset([other.id])))] == ["TA"]
    assert list_subjects(session, Reach(False)) == []
    (row,) = list_subjects(session, Reach(False, frozenset([subject.id])))
    assert (row.figures.total, row.topics) == (4, 1)
    foreign = list_questions(session, other.id, Search()).rows[0].chosen
    assert chosen_rows(session, subject.id, [foreign]) == []


def test_a_list_to_take_away_has_the_order_of_the_page(session: Session, subject: Subject) -> None:
    assert [one.code for one in rows_to_export(session, subject.id, Search())] == sorted(STEMS)
    assert [one.code for one in rows_to_export(session, subject.id, Search(words="luat"))] == ["KTC-01", "KTC-11"]


def test_words_are_looked_up_in_the_index(session: Session, subject: Subject) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plans = []

    def note(statement: str) -> None:
        plans.append("\n".join(session.scalars(text(f"EXPLAIN {statement}"))))

    note(
        "SELECT id FROM question_versions WHERE to_tsvector('simple'::regconfig, regexp_replace(search_text, "
        r"'[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g')) "
        "@@ to_tsquery('simple'::regconfig, '''luat''\\:*')"
    )
    assert "ix_question_versions_words" in plans[0]
