"""The native form: what is written comes back, what is wrong is said with its line."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.formats import native, xlsx
from question_bank.questions import KeyCheck, LegalSource, Level, Metadata, QuestionRecord, SingleChoice, Stimulus
from question_bank.questions.text import clean, comparable
from tests.question_bank.factories import codes, json_lines, native_line

# U+FFFD stands for a letter that was lost on the way: the reader refuses it.
letters = st.characters(blacklist_categories=["Cs", "Cc", "Co", "Cn"], blacklist_characters="\ufffd")
words = st.text(letters, max_size=30).map(clean)
texts = words.filter(lambda text: comparable(text) != "" and "ƣ" not in text.lower())
maybe = st.none() | texts


@st.composite
def records(draw: Callable[..., object]) -> QuestionRecord:
    options = draw(st.lists(texts, min_size=2, max_size=6, unique_by=comparable))
    key = draw(st.integers(0, len(options) - 1))
    title, text = draw(words), draw(words)
    question = SingleChoice(draw(texts), tuple(options), key, Stimulus(title, text) if title or text else None)
    document = draw(maybe)
    metadata = Metadata(
        topic=draw(texts),
        level=draw(st.sampled_from(Level)),
        subject=draw(maybe),
        source=LegalSource(document, draw(maybe)) if document else None,
        author=draw(maybe),
        tags=tuple(draw(st.lists(texts, max_size=2))),
        checks=tuple(KeyCheck(by, key) for by in draw(st.lists(texts, max_size=2))),
    )
    return QuestionRecord(question, metadata)


@given(records())
@settings(max_examples=150, deadline=None)
def test_what_is_written_comes_back(made: QuestionRecord) -> None:
    result = native.read(native.write([made]).data, "a.jsonl")
    assert [record for _, record in result.records] == [made]
    assert result.problems == ()
    assert native.write(record for _, record in result.records).data == native.write([made]).data


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"kind": "hotspot"}, ["kind_unsupported"]),
        ({"key": "E"}, ["key_out_of_range"]),
        ({"key": None}, ["key_missing"]),
        ({"key": "Chính phủ"}, ["key_unknown"]),
        ({"key": 0}, ["key_unknown"]),
        ({"stem": ""}, ["stem_empty"]),
        ({"stem": ["a"]}, ["field_type", "stem_empty"]),
        ({"options": ["a", "b", "c", "a"]}, ["options_identical"]),
        ({"options": ["a", "", "c", "d"]}, ["option_empty"]),
        ({"options": ["a", "b", "", None]}, []),
        ({"options": "a, b"}, ["options_no_list", "options_too_few"]),
        ({"topic": None}, ["topic_missing"]),
        ({"level": None}, ["level_missing"]),
        ({"level": "cực khó"}, ["level_unknown"]),
        ({"topic": "x" * 301}, ["field_too_long"]),
        ({"stem": "x" * 40_000}, ["cell_too_long", "stem_too_long"]),
        ({"source": {"document": "Luật", "article": "Điều 4"}}, []),
        ({"source": {"article": "Điều 4"}}, ["article_alone"]),
        ({"stem": "nƣớc nào?"}, ["letter_repaired"]),
        ({"lạ": "gì đó"}, ["columns_unused"]),
        ({"checks": [{"by": "lần 2", "answer": "A"}]}, []),
        ({"checks": [{"by": "lần 2", "answer": "B"}]}, ["check_disagrees"]),
        ({"checks": [{"by": "lần 2", "answer": "H"}]}, ["check_unreadable"]),
        ({"checks": ["đã xem"]}, ["check_unreadable"]),
        ({"stem": "\ud800"}, ["broken_characters"]),
        ({"stem": "a\x00b"}, ["broken_characters"]),
    ],
)
def test_one_line_with_one_fault(changes: dict[str, object], expected: list[str]) -> None:
    line = json.dumps(native_line(**changes))
    result = native.read(json_lines([line]), "a.jsonl", required=("topic", "level"))
    assert sorted(codes(result)) == sorted(expected)
    refused = any(problem.severity == "error" for problem in result.problems)
    assert (len(result.records), len(result.refused)) == ((0, 1) if refused else (1, 0))


def test_texts_are_taken_exactly() -> None:
    result = native.read(json_lines([native_line(stem="Câu 1. Hỏi", options=["A. một", "B. hai"])]), "a.jsonl")
    question = result.records[0][1].question
    assert (question.stem, question.options) == ("Câu 1. Hỏi", ("A. một", "B. hai"))


def test_faulty_lines_stop_nothing_and_every_line_is_accounted_for() -> None:
    lines = [
        native_line(),
        "",
        "{không phải json",
        "[1, 2]",
        native_line(stem="Câu khác?", key="E"),
        '{"key": "A", "key": "B"}',
        native_line(stem="Câu thứ ba?"),
    ]
    result = native.read(json_lines(lines), "a.jsonl")
    assert [row for row, _ in result.records] == [1, 7]
    assert [(row.row, row.problems[0].code) for row in result.refused] == [
        (3, "json_broken"), (4, "row_no_object"), (5, "key_out_of_range"), (6, "field_twice"),
    ]  # fmt: skip
    assert result.rows_total == 6
    assert [problem.number for problem in result.problems] == list(range(1, len(result.problems) + 1))
    assert result.problems[2].text() == "Dòng 5, cột “key”: ghi “E” nhưng câu chỉ có bốn phương án A – D."
    assert result.problems[2].place.file == "a.jsonl"


def test_questions_that_come_twice() -> None:
    lines = [
        native_line(code="C1"),
        native_line(options=["Viện kiểm sát", "Chính  phủ", "Quốc hội", "Tòa án"], key="B"),
        native_line(key="B"),
        native_line(options=["Chính phủ", "Bộ Tài chính"]),
        native_line(code="C1", stem="Câu khác?"),
    ]
    result = native.read(json_lines(lines), "a.jsonl")
    assert [problem.text() for problem in result.problems] == [
        "Dòng 2: trùng hoàn toàn với câu ở dòng 1.",
        "Dòng 3: trùng với câu ở dòng 1 nhưng đáp án khác; hãy xem câu nào đúng.",
        "Dòng 4, cột “stem”: cùng nội dung câu hỏi với dòng 1, phương án khác.",
        "Dòng 5, cột “code”: mã “C1” đã dùng cho câu ở dòng 1.",
    ]
    assert [row for row, _ in result.records] == [1, 4]
    assert result.warned == 1


def test_a_refused_question_does_not_hide_its_good_repetition() -> None:
    result = native.read(json_lines([native_line(key=None), native_line()]), "a.jsonl")
    assert [row for row, _ in result.records] == [2]


@given(records())
@settings(max_examples=25, deadline=None)
def test_a_workbook_keeps_everything_but_the_checks(made: QuestionRecord) -> None:
    plain = QuestionRecord(
        SingleChoice(
            f"x {made.question.stem}",
            tuple(f"x {option}" for option in made.question.options),
            made.question.key,
            made.question.stimulus,
        ),
        Metadata(made.metadata.topic, made.metadata.level, made.metadata.subject, source=made.metadata.source),
    )
    result = xlsx.read(xlsx.write([plain]).data, "a.xlsx")
    assert [record for _, record in result.records] == [plain]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "multiple_choice", "key": []}, "key_missing"),
        ({"kind": "multiple_choice", "options": [], "key": ["A", "B"]}, "key_out_of_range"),
        ({"kind": "true_false_cluster", "key": ["Đ", "có lẽ"]}, "truth_unknown"),
    ],
)
def test_a_refused_question_of_another_kind_keeps_what_was_understood(changes: dict[str, object], code: str) -> None:
    line = native_line(**changes)
    [row] = native.read(json_lines([line]), "t.jsonl").refused
    assert [problem.code for problem in row.problems] == [code]
    kept = {name: row.fields[name] for name in ("kind", "stem", "topic", "level")}
    assert kept == {name: line[name] for name in kept}
    assert row.fields.get("options", []) == line["options"]
