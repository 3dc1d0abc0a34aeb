"""Guessing which header holds which field."""

import pytest

from question_bank.errors import InvalidSpec
from question_bank.formats import FieldMapping, guess_mapping


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (
            ["STT", "Câu hỏi", "Phương án A", "Phương án B", "Đáp án", "Chủ đề", "Mức độ", "Căn cứ"],
            {"stem": "Câu hỏi", "option_a": "Phương án A", "option_b": "Phương án B", "key": "Đáp án",
             "topic": "Chủ đề", "level": "Mức độ", "document": "Căn cứ"},
        ),
        (
            ["Nội dung", "A", "B", "C", "Đáp án đúng"],
            {"stem": "Nội dung", "option_a": "A", "option_b": "B", "option_c": "C", "key": "Đáp án đúng"},
        ),
        (
            ["NỘI DUNG CÂU HỎI (*)", "Đáp án A", "Đáp án B", "Đáp án", "Mức độ nhận thức"],
            {"stem": "NỘI DUNG CÂU HỎI (*)", "option_a": "Đáp án A", "option_b": "Đáp án B", "key": "Đáp án",
             "level": "Mức độ nhận thức"},
        ),
        (
            ["Câu hỏi", "Phương án 1", "Phương án 2", "Đáp án"],
            {"stem": "Câu hỏi", "option_a": "Phương án 1", "option_b": "Phương án 2", "key": "Đáp án"},
        ),
        (
            ["id", "question", "choices", "answer", "subject", "category"],
            {"stem": "question", "options": "choices", "key": "answer", "topic": "category", "subject": "subject",
             "code": "id"},
        ),
        (
            ["stem", "option_a", "option_b", "correct_answer"],
            {"stem": "stem", "option_a": "option_a", "option_b": "option_b", "key": "correct_answer"},
        ),
        (
            ["Nội dung câu hỏi (bắt buộc)", "Phương án A [bắt buộc]", "Phương án B", "Đáp án [A/B/C/D]", "Mức độ (1-4"],
            {"stem": "Nội dung câu hỏi (bắt buộc)", "option_a": "Phương án A [bắt buộc]", "option_b": "Phương án B",
             "key": "Đáp án [A/B/C/D]", "level": "Mức độ (1-4"},
        ),
        (
            ["Câu hỏi", "Phương án (A)", "Phương án (B)", "Đáp án (A/B)", "Chủ đề {mã}"],
            {"stem": "Câu hỏi", "option_a": "Phương án (A)", "option_b": "Phương án (B)", "key": "Đáp án (A/B)",
             "topic": "Chủ đề {mã}"},
        ),
        (
            ["Câu hỏi (1)", "Phương án A (2)", "Phương án B (3)", "Đáp án (4)"],
            {"stem": "Câu hỏi (1)", "option_a": "Phương án A (2)", "option_b": "Phương án B (3)", "key": "Đáp án (4)"},
        ),
        (["question", "choices", "a"], {"stem": "question", "options": "choices"}),
        (["Họ tên", "Ngày sinh"], {}),
    ],
)  # fmt: skip
def test_guesses(headers: list[str], columns: dict[str, str]) -> None:
    assert guess_mapping(headers).columns == columns


def test_a_mapping_survives_storage_and_refuses_what_does_not_exist() -> None:
    mapping = FieldMapping({"stem": "Câu hỏi", "options": "x"}, {"topic": "HC"}, "index1")
    assert FieldMapping.from_json(mapping.to_json()) == mapping
    wrong_ones: list[object] = [
        *({"columns": {"stm": "x"}}, {"defaults": {"x": "y"}}, {"key_style": "roman"}, {"columns": []}, ["stem"]),
        *({"columns": {"stem": 1}}, {"defaults": {"topic": None}}, {"defaults": {"key": "A"}}),
    ]
    for wrong in wrong_ones:
        with pytest.raises(InvalidSpec):
            FieldMapping.from_json(wrong)


def test_an_option_without_a_column_of_its_own_stands_in_the_list() -> None:
    assert FieldMapping({"options": "choices"}).column_of("option_c") == "choices"
    assert FieldMapping({"option_c": "C"}).column_of("option_c") == "C"
    assert FieldMapping().column_of("stem") is None
