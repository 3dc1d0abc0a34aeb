"""Aiken: single choice questions in plain lines; a faulty one in the middle does not stop the rest."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.formats import ReadResult, aiken
from question_bank.questions import Content, QuestionRecord, SingleChoice, TrueFalse
from tests.question_bank.factories import codes
from tests.question_bank.formats.test_any_input import check
from tests.question_bank.strategies import files

GOOD = "Cơ quan nào?\nA. Chính phủ\nB. Quốc hội\nANSWER: B\n"
QUESTION = SingleChoice("Cơ quan nào?", ("Chính phủ", "Quốc hội"), 1)


def read(text: str | bytes) -> ReadResult:
    result = aiken.read(text.encode() if isinstance(text, str) else text, "đề.aiken")
    check(result)
    return result


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace(". ", ") "),
        GOOD.replace(". ", ")"),
        GOOD.replace("\n", "\n\n"),
        GOOD.replace("ANSWER: B", "Answer : b."),
        f"\n\n  {GOOD.replace('A.', '  A.')}",
        GOOD.encode("utf-16"),
    ],
)
def test_the_ways_of_writing_a_question(text: str | bytes) -> None:
    result = read(text)
    assert [record.question for _, record in result.records] == [QUESTION]
    assert codes(result) == []


def test_stems_and_options_may_have_several_lines() -> None:
    [(_, record)] = read("Đọc:\nV.I. Lê-nin viết\n  gì?\nA. một\nhai\nB. 3.5\nANSWER: A").records
    assert record.question == SingleChoice("Đọc:\nV.I. Lê-nin viết\n  gì?", ("một\nhai", "3.5"), 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ai?\nA. a\nB. b\nANSWER: A, B", ["key_more_than_one"]),
        ("Ai?\nA. a\nB. b\nANSWER: AB", ["key_more_than_one"]),
        ("Ai?\nA. a\nB. b\nANSWER: A B", ["key_more_than_one"]),
        ("Ai?\nA. a\nB. b\nANSWER: C", ["key_out_of_range"]),
        ("Ai?\nA. a\nB. b\nANSWER:", ["key_missing"]),
        ("Ai?\nA. a\nB. b\n", ["key_missing"]),
        ("Ai?\nA. a\nC. b\nANSWER: C", ["option_labels_disordered"]),
        ("Ai?\nA. a\nA. b\nANSWER: A", ["key_missing", "stem_empty", "options_too_few"]),
        ("Ai?\nA. a\nANSWER: A", ["options_too_few"]),
        ("A. a\nB. b\nANSWER: A", ["stem_empty"]),
        ("Ai?\nA. a\nB. a\nANSWER: A", ["options_identical"]),
        ("ANSWER: A", ["key_out_of_range"]),
    ],
)
def test_a_faulty_question_is_refused_and_the_next_is_read(text: str, found: list[str]) -> None:
    result = read(f"{GOOD.replace('nào', 'gì')}\n{text}\n\n{GOOD}")
    assert result.records[-1][1].question == QUESTION
    assert len(result.records) == 2
    assert codes(result) == found


def test_a_question_without_a_key_does_not_swallow_the_next_stem() -> None:
    result = read("Thiếu khóa\nA. a\nB. b\nCơ quan nào?\nA. Chính phủ\nB. Quốc hội\nANSWER: B")
    assert [(row, record.question) for row, record in result.records] == [(4, QUESTION)]
    assert [(row.row, row.problems[0].code) for row in result.refused] == [(1, "key_missing")]


def test_text_that_is_no_question_is_named() -> None:
    result = read(f"Chương 1\n\n{GOOD}\nHết đề")
    assert sorted(codes(result)) == ["stem_paragraphs", "text_left_out"]
    assert codes(read("chỉ có chữ")) == ["text_left_out", "no_questions"]


def test_the_row_is_the_line_of_the_stem() -> None:
    assert [row for row, _ in read(f"\n\n{GOOD}\n{GOOD.replace('nào', 'gì')}").records] == [3, 8]


@given(files(aiken.CARRIES))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_is_read_back(many: list[QuestionRecord]) -> None:
    made = aiken.write(many)
    result = read(made.data)
    assert [record for _, record in result.records] == many
    assert codes(result) == []
    assert {problem.code for problem in made.problems} <= {"moodle_differs"}
    assert aiken.looks_like(made.data)


def test_lines_that_look_like_options_or_keys_or_are_empty_come_back() -> None:
    question = SingleChoice("A. a\n\nANSWER: B\n  B) b", ("C. c\n\nanswer: A", "D.\nE)"), 1)
    made = aiken.write([QuestionRecord(question)])
    assert [record.question for _, record in read(made.data).records] == [question]
    assert [problem.code for problem in made.problems] == ["moodle_differs"]


def test_what_cannot_be_written_is_named() -> None:
    rich = SingleChoice(Content.of_html("<b>Ai</b>?"), (Content("a"), Content("b")), 0)
    made = aiken.write([QuestionRecord(TrueFalse("A", True)), QuestionRecord(rich)])
    assert [problem.code for problem in made.problems] == ["kind_left_out", "parts_left_out"]
    assert made.data.decode() == "Ai?\nA. a\nB. b\nANSWER: A\n\n"


@pytest.mark.parametrize("text", ["", "Ai?{=a ~b}", "A. a\nB. b", "ANSWER: A", "\xff\0"])
def test_other_texts_do_not_look_like_aiken(text: str) -> None:
    assert not aiken.looks_like(text.encode("latin-1"))


ODD = ["A.", "B)", "A. a\n", "B. b\n", "C. c\n", "ANSWER: ", "ANSWER: A\n", "Ai?", "\n", "\n\n", " ", "\t", "\u2060"]


@given(st.lists(st.sampled_from(ODD), max_size=30).map("".join) | st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_ends_in_a_result(text: str | bytes) -> None:
    read(text)
    aiken.looks_like(text.encode() if isinstance(text, str) else text)


def test_mutated_files_end_in_a_result() -> None:
    chance = random.Random(4)
    good = f"{GOOD}\n{GOOD.replace('nào', 'gì')}".encode()
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = bytes(chance.choices(good, k=chance.randint(0, 3)))
        read(bytes(data))


@pytest.mark.parametrize("text", ["\n", "a\n", "A. a\n", "ANSWER: A\n", " ", "B.", "a\n\n"])
def test_a_large_hostile_file_takes_no_long_time(text: str) -> None:
    began = time.process_time()
    aiken.read(f"Ai?\nA. {text * (1_000_000 // len(text))}".encode(), "a.aiken")
    assert time.process_time() - began < 2
