"""Word files in which something could be meant in two ways: told with the number that the file gives a question."""

from question_bank.formats import word
from tests.question_bank.factories import codes
from tests.question_bank.formats.test_word import ABC, read


def test_answers_by_number_matter_only_to_questions_without_a_key_of_their_own() -> None:
    parts = ("Phần I", "Câu 1. Ai?", *ABC, "Câu 2. Gì?", *ABC, "Phần II", "Câu 1. Đúng hay sai?", "Đáp án: Đúng")
    result = read(*parts, "ĐÁP ÁN", "1.A 2.B")
    assert [record.question.kind for _, record in result.records] == ["single_choice", "true_false"]
    (refused,) = result.refused
    assert [problem.code for problem in refused.problems] == ["number_twice"]
    assert refused.problems[0].text().startswith("Câu 1 (đoạn 2): số câu 1 có ở nhiều câu")


def test_a_question_without_options_is_a_fill_in_that_is_to_be_looked_at() -> None:
    assert codes(read("Câu 1. Ghép cột trái với cột phải", "Đáp án: 1-a, 2-b, 3-c")) == ["read_as_fill_in"]
    assert codes(read("Câu 1. Thủ đô là .....", "Đáp án: Hà Nội")) == []


def test_two_letters_with_a_stroke_between_are_no_decision() -> None:
    result = read("Câu 1. Ai?", *ABC, "Đáp án: A/B")
    assert codes(result) == ["key_more_than_one"]
    assert result.records == ()


def test_a_file_that_is_no_word_file_is_refused_before_anything_is_asked() -> None:
    assert word.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc").unreadable
